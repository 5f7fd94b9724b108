using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>Builds an index run from a key column: keys are dealt to partitions on disk, each partition is sorted in memory and written in its place.</summary>
/// <remarks>One read of the column, one write and one read of the deal, one write of the run; memory is one partition a thread, whatever the chain's size.</remarks>
internal static class IndexBuilder
{
    private const long PartitionTarget = 1 << 16; // entries: two arrays of 1 MB to sort in, near the size of a core's own cache // entries

    [StructLayout(LayoutKind.Sequential, Pack = 8, Size = 16)]
    private readonly record struct Entry(ulong Key, long Number);

    internal static IndexRun Build(
        LedgerWriter ledger, string kind, uint from, LedgerCounts counts, int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var isTx = kind == IndexRunFile.TxIdKind;
        long first = isTx ? from : FirstOutput(ledger, from);
        long end = isTx ? counts.Transactions : counts.Outputs;
        return Build(ledger.Folder, kind, from, counts.Transactions, end - first, deal => Deal(ledger, isTx, first, end, deal, progress, cancel), threads, progress, cancel);
    }

    /// <summary>Builds the run that files the numbers from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <param name="about">How many entries there will be, more or less.</param>
    /// <param name="dealAll">Adds every entry, numbers rising.</param>
    internal static IndexRun Build(
        string folder, string kind, uint from, uint to, long about, Action<KeyDeal> dealAll, int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var name = IndexRunFile.Name(kind, from, to);
        var path = Path.Combine(folder, name);
        var partitionBits = 0;
        while (partitionBits < 12 && about >> partitionBits > PartitionTarget) partitionBits++;

        using var deal = new KeyDeal(path + ".deal", partitionBits);
        dealAll(deal);
        deal.Flush();

        var entries = deal.Total;
        var bits = IndexRunFile.BucketBits(entries);
        var width = IndexRunFile.NumberWidth(kind);
        using var file = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, IndexRunFile.Length(bits, entries, width));
        long distinct = 0, done = 0;
        SideBySide.For(deal.Partitions, threads, cancel, partition =>
        {
            var mine = WritePartition(deal, partition, partitionBits, bits, width, file, entries);
            Interlocked.Add(ref distinct, mine);
            progress?.Invoke(kind, 0.5 + 0.5 * Interlocked.Increment(ref done) / deal.Partitions);
        });
        Span<byte> last = stackalloc byte[8];
        Packed40.Write(last, 0, entries);
        RandomAccess.Write(file, last[..5], IndexRunHeader.Size + (5L << bits));
        WriteHeader(file, bits, width, entries, distinct, from, to, WriteSums(file, bits, entries, width, threads, cancel));
        RandomAccess.FlushToDisk(file);
        file.Dispose();
        File.Move(path + ".new", path, overwrite: true);
        return new IndexRun(kind, from, to, name);
    }

    private static long FirstOutput(LedgerWriter ledger, uint transaction)
    {
        Span<byte> packed = stackalloc byte[5];
        ledger.ReadColumn(LedgerColumns.TxFirstOutput, transaction, packed);
        return Packed40.Read(packed, 0);
    }

    private static void Deal(LedgerWriter ledger, bool isTx, long first, long end, KeyDeal deal, Action<string, double>? progress, CancellationToken cancel)
    {
        const int batch = 1 << 16;
        var ids = new Hash256[isTx ? batch : 0];
        var keys = new ulong[isTx ? 0 : batch];
        for (var at = first; at < end; at += batch)
        {
            cancel.ThrowIfCancellationRequested();
            var count = (int)Math.Min(batch, end - at);
            if (isTx)
            {
                ledger.ReadColumn(LedgerColumns.TxId, at, MemoryMarshal.AsBytes(ids.AsSpan(0, count)));
                for (var i = 0; i < count; i++) deal.Add(ids[i].Prefix, at + i);
            }
            else
            {
                ledger.ReadColumn(LedgerColumns.OutKey, at, MemoryMarshal.AsBytes(keys.AsSpan(0, count)));
                for (var i = 0; i < count; i++)
                    if (keys[i] != ScriptKey.Unspendable) deal.Add(keys[i], at + i);
            }

            progress?.Invoke(isTx ? IndexRunFile.TxIdKind : IndexRunFile.ScriptKind, 0.5 * (at - first) / Math.Max(1, end - first));
        }
    }

    [ThreadStatic]
    private static Entry[]? t_first;

    [ThreadStatic]
    private static Entry[]? t_second;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long WritePartition(KeyDeal deal, int partition, int partitionBits, int bits, int width, SafeFileHandle file, long entries)
    {
        var count = checked((int)deal.CountOf(partition));
        if (t_first is null || t_first.Length < count)
        {
            t_first = new Entry[count + count / 8];
            t_second = new Entry[count + count / 8];
        }

        var sorted = t_first.AsSpan(0, count);
        var other = t_second.AsSpan(0, count);
        deal.Load(partition, sorted, static (key, number) => new Entry(key, number));
        Sort(ref sorted, ref other, partitionBits);
        var start = deal.StartOf(partition);

        // the directory of this partition's buckets
        var buckets = 1L << (bits - partitionBits);
        var firstBucket = (long)partition << (bits - partitionBits);
        var directory = new byte[5 * buckets];
        var entry = 0;
        for (long bucket = 0; bucket < buckets; bucket++)
        {
            var low = (ulong)(firstBucket + bucket) << (64 - bits);
            while (entry < count && sorted[entry].Key < low) entry++;
            Packed40.Write(directory, (int)bucket, start + entry);
        }

        RandomAccess.Write(file, directory, IndexRunHeader.Size + 5 * firstBucket);
        var keys = new uint[Math.Min(count, 1 << 16)];
        var numbers = new byte[width * keys.Length + 8];
        long distinct = 0;
        for (var at = 0; at < count; at += keys.Length)
        {
            var piece = Math.Min(keys.Length, count - at);
            for (var i = 0; i < piece; i++)
            {
                var item = sorted[at + i];
                if (at + i == 0 || item.Key != sorted[at + i - 1].Key) distinct++;
                keys[i] = IndexRunFile.Kept(item.Key, bits);
                BinaryPrimitives.WriteInt64LittleEndian(numbers.AsSpan(width * i), item.Number);
            }

            RandomAccess.Write(file, MemoryMarshal.AsBytes(keys.AsSpan(0, piece)), IndexRunFile.KeysAt(bits) + 4 * (start + at));
            RandomAccess.Write(file, numbers.AsSpan(0, width * piece), IndexRunFile.NumbersAt(bits, entries) + width * (start + at));
        }

        return distinct;
    }

    /// <summary>Sorts by full key, then number: a stable radix sort over the 33 bits below the partition's, then equal stretches put right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sort(ref Span<Entry> items, ref Span<Entry> other, int partitionBits)
    {
        const int digit = 11;
        Span<int> counts = stackalloc int[1 << digit];
        for (var pass = 0; pass < 3; pass++)
        {
            var shift = 64 - partitionBits - 33 + digit * pass;
            counts.Clear();
            foreach (ref readonly var item in items) counts[(int)(item.Key >> shift) & ((1 << digit) - 1)]++;
            var sum = 0;
            for (var i = 0; i < counts.Length; i++) (counts[i], sum) = (sum, sum + counts[i]);
            foreach (ref readonly var item in items) other[counts[(int)(item.Key >> shift) & ((1 << digit) - 1)]++] = item;
            var swap = items;
            items = other;
            other = swap;
        }

        // Keys that agree in the sorted bits and differ below: rare by chance, so long stretches only where somebody crafted them.
        var mask = ulong.MaxValue << (64 - partitionBits - 33);
        for (var i = 1; i < items.Length; i++)
        {
            if (items[i].Key >= items[i - 1].Key) continue;
            var from = i - 1;
            while (from > 0 && (items[from - 1].Key & mask) == (items[i].Key & mask)) from--;
            var to = i + 1;
            while (to < items.Length && (items[to].Key & mask) == (items[i].Key & mask)) to++;
            items[from..to].Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Number.CompareTo(b.Number));
            i = to - 1;
        }
    }

    /// <summary>Writes the checksums behind the body and returns theirs.</summary>
    internal static uint WriteSums(SafeFileHandle file, int bits, long entries, int width, int threads, CancellationToken cancel)
    {
        var parts = IndexRunFile.Parts(bits, entries, width);
        var blocks = new List<(long At, int Bytes)>();
        foreach (var (at, bytes) in parts)
            for (var block = 0; block < IndexRunFile.Sums(bytes); block++)
                blocks.Add((at + (long)block * Checksums.BlockBytes, (int)Math.Min(Checksums.BlockBytes, bytes - (long)block * Checksums.BlockBytes)));
        var sums = new uint[blocks.Count];
        const int together = 64;
        SideBySide.For((blocks.Count + together - 1) / together, threads, cancel, group =>
        {
            var buffer = new byte[Checksums.BlockBytes];
            for (var b = group * together; b < Math.Min(blocks.Count, (group + 1) * together); b++)
            {
                var target = buffer.AsSpan(0, blocks[b].Bytes);
                Checksums.Fill(file, target, blocks[b].At, "the new index");
                sums[b] = Checksums.Crc(target);
            }
        });
        RandomAccess.Write(file, MemoryMarshal.AsBytes(sums.AsSpan()), IndexRunFile.SumsAt(bits, entries, width));
        return Checksums.Crc(MemoryMarshal.AsBytes(sums.AsSpan()));
    }

    internal static void WriteHeader(SafeFileHandle file, int bits, int width, long entries, long distinct, uint from, uint to, uint sumsCrc)
    {
        var header = new IndexRunHeader
        {
            Magic = IndexRunHeader.MagicValue,
            BucketBits = bits,
            NumberWidth = width,
            Entries = entries,
            Distinct = distinct,
            From = from,
            To = to,
            SumsCrc = sumsCrc,
        };
        var bytes = MemoryMarshal.AsBytes(new Span<IndexRunHeader>(ref header));
        header.HeadCrc = Checksums.Crc(bytes[..44]);
        RandomAccess.Write(file, bytes, 0);
    }
}
