using Haetae.Ledger;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Thefts;

/// <summary>Several thefts under FIFO or LIFO: every open output keeps its pieces with their tags.</summary>
internal sealed class LineTheftsRun(UtxoGraph graph, TraceQuery query, uint limit, TheftClaims claims, ITaintBook book, int tags, bool fromBack)
    : TheftsRun<Tagged[]?>(graph, query, limit, claims, book)
{
    private readonly TaggedLine _line = new();
    private readonly PartSums _sums = new(tags);
    private long _work;

    /// <summary>The most pieces moved.</summary>
    public long MostWork { get; init; } = long.MaxValue;

    /// <summary>Whether the new coins stand where they are taken before the fees, so that their number must be known.</summary>
    public static bool NeedsSubsidy(TraceQuery query, bool fromBack) =>
        query.FeeRule == (fromBack ? FeeRule.CoinbaseFeesFirst : FeeRule.CoinbaseAppend);

    protected override bool IsNothing(Tagged[]? taint) => taint is null;

    protected override int SizeOf(Tagged[]? taint) => taint is null ? 0 : taint.Length;

    protected override ReadOnlySpan<Tagged> PartsOf(Tagged[]? taint, long value, out long total)
    {
        _sums.Add(taint);
        return _sums.Finish(out total);
    }

    protected override Tagged[]? Divide(uint transaction, Span<Tagged[]?> outputs)
    {
        _line.Clear();
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++)
        {
            var output = Graph.Previous[input];
            if (output == OutputNum.NotHeld) _line.Append(Tagged.Clean, Graph.OutsideValueOf(input)); // from before the first block
            else if (Take(output) is { } pieces) _line.Append(pieces);
            else _line.Append(Tagged.Clean, Graph.Value[output]);
        }

        if ((_work += _line.Rest.Length + outputs.Length) > MostWork) throw new TooMixedException(_work);
        Pour(transaction, outputs);
        return Rest();
    }

    protected override void DivideFees(uint coinbase, uint end, ReadOnlySpan<(uint Transaction, Tagged[]? Taint)> fees, Span<Tagged[]?> outputs)
    {
        var claimed = 0L;
        for (var i = 0; i < outputs.Length; i++) claimed += Graph.Value[Graph.FirstOutput[coinbase] + i];
        if (!FeesAreKnown(coinbase, end))
        {
            // Where the tainted fees stand in line cannot be told: they count as lost.
            foreach (var (transaction, fee) in fees) Lose(transaction, fee);
            return;
        }

        var newCoins = NeedsSubsidy(Query, fromBack) ? Query.SubsidyAtHeight!(Graph.HeightOf(coinbase)) : 0;
        _line.Clear();
        _line.Append(Tagged.Clean, fromBack ? claimed : newCoins);
        var next = 0;
        for (var transaction = coinbase + 1; transaction < end; transaction++)
        {
            if (next < fees.Length && fees[next].Transaction == transaction) _line.Append(fees[next++].Taint);
            else _line.Append(Tagged.Clean, Graph.Fee[transaction]);
        }

        _line.Append(Tagged.Clean, fromBack ? newCoins : claimed); // taken last: more than is needed, or the rest of the reward
        Pour(coinbase, outputs);
        _sums.Add(_line.Rest);
        var lost = _sums.Finish(out var total);
        if (total > 0) Book.Lost(lost, total);
    }

    protected override Tagged[]? LayOver(long output, Tagged[]? arrived, ReadOnlySpan<Tagged> claims)
    {
        var value = Graph.Value[output];
        Tagged[] pieces = arrived ?? [new Tagged(Tagged.Clean, value)];
        _line.Clear();
        var place = 0L;
        foreach (var (tag, amount) in pieces)
        {
            for (var pieceEnd = place + amount; place < pieceEnd;)
            {
                // Up to where the piece or some claim ends, all satoshi are claimed alike.
                var until = pieceEnd;
                foreach (var claim in claims) until = claim.Amount > place ? Math.Min(until, claim.Amount) : until;
                _line.Append(Settle(output, tag, claims, place, until - place), until - place);
                place = until;
            }
        }

        return Rest();
    }

    // Whose satoshi are that brought a tag to a place of a seed. Every other claim is a collision.
    private int Settle(long output, int arrived, ReadOnlySpan<Tagged> claims, long place, long amount)
    {
        var owner = arrived;
        foreach (var claim in claims)
        {
            if (claim.Amount <= place) continue;
            if (claim.Tag == arrived) Book.Absorbed(arrived, amount);
            if (owner == Tagged.Clean || claim.Tag < owner) owner = claim.Tag;
        }

        if (arrived > owner) Book.Collided(new Collision(owner, arrived, output, amount));
        foreach (var claim in claims)
        {
            if (claim.Amount > place && claim.Tag != owner && claim.Tag != arrived) Book.Collided(new Collision(owner, claim.Tag, output, amount));
        }

        return owner;
    }

    private void Pour(uint transaction, Span<Tagged[]?> outputs)
    {
        var first = Graph.FirstOutput[transaction];
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!_line.TryTake(Graph.Value[first + i], fromBack, out outputs[i])) throw AmountsDisagree(transaction);
        }
    }

    private Tagged[]? Rest()
    {
        foreach (var piece in _line.Rest)
        {
            if (piece.Tag != Tagged.Clean) return _line.Rest.ToArray();
        }

        return null;
    }

    private bool FeesAreKnown(uint coinbase, uint end)
    {
        for (var transaction = coinbase + 1; transaction < end; transaction++)
        {
            if (Graph.Fee[transaction] == UtxoGraph.UnknownFee) return false;
        }

        return true;
    }
}
