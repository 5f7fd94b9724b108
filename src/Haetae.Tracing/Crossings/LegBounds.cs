using Haetae.Ledger;
using Haetae.Tracing.Bounds;

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

    internal LegBounds(JourneyQuery query, LegTracer tracer, int ledger, IReadOnlyList<LegSeed> least, IReadOnlyList<LegSeed> most, CancellationToken cancel)
    {
        (_query, _tracer, _ledger, _leastSeeds, _mostSeeds, _cancel) = (query, tracer, ledger, least, most, cancel);
        _reached = new(Reach);
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

    // No asset holds more stolen money than was stolen of it, where none turns into another.
    private CarriedBounds? OfTransfers(IReadOnlySet<long> transfers)
    {
        var graph = ((AccountJourneyLedger)_query.Ledgers[_ledger]).View.Graph;
        var amount = Journey.Sum(transfers.Select(transfer => graph.Amount[transfer]));
        var assets = transfers.Select(transfer => graph.Asset[transfer]).ToHashSet();
        if (_query.ReadConversions) return new CarriedBounds(0, amount);
        return new CarriedBounds(0, UInt256.Min(amount, Journey.Sum(_mostSeeds.Where(seed => assets.Contains(graph.Asset[seed.Number])).Select(seed => seed.Stolen))));
    }
}
