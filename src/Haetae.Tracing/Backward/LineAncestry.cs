using Haetae.Ledger;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Backward;

/// <summary>Under FIFO and LIFO every satoshi comes from one satoshi of one input: only the transactions that these came through.</summary>
/// <remarks>
/// So an answer can go back to the coinbases where <see cref="WholeAncestry"/> would meet half the chain. Asked for are ranges of an output's
/// satoshi, counted from its front; a transaction's inputs and outputs share one line of places.
/// </remarks>
internal sealed class LineAncestry : Ancestry
{
    private readonly bool _fromBack;
    private readonly long _mostRanges;
    private readonly Dictionary<uint, List<(long Output, long From, long To)>> _asked = [];
    private readonly List<(long From, long To)> _places = [];
    private long _ranges;

    public LineAncestry(UtxoGraph graph, BackwardQuery query, bool fromBack, CancellationToken cancellation) : base(graph, query)
    {
        _fromBack = fromBack;
        _mostRanges = query.MostWork;
        foreach (var output in query.Outputs)
        {
            if (HasOrigin(output)) Ask(output, 0, graph.Value[output]);
        }

        Walk(query, cancellation);
    }

    protected override void Visit(uint transaction)
    {
        PlaceOutputs(transaction, _asked.GetValueOrDefault(transaction) ?? []);
        _asked.Remove(transaction);
        var next = 0;
        var start = 0L;
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last && next < _places.Count; input++)
        {
            var output = Graph.Previous[input];
            var end = start + (output == OutputNum.NotHeld ? 0 : Graph.Value[output]);
            if (end == start) continue;
            if (_places[next].From < end && HasOrigin(output, transaction))
            {
                for (var place = next; place < _places.Count && _places[place].From < end; place++)
                    Ask(output, Math.Max(0, _places[place].From - start), Math.Min(end, _places[place].To) - start);
            }

            while (next < _places.Count && _places[next].To <= end) next++;
            start = end;
        }

        if (next < _places.Count)
            throw new LedgerCorruptException(FormattableString.Invariant($"The amounts of transaction number {transaction} disagree: its outputs are worth more than its inputs. Run 'haetae ledger verify'."));
    }

    protected override IEnumerable<long> NeededOf(uint transaction) => _asked[transaction].Select(range => range.Output).Distinct();

    private void Ask(long output, long from, long to)
    {
        var transaction = Graph.TransactionOf(output);
        if (!_asked.TryGetValue(transaction, out var ranges)) _asked.Add(transaction, ranges = []);
        ranges.Add((output, from, to));
        if (++_ranges > _mostRanges) throw new TooMixedException(_ranges);
    }

    // From ranges of outputs to places in the line, sorted and joined where they touch.
    private void PlaceOutputs(uint transaction, List<(long Output, long From, long To)> ranges)
    {
        ranges.Sort();
        _places.Clear();
        var first = Graph.FirstOutput[transaction];
        var outputs = Graph.FirstOutput[transaction + 1L] - first;
        var total = Graph.Fee[transaction];
        for (var i = 0; i < outputs; i++) total += Graph.Value[first + i];
        var next = 0;
        var before = 0L;
        for (var output = first; next < ranges.Count; output++)
        {
            var value = Graph.Value[output];
            var start = _fromBack ? total - before - value : before;
            for (; next < ranges.Count && ranges[next].Output == output; next++) _places.Add((start + ranges[next].From, start + ranges[next].To));
            before += value;
        }

        _places.Sort();
        var kept = 0;
        for (var i = 1; i < _places.Count; i++)
        {
            if (_places[i].From <= _places[kept].To) _places[kept] = (_places[kept].From, Math.Max(_places[kept].To, _places[i].To));
            else _places[++kept] = _places[i];
        }

        if (_places.Count > 0) _places.RemoveRange(kept + 1, _places.Count - kept - 1);
    }
}
