using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>One run of an index, mapped: from a 64-bit key to the numbers filed under its bits.</summary>
internal sealed class IndexRunReader : IDisposable
{
    private readonly MappedFile _file;
    private readonly BlockGuard[] _guards;
    private readonly int _bits;
    private readonly Packed40Column _directory;
    private readonly Column<uint> _keys;
    private readonly Column<uint> _narrow;
    private readonly Packed40Column _wide;

    internal IndexRunReader(string path, string kind)
    {
        Name = Path.GetFileName(path);
        _file = new MappedFile(path);
        try
        {
            var header = _file.Column<IndexRunHeader>(1)[0];
            var head = MemoryMarshal.AsBytes(new Span<IndexRunHeader>(ref header));
            if (header.Magic != IndexRunHeader.MagicValue || header.HeadCrc != Checksums.Crc(head[..44]) || head[48..].ContainsAnyExcept((byte)0)
                || header.NumberWidth != IndexRunFile.NumberWidth(kind) || header.BucketBits is < 8 or > 31 || header.Entries is < 0 or > OutputNum.NotHeld)
                throw new LedgerCorruptException($"{path}: the head of this index is damaged. Ingest into a new folder.");
            _bits = header.BucketBits;
            Entries = header.Entries;
            Distinct = header.Distinct;
            _guards = Guards(path, header);
            _directory = _file.Packed((1L << _bits) + 1, IndexRunHeader.Size, _guards[0]);
            _keys = _file.Column<uint>(Entries, IndexRunFile.KeysAt(_bits), _guards[1]);
            if (header.NumberWidth == 4) _narrow = _file.Column<uint>(Entries, IndexRunFile.NumbersAt(_bits, Entries), _guards[2]);
            else _wide = _file.Packed(Entries, IndexRunFile.NumbersAt(_bits, Entries), _guards[2]);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file's own name.</summary>
    internal string Name { get; }

    internal long Entries { get; }

    /// <summary>Distinct full keys in the run.</summary>
    internal long Distinct { get; }

    /// <summary>What of the file is not what was written.</summary>
    internal IEnumerable<string> Findings() => _guards.SelectMany(guard => guard.Findings());

    /// <summary>Entries whose number is not below this are of blocks that were taken back since the run was made.</summary>
    internal long Limit { get; init; } = long.MaxValue;

    internal bool IsCut => Limit != long.MaxValue;

    private BlockGuard[] Guards(string path, in IndexRunHeader header)
    {
        var parts = IndexRunFile.Parts(_bits, Entries, header.NumberWidth);
        var at = IndexRunFile.SumsAt(_bits, Entries, header.NumberWidth);
        if (_file.Length != IndexRunFile.Length(_bits, Entries, header.NumberWidth))
            throw new LedgerCorruptException($"{path}: {_file.Length} bytes, which is not the length of an index of {Entries} entries: the file was cut or changed. Ingest into a new folder.");
        var sums = _file.Column<uint>((_file.Length - at) / 4, at).Slice(0, (int)((_file.Length - at) / 4));
        if (Checksums.Crc(MemoryMarshal.AsBytes(sums)) != header.SumsCrc)
            throw new LedgerCorruptException($"{path}: the checksums at its end are not what was written. Ingest into a new folder.");
        var guards = new BlockGuard[parts.Length];
        for (var p = 0; p < parts.Length; p++)
        {
            var mine = sums[..IndexRunFile.Sums(parts[p].Bytes)];
            sums = sums[mine.Length..];
            guards[p] = _file.Guard(parts[p].Bytes, mine[..^1].ToArray(), mine[^1], parts[p].At);
        }

        return guards;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchDirectory(ulong key) => _directory.Prefetch((long)(key >> (64 - _bits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchKeys(ulong key)
    {
        var at = _directory[(long)(key >> (64 - _bits))];
        _keys.Prefetch(at);
        _keys.Prefetch(at + 16);
        if (_narrow.Length > 0)
        {
            _narrow.Prefetch(at);
            _narrow.Prefetch(at + 16);
        }
        else
        {
            _wide.Prefetch(at);
            _wide.Prefetch(at + 12);
        }
    }

    /// <summary>The entries whose kept bits equal the key's: a range, most often of one entry that is the one, to be compared in full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (long Start, long End) Range(ulong key)
    {
        var bucket = (long)(key >> (64 - _bits));
        long low = _directory[bucket], end = _directory[bucket + 1];
        var kept = IndexRunFile.Kept(key, _bits);
        _keys.Touch(low, end);
        var keys = _keys.Unguarded;
        for (var high = end; low < high;)
        {
            var middle = low + ((high - low) >> 1);
            if (keys[middle] < kept) low = middle + 1;
            else high = middle;
        }

        var last = low;
        while (last < end && keys[last] == kept) last++;
        return (low, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Number(long entry) => _narrow.Length > 0 ? _narrow[entry] : _wide[entry];

    /// <summary>The number at an entry; false where it means nothing any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryNumber(long entry, out long number) => (number = Number(entry)) < Limit;

    /// <summary>Entries that still mean something.</summary>
    internal long Counted()
    {
        if (!IsCut) return Entries;
        long counted = 0;
        for (long entry = 0; entry < Entries; entry++)
            if (TryNumber(entry, out _)) counted++;
        return counted;
    }

    /// <summary>Whether an entry stands in the bucket and under the bits of a key.</summary>
    internal bool Holds(ulong key, long entry)
    {
        var bucket = (long)(key >> (64 - _bits));
        return _directory[bucket] <= entry && entry < _directory[bucket + 1] && _keys[entry] == IndexRunFile.Kept(key, _bits);
    }

    /// <summary>Number of buckets.</summary>
    internal long Buckets => 1L << _bits;

    /// <summary>The entries of a bucket.</summary>
    internal (long Start, long End) Bucket(long bucket) => (_directory[bucket], _directory[bucket + 1]);

    /// <summary>The kept bits of a stretch of entries.</summary>
    internal ReadOnlySpan<uint> Kept(long start, long end) => _keys.Slice(start, checked((int)(end - start)));

    /// <summary>Distinct full keys over several runs: each is sorted by them, so one merge counts.</summary>
    internal static long DistinctAcross(IndexRunReader[] runs, Column<ulong> keys)
    {
        var heads = new PriorityQueue<(IndexRunReader Run, long Entry), ulong>();
        foreach (var run in runs) Advance(run, 0);
        long distinct = 0;
        ulong last = 0;
        while (heads.TryDequeue(out var head, out var key))
        {
            if (distinct == 0 || key != last) distinct++;
            last = key;
            Advance(head.Run, head.Entry + 1);
        }

        return distinct;

        void Advance(IndexRunReader run, long entry)
        {
            for (; entry < run.Entries; entry++)
            {
                if (!run.TryNumber(entry, out var number)) continue;
                heads.Enqueue((run, entry), keys[number]);
                return;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
