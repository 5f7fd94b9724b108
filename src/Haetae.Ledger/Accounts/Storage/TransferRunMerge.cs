using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Merges neighbouring runs of the transfer index into one by reading each of them once, in order: no memory but a buffer, whoever appears how often.</summary>
/// <remarks>Possible because an entry keeps all of its key (<see cref="AccountIndex.TransferKey"/>), and because later runs hold later transfers.</remarks>
internal static class TransferRunMerge
{
    private const int Most = 8;
    private const int Together = 4;

    /// <summary>How many of the newest runs to merge, so that few stand and each transfer is merged a logarithmic number of times; 0: none.</summary>
    internal static int Count(IReadOnlyList<IndexRun> runs)
    {
        if (runs.Count <= Most) return 0;
        ulong size = 0;
        var count = 0;
        while (count < runs.Count)
        {
            var next = runs[runs.Count - 1 - count];
            ulong length = next.To - next.From;
            if (count >= Together && length > 2 * size) break;
            size += length;
            count++;
        }

        return count;
    }

    internal static IndexRun Merge(string folder, IReadOnlyList<IndexRun> runs, Func<IndexRun, long> limitOf, int threads, CancellationToken cancel)
    {
        var (from, to) = (runs[0].From, runs[^1].To);
        var name = IndexRunFile.Name(IndexRunFile.TransferKind, from, to);
        var path = Path.Combine(folder, name);
        var cursors = new List<Cursor>();
        try
        {
            foreach (var run in runs) cursors.Add(new Cursor(new IndexRunReader(Path.Combine(folder, run.File), run.Kind) { Limit = run.IsCut ? limitOf(run) : long.MaxValue }));
            Write(path + ".new", cursors, from, to, threads, cancel);
        }
        finally
        {
            foreach (var cursor in cursors) cursor.Run.Dispose();
        }

        File.Move(path + ".new", path, overwrite: true);
        return new IndexRun(IndexRunFile.TransferKind, from, to, name);
    }

    private static void Write(string path, List<Cursor> cursors, uint from, uint to, int threads, CancellationToken cancel)
    {
        var entries = cursors.Sum(cursor => cursor.Run.Counted());
        var bits = IndexRunFile.BucketBits(entries);
        var width = IndexRunFile.NumberWidth(IndexRunFile.TransferKind);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, IndexRunFile.Length(bits, entries, width));
        var directory = new Stream40(file, IndexRunHeader.Size);
        var numbers = new Stream40(file, IndexRunFile.NumbersAt(bits, entries));
        var keys = new uint[1 << 14];
        var keysAt = IndexRunFile.KeysAt(bits);
        long written = 0, distinct = 0, bucket = 0;
        foreach (var cursor in cursors) cursor.Begin();
        while (Least(cursors) is { } key)
        {
            distinct++;
            for (; bucket <= (long)(key >> (64 - bits)); bucket++) directory.Add(written);
            var kept = IndexRunFile.Kept(key, bits);
            foreach (var cursor in cursors) // rising: later runs hold later transfers
            {
                for (; cursor.HasKey && cursor.Key == key; cursor.Next())
                {
                    keys[(int)(written & (keys.Length - 1))] = kept;
                    numbers.Add(cursor.Number);
                    if ((++written & (keys.Length - 1)) != 0) continue;
                    cancel.ThrowIfCancellationRequested();
                    RandomAccess.Write(file, MemoryMarshal.AsBytes(keys.AsSpan()), keysAt);
                    keysAt += 4 * keys.Length;
                }
            }
        }

        for (; bucket <= 1L << bits; bucket++) directory.Add(written);
        RandomAccess.Write(file, MemoryMarshal.AsBytes(keys.AsSpan(0, (int)(written & (keys.Length - 1)))), keysAt);
        directory.Flush();
        numbers.Flush();
        IndexBuilder.WriteHeader(file, bits, width, entries, distinct, from, to, IndexBuilder.WriteSums(file, bits, entries, width, threads, cancel));
        RandomAccess.FlushToDisk(file);
    }

    private static ulong? Least(List<Cursor> cursors)
    {
        ulong? least = null;
        foreach (var cursor in cursors)
            if (cursor.HasKey && (least is null || cursor.Key < least)) least = cursor.Key;
        return least;
    }

    /// <summary>Walks a run's entries in the order of their keys.</summary>
    private sealed class Cursor(IndexRunReader run)
    {
        private readonly int _bits = System.Numerics.BitOperations.Log2((ulong)run.Buckets);
        private long _bucket = -1, _entry, _end, _first;
        private uint[] _kept = [];

        internal IndexRunReader Run => run;

        internal bool HasKey { get; private set; }

        internal ulong Key { get; private set; }

        internal long Number { get; private set; }

        internal void Begin()
        {
            _entry = _end = 0;
            HasKey = true;
            Settle();
        }

        internal void Next()
        {
            _entry++;
            Settle();
        }

        /// <summary>Goes to the first entry from here on that means something.</summary>
        private void Settle()
        {
            for (; ; _entry++)
            {
                while (_entry >= _end)
                {
                    if (++_bucket >= run.Buckets)
                    {
                        HasKey = false;
                        return;
                    }

                    (_entry, _end) = run.Bucket(_bucket);
                    _first = _end;
                }

                if (_first == _end || _entry - _first >= _kept.Length || _entry < _first) // the next stretch of this bucket
                {
                    _first = _entry;
                    _kept = run.Kept(_first, Math.Min(_end, _first + 4096)).ToArray();
                }

                if (!run.TryNumber(_entry, out var number)) continue;
                Number = number;
                Key = (ulong)_bucket << (64 - _bits) | (ulong)_kept[_entry - _first] << (32 - _bits);
                return;
            }
        }
    }

    /// <summary>40-bit numbers written one behind the other.</summary>
    private sealed class Stream40(SafeFileHandle file, long at)
    {
        private readonly byte[] _bytes = new byte[5 * (1 << 14) + 8];
        private long _at = at;
        private int _filled;

        internal void Add(long number)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_filled), number);
            _filled += 5;
            if (_filled >= 5 * (1 << 14)) Flush();
        }

        internal void Flush()
        {
            RandomAccess.Write(file, _bytes.AsSpan(0, _filled), _at);
            _at += _filled;
            _filled = 0;
        }
    }
}
