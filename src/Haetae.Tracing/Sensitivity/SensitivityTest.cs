using System.Globalization;
using Haetae.Ledger;
using Haetae.Tracing.Links;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Sensitivity;

/// <summary>Takes the assumptions of a trace away one by one, traces anew each time, and says what moved.</summary>
/// <remarks>Exact: every trial is a whole trace under the same policy. Trials follow at most ten times as many transactions as the trace did, and at least 100,000.</remarks>
public sealed class SensitivityTest(ILedgerView ledger, LedgerStops stops)
{
    public const int MostConclusions = 5;

    private const long FewestTransactions = 100_000;

    /// <param name="query">As the trace was asked, with <paramref name="policy"/> and these stops.</param>
    /// <param name="outcome">The trace's own outcome.</param>
    /// <param name="most">Try at most so many assumptions, those with the most parked first.</param>
    /// <param name="links">The explicit links of the trace.</param>
    public SensitivityResult Run(TraceQuery query, Policy policy, TraceOutcome outcome, int most, IReadOnlyList<TaintLink> links, CancellationToken cancel = default)
    {
        var limit = Math.Max(FewestTransactions, 10 * outcome.TransactionsVisited);
        var trial = query with
        {
            RecordFlow = false,
            PathsToEnds = 0,
            MaxTransactions = Math.Min(limit, query.MaxTransactions ?? long.MaxValue),
        };
        var with = Places(outcome);
        var assumptions = Assumptions(outcome);
        var effects = new List<AssumptionEffect>();
        foreach (var (kind, entity, transaction, link) in assumptions.Take(most))
        {
            cancel.ThrowIfCancellationRequested();
            var rules = kind switch
            {
                AssumptionKind.CoinJoin => stops.Rules.Without(transaction),
                AssumptionKind.Tag => stops.Rules.Without(entity!.Key),
                AssumptionKind.Cluster => stops.Rules.WithoutClusterOf(entity!.Key),
                _ => stops.Rules,
            };
            var fewer = stops.Under(rules);
            var without = Places(new LinkedTrace(ledger.Graph, fewer).Trace(trial with { Stops = fewer }, policy, [.. links.Where(one => one != link)], cancel));
            var shifts = with.Keys.Union(without.Keys).Select(place => new ConclusionShift(place.Place, place.Name, with.GetValueOrDefault(place), without.GetValueOrDefault(place)))
                .Where(shift => shift.With != shift.Without)
                .OrderByDescending(shift => Math.Abs(shift.With - shift.Without)).ThenBy(shift => shift.Place, StringComparer.Ordinal).ThenBy(shift => shift.Name, StringComparer.Ordinal).ToList();
            var moved = shifts.Sum(shift => Math.Abs(shift.With - shift.Without)) / 2;
            effects.Add(new AssumptionEffect(
                kind, entity, transaction == 0 ? null : ledger.TxIds[transaction].ToString(), moved, 10 * (Int128)moved >= outcome.Books.Stolen, [.. shifts.Take(MostConclusions)])
            {
                LinkFrom = link?.Name,
            });
        }

        return new SensitivityResult(
            PolicyNames.NameOf(policy), [.. effects.OrderByDescending(effect => effect.Moved)], Math.Max(0, assumptions.Count - most), limit);
    }

    /// <summary>What the outcome used, the most parked first: services by tag, those named only through clusters once more for the cluster, CoinJoins, links.</summary>
    private List<(AssumptionKind Kind, Entity? Entity, uint Transaction, TaintLink? Link)> Assumptions(TraceOutcome outcome)
    {
        var parked = new Dictionary<(AssumptionKind Kind, string Key), (Entity? Entity, uint Transaction, TaintLink? Link, long Tainted)>();
        foreach (var end in outcome.Ends)
        {
            if (end.Reason == EndReason.Service && stops.ServiceOf(end.Output) is { } service)
            {
                Add(AssumptionKind.Tag, service.Key, service, 0, end.Tainted);
                if (service.Via == EntityVia.Cluster) Add(AssumptionKind.Cluster, service.Key, service, 0, end.Tainted);
            }
            else if (end.Reason == EndReason.CoinJoin)
            {
                var spender = ledger.Graph.SpenderOf(end.Output);
                Add(AssumptionKind.CoinJoin, ledger.TxIds[spender].ToString(), null, spender, end.Tainted);
            }
        }

        foreach (var flow in outcome.Links) Add(AssumptionKind.Link, flow.Link.Output.ToString("D20", CultureInfo.InvariantCulture), null, ledger.Graph.TransactionOf(flow.Link.Output), flow.Amount, flow.Link);
        return [.. parked.OrderByDescending(pair => pair.Value.Tainted).ThenBy(pair => pair.Key.Kind).ThenBy(pair => pair.Key.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key.Kind, pair.Value.Entity, pair.Value.Transaction, pair.Value.Link))];

        void Add(AssumptionKind kind, string key, Entity? entity, uint transaction, long tainted, TaintLink? link = null) =>
            parked[(kind, key)] = (entity, transaction, link, parked.GetValueOrDefault((kind, key)).Tainted + tainted);
    }

    private Dictionary<(string Place, string? Name), long> Places(TraceOutcome outcome)
    {
        var places = new Dictionary<(string, string?), long>();
        foreach (var end in outcome.Ends)
        {
            var entity = stops.EntityOf(end.Output);
            Add(
                end.Reason switch
                {
                    EndReason.Service => ("service", entity?.Name),
                    EndReason.CoinJoin => ("coinjoin", ledger.TxIds[ledger.Graph.SpenderOf(end.Output)].ToString()),
                    EndReason.Unspent or EndReason.Until => entity is null ? ("held", null) : ("named", entity.Name),
                    _ => ("open", null),
                },
                end.Tainted);
        }

        Add(("fees", null), outcome.Books.Fees);
        return places;

        void Add((string, string?) place, long tainted)
        {
            if (tainted > 0) places[place] = places.GetValueOrDefault(place) + tainted;
        }
    }
}
