using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bounds;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Crossings;

/// <summary>The least and most at places of one leg, from the least and most at its seeds.</summary>
internal sealed class LegBounds
{
    private readonly JourneyQuery _query;
    private readonly LegTracer _tracer;
    private readonly int _ledger;
    private readonly IReadOnlyList<LegSeed> _leastSeeds, _mostSeeds;
    private readonly CancellationToken _cancel;
    private readonly Lazy<(ReachedGraph? Least, ReachedGraph? Most, bool MayComeBack)> _reached;
    private readonly Lazy<(AccountBounds? Least, AccountBounds Most, bool MayComeBack)> _balances;

    internal LegBounds(JourneyQuery query, LegTracer tracer, int ledger, IReadOnlyList<LegSeed> least, IReadOnlyList<LegSeed> most, CancellationToken cancel)
    {
        (_query, _tracer, _ledger, _leastSeeds, _mostSeeds, _cancel) = (query, tracer, ledger, least, most, cancel);
        _reached = new(Reach);
        _balances = new(ReachBalances);
    }

    /// <summary>Null where nothing narrower than the amounts themselves is known.</summary>
    internal CarriedBounds? Of(IReadOnlySet<long> places)
    {
        if (_mostSeeds.Count == 0) return default(CarriedBounds);
        return _query.Ledgers[_ledger] is BitcoinJourneyLedger ? OfOutputs(places) : OfTransfers(places);
    }

    private CarriedBounds? OfOutputs(IReadOnlySet<long> outputs)
    {
        var (low, high, mayComeBack) = _reached.Value;
        if (high is null) return null;
        var most = new FlowBounds(high).Of(Ends(high, outputs), _cancel).Most;
        var least = low is null || mayComeBack || _query.MaxTransactions is not null ? 0 : new FlowBounds(low).Of(Ends(low, outputs), _cancel).Least;
        return new CarriedBounds((UInt128)least, (UInt128)most);
    }

    private (ReachedGraph? Least, ReachedGraph? Most, bool MayComeBack) Reach()
    {
        var graph = ((BitcoinJourneyLedger)_query.Ledgers[_ledger]).View.Graph;
        var most = ReachedGraph.Build(graph, _tracer.OutputQuery(_mostSeeds), out _, cancellation: _cancel);
        var least = _leastSeeds.Count == 0 ? null : ReachedGraph.Build(graph, _tracer.OutputQuery(_leastSeeds), out _, cancellation: _cancel);
        var mayComeBack = most is not null && new FlowBounds(most).Of([ReachedGraph.AbsorbedEnd], _cancel).Most > 0;
        return (least, most, mayComeBack);
    }

    private static List<int> Ends(ReachedGraph graph, IReadOnlySet<long> outputs) => [.. graph.Ends.Index().Where(end => end.Item.IsOutput && outputs.Contains(end.Item.Output)).Select(end => end.Index)];

    // Asked by payer and receiver: exact for a deposit whose payer made no other there, and an upper bound for one of several.
    private CarriedBounds? OfTransfers(IReadOnlySet<long> transfers)
    {
        var graph = ((AccountJourneyLedger)_query.Ledgers[_ledger]).View.Graph;
        var amount = Journey.Sum(transfers.Select(transfer => graph.Amount[transfer]));
        if (transfers.Any(transfer => graph.To[transfer] == AccountGraph.Nobody || graph.From[transfer] == AccountGraph.Nobody)) return new CarriedBounds(0, amount);
        var (low, high, mayComeBack) = _balances.Value;
        if (high.NotComputed is not null) return null;
        AccountPlace[] places = [.. transfers.Select(PlaceOf).Distinct()];
        var most = Journey.Sum(high.Of(places, _cancel).Select(bound => bound.Most));
        var shared = _tracer.Gates.Any(gate => !transfers.Contains(gate) && places.Contains(PlaceOf(gate)));
        var least = low is null || low.NotComputed is not null || mayComeBack || shared || _query.MaxTransactions is not null ? UInt256.Zero : Journey.Sum(low.Of(places, _cancel).Select(bound => bound.Least));
        return new CarriedBounds(UInt256.Min(least, amount), UInt256.Min(most, amount));

        AccountPlace PlaceOf(long transfer) => new(graph.To[transfer], graph.Asset[transfer], graph.From[transfer]);
    }

    private (AccountBounds? Least, AccountBounds Most, bool MayComeBack) ReachBalances()
    {
        var view = ((AccountJourneyLedger)_query.Ledgers[_ledger]).View;
        var query = _tracer.AccountQueryOf(_mostSeeds);
        var least = _leastSeeds.Count == 0 ? null : new AccountBounds(view, _tracer.AccountQueryOf(_leastSeeds), cancellation: _cancel);
        var seeds = _mostSeeds.Select(seed => seed.Number).ToHashSet();
        var mayComeBack = new AccountTracer(view).Trace(query with { MaxTransactions = null }, Policy.Poison, _cancel).Flow.Any(one => seeds.Contains(one.Transfer));
        return (least, new AccountBounds(view, query, cancellation: _cancel), mayComeBack);
    }
}
