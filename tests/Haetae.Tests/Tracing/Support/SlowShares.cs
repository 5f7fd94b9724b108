using System.Numerics;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Support;

/// <summary>The policies of one amount an output: haircut in big integers, BlockSci's in doubles, poison, and those that fill outputs in some order.</summary>
internal sealed class SlowShares(UtxoGraph graph, TraceQuery query, Policy policy) : SlowTrace<SlowShares.Sum>(graph, query)
{
    internal sealed record Sum(long Value);

    protected override bool PassesUnknown => policy == Policy.Poison;

    protected override long Amount(Sum taint) => taint.Value;

    protected override Sum[] Nothing(uint transaction) => [.. Outputs(transaction).Select(_ => new Sum(0))];

    protected override Sum[] Divide(uint transaction, Func<long, Sum?> taintOf)
    {
        var shares = Split([.. Outputs(transaction).Select(o => Graph.Value[o])], Graph.Fee[transaction], Inputs(transaction).Sum(i => taintOf(i)?.Value ?? 0));
        LoseFee(transaction, new Sum(shares[^1]));
        return [.. shares[..^1].Select(share => new Sum(share))];
    }

    protected override Sum[] FromFees(uint coinbase, uint end)
    {
        long[] values = [.. Outputs(coinbase).Select(o => Graph.Value[o])];
        var fees = TaintedFees.Values.Sum(fee => fee.Value);
        var taken = Math.Min(fees, values.Sum());
        Fees += fees - taken;
        return taken == 0 ? Nothing(coinbase) : [.. Split(values, 0, taken)[..^1].Select(share => new Sum(share))];
    }

    protected override Sum LayOver(Sum arrived, long value, long stolen)
    {
        if (policy == Policy.Poison) return new Sum(value);
        Absorbed += Math.Min(arrived.Value, stolen);
        return new Sum(Math.Max(arrived.Value, stolen));
    }

    /// <summary>The taint of each output and, last, of the fee.</summary>
    public long[] Split(long[] values, long fee, long tainted)
    {
        if (policy == Policy.Poison) return [.. values, Math.Max(fee, 0)];
        long[] places = [.. values, fee];
        var total = places.Sum();
        if (policy == Policy.HaircutBlockSci)
        {
            var left = tainted;
            foreach (ref var place in places.AsSpan(0, values.Length))
            {
                place = Math.Min(Math.Min((long)(place / (double)total * tainted), place), left);
                left -= place;
            }

            places[^1] = Math.Min(left, fee);
            return places;
        }

        var order = Enumerable.Range(0, values.Length);
        switch (policy)
        {
            case Policy.Tiho: return Filled(places, [.. order.OrderByDescending(i => values[i]).ThenBy(i => i)], tainted);
            case Policy.Tilo: return Filled(places, [.. order.OrderBy(i => values[i]).ThenBy(i => i)], tainted);
            case Policy.DirtyFirst: return Filled(places, [.. order], tainted);
            case Policy.CleanFirst: return [.. places.Zip(Filled(places, [.. order], total - tainted), (place, clean) => place - clean)];
        }

        var products = places.Select(place => (BigInteger)tainted * place).ToArray();
        var shares = products.Select(product => (long)(product / total)).ToArray();
        var missing = (int)(tainted - shares.Sum());
        foreach (var place in Enumerable.Range(0, places.Length).OrderByDescending(place => products[place] % total).ThenBy(place => place).Take(missing))
            shares[place]++;
        return shares;
    }

    /// <summary>Fills the outputs in an order, the fee last.</summary>
    private static long[] Filled(long[] places, int[] order, long amount)
    {
        var filled = new long[places.Length];
        foreach (var place in order.Append(places.Length - 1))
        {
            filled[place] = Math.Min(places[place], amount);
            amount -= filled[place];
        }

        return filled;
    }
}
