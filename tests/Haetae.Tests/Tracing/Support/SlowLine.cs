using Haetae.Ledger;
using Haetae.Tracing;

namespace Haetae.Tests.Tracing.Support;

/// <summary>First in, first out, and last in, first out, on plain lists of (amount, tainted).</summary>
internal sealed class SlowLine(UtxoGraph graph, TraceQuery query, bool fromBack) : SlowTrace<SlowLine.Line>(graph, query)
{
    internal sealed class Line : List<(long Amount, bool Tainted)>
    {
        public Line(params IEnumerable<(long Amount, bool Tainted)> pieces) : base(pieces.Where(piece => piece.Amount > 0)) { }

        public Line TakeFront(long amount)
        {
            var front = new Line();
            while (amount > 0)
            {
                var (size, tainted) = this[0];
                var taken = Math.Min(size, amount);
                front.Add((taken, tainted));
                if (taken == size) RemoveAt(0);
                else this[0] = (size - taken, tainted);
                amount -= taken;
            }

            return front;
        }

        public Line Take(long amount, bool fromBack)
        {
            if (!fromBack) return TakeFront(amount);
            var stays = TakeFront(this.Sum(piece => piece.Amount) - amount);
            var back = new Line(this);
            Clear();
            AddRange(stays);
            return back;
        }
    }

    protected override bool PassesUnknown => false;

    protected override long Amount(Line taint) => taint.Sum(piece => piece.Tainted ? piece.Amount : 0);

    protected override Line[] Nothing(uint transaction) => [.. Outputs(transaction).Select(o => new Line((Graph.Value[o], false)))];

    protected override Line[] Divide(uint transaction, Func<long, Line?> taintOf)
    {
        var line = new Line(Inputs(transaction).SelectMany(i => taintOf(i) ?? new Line((Graph.Value[i], false))));
        Line[] outputs = [.. Outputs(transaction).Select(o => line.Take(Graph.Value[o], fromBack))];
        LoseFee(transaction, line);
        return outputs;
    }

    protected override Line[] FromFees(uint coinbase, uint end)
    {
        long[] values = [.. Outputs(coinbase).Select(o => Graph.Value[o])];
        var fees = new Line();
        for (var t = coinbase + 1; t < end; t++)
            fees.AddRange(TaintedFees.GetValueOrDefault(t) ?? new Line((Graph.Fee[t], false)));
        var reward = new Line((Query.SubsidyAtHeight!(Graph.HeightOf(coinbase)), false));
        var line = new Line();
        if (Enumerable.Range((int)coinbase + 1, (int)(end - coinbase - 1)).Any(t => Graph.Fee[t] == UtxoGraph.UnknownFee)) Fees += Amount(fees);
        else line.AddRange(Query.FeeRule == FeeRule.CoinbaseAppend ? [.. reward, .. fees] : [.. fees, .. reward]);
        // What is claimed beyond that is clean, and taken last.
        line.InsertRange(fromBack ? 0 : line.Count, new Line((values.Sum(), false)));
        Line[] outputs = [.. values.Select(value => line.Take(value, fromBack))];
        Fees += Amount(line);
        return outputs;
    }

    protected override Line LayOver(Line arrived, long value, long stolen)
    {
        Absorbed += Amount(arrived.TakeFront(stolen));
        return new Line([(stolen, true), .. arrived]);
    }
}
