using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>The blocks a ledger already holds, as an ingest needs them: by height and by hash.</summary>
internal sealed class HeldBlocks
{
    private readonly int _firstHeight;
    private readonly byte[] _headers;
    private readonly Hash256[] _hashes;
    private readonly Dictionary<Hash256, int> _heights;

    private HeldBlocks(int firstHeight, byte[] headers, Hash256[] hashes)
    {
        _firstHeight = firstHeight;
        _headers = headers;
        _hashes = hashes;
        _heights = new Dictionary<Hash256, int>(hashes.Length);
        for (var i = 0; i < hashes.Length; i++) _heights[hashes[i]] = firstHeight + i;
    }

    internal static HeldBlocks Read(string folder, Manifest manifest)
    {
        Require(folder, LedgerColumns.BlockHeader, manifest);
        Require(folder, LedgerColumns.BlockHash, manifest);
        if (80L * manifest.Written.Blocks > Array.MaxLength) throw new LedgerCorruptException($"{Path.Combine(folder, Manifest.FileName)}: {manifest.Written.Blocks} blocks are more than a ledger can hold.");
        var headers = new byte[80 * manifest.Written.Blocks];
        var hashes = new Hash256[manifest.Written.Blocks];
        Fill(folder, LedgerColumns.BlockHeader, manifest, headers);
        Fill(folder, LedgerColumns.BlockHash, manifest, MemoryMarshal.AsBytes(hashes.AsSpan()));
        return new HeldBlocks(manifest.FirstHeight, headers, hashes);
    }

    /// <summary>Before anything is allocated by the manifest's word: the file must be as long as it says.</summary>
    private static void Require(string folder, ColumnSpec column, Manifest manifest)
    {
        var file = new FileInfo(Path.Combine(folder, column.FileName));
        var bytes = column.Bytes(manifest.Written);
        if (bytes == 0) return;
        if (!file.Exists) throw new LedgerCorruptException($"{file.FullName}: the file is missing. Ingest into a new folder.");
        if (file.Length < bytes) throw new LedgerCorruptException($"{file.FullName}: {file.Length} bytes where the manifest vouches for {bytes}: the file was cut. Ingest into a new folder.");
    }

    private static unsafe void Fill(string folder, ColumnSpec column, Manifest manifest, Span<byte> target)
    {
        if (target.Length == 0) return;
        var path = Path.Combine(folder, column.FileName);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Checksums.Fill(handle, target, 0, column);
        var (sums, tail) = Checksums.Read(folder, column, manifest);
        fixed (byte* bytes = target)
        {
            var read = bytes; // stays fixed as long as the guard is used
            new ChecksumGuard(path, target.Length, sums, tail, (offset, length) => new ReadOnlySpan<byte>(read + offset, length)).Touch(0, target.Length - 1);
        }
    }

    /// <summary>The height of a block held, or -1.</summary>
    internal int HeightOf(Hash256 hash) => _heights.TryGetValue(hash, out var height) ? height : -1;

    internal Hash256 HashAt(int height) => _hashes[height - _firstHeight];

    internal UInt128 WorkAt(int height) =>
        ProofOfWork.TryTarget(BinaryPrimitives.ReadUInt32LittleEndian(_headers.AsSpan(80 * (height - _firstHeight) + 72)), out var target) ? ProofOfWork.Work(target) : 0;
}
