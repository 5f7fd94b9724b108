using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Storage;

/// <summary>CRC-32C over each column in blocks of 256 KiB: four bytes a full block in <c>NAME.crc</c>, the last block's in the manifest.</summary>
internal static class Checksums
{
    internal const int BlockBytes = 256 << 10;

    internal static string FileName(ColumnSpec column) => column.Name + ".crc";

    /// <summary>CRC-32C (Castagnoli), with the processor's own instruction; started from all ones, result inverted.</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    /// <summary>Goes on with a checksum that is not yet inverted.</summary>
    internal static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var single in bytes[(8 * words.Length)..]) crc = BitOperations.Crc32C(crc, single);
        return crc;
    }

    /// <summary>Writes the checksums of the blocks filled since <paramref name="before"/> and returns those of the last, unfilled ones.</summary>
    internal static SortedDictionary<string, uint> Update(
        string folder, IReadOnlyDictionary<ColumnSpec, SafeFileHandle> columns, LedgerCounts before, LedgerCounts after, int threads)
    {
        var tails = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        SideBySide.ForEach(columns, threads, CancellationToken.None, pair =>
        {
            var (column, handle) = pair;
            if (LedgerColumns.IsRewritten(column)) return;
            var from = column.Bytes(before) / BlockBytes;
            var full = column.Bytes(after) / BlockBytes;
            var block = new byte[BlockBytes];
            using var file = File.OpenHandle(Path.Combine(folder, FileName(column)), FileMode.OpenOrCreate, FileAccess.ReadWrite);
            RandomAccess.SetLength(file, 4 * full);
            var sums = new uint[full - Math.Min(from, full)];
            for (var b = from; b < full; b++)
            {
                Fill(handle, block, b * BlockBytes, column);
                sums[b - from] = Crc(block);
            }

            RandomAccess.Write(file, MemoryMarshal.AsBytes(sums.AsSpan()), 4 * from);
            RandomAccess.FlushToDisk(file);
            var tail = block.AsSpan(0, (int)(column.Bytes(after) - full * BlockBytes));
            Fill(handle, tail, full * BlockBytes, column);
            lock (tails) tails[column.Name] = Crc(tail);
        });
        return tails;
    }

    /// <summary>The blocks of a column whose content is not what was written.</summary>
    internal static IEnumerable<string> Verify(string folder, ColumnSpec column, Manifest manifest)
    {
        var path = Path.Combine(folder, column.FileName);
        var bytes = column.Bytes(manifest.Published);
        var full = bytes / BlockBytes;
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (RandomAccess.GetLength(handle) < bytes) throw new LedgerCorruptException($"{column.FileName}: {RandomAccess.GetLength(handle)} bytes where {bytes} were vouched for: the file was cut.");
        var sums = new uint[full];
        if (full > 0)
        {
            using var file = File.OpenHandle(Path.Combine(folder, FileName(column)), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Fill(file, MemoryMarshal.AsBytes(sums.AsSpan()), 0, column);
        }

        if (!manifest.Tails.TryGetValue(column.Name, out var tail)) yield return $"{path}: the manifest has no checksum for its end.";
        var block = new byte[BlockBytes];
        for (long b = 0; b <= full; b++)
        {
            var size = (int)Math.Min(BlockBytes, bytes - b * BlockBytes);
            Fill(handle, block.AsSpan(0, size), b * BlockBytes, column);
            if (Crc(block.AsSpan(0, size)) != (b < full ? sums[b] : tail))
                yield return $"{path}: bytes {b * BlockBytes} to {b * BlockBytes + size} are not what was written.";
        }

        if (column.Padding == 0 || column.Bytes(manifest.Written) != bytes) yield break; // a writer is at work behind what is published
        var padding = new byte[column.Padding];
        Fill(handle, padding, bytes, column);
        if (padding.AsSpan().ContainsAnyExcept((byte)0)) yield return $"{path}: the zeros behind its last item, at byte {bytes}, are no zeros.";
    }

    internal static void Fill(SafeFileHandle handle, Span<byte> target, long offset, ColumnSpec column)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(handle, target, offset);
            if (read == 0) throw new LedgerCorruptException($"{column.FileName}: ends at byte {offset} where more was vouched for.");
            target = target[read..];
            offset += read;
        }
    }
}
