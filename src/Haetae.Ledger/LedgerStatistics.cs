using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger;

/// <summary>Questions over whole columns: the figures of <c>haetae ledger stats</c>.</summary>
public static class LedgerStatistics
{
    private const int Piece = 1 << 16;

    /// <summary>The sum of all outputs, satoshi.</summary>
    public static long TotalOutputValue(UtxoGraph graph)
    {
        long sum = 0;
        for (long at = 0; at < graph.OutputCount; at += Piece) sum += Sum(graph.Value.Slice(at, (int)Math.Min(Piece, graph.OutputCount - at)));
        return sum;
    }

    private static long Sum(ReadOnlySpan<long> values)
    {
        Vector<long> first = default, second = default;
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(values);
        for (var i = 0; i + 1 < vectors.Length; i += 2)
        {
            first += vectors[i];
            second += vectors[i + 1];
        }

        var sum = Vector.Sum(first + second);
        for (var i = (vectors.Length & ~1) * Vector<long>.Count; i < values.Length; i++) sum += values[i];
        return sum;
    }

    /// <summary>How many outputs no input spends, and their sum in satoshi.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (long Count, long Value) Unspent(UtxoGraph graph)
    {
        long count = 0, sum = 0;
        var last = graph.TransactionCount;
        for (long at = 0; at < graph.OutputCount; at += Piece)
        {
            var size = (int)Math.Min(Piece, graph.OutputCount - at);
            var values = graph.Value.Slice(at, size);
            var spenders = graph.Spender.Slice(at, size);
            var counts = Vector<long>.Zero;
            var sums = Vector<long>.Zero;
            var i = 0;
            for (; i + Vector<uint>.Count <= size; i += Vector<uint>.Count)
            {
                // unspent: 0, or a spender this snapshot does not hold yet; one subtraction makes both the largest numbers
                var spender = new Vector<uint>(spenders.Slice(i)) - Vector<uint>.One;
                Vector.Widen(Vector.AsVectorInt32(Vector.GreaterThanOrEqual(spender, new Vector<uint>(last - 1))), out var low, out var high);
                counts -= low + high;
                sums += (low & new Vector<long>(values.Slice(i))) + (high & new Vector<long>(values.Slice(i + Vector<long>.Count)));
            }

            count += Vector.Sum(counts);
            sum += Vector.Sum(sums);
            for (; i < size; i++)
            {
                if (spenders[i] != 0 && spenders[i] < last) continue;
                count++;
                sum += values[i];
            }
        }

        return (count, sum);
    }

    /// <summary>The largest known fee, satoshi.</summary>
    public static long MaxFee(UtxoGraph graph)
    {
        long largest = 0;
        for (long at = 0; at < graph.TransactionCount; at += Piece)
        {
            var fees = graph.Fee.Slice(at, (int)Math.Min(Piece, graph.TransactionCount - at));
            foreach (var fee in fees) largest = Math.Max(largest, fee);
        }

        return largest;
    }
}
