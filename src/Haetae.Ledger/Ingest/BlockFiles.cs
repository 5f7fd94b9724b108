using System.Buffers.Binary;
using Haetae.Ledger.Bitcoin;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>A folder of block files as Bitcoin Core writes them, <c>blkNNNNN.dat</c> and (since version 28) <c>xor.dat</c>; or of bare blocks, one a file.</summary>
/// <remarks>
/// A record of a block file is magic (4 bytes), length (4 bytes, little-endian), block. Zeros may stand between and behind records:
/// Core reserves space ahead. A bare block has nothing before it and no key on it; its file's name ends in .blk, .raw or .bin.
/// </remarks>
internal sealed class BlockFiles : IDisposable
{
    private readonly List<(MaskedFile File, bool Bare)> _files = [];
    private readonly byte[] _key;

    private BlockFiles(byte[] key) => _key = key;

    internal int FileCount => _files.Count;

    internal string PathOf(int file) => _files[file].File.Path;

    internal long LengthOf(int file) => _files[file].File.Length;

    /// <summary>Whether a file is one block and nothing else.</summary>
    internal bool IsBare(int file) => _files[file].Bare;

    /// <summary>All bytes of all files.</summary>
    internal long TotalBytes => _files.Sum(file => file.File.Length);

    /// <summary>Opens a folder's block files in the order of their numbers (where it has none, its bare blocks by name), or one file by its own name.</summary>
    internal static BlockFiles Open(string path)
    {
        var folder = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        if (!Directory.Exists(folder)) throw new LedgerException($"There is no folder or file '{path}'.") { NothingThere = true };
        string[] names = File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(folder, "*.dat").Where(IsBlockFile).OrderBy(Number)];
        if (names.Length == 0) names = [.. Directory.EnumerateFiles(folder).Where(MayBeBare).Order(StringComparer.Ordinal)];
        if (names.Length == 0)
            throw new LedgerException($"'{path}' holds no block file (blk00000.dat, blk00001.dat, ...) and no bare block (*.blk, *.raw, *.bin). Give the 'blocks' folder of Bitcoin Core, or one file.");
        var files = new BlockFiles(ReadKey(folder));
        try
        {
            foreach (var name in names) files._files.Add(files.OpenOne(name));
        }
        catch
        {
            files.Dispose();
            throw;
        }

        return files;
    }

    private (MaskedFile File, bool Bare) OpenOne(string path)
    {
        var file = new MaskedFile(path, _key);
        if (!MayBeBare(path) || BeginsWithMagic(file)) return (file, false);
        file.Dispose();
        file = new MaskedFile(path, []);
        return (file, !BeginsWithMagic(file));
    }

    private static bool BeginsWithMagic(MaskedFile file)
    {
        Span<byte> magic = stackalloc byte[4];
        return file.Read(0, magic) == 4 && BitcoinNetwork.TryFromMagic(BinaryPrimitives.ReadUInt32LittleEndian(magic), out _);
    }

    private static bool MayBeBare(string path) => Path.GetExtension(path) is ".blk" or ".raw" or ".bin";

    private static bool IsBlockFile(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith("blk", StringComparison.Ordinal) && name.Length > 3 && name.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static (int Length, string Name) Number(string path)
    {
        var digits = Path.GetFileNameWithoutExtension(path)[3..].TrimStart('0');
        return (digits.Length, digits);
    }

    private static byte[] ReadKey(string folder)
    {
        var path = Path.Combine(folder, "xor.dat");
        if (!File.Exists(path)) return [];
        var key = File.ReadAllBytes(path);
        if (key.Length != 8) throw new LedgerException($"'{path}' has {key.Length} bytes; Bitcoin Core's key has 8.");
        return key.AsSpan().ContainsAnyExcept((byte)0) ? key : [];
    }

    /// <summary>Reads bytes at an offset, the key taken off; returns how many there were.</summary>
    internal int Read(int file, long offset, Span<byte> target) => _files[file].File.Read(offset, target);

    /// <summary>The undo file beside a block file, <c>revNNNNN.dat</c>; null where there is none.</summary>
    internal MaskedFile? OpenUndo(int file)
    {
        var path = PathOf(file);
        if (!IsBlockFile(path) || Path.GetExtension(path) != ".dat") return null;
        var undo = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $"rev{Path.GetFileName(path)[3..]}");
        return File.Exists(undo) ? new MaskedFile(undo, _key) : null;
    }

    public void Dispose()
    {
        foreach (var (file, _) in _files) file.Dispose();
    }
}

/// <summary>Where a block's bytes lie.</summary>
internal readonly record struct BlockPlace(int File, long Offset, int Size);

/// <summary>Finds every block header in block files, whatever their order.</summary>
internal static class HeaderScan
{
    internal sealed record Result(BitcoinNetwork Network, List<SourceBlock> Blocks, List<BlockPlace> Places, List<string> Warnings);

    private const int RecordHeader = 8;
    private const int Header = 80;
    private const int MostWarnings = 100;

    /// <param name="named">The network asked for, or null to read it from the first magic.</param>
    internal static Result Scan(BlockFiles files, BitcoinNetwork? named, Action<long>? progress, CancellationToken cancel)
    {
        var blocks = new List<SourceBlock>();
        var places = new List<BlockPlace>();
        var warnings = new List<string>();
        long unsaid = 0;
        var window = new byte[1 << 20];
        var network = named;
        Span<byte> record = stackalloc byte[RecordHeader + Header];
        long done = 0;
        for (var file = 0; file < files.FileCount; file++)
        {
            cancel.ThrowIfCancellationRequested();
            var length = files.LengthOf(file);
            if (files.IsBare(file))
            {
                if (network is null) throw new LedgerException($"{files.PathOf(file)}: a bare block does not say which network it is of. Give it with --network.");
                if (length is < Header + 61 or > BlockReader.MaximumBlockSize) throw new LedgerException($"{files.PathOf(file)}: {length} bytes are no bare block.");
                if (files.Read(file, 0, record[RecordHeader..]) < Header) throw new LedgerException($"{files.PathOf(file)}: the file was cut while it was read.");
                Add(record[RecordHeader..], new BlockPlace(file, 0, (int)length));
            }

            for (long at = 0; !files.IsBare(file) && at + RecordHeader + Header <= length;)
            {
                if (files.Read(file, at, record) < record.Length) break;
                var magic = BinaryPrimitives.ReadUInt32LittleEndian(record);
                if (network is null && !BitcoinNetwork.TryFromMagic(magic, out network)) network = null;
                if (network is null || magic != network.Magic)
                {
                    var next = FindMagic(files, file, at, network, window, out var garbage);
                    if (garbage) Warn(next < 0
                        ? $"{files.PathOf(file)}: the bytes from offset {at} on are no block record{NetworkHint(magic, network)}; left out."
                        : $"{files.PathOf(file)}: {next - at} bytes at offset {at} are no block record; left out.");
                    if (next < 0) break;
                    at = next;
                    continue;
                }

                var size = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
                if (size < Header + 61 || size > BlockReader.MaximumBlockSize)
                {
                    Warn($"{files.PathOf(file)}: the record at offset {at} announces a block of {size} bytes, which no block has; left out.");
                    at += 4;
                    continue;
                }

                if (at + RecordHeader + size > length)
                {
                    Warn($"{files.PathOf(file)}: the block at offset {at} is cut off ({length - at - RecordHeader} of {size} bytes are there); left out.");
                    at += 4; // a record rewritten after a crash may follow
                    continue;
                }

                Add(record[RecordHeader..], new BlockPlace(file, at + RecordHeader, (int)size));
                at += RecordHeader + size;
            }

            done += length;
            progress?.Invoke(done);
        }

        if (network is null) throw new LedgerException($"{files.PathOf(0)}: no block record of a known network was found. Is this a block file? A bare block's file is named *.blk, *.raw or *.bin.");
        if (unsaid > 0) warnings.Add($"{unsaid} more places in the block files are no block records; left out.");
        return new Result(network, blocks, places, warnings);

        // A file full of wrong records must not fill the memory with words about them.
        void Warn(string what)
        {
            if (warnings.Count < MostWarnings) warnings.Add(what);
            else unsaid++;
        }

        void Add(ReadOnlySpan<byte> header, BlockPlace place)
        {
            blocks.Add(new SourceBlock(
                Hashing.DoubleSha256.Hash(header),
                new Hash256(header.Slice(4, 32)),
                BinaryPrimitives.ReadUInt32LittleEndian(header[68..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[72..]),
                place.Size));
            places.Add(place);
        }
    }

    private static string NetworkHint(uint magic, BitcoinNetwork? network) =>
        network is not null && BitcoinNetwork.TryFromMagic(magic, out var other) && other != network ? $" of {network.Name} but of {other!.Name}" : "";

    /// <summary>The next offset of the network's magic (of any network's while none is known), or -1. <paramref name="garbage"/>: something other than zeros was passed over.</summary>
    private static long FindMagic(BlockFiles files, int file, long from, BitcoinNetwork? network, byte[] window, out bool garbage)
    {
        garbage = false;
        var length = files.LengthOf(file);
        var ask = 4 << 10; // little at first: the next record is most often near, or wrong records follow each other closely
        for (var at = from; at < length;)
        {
            var count = files.Read(file, at, window.AsSpan(0, (int)Math.Min(ask, length - at)));
            if (count == 0) break;
            for (var i = at == from ? 1 : 0; i + 4 <= count; i++)
            {
                var zeros = window.AsSpan(i, count - i).IndexOfAnyExcept((byte)0);
                if (zeros < 0) { i = count; break; }
                i += zeros;
                if (i + 4 > count) break;
                var magic = BinaryPrimitives.ReadUInt32LittleEndian(window.AsSpan(i));
                if (network is null ? BitcoinNetwork.TryFromMagic(magic, out _) : magic == network.Magic)
                {
                    if (at == from && window[0] != 0) garbage = true;
                    return at + i;
                }

                garbage = true;
            }

            if (window[0] != 0) garbage = true;
            if (at + count >= length) break;
            at += count - 3;
            ask = window.Length;
        }

        return -1;
    }
}
