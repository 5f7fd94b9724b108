using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Storage;

/// <summary>CRC-32C over each column in blocks of 256 KiB: four bytes a full block in <c>NAME.crc</c>, the last block's in the manifest.</summary>
internal static class Checksums
{
    internal const int BlockBytes = 1 << BlockGuard.Bits;

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

    /// <summary>
    /// Brings the checksum files up to date and returns the checksums of each column's last, unfilled block. Files never get shorter, and what an
    /// earlier state of the ledger vouches for is left as it is, so that a kill at any moment leaves that state whole.
    /// </summary>
    internal static SortedDictionary<string, uint> Update(
        string folder, IReadOnlyDictionary<ColumnSpec, SafeFileHandle> columns, LedgerCounts before, LedgerCounts after, int threads)
    {
        var tails = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        SideBySide.ForEach(columns, threads, CancellationToken.None, pair =>
        {
            var (column, handle) = pair;
            if (LedgerColumns.IsRewritten(column)) return;
            var tail = Extend(Path.Combine(folder, FileName(column)), handle, column.FileName, column.Bytes(before), column.Bytes(after));
            lock (tails) tails[column.Name] = tail;
        });
        return tails;
    }

    /// <summary>Writes the checksums of the full blocks that a column gained, beginning with the one that was not full before; returns that of the rest.</summary>
    internal static uint Extend(string path, SafeFileHandle column, string name, long before, long after)
    {
        var from = before / BlockBytes;
        var full = after / BlockBytes;
        var block = new byte[BlockBytes];
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var sums = new uint[full - Math.Min(from, full)];
        for (var b = from; b < full; b++)
        {
            Fill(column, block, b * BlockBytes, name);
            sums[b - from] = Crc(block);
        }

        RandomAccess.Write(file, MemoryMarshal.AsBytes(sums.AsSpan()), 4 * from);
        RandomAccess.FlushToDisk(file);
        var tail = block.AsSpan(0, (int)(after - full * BlockBytes));
        Fill(column, tail, full * BlockBytes, name);
        return Crc(tail);
    }

    /// <summary>The stored checksums of a column up to what a manifest says is written: of its full blocks, and of the rest.</summary>
    /// <exception cref="LedgerCorruptException">They are missing or too few.</exception>
    internal static (uint[] Full, uint Tail) Read(string folder, ColumnSpec column, Manifest manifest)
    {
        var sums = ReadFull(Path.Combine(folder, FileName(column)), column.Bytes(manifest.Written));
        if (manifest.Tails.TryGetValue(column.Name, out var tail)) return (sums, tail);
        throw new LedgerCorruptException($"{Path.Combine(folder, Manifest.FileName)}: it has no checksum for the end of {column.FileName}. Ingest into a new folder.");
    }

    /// <summary>The stored checksums of the full blocks among so many bytes.</summary>
    /// <exception cref="LedgerCorruptException">They are missing or too few.</exception>
    internal static uint[] ReadFull(string path, long bytes)
    {
        var sums = new uint[bytes / BlockBytes];
        if (sums.Length == 0) return sums;
        if (!File.Exists(path)) throw new LedgerCorruptException($"{path}: the file is missing. Ingest into a new folder.");
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Fill(file, MemoryMarshal.AsBytes(sums.AsSpan()), 0, Path.GetFileName(path));
        return sums;
    }

    internal static void Fill(SafeFileHandle handle, Span<byte> target, long offset, ColumnSpec column) => Fill(handle, target, offset, column.FileName);

    internal static void Fill(SafeFileHandle handle, Span<byte> target, long offset, string name)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(handle, target, offset);
            if (read == 0) throw new LedgerCorruptException($"{name}: ends at byte {offset} where more was vouched for.");
            target = target[read..];
            offset += read;
        }
    }
}
