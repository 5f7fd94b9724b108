using Haetae.Ledger;

namespace Haetae.Tracing.Backward;

/// <summary>The transactions that outputs come from, back to where a walk stops, and the sources there.</summary>
/// <remarks>
/// Every input of a transaction in it is made by another one in it or is a source, so nothing in it is of unknown origin. Transactions are taken
/// from the latest back: when one's turn comes, all that spends from it is known.
/// </remarks>
internal sealed class Ancestry
{
    private readonly UtxoGraph _graph;
    private readonly BackwardQuery _query;
    private readonly uint _since;
    private readonly HashSet<long> _needed = [];
    private readonly HashSet<uint> _pending = [];
    private readonly HashSet<uint> _visited = [];
    private readonly PriorityQueue<uint, uint> _latestFirst = new(Comparer<uint>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, SourceReason> _sources = [];

    public Ancestry(UtxoGraph graph, BackwardQuery query, CancellationToken cancellation)
    {
        _graph = graph;
        _query = query;
        _since = query.SinceHeight is { } since && since > graph.FirstHeight
            ? graph.BlockFirstTx[Math.Min(since - graph.FirstHeight, graph.BlockCount)]
            : 0;
        foreach (var output in query.Outputs) Explain(output);
        while (_latestFirst.TryDequeue(out var transaction, out _))
        {
            if (_visited.Count >= query.MaxTransactions) break;
            if ((_visited.Count & 0x3FF) == 0) cancellation.ThrowIfCancellationRequested();
            _visited.Add(transaction);
            var last = graph.FirstInput[transaction + 1L];
            for (var input = graph.FirstInput[transaction]; input < last; input++)
            {
                var output = graph.Previous[input];
                if (output == OutputNum.NotHeld) throw new LedgerCorruptException(FormattableString.Invariant($"Transaction number {transaction} has a fee, but an input that the ledger does not hold."));
                if (graph.TransactionOf(output) >= transaction) throw new LedgerCorruptException(FormattableString.Invariant($"Transaction number {transaction} spends a later one."));
                if (query.Stops?.At(output, transaction) == EndReason.Service) StopAt(output);
                else Explain(output);
            }
        }

        foreach (var output in _needed)
        {
            if (!_visited.Contains(graph.TransactionOf(output))) _sources.TryAdd(output, SourceReason.MaxTransactions);
        }

        Sources = [.. _sources.Select(pair => new MoneySource(pair.Key, pair.Value, null))];
    }

    /// <summary>The transactions looked at.</summary>
    public IReadOnlySet<uint> Transactions => _visited;

    /// <summary>In chain order: a source's place here is its tag.</summary>
    public IReadOnlyList<MoneySource> Sources { get; }

    /// <summary>Outputs asked about whose own origin was found, and that are sources of what was spent from them.</summary>
    public HashSet<long> Between { get; } = [];

    // An output that paid a service. One asked about has an origin of its own: the service is asked where its deposit comes from.
    private void StopAt(long output)
    {
        if (_graph.Value[output] == 0 || !_sources.TryAdd(output, SourceReason.Service)) return;
        if (!_needed.Add(output)) Between.Add(output);
    }

    private void Explain(long output)
    {
        if (_graph.Value[output] == 0 || !_needed.Add(output)) return;
        var transaction = _graph.TransactionOf(output);
        if (ReasonToStop(transaction) is { } reason) _sources.Add(output, reason);
        else if (_pending.Add(transaction)) _latestFirst.Enqueue(transaction, transaction);
    }

    // A forward trace stops before it, at whichever of its inputs.
    private bool IsCoinJoin(uint transaction)
    {
        if (_query.Stops is not { } stops) return false;
        var last = _graph.FirstInput[transaction + 1L];
        for (var input = _graph.FirstInput[transaction]; input < last; input++)
        {
            if (stops.At(_graph.Previous[input], transaction) == EndReason.CoinJoin) return true;
        }

        return false;
    }

    private SourceReason? ReasonToStop(uint transaction)
    {
        if (_graph.BlockFirstTx[_graph.BlockIndexOf(transaction)] == transaction) return SourceReason.Coinbase;
        if (transaction < _since) return SourceReason.Since;
        if (_graph.Fee[transaction] == UtxoGraph.UnknownFee) return SourceReason.UnknownValue;
        return IsCoinJoin(transaction) ? SourceReason.CoinJoin : null;
    }
}
