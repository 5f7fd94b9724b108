using System.Numerics;
using Haetae.Ledger;

namespace Haetae.Tracing.Thefts;

/// <summary>Several thefts under poison: every output keeps the set of thefts that reached it, one bit each.</summary>
/// <remarks>No theft displaces another: an output may be reached by several. Nothing is absorbed and nothing collides.</remarks>
internal sealed class PoisonTheftsRun(UtxoGraph graph, TraceQuery query, uint limit, TheftClaims claims, ITaintBook book)
    : TheftsRun<ulong>(graph, query, limit, claims, book)
{
    private readonly Tagged[] _parts = new Tagged[64];

    protected override bool PassesUnknown => true;

    protected override bool IsNothing(ulong taint) => taint == 0;

    protected override int SizeOf(ulong taint) => 1;

    protected override ReadOnlySpan<Tagged> PartsOf(ulong taint, long value, out long total)
    {
        total = taint == 0 ? 0 : value;
        var count = 0;
        for (var bits = taint; bits != 0 && value > 0; bits &= bits - 1) _parts[count++] = new Tagged(BitOperations.TrailingZeroCount(bits), value);
        return _parts.AsSpan(0, count);
    }

    protected override ulong Divide(uint transaction, Span<ulong> outputs)
    {
        var reached = 0UL;
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++) reached |= Take(Graph.Previous[input]);
        Reach(transaction, reached, outputs);
        return Graph.Fee[transaction] > 0 ? reached : 0;
    }

    protected override void DivideFees(uint coinbase, uint end, ReadOnlySpan<(uint Transaction, ulong Taint)> fees, Span<ulong> outputs)
    {
        var sums = new long[64];
        var sum = 0L;
        var reached = 0UL;
        foreach (var (transaction, fee) in fees)
        {
            reached |= fee;
            sum += Graph.Fee[transaction];
            for (var bits = fee; bits != 0; bits &= bits - 1) sums[BitOperations.TrailingZeroCount(bits)] += Graph.Fee[transaction];
        }

        var claimed = 0L;
        for (var i = 0; i < outputs.Length; i++) claimed += Graph.Value[Graph.FirstOutput[coinbase] + i];
        var lost = new List<Tagged>();
        for (var tag = 0; tag < sums.Length; tag++)
        {
            if (sums[tag] > claimed) lost.Add(new Tagged(tag, sums[tag] - claimed));
        }

        if (sum > claimed) Book.Lost([.. lost], sum - claimed);
        if (claimed > 0) Reach(coinbase, reached, outputs);
    }

    protected override ulong LayOver(long output, ulong arrived, ReadOnlySpan<Tagged> claims)
    {
        foreach (var claim in claims) arrived |= 1UL << claim.Tag;
        return arrived;
    }

    // An output of value 0 holds nothing.
    private void Reach(uint transaction, ulong reached, Span<ulong> outputs)
    {
        for (var i = 0; i < outputs.Length; i++) outputs[i] = Graph.Value[Graph.FirstOutput[transaction] + i] > 0 ? reached : 0;
    }
}
