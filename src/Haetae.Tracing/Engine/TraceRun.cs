using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Engine;

/// <summary>One trace under one policy: the order of events, the ends and the books. What taint does inside a transaction is the subclasses' part.</summary>
/// <remarks>
/// Chain order is kept by stretches. Open transactions are walked up to the next event: a transaction that made seeds, or the end of a block
/// whose coinbase takes in tainted fees. The switch to a dense container is made at a count of transactions, never by the clock.
/// </remarks>
internal abstract class TraceRun
{
    private const int Reasons = (int)EndReason.NotFetched + 1;
    private const long Breath = 1 << 20;

    private readonly long[] _endCounts = new long[Reasons];
    private readonly long[] _endSums = new long[Reasons];
    private readonly long _denseAfter;
    private readonly ITraceStops? _stops;
    private readonly long _followedUnasked; // with so much taint an output is followed, whatever it pays
    private ChunkedList<TaintEnd> _ends = new();
    private bool _endsOutOfOrder;
    private bool _isDense;

    protected TraceRun(UtxoGraph graph, TraceQuery query, long denseAfter)
    {
        Graph = graph;
        Query = query;
        _denseAfter = denseAfter;
        Limit = FirstTransactionAfter(graph, query.UntilHeight);
        Seeds = new SeedList(graph, query.Seeds, Limit);
        MinValue = query.MinValue ?? 0;
        _stops = query.Stops;
        _followedUnasked = _stops is null ? MinValue : long.MaxValue;
    }

    protected UtxoGraph Graph { get; }

    protected TraceQuery Query { get; }

    protected SeedList Seeds { get; }

    /// <summary>The first transaction that is not looked at.</summary>
    protected uint Limit { get; }

    protected long MinValue { get; }

    protected long Visited { get; set; }

    protected long Fees { get; set; }

    protected long Absorbed { get; set; }

    /// <summary>Where the block ends whose coinbase has something to take in; the largest number when there is none.</summary>
    protected uint SettleAt { get; set; } = uint.MaxValue;

    protected bool PaysCoinbase => Query.FeeRule != FeeRule.Drop;

    /// <summary>True when the ends could not be told for lack of a recorded flow; the trace must be run again with it.</summary>
    public bool LacksFlow { get; protected set; }

    public void Follow(CancellationToken cancellation)
    {
        var most = Query.MaxTransactions ?? long.MaxValue;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var switchAt = _isDense ? long.MaxValue : _denseAfter;
            if (Visited >= most) break;
            if (Visited >= switchAt)
            {
                GoDense();
                _isDense = true;
                continue;
            }

            var stopAt = Math.Min(Math.Min(most, switchAt), Visited + Breath);
            Walk(Math.Min(Seeds.NextTransaction, SettleAt), stopAt);
            if (Visited >= stopAt) continue;
            if (SettleAt != uint.MaxValue && SettleAt <= Seeds.NextTransaction) Settle();
            else if (Seeds.NextTransaction != uint.MaxValue) ReachSeeds();
            else break;
        }

        if (SettleAt != uint.MaxValue) Settle();
        CloseOpen();
    }

    public TraceOutcome Finish(Policy policy)
    {
        if (_endsOutOfOrder) _ends = ChunkedList<TaintEnd>.Sorted(_ends, (a, b) => a.Output.CompareTo(b.Output));
        long Sum(EndReason reason) => _endSums[(int)reason];
        var books = new TraceBooks(
            Seeds: Seeds.Total,
            Held: Sum(EndReason.Unspent) + Sum(EndReason.Until), // at the last block looked at, an output spent later is held
            Parked: Sum(EndReason.UnknownValue) + Sum(EndReason.Service) + Sum(EndReason.CoinJoin) + Sum(EndReason.NotFetched),
            Fees: Fees,
            Absorbed: Absorbed,
            Cut: Sum(EndReason.MinValue) + Sum(EndReason.MaxTransactions));
        var limits = new List<LimitHit>();
        for (var reason = EndReason.Until; reason <= EndReason.UnknownValue; reason++)
        {
            if (_endCounts[(int)reason] > 0) limits.Add(new LimitHit(reason, _endCounts[(int)reason], Sum(reason)));
        }

        if (_endCounts[(int)EndReason.NotFetched] is > 0 and var open) limits.Add(new LimitHit(EndReason.NotFetched, open, Sum(EndReason.NotFetched)));

        return new TraceOutcome(policy, books, Visited, _ends, limits, Query.RecordFlow ? Flow() : null, Query.PathsToEnds);
    }

    /// <summary>Walks open transactions before <paramref name="before"/> (or the block end it finds on the way) until so many were visited.</summary>
    protected abstract void Walk(uint before, long stopAt);

    /// <summary>Moves what is open into the container for dense taint.</summary>
    protected abstract void GoDense();

    /// <summary>Lets the containers be added to from a transaction on.</summary>
    protected abstract void Rewind(uint transaction);

    /// <summary>Visits a transaction that made seeds. Looking whether it is open may have gone beyond it: a <see cref="Rewind"/> must follow.</summary>
    protected abstract void VisitSeeds(uint transaction);

    /// <summary>Pours the fees of a block into its coinbase.</summary>
    /// <param name="end">The first transaction after the block.</param>
    protected abstract void VisitCoinbase(uint coinbase, uint end);

    /// <summary>Opens the spender of a seed that was not reached in time, so that <see cref="CloseOpen"/> finds it.</summary>
    protected abstract void OpenSeed(int seed);

    /// <summary>Makes ends of what is still open, and of what was parked.</summary>
    protected abstract void CloseOpen();

    protected abstract TaintFlow Flow();

    /// <summary>Whether an output with so much taint is followed into its spender.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool IsFollowed(long output, uint spender, long tainted) =>
        spender - 1 < Limit - 1 && (tainted >= _followedUnasked || IsFollowedWhenAsked(output, spender, tainted));

    // Apart and never inlined: the loops of traces without stops stay as small as they were.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsFollowedWhenAsked(long output, uint spender, long tainted) => tainted >= MinValue && _stops is not null && _stops.At(output, spender) is null;

    /// <summary>Books an output that <see cref="IsFollowed"/> refuses. The outputs must come in chain order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void End(long output, long tainted, uint spender)
    {
        var reason = _stops is null ? ReasonOf(spender) : ReasonWithStops(output, spender);
        _endCounts[(int)reason]++;
        _endSums[(int)reason] += tainted;
        _ends.Add(new TaintEnd(output, tainted, reason));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EndReason ReasonOf(uint spender) => spender - 1 < Limit - 1 ? EndReason.MinValue
        : spender - 1 < Graph.TransactionCount - 1 ? EndReason.Until
        : EndReason.Unspent;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EndReason ReasonWithStops(long output, uint spender) => _stops!.At(output, spender - 1 < Limit - 1 ? spender : 0) ?? ReasonOf(spender);

    /// <summary>Books an end that is known only afterwards.</summary>
    protected void EndLate(long output, long tainted, EndReason reason)
    {
        _endsOutOfOrder = true;
        _endCounts[(int)reason]++;
        _endSums[(int)reason] += tainted;
        _ends.Add(new TaintEnd(output, tainted, reason));
    }

    /// <summary>The first transaction after the block of a transaction.</summary>
    protected uint BlockEndOf(uint transaction) => Graph.BlockFirstTx[Graph.BlockIndexOf(transaction) + 1];

    protected LedgerCorruptException AmountsDisagree(uint transaction) => new(FormattableString.Invariant(
        $"The amounts of transaction number {transaction} disagree: its outputs and fee are not what its inputs bring. Run 'haetae ledger verify'."));

    /// <summary>Refuses a coinbase output that is spent within its own block, which no valid chain holds: its taint would come too late.</summary>
    protected static void CheckOrder(long output, uint spender, uint spentFrom)
    {
        if (spender < spentFrom) throw new LedgerCorruptException(FormattableString.Invariant($"Coinbase output number {output} is spent in its own block."));
    }

    /// <summary>Opens the spenders of the seeds whose turn did not come; what cannot be followed anyway is an end as usual.</summary>
    protected void OpenSeedsNotReached()
    {
        for (var seed = 0; seed < Seeds.Count; seed++)
        {
            if (!Seeds.Passed(seed)) OpenSeed(seed);
        }
    }

    private void ReachSeeds()
    {
        var transaction = Seeds.NextTransaction;
        if (PaysCoinbase && Graph.BlockFirstTx[Graph.BlockIndexOf(transaction)] == transaction)
        {
            // A coinbase's outputs are known only when its block's fees are.
            SettleAt = BlockEndOf(transaction);
            Seeds.Pass();
            return;
        }

        VisitSeeds(transaction);
        Seeds.Pass();
    }

    private void Settle()
    {
        var end = SettleAt;
        SettleAt = uint.MaxValue;
        _endsOutOfOrder = true;
        Rewind(end);
        VisitCoinbase(Graph.BlockFirstTx[Graph.BlockIndexOf(end - 1)], end);
    }

    /// <summary>The first transaction above a height, which is not looked at; the ledger's end for null.</summary>
    internal static uint FirstTransactionAfter(UtxoGraph graph, int? height)
    {
        if (height is not { } until || until >= graph.FirstHeight + graph.BlockCount - 1) return graph.TransactionCount;
        if (until < graph.FirstHeight)
            throw new ArgumentException(FormattableString.Invariant($"The ledger begins at height {graph.FirstHeight}, after {until}."), nameof(height));
        return graph.BlockFirstTx[until - graph.FirstHeight + 1];
    }
}
