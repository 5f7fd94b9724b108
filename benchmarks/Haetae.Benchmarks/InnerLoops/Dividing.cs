using BenchmarkDotNet.Attributes;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Policies;

namespace Haetae.Benchmarks.InnerLoops;

/// <summary>The division of a transaction's taint, by number of outputs.</summary>
public class Dividing
{
    private const int Count = 1_024;
    private long[][] _values = [];
    private readonly long[] _tainted = new long[Count];
    private readonly long[] _shares = new long[64];
    private readonly long[] _scratch = new long[65];

    [Params(1, 2, 3, 12)]
    public int Outputs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        _values = new long[Count][];
        for (var i = 0; i < Count; i++)
        {
            _values[i] = new long[Outputs];
            for (var o = 0; o < Outputs; o++) _values[i][o] = random.NextInt64(1, 5_000_000_000);
            _tainted[i] = random.NextInt64(_values[i].Sum());
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long HaircutExact()
    {
        long fees = 0;
        for (var i = 0; i < Count; i++) fees += Haircut.Split(_values[i], 2_000, _tainted[i], _shares.AsSpan(0, Outputs), _scratch);
        return fees;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long Fifo()
    {
        var line = new PieceLine();
        long kept = 0;
        for (var i = 0; i < Count; i++)
        {
            line.Clear();
            line.Append(_tainted[i]);
            line.Append(-(_values[i].Sum() - _tainted[i]));
            foreach (var value in _values[i])
            {
                for (var rest = value; rest > 0;)
                {
                    var piece = line.Take(rest);
                    rest -= Math.Abs(piece);
                    kept += Math.Max(piece, 0);
                }
            }
        }

        return kept;
    }
}

/// <summary>Open transactions, added in disorder and taken in chain order.</summary>
public class OpenTransactions
{
    private const int Count = 262_144;
    private readonly uint[] _transactions = new uint[Count];
    private OpenBits _bits = new(5_000_000);

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        for (var i = 0; i < Count; i++) _transactions[i] = (uint)random.Next(4_999_999);
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long Bits()
    {
        _bits.Restart();
        foreach (var transaction in _transactions) _bits.Add(transaction, 0);
        long sum = 0;
        while (_bits.TryTake(uint.MaxValue, out var transaction, out _)) sum += transaction;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long Heap()
    {
        var heap = new OpenHeap();
        foreach (var transaction in _transactions) heap.Add(transaction, 1);
        long sum = 0;
        while (heap.TryTake(uint.MaxValue, out var transaction, out var tainted)) sum += transaction + tainted;
        return sum;
    }
}
