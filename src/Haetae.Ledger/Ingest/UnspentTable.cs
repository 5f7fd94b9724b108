using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Haetae.Ledger.Ingest;

/// <summary>The outputs not yet spent, by a secret-keyed 87-bit name of their outpoint: the one thing whose memory follows the chain's unspent set.</summary>
/// <remarks>
/// Bucket, 192 bytes, three cache lines, eight slots:
/// <code>
///   0.. 63   eight names (64 bits each), 0 = free
///  64..127   eight of: bits 0-39 output number | bits 40-62 tag (23 more bits of the name) | bit 63 of slot 0: a key that belonged here went on to the next bucket
/// 128..191   eight amounts
/// </code>
/// A line of eight names is compared at once. Shards by the top bits of the name grow one by one, so that growing never holds the
/// whole table twice: by half again while the table is small, by a fifth once it is large, so that at most 40 bytes an output are taken then.
/// Safety invariant of the pointers: a bucket's number is a product of a fraction below 1 and the shard's buckets, or one more with the
/// last followed by the first, and a shard's memory is allocated for exactly that many buckets.
/// </remarks>
internal sealed unsafe class UnspentTable : IDisposable
{
    private const int ShardBits = 6;
    private const int Shards = 1 << ShardBits;
    private const int BucketSize = 192;
    private const long Large = (32L << 20) / BucketSize; // buckets of a shard; 2 GB in all
    private const ulong NumberMask = (1UL << 40) - 1;
    private const ulong Overflowed = 1UL << 63;
    private const ulong PayloadMask = Overflowed - 1;

    private readonly Shard* _shards;

    private struct Shard
    {
        internal byte* Buckets;
        internal ulong Size; // in buckets
        internal long Count;
        internal long Limit;
    }

    internal UnspentTable(int initialBucketsPerShard = 64)
    {
        _shards = (Shard*)NativeMemory.AllocZeroed(Shards, (nuint)sizeof(Shard));
        for (var s = 0; s < Shards; s++) Allocate(ref _shards[s], initialBucketsPerShard);
    }

    private readonly record struct Change(OutpointName Name, long Output, long Value, bool IsAdded);

    // What was added and taken out since Remember; null most of the time.
    private List<Change>? _journal;

    /// <summary>From here on, changes can be taken back.</summary>
    internal void Remember() => _journal = [];

    /// <summary>A point to take changes back to.</summary>
    internal int Mark() => _journal!.Count;

    /// <summary>Takes back, last first, what was changed since a mark.</summary>
    internal void TakeBack(int mark)
    {
        var changes = _journal!;
        _journal = null;
        for (var c = changes.Count - 1; c >= mark; c--)
        {
            var change = changes[c];
            var done = change.IsAdded ? Remove(change.Name, out _, out _) : Add(change.Name, change.Output, change.Value, out _);
            if (!done) throw new InvalidOperationException("a change of the unspent outputs cannot be taken back");
        }

        changes.RemoveRange(mark, changes.Count - mark);
        _journal = changes;
    }

    /// <summary>Changes need not be taken back any more.</summary>
    internal void Forget() => _journal = null;

    /// <summary>Outputs held now.</summary>
    internal long Count
    {
        get
        {
            long sum = 0;
            for (var s = 0; s < Shards; s++) sum += _shards[s].Count;
            return sum;
        }
    }

    /// <summary>Bytes of memory the table takes.</summary>
    internal long Bytes
    {
        get
        {
            long sum = 0;
            for (var s = 0; s < Shards; s++) sum += (long)_shards[s].Size * BucketSize;
            return sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(OutpointName name)
    {
        if (!Sse.IsSupported) return;
        var shard = _shards + (int)(name.Key >> (64 - ShardBits));
        var bucket = shard->Buckets + BucketSize * (long)Home(shard, name.Key);
        Sse.Prefetch0(bucket);
        Sse.Prefetch0(bucket + 64);
        Sse.Prefetch0(bucket + 128);
    }

    /// <summary>Adds an output. False, and nothing changed, when one of the same name is held already (<paramref name="present"/> is its number).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining | MethodImplOptions.AggressiveOptimization)]
    internal bool Add(OutpointName name, long output, long value, out long present)
    {
        var shard = _shards + (int)(name.Key >> (64 - ShardBits));
        if (shard->Count >= shard->Limit) Grow(ref *shard);
        var existing = Slot(shard, name);
        if (existing != null)
        {
            present = (long)(existing[8] & NumberMask);
            return false;
        }

        Insert(shard, name.Key, (ulong)output | (ulong)name.Tag << 40, value);
        _journal?.Add(new Change(name, output, value, IsAdded: true));
        present = -1;
        return true;
    }

    /// <summary>Takes an output out. False when none of that name is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining | MethodImplOptions.AggressiveOptimization)]
    internal bool Remove(OutpointName name, out long output, out long value)
    {
        var shard = _shards + (int)(name.Key >> (64 - ShardBits));
        var slot = Slot(shard, name);
        if (slot == null)
        {
            output = value = -1;
            return false;
        }

        output = (long)(slot[8] & NumberMask);
        value = (long)slot[16];
        *slot = 0;
        shard->Count--;
        _journal?.Add(new Change(name, output, value, IsAdded: false));
        return true;
    }

    /// <summary>The bucket a name belongs to: its lower half as a fraction of the shard. A larger shard keeps their order, so growing reads and writes in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Home(Shard* shard, ulong key) => (uint)key * shard->Size >> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* Slot(Shard* shard, OutpointName name)
    {
        for (var index = Home(shard, name.Key); ; index = index + 1 == shard->Size ? 0 : index + 1)
        {
            var bucket = (ulong*)(shard->Buckets + BucketSize * (long)index);
            for (var found = Matches(bucket, name.Key); found != 0; found &= found - 1)
            {
                var slot = bucket + BitOperations.TrailingZeroCount(found);
                if ((uint)((slot[8] & PayloadMask) >> 40) == name.Tag) return slot;
            }

            if ((bucket[8] & Overflowed) == 0) return null;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Insert(Shard* shard, ulong key, ulong payload, long value)
    {
        for (var index = Home(shard, key); ; index = index + 1 == shard->Size ? 0 : index + 1)
        {
            var bucket = (ulong*)(shard->Buckets + BucketSize * (long)index);
            var free = Matches(bucket, 0);
            if (free != 0)
            {
                var slot = bucket + BitOperations.TrailingZeroCount(free);
                *slot = key;
                slot[8] = (slot[8] & Overflowed) | payload;
                slot[16] = (ulong)value;
                shard->Count++;
                return;
            }

            bucket[8] |= Overflowed;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Matches(ulong* bucket, ulong key)
    {
        if (Vector512.IsHardwareAccelerated)
            return (uint)Vector512.Equals(Vector512.Load(bucket), Vector512.Create(key)).ExtractMostSignificantBits();
        return Vector256.Equals(Vector256.Load(bucket), Vector256.Create(key)).ExtractMostSignificantBits()
            | Vector256.Equals(Vector256.Load(bucket + 4), Vector256.Create(key)).ExtractMostSignificantBits() << 4;
    }

    private static void Allocate(ref Shard shard, long buckets)
    {
        shard.Buckets = HugeMemory.AllocateZeroed(buckets * BucketSize);
        shard.Size = (ulong)buckets;
        shard.Limit = buckets * 6; // three quarters of eight slots
        shard.Count = 0;
    }

    private static void Grow(ref Shard shard)
    {
        var old = shard;
        var size = (long)old.Size;
        Allocate(ref shard, size + (size < Large ? size / 2 : size / 5));
        fixed (Shard* target = &shard)
        {
            for (long index = 0; index < size; index++)
            {
                var bucket = (ulong*)(old.Buckets + BucketSize * index);
                for (var slot = 0; slot < 8; slot++)
                    if (bucket[slot] != 0) Insert(target, bucket[slot], bucket[slot + 8] & PayloadMask, (long)bucket[slot + 16]);
            }
        }

        HugeMemory.Free(old.Buckets);
    }

    public void Dispose()
    {
        for (var s = 0; s < Shards; s++) HugeMemory.Free(_shards[s].Buckets);
        NativeMemory.Free(_shards);
        GC.SuppressFinalize(this);
    }

    ~UnspentTable() => Dispose();
}

/// <summary>An outpoint's name: 64 + 23 bits mixed with a secret, so that nobody outside can make two outpoints share one.</summary>
internal readonly struct OutpointName(ulong key, uint tag)
{
    /// <summary>Never 0.</summary>
    internal readonly ulong Key = key;

    /// <summary>23 bits.</summary>
    internal readonly uint Tag = tag;
}

/// <summary>Memory for large tables, on huge pages where the system grants them: random access is twice as fast there.</summary>
internal static unsafe partial class HugeMemory
{
    private const int HugePage = 2 << 20;
    private const int MadviseHugePage = 14;

    internal static byte* AllocateZeroed(long bytes)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, bytes >= HugePage ? (nuint)HugePage : 64);
        if (bytes >= HugePage && OperatingSystem.IsLinux()) Madvise(memory, (nuint)bytes, MadviseHugePage); // advice only: failing costs speed, nothing else
        NativeMemory.Clear(memory, (nuint)bytes);
        return memory;
    }

    internal static void Free(byte* memory) => NativeMemory.AlignedFree(memory);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
