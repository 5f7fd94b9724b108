using System.Numerics;
using System.Runtime.CompilerServices;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <summary>Numbers for addresses: every distinct output script but those that begin with OP_RETURN, in the order in which they first appear on chain.</summary>
/// <remarks>
/// A number never changes when the ledger grows. Made from the script index: its entries of one script stand side by side, the first output
/// first. One pass marks the first output of each script in a bitmap, the next gives all outputs of a script the rank of that bit.
/// Memory: 4 bytes an output, and 1 byte for 10 while it is made. Scripts are told apart by their 64-bit keys, as everywhere in the ledger.
/// </remarks>
public sealed unsafe class AddressNumbers : IDisposable
{
    /// <summary>Stands for no address.</summary>
    public const uint None = uint.MaxValue;

    private readonly BitcoinLedger _ledger;
    private readonly ulong[] _isFirst;
    private uint[] _ranks = [];
    private uint* _numbers;
    private byte* _first;

    private AddressNumbers(BitcoinLedger ledger)
    {
        _ledger = ledger;
        _isFirst = new ulong[(ledger.Counts.Outputs >> 6) + 1];
    }

    /// <summary>Per output, the number of its address, or <see cref="None"/>. Valid until disposal.</summary>
    public Column<uint> OfOutput => new(_numbers, _ledger.Counts.Outputs);

    /// <summary>How many addresses there are.</summary>
    public uint Count { get; private set; }

    /// <summary>Per address, the first output that pays it. Made at the first call, 5 bytes an address; valid until disposal.</summary>
    public Packed40Column FirstOutput()
    {
        if (_first == null)
        {
            _first = HugeMemory.AllocateZeroed(5L * Count + sizeof(ulong));
            var next = 0U;
            // Numbers rise with the first output, so one pass meets them in order; each write's upper bytes are the next one's to fill.
            for (long output = 0; output < _ledger.Counts.Outputs && next < Count; output++)
                if (_numbers[output] == next) Unsafe.WriteUnaligned(_first + 5L * next++, (ulong)output);
        }

        return new Packed40Column(_first, Count);
    }

    /// <summary>Numbers all addresses of a ledger.</summary>
    public static AddressNumbers Of(BitcoinLedger ledger, int threads, CancellationToken cancel = default)
    {
        var numbers = new AddressNumbers(ledger);
        try
        {
            numbers.Number(threads, cancel);
            return numbers;
        }
        catch
        {
            numbers.Dispose();
            throw;
        }
    }

    private void Number(int threads, CancellationToken cancel)
    {
        var runs = _ledger.ScriptRuns;
        if (runs is [var run] && !run.IsCut)
        {
            // As many different entries as scripts: then no two scripts share the bits that the index keeps, and nothing else need be read.
            if (BySlices(run, threads, cancel, MarkFirst) == run.Distinct)
            {
                Rank();
                Allocate();
                BySlices(run, threads, cancel, GiveNumbers);
                return;
            }

            Array.Clear(_isFirst);
        }

        Merge(runs, static (me, outputs) => me._isFirst[outputs[0] >> 6] |= 1UL << (int)outputs[0], cancel);
        Rank();
        Allocate();
        Merge(runs, static (me, outputs) => me.Give(outputs), cancel);
    }

    private void Allocate()
    {
        var bytes = Math.Max(4, 4 * _ledger.Counts.Outputs);
        _numbers = (uint*)HugeMemory.AllocateZeroed(bytes);
        for (long at = 0; at < bytes; at += 1 << 30) new Span<byte>((byte*)_numbers + at, (int)Math.Min(1 << 30, bytes - at)).Fill(0xff); // None
    }

    private void Rank()
    {
        _ranks = new uint[_isFirst.Length];
        ulong sum = 0;
        for (var word = 0; word < _isFirst.Length; word++)
        {
            _ranks[word] = (uint)sum;
            sum += (ulong)BitOperations.PopCount(_isFirst[word]);
        }

        if (sum >= None) throw new LedgerException($"The ledger holds {sum} addresses; {None} are the most that can be numbered.");
        Count = (uint)sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint RankOf(long first) => _ranks[first >> 6] + (uint)BitOperations.PopCount(_isFirst[first >> 6] & ((1UL << (int)first) - 1));

    private void Give(List<long> outputs)
    {
        var number = RankOf(outputs[0]);
        foreach (var output in outputs) _numbers[Held(output)] = number;
    }

    private long Held(long output) => (ulong)output < (ulong)_ledger.Counts.Outputs ? output : throw new LedgerCorruptException($"The script index names output {output}, which is not held. Run 'haetae ledger verify'.");

    // One run, cut into slices of whole buckets. Returns how many different keys, as far as the index keeps them, there are.
    private static long BySlices(IndexRunReader run, int threads, CancellationToken cancel, Func<IndexRunReader, long, long, long> slice)
    {
        var buckets = run.Buckets;
        var slices = (int)Math.Min(buckets, 64L * threads);
        long distinct = 0;
        SideBySide.For(slices, threads, cancel, s => Interlocked.Add(ref distinct, slice(run, buckets * s / slices, buckets * (s + 1) / slices)));
        return distinct;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long MarkFirst(IndexRunReader run, long fromBucket, long toBucket)
    {
        long distinct = 0;
        for (var bucket = fromBucket; bucket < toBucket; bucket++)
        {
            var (start, end) = run.Bucket(bucket);
            var keys = run.Kept(start, end);
            for (var i = 0; i < keys.Length; i++)
            {
                if (i > 0 && keys[i] == keys[i - 1]) continue;
                var first = Held(run.Number(start + i));
                Interlocked.Or(ref _isFirst[first >> 6], 1UL << (int)first);
                distinct++;
            }
        }

        return distinct;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long GiveNumbers(IndexRunReader run, long fromBucket, long toBucket)
    {
        for (var bucket = fromBucket; bucket < toBucket; bucket++)
        {
            var (start, end) = run.Bucket(bucket);
            var keys = run.Kept(start, end);
            uint number = 0;
            for (var i = 0; i < keys.Length; i++)
            {
                var output = Held(run.Number(start + i));
                if (i == 0 || keys[i] != keys[i - 1]) number = RankOf(output);
                _numbers[output] = number;
            }
        }

        return 0;
    }

    // The plain way, for several runs or crafted keys: outputs by full key, groups of equal ones in order.
    private void Merge(IReadOnlyList<IndexRunReader> runs, Action<AddressNumbers, List<long>> group, CancellationToken cancel)
    {
        var keys = _ledger.ScriptKeys;
        var heads = new PriorityQueue<(IndexRunReader Run, long Entry, long Output), (ulong Key, long Output)>();
        foreach (var run in runs) Advance(run, 0);
        var outputs = new List<long>();
        ulong last = 0;
        while (heads.TryDequeue(out var head, out var place))
        {
            if (outputs.Count > 0 && place.Key != last)
            {
                cancel.ThrowIfCancellationRequested();
                group(this, outputs);
                outputs.Clear();
            }

            last = place.Key;
            outputs.Add(head.Output);
            Advance(head.Run, head.Entry + 1);
        }

        if (outputs.Count > 0) group(this, outputs);

        void Advance(IndexRunReader run, long entry)
        {
            for (; entry < run.Entries; entry++)
            {
                if (!run.TryNumber(entry, out var output)) continue;
                heads.Enqueue((run, entry, output), (keys[Held(output)], output));
                return;
            }
        }
    }

    public void Dispose()
    {
        if (_numbers != null) HugeMemory.Free((byte*)_numbers);
        if (_first != null) HugeMemory.Free(_first);
        _numbers = null;
        _first = null;
        GC.SuppressFinalize(this);
    }

    ~AddressNumbers() => Dispose();
}
