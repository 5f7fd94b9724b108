using Haetae.Ledger;
using Haetae.Tracing.Engine;

namespace Haetae.Tracing.Bounds;

/// <summary>Walks from the seeds to everything that taint can reach and writes down the network.</summary>
/// <remarks>
/// The order of nodes is a number: twice the transaction, and for a coinbase that takes in fees the odd number before the first
/// transaction of the next block. What waits for its node is an edge, or ~seed.
/// </remarks>
internal sealed class ReachedWalk
{
    // Sums of edges must not leave 63 bits: no edge is worth more than what was stolen, and two of these fit.
    private const long MostStolen = 1L << 61;
    private const int EdgesPerTransaction = 32;
    private const int Unset = int.MaxValue;

    private readonly UtxoGraph _graph;
    private readonly TraceQuery _query;
    private readonly SeedList _seeds;
    private readonly ReachedParts _parts;
    private readonly PriorityQueue<int, ulong> _waiting = new();
    private readonly Func<long, bool>? _endsHere;
    private readonly uint _limit;
    private readonly int _mostTransactions;
    private readonly long _mostEdges;

    public ReachedWalk(UtxoGraph graph, TraceQuery query, int mostTransactions, Func<long, bool>? endsHere)
    {
        (_graph, _query, _mostTransactions, _endsHere) = (graph, query, mostTransactions, endsHere);
        _mostEdges = Math.Min(Math.Max(1_000_000, (long)EdgesPerTransaction * mostTransactions), Array.MaxLength / 8);
        _limit = TraceRun.FirstTransactionAfter(graph, query.UntilHeight);
        _seeds = new SeedList(graph, query.Seeds, _limit);
        _parts = new ReachedParts(_seeds.Count);
    }

    public ReachedGraph? Run(out string? notBuilt, CancellationToken cancellation)
    {
        if (StolenIsTooMuch())
        {
            notBuilt = "the stolen outputs sum to more than can be added in 64 bits";
            return null;
        }

        for (var seed = 0; seed < _seeds.Count; seed++) LeadOn(_seeds.OutputAt(seed), 0, ~seed);
        while (_waiting.TryPeek(out _, out var order))
        {
            if ((_parts.Transactions.Count & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            if (_parts.Transactions.Count >= _mostTransactions)
            {
                notBuilt = FormattableString.Invariant($"stolen money can reach more than {_mostTransactions} transactions");
                return null;
            }

            if (_parts.To.Count > _mostEdges)
            {
                notBuilt = FormattableString.Invariant($"stolen money can reach more than {_mostEdges} outputs");
                return null;
            }

            Visit(order);
        }

        notBuilt = null;
        return new ReachedGraph(_graph, _seeds, _parts);

        bool StolenIsTooMuch()
        {
            Int128 sum = 0;
            foreach (var seed in _query.Seeds) sum += seed.Stolen;
            return sum > MostStolen;
        }
    }

    /// <summary>Why the trace ends at an output, or null where it goes on into the spender. The one place that knows.</summary>
    private EndReason? EndAt(long output, uint spender)
    {
        var isSpent = spender != 0 && spender < _limit;
        if (_query.Stops?.At(output, isSpent ? spender : 0) is { } stop) return stop;
        if (!isSpent || _endsHere?.Invoke(output) == true) return spender == 0 ? EndReason.Unspent : EndReason.Until;
        return _graph.Fee[spender] == UtxoGraph.UnknownFee ? EndReason.UnknownValue : null;
    }

    private void Visit(ulong order)
    {
        var isPaidByFees = (order & 1) == 1;
        var blockEnd = (uint)((order + 1) >> 1);
        var transaction = isPaidByFees ? _graph.BlockFirstTx[_graph.BlockIndexOf(blockEnd - 1)] : (uint)(order >> 1);
        var node = _parts.AddNode(transaction);
        Int128 entering = 0;
        while (_waiting.TryPeek(out var waiting, out var its) && its == order)
        {
            _waiting.Dequeue();
            entering += waiting < 0 ? _seeds.StolenAt(~waiting) : _parts.Capacity[waiting];
            Place(waiting, node);
        }

        var outputs = AddOutputs(transaction, order);
        var fee = isPaidByFees ? AddUnclaimed(transaction, blockEnd, outputs, entering) : AddFee(transaction);
        if (entering > outputs + fee) throw new LedgerCorruptException(FormattableString.Invariant(
            $"The amounts of transaction number {transaction} disagree: its outputs and fee are not what its inputs bring. Run 'haetae ledger verify'."));
    }

    private Int128 AddOutputs(uint transaction, ulong order)
    {
        Int128 sum = 0;
        var last = _graph.FirstOutput[transaction + 1L];
        for (var output = _graph.FirstOutput[transaction]; output < last; output++)
        {
            var value = _graph.Value[output];
            if (value == 0) continue;
            if (value < 0) throw new LedgerCorruptException(FormattableString.Invariant($"Output number {output} has the value {value}."));
            sum += value;
            var stolen = _seeds.StolenOf(output);
            if (stolen > 0) _parts.AddEdge(~ReachedGraph.AbsorbedEnd, stolen, output);
            if (value > stolen) LeadOn(output, order, _parts.AddEdge(Unset, value - stolen, output));
        }

        return sum;
    }

    private long AddFee(uint transaction)
    {
        var fee = _graph.Fee[transaction];
        if (fee <= 0) return 0;
        if (_query.FeeRule == FeeRule.Drop)
        {
            _parts.AddEdge(~ReachedGraph.FeesEnd, fee, ~(long)transaction);
        }
        else
        {
            var blockEnd = _graph.BlockFirstTx[_graph.BlockIndexOf(transaction) + 1];
            _waiting.Enqueue(_parts.AddEdge(Unset, fee, ~(long)transaction), (2UL * blockEnd) - 1);
        }

        return fee;
    }

    /// <summary>What a coinbase did not claim of its block's reward is lost, like a fee. Where that is not known, all that entered may be.</summary>
    private Int128 AddUnclaimed(uint coinbase, uint blockEnd, Int128 claimed, Int128 entering)
    {
        Int128 fees = 0;
        var known = _query.SubsidyAtHeight is not null;
        for (var transaction = coinbase + 1; known && transaction < blockEnd; transaction++)
        {
            known = _graph.Fee[transaction] != UtxoGraph.UnknownFee;
            fees += _graph.Fee[transaction];
        }

        if (!known) _parts.IsTight = false;
        var lost = known ? _query.SubsidyAtHeight!(_graph.HeightOf(coinbase)) + fees - claimed : entering;
        if (lost <= 0) return 0;
        _parts.AddEdge(~ReachedGraph.FeesEnd, (long)Int128.Min(lost, MostStolen), ~(long)coinbase);
        return lost;
    }

    /// <summary>Sends an edge or a seed (~seed) that carries an output on to the output's end, or to wait for its spender.</summary>
    private void LeadOn(long output, ulong order, int waiting)
    {
        var spender = _graph.SpenderOf(output);
        if (EndAt(output, spender) is { } reason)
        {
            // A seed comes first, so a second edge into the same end finds it.
            var seed = waiting >= 0 ? _seeds.IndexOf(output) : -1;
            Place(waiting, seed >= 0 ? _parts.SeedTargets[seed] : _parts.AddEnd(output, reason));
        }
        else if (2UL * spender <= order)
        {
            throw new LedgerCorruptException(FormattableString.Invariant($"Output number {output} is spent before it is made."));
        }
        else
        {
            _waiting.Enqueue(waiting, 2UL * spender);
        }
    }

    private void Place(int waiting, int target)
    {
        if (waiting < 0) _parts.SeedTargets[~waiting] = target;
        else _parts.To[waiting] = target;
    }
}
