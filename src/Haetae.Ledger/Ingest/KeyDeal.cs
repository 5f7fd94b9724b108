using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>Keys with their numbers, dealt to partitions by the key's top bits, in one temporary file of extents.</summary>
internal sealed class KeyDeal : IDisposable
{
    private const int EntryBytes = 13;
    private const int Extent = 48 * 1024 / EntryBytes * EntryBytes;

    private readonly SafeFileHandle _file;
    private readonly int _shift;
    private readonly byte[][] _buffers;
    private readonly int[] _filled;
    private readonly long[] _counts;
    private readonly List<(long Offset, int Length)>[] _extents;
    private long _end;

    internal KeyDeal(string path, int partitionBits)
    {
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        _shift = 64 - partitionBits;
        Partitions = 1 << partitionBits;
        _buffers = new byte[Partitions][];
        _filled = new int[Partitions];
        _counts = new long[Partitions];
        _extents = new List<(long, int)>[Partitions];
        for (var p = 0; p < Partitions; p++)
        {
            _buffers[p] = new byte[Extent + 8];
            _extents[p] = [];
        }
    }

    internal int Partitions { get; }

    internal long Total => _counts.Sum();

    internal long CountOf(int partition) => _counts[partition];

    internal long StartOf(int partition) => _counts.AsSpan(0, partition).ToArray().Sum();

    internal void Add(ulong key, long number)
    {
        var partition = _shift == 64 ? 0 : (int)(key >> _shift);
        var at = _filled[partition];
        var buffer = _buffers[partition];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(at), key);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(at + 8), number);
        _counts[partition]++;
        _filled[partition] = at + EntryBytes;
        if (at + EntryBytes == Extent) FlushOne(partition);
    }

    private void FlushOne(int partition)
    {
        var length = _filled[partition];
        if (length == 0) return;
        RandomAccess.Write(_file, _buffers[partition].AsSpan(0, length), _end);
        _extents[partition].Add((_end, length));
        _end += length;
        _filled[partition] = 0;
    }

    internal void Flush()
    {
        for (var p = 0; p < Partitions; p++) FlushOne(p);
    }

    internal void Load<T>(int partition, Span<T> target, Func<ulong, long, T> make)
    {
        var buffer = new byte[Extent + 8];
        var filled = 0;
        foreach (var (offset, length) in _extents[partition])
        {
            for (var read = 0; read < length;)
            {
                var more = RandomAccess.Read(_file, buffer.AsSpan(read, length - read), offset + read);
                if (more == 0) throw new LedgerException("A temporary index file ended too early.");
                read += more;
            }

            for (var at = 0; at < length; at += EntryBytes)
                target[filled++] = make(BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(at)), BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at + 8)) & OutputNum.NotHeld);
        }
    }

    public void Dispose() => _file.Dispose();
}
