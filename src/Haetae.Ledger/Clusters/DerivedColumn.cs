using System.Globalization;
using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Clusters;

/// <summary>A column that was computed from a ledger, as its manifest names it.</summary>
/// <param name="File">File name, without a folder.</param>
/// <param name="Width">Bytes an item.</param>
/// <param name="Items">How many items there are.</param>
/// <param name="Checksum">CRC-32C of the checksums at the end of the file.</param>
public sealed record DerivedColumn(string File, int Width, long Items, uint Checksum)
{
    /// <summary>Zeros behind the items, so that an 8-byte read of a 5-byte item stays inside the file.</summary>
    private const int Slack = 8;

    private long Bytes => Width * Items;

    private int Blocks => checked((int)(Bytes / Checksums.BlockBytes) + 1);

    private static long Padded(long bytes) => (bytes + 7) / 8 * 8 + Slack;

    /// <summary>
    /// Writes a column and its checksums beside its place, flushes it and puts it there.
    /// <code>
    ///  0   items          Width × Items
    ///  ..  zeros          to a multiple of 8, and 8 more
    ///  ..  checksums      4 bytes, CRC-32C, for each 262,144 bytes of the items and one for their rest, be it nothing
    /// </code>
    /// </summary>
    internal static DerivedColumn Write(string folder, string name, int width, long items, BlockBytes read, CancellationToken cancel)
    {
        var path = Path.Combine(folder, name);
        var column = new DerivedColumn(name, width, items, 0);
        var sums = new uint[column.Blocks];
        using (var file = System.IO.File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            for (var block = 0; block < sums.Length; block++)
            {
                cancel.ThrowIfCancellationRequested();
                var at = (long)block * Checksums.BlockBytes;
                var length = (int)Math.Min(Checksums.BlockBytes, column.Bytes - at);
                if (length == 0) continue; // nothing has checksum 0
                var bytes = read(at, length);
                sums[block] = Checksums.Crc(bytes);
                RandomAccess.Write(file, bytes, at);
            }

            Span<byte> zeros = stackalloc byte[16];
            zeros.Clear();
            var end = Padded(column.Bytes);
            RandomAccess.Write(file, zeros[..(int)(end - column.Bytes)], column.Bytes);
            RandomAccess.Write(file, MemoryMarshal.AsBytes(sums.AsSpan()), end);
            RandomAccess.FlushToDisk(file);
        }

        System.IO.File.Move(path + ".new", path, overwrite: true);
        return column with { Checksum = Checksums.Crc(MemoryMarshal.AsBytes(sums.AsSpan())) };
    }

    /// <summary>Maps the file, each of its blocks to be checked when it is read first.</summary>
    /// <exception cref="LedgerCorruptException">It is missing, of another length, or its checksums are not those the manifest vouches for.</exception>
    internal (MappedFile File, BlockGuard Guard) Map(string folder)
    {
        var path = Path.Combine(folder, File);
        var length = System.IO.File.Exists(path) ? new FileInfo(path).Length : -1;
        var wanted = Padded(Bytes) + 4L * Blocks;
        if (length != wanted) throw Damaged(path, length < 0 ? "the file is missing" : string.Create(CultureInfo.InvariantCulture, $"{length} bytes where {wanted} were written"));
        var file = new MappedFile(path);
        try
        {
            var stored = file.Column<uint>(Blocks, Padded(Bytes)).Slice(0, Blocks).ToArray();
            if (Checksums.Crc(MemoryMarshal.AsBytes(stored.AsSpan())) != Checksum) throw Damaged(path, "its checksums are not those that were written");
            return (file, file.Guard(Bytes, stored[..^1], stored[^1], 0, () => Damaged(path, "it is not what was written")));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What is wrong with such a column, or null; numbers in a manifest are bounded before anything is mapped by them.</summary>
    internal bool IsPlausible(string start) =>
        File is not null && File == Path.GetFileName(File) && File.StartsWith(start + ".", StringComparison.Ordinal) && File.EndsWith(".col", StringComparison.Ordinal)
        && Width is >= 1 and <= 16 && Items is >= 0 and < OutputNum.NotHeld;

    private static LedgerCorruptException Damaged(string path, string what) => new($"{path}: {what}. Make it anew with: haetae cluster build");
}
