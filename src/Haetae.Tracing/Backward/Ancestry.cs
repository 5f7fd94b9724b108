using Haetae.Ledger;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Backward;

/// <summary>The transactions that outputs come from, back to where a walk stops, and the sources there.</summary>
/// <remarks>Transactions are taken from the latest back: when one's turn comes, all that is asked of it is known.</remarks>
internal abstract class Ancestry
{
    private readonly ITraceStops? _stops;
    private readonly uint _since;
    private readonly HashSet<long> _asked;
    private readonly HashSet<uint> _pending = [];
    private readonly HashSet<uint> _visited = [];
    private readonly PriorityQueue<uint, uint> _latestFirst = new(Comparer<uint>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, SourceReason> _sources = [];

    protected Ancestry(UtxoGraph graph, BackwardQuery query)
    {
        Graph = graph;
        _stops = query.Stops;
        _asked = [.. query.Outputs];
        _since = query.SinceHeight is { } since && since > graph.FirstHeight
            ? graph.BlockFirstTx[Math.Min(since - graph.FirstHeight, graph.BlockCount)]
            : 0;
    }

    protected UtxoGraph Graph { get; }

    /// <summary>The transactions looked at.</summary>
    public IReadOnlySet<uint> Transactions => _visited;

    /// <summary>In chain order: a source's place here is its tag.</summary>
    public IReadOnlyList<MoneySource> Sources { get; private set; } = [];

    /// <summary>Outputs asked about whose own origin was found, and that are sources of what was spent from them.</summary>
    public HashSet<long> Between { get; } = [];

    protected void Walk(BackwardQuery query, CancellationToken cancellation)
    {
        while (_latestFirst.TryDequeue(out var transaction, out _))
        {
            if ((_visited.Count & 0x3FF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                query.Progress?.Invoke("looking back", _visited.Count, query.MaxTransactions);
            }

            if (_visited.Count >= query.MaxTransactions)
            {
                foreach (var output in NeededOf(transaction)) _sources.TryAdd(output, SourceReason.MaxTransactions);
                continue;
            }

            _visited.Add(transaction);
            Visit(transaction);
        }

        Sources = [.. _sources.Select(pair => new MoneySource(pair.Key, pair.Value, null))];
    }

    /// <summary>Asks for the origin of a transaction's inputs.</summary>
    protected abstract void Visit(uint transaction);

    /// <summary>The outputs of a transaction whose origin is asked for.</summary>
    protected abstract IEnumerable<long> NeededOf(uint transaction);

    /// <summary>True when an output's transaction is to be visited; false when it is a source.</summary>
    protected bool HasOrigin(long output)
    {
        var transaction = Graph.TransactionOf(output);
        if (ReasonToStop(transaction) is { } reason)
        {
            _sources.TryAdd(output, reason);
            return false;
        }

        if (_pending.Add(transaction)) _latestFirst.Enqueue(transaction, transaction);
        return true;
    }

    /// <summary>As <see cref="HasOrigin(long)"/>, for an output that a visited transaction spends.</summary>
    protected bool HasOrigin(long output, uint spender)
    {
        if (output == OutputNum.NotHeld)
            throw new LedgerCorruptException(FormattableString.Invariant($"Transaction number {spender} has a fee, but an input that the ledger does not hold."));
        if (Graph.TransactionOf(output) >= spender) throw new LedgerCorruptException(FormattableString.Invariant($"Transaction number {spender} spends a later one."));
        if (_stops?.At(output, spender) != EndReason.Service) return HasOrigin(output);

        // It paid a service. One asked about has an origin of its own: the service is asked where its deposit comes from.
        if (_sources.TryAdd(output, SourceReason.Service) && _asked.Contains(output)) Between.Add(output);
        return false;
    }

    private SourceReason? ReasonToStop(uint transaction)
    {
        if (Graph.BlockFirstTx[Graph.BlockIndexOf(transaction)] == transaction) return SourceReason.Coinbase;
        if (transaction < _since) return SourceReason.Since;
        if (Graph.Fee[transaction] == UtxoGraph.UnknownFee || SpendsFromBefore(transaction)) return SourceReason.UnknownValue;
        return IsCoinJoin(transaction) ? SourceReason.CoinJoin : null;
    }

    // What was made before the first block has no origin here, whether its value is known or not.
    private bool SpendsFromBefore(uint transaction)
    {
        if (Graph.FirstHeight == 0) return false;
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++)
            if (Graph.Previous[input] == OutputNum.NotHeld) return true;
        return false;
    }

    // A forward trace stops before it, at whichever of its inputs.
    private bool IsCoinJoin(uint transaction)
    {
        if (_stops is null) return false;
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++)
        {
            if (_stops.At(Graph.Previous[input], transaction) == EndReason.CoinJoin) return true;
        }

        return false;
    }
}
