using Haetae.Ledger;
using Haetae.Tracing;

namespace Haetae.Tests.Tracing.Support;

/// <summary>The twin of the engine: every transaction of the ledger in turn, no queue, no cleverness. Ends as the engine states them.</summary>
internal abstract class SlowTrace<TTaint>(UtxoGraph graph, TraceQuery query) where TTaint : class
{
    protected UtxoGraph Graph => graph;

    protected TraceQuery Query => query;

    public SortedDictionary<long, TaintEnd> Ends { get; } = [];

    public long Fees { get; protected set; }

    public long Absorbed { get; protected set; }

    public long Visited { get; private set; }

    private Dictionary<long, TTaint> Open { get; } = [];

    protected Dictionary<uint, TTaint> TaintedFees { get; } = [];

    public void Run()
    {
        var limit = query.UntilHeight is { } until && until < graph.FirstHeight + graph.BlockCount - 1
            ? graph.BlockFirstTx[until - graph.FirstHeight + 1]
            : graph.TransactionCount;
        for (var block = 0; block < graph.BlockCount; block++)
        {
            uint coinbase = graph.BlockFirstTx[block], end = graph.BlockFirstTx[block + 1];
            if (coinbase >= limit) break;
            TaintedFees.Clear();
            if (query.FeeRule == FeeRule.Drop) Place(coinbase, Nothing(coinbase), limit);
            for (var transaction = coinbase + 1; transaction < end; transaction++) Step(transaction, limit);
            if (query.FeeRule != FeeRule.Drop) Place(coinbase, FromFees(coinbase, end), limit);
        }
    }

    protected abstract bool PassesUnknown { get; }

    /// <summary>What the outputs of a transaction hold when nothing tainted comes in.</summary>
    protected abstract TTaint[] Nothing(uint transaction);

    /// <summary>What the outputs get of the inputs; taint of the fee goes to <see cref="LoseFee"/>.</summary>
    protected abstract TTaint[] Divide(uint transaction, Func<long, TTaint?> taintOf);

    protected abstract TTaint[] FromFees(uint coinbase, uint end);

    protected abstract TTaint LayOver(TTaint arrived, long value, long stolen);

    protected abstract long Amount(TTaint taint);

    protected void LoseFee(uint transaction, TTaint fee)
    {
        if (query.FeeRule == FeeRule.Drop) Fees += Amount(fee);
        else if (Amount(fee) > 0) TaintedFees[transaction] = fee;
    }

    protected IEnumerable<long> Inputs(uint transaction)
    {
        for (var i = graph.FirstInput[transaction]; i < graph.FirstInput[transaction + 1L]; i++) yield return graph.Previous[i];
    }

    protected IEnumerable<long> Outputs(uint transaction)
    {
        for (var o = graph.FirstOutput[transaction]; o < graph.FirstOutput[transaction + 1L]; o++) yield return o;
    }

    private void Step(uint transaction, uint limit)
    {
        if (transaction >= limit) return;
        var tainted = Inputs(transaction).Where(Open.ContainsKey).ToList();
        if (tainted.Count == 0)
        {
            Place(transaction, Nothing(transaction), limit);
            return;
        }

        EndReason? stop = graph.Fee[transaction] == UtxoGraph.UnknownFee && !PassesUnknown && Visited < (query.MaxTransactions ?? long.MaxValue)
            ? EndReason.UnknownValue
            : Visited >= (query.MaxTransactions ?? long.MaxValue) ? EndReason.MaxTransactions : null;
        if (stop is { } reason)
        {
            foreach (var output in tainted) Ends[output] = new TaintEnd(output, Amount(Open[output]), reason);
            Place(transaction, Nothing(transaction), limit);
            return;
        }

        Visited++;
        Place(transaction, Divide(transaction, output => Open.GetValueOrDefault(output)), limit);
    }

    private void Place(uint transaction, TTaint[] taints, uint limit)
    {
        var index = 0;
        foreach (var output in Outputs(transaction))
        {
            var taint = taints[index++];
            if (query.Seeds.FirstOrDefault(seed => seed.Output == output) is { Stolen: > 0 } seed) taint = LayOver(taint, graph.Value[output], seed.Stolen);
            var amount = Amount(taint);
            if (amount == 0) continue;
            var spender = graph.SpenderOf(output);
            if (query.Stops?.At(output, spender < limit ? spender : 0) is { } stop) Ends[output] = new TaintEnd(output, amount, stop);
            else if (spender == 0) Ends[output] = new TaintEnd(output, amount, EndReason.Unspent);
            else if (spender >= limit) Ends[output] = new TaintEnd(output, amount, EndReason.Until);
            else if (amount < (query.MinValue ?? 0)) Ends[output] = new TaintEnd(output, amount, EndReason.MinValue);
            else Open[output] = taint;
        }
    }
}
