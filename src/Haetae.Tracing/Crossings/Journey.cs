using Haetae.Ledger;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Crossings;

/// <summary>Follows stolen money over several chains: a leg on each ledger, joined by the links of bridges.</summary>
/// <remarks>
/// Taint stops at every deposit of a bridge, and leaves it only over a certain link: the share of the deposit that was stolen is the share of what came out
/// that is (<see cref="CarriedShare"/>), and that is a seed of the same theft there. Legs are traced anew with all their seeds until nothing more
/// comes over; each round settles at least the next crossing in time, so there are no more rounds than crossings and one, unless blocks' times lie.
/// A deposit without a link is an end. Nothing is lost between legs but what bridges charge: amounts of different assets are never summed.
/// </remarks>
public sealed class Journey
{
    private readonly JourneyQuery _query;
    private readonly CrossChainMessage[] _deposits;
    private readonly LegTracer[] _tracers;

    private Journey(JourneyQuery query)
    {
        _query = query;
        foreach (var seed in query.Seeds.Where(seed => (uint)seed.Ledger >= (uint)query.Ledgers.Count)) throw new ArgumentException($"There is no ledger {seed.Ledger}.", nameof(query));
        if (query.Seeds.Count == 0) throw new ArgumentException("A journey needs at least one stolen output or transfer.", nameof(query));
        _deposits = [.. query.Messages.Where(message => message.End == BridgeEnd.Source && message.Carriers.Count > 0 && (query.StopAtUnknown || message.Trust != BridgeTrust.Unknown))
            .OrderBy(message => message.Ledger).ThenBy(message => message.Transaction)];
        _tracers = [.. query.Ledgers.Index().Select(ledger => new LegTracer(query, ledger.Index, _deposits.Where(deposit => deposit.Ledger == ledger.Index).SelectMany(deposit => deposit.Gates)))];
    }

    internal IReadOnlyList<CrossChainMessage> Deposits => _deposits;

    internal LegTracer TracerOf(int ledger) => _tracers[ledger];

    /// <summary>Follows a theft under one policy.</summary>
    /// <exception cref="ArgumentException">A seed does not fit its ledger, or the policy has no meaning on one of them.</exception>
    public static JourneyOutcome Trace(JourneyQuery query, Policy policy, CancellationToken cancel = default) => new Journey(query).Run(policy, cancel);

    /// <summary>How much is stolen at the least and at the most at each deposit and out, under any conserving rule.</summary>
    public static JourneyBounds Bounds(JourneyQuery query, CancellationToken cancel = default) => JourneyBounds.Of(query, new Journey(query), cancel);

    private JourneyOutcome Run(Policy policy, CancellationToken cancel)
    {
        var came = new SortedDictionary<(int Ledger, long Number), UInt256>();
        var legs = new JourneyLeg?[_query.Ledgers.Count];
        var order = new List<int>();
        for (var round = 1; ; round++)
        {
            for (var ledger = 0; ledger < legs.Length; ledger++)
            {
                var seeds = SeedsOf(ledger, came);
                if (seeds.Count == 0 || (legs[ledger] is { } known && known.Seeds.SequenceEqual(seeds))) continue;
                if (!order.Contains(ledger)) order.Add(ledger);
                legs[ledger] = _tracers[ledger].Trace(seeds, policy, cancel);
            }

            var deposits = Settle(legs);
            var next = CameOver(deposits);
            var settled = next.SequenceEqual(came);
            if (settled || round >= _query.MaxRounds)
                return new JourneyOutcome { Policy = policy, Legs = [.. order.Select(ledger => legs[ledger]!)], Deposits = deposits, Rounds = round, IsComplete = settled };
            came = next;
        }
    }

    // A leg whose links have run dry keeps its place with what is left.
    internal IReadOnlyList<LegSeed> SeedsOf(int ledger, SortedDictionary<(int Ledger, long Number), UInt256> came)
    {
        var seeds = new SortedDictionary<long, LegSeed>();
        foreach (var own in _query.Seeds.Where(seed => seed.Ledger == ledger)) seeds.Add(own.Number, new LegSeed(own.Number, own.Stolen, 0));
        foreach (var (key, amount) in came.Where(one => one.Key.Ledger == ledger && !one.Value.IsZero))
        {
            var own = seeds.TryGetValue(key.Number, out var seed) ? seed.Own : 0;
            seeds[key.Number] = new LegSeed(key.Number, own, UInt256.Min(amount, _query.Ledgers[ledger].AmountOf(key.Number) - own));
        }

        return [.. seeds.Values];
    }

    private List<BridgeDeposit> Settle(JourneyLeg?[] legs)
    {
        var gates = new Dictionary<long, UInt256>?[legs.Length];
        var deposits = new List<BridgeDeposit>();
        foreach (var deposit in _deposits)
        {
            if (legs[deposit.Ledger] is not { } leg) continue;
            var at = gates[deposit.Ledger] ??= _tracers[deposit.Ledger].AtGates(leg);
            var paid = Sum(deposit.Carriers.Select(carrier => carrier.Amount));
            var tainted = UInt256.Min(paid, Sum(deposit.Gates.Select(gate => at.GetValueOrDefault(gate))));
            if (tainted.IsZero) continue;
            var outs = OutsOf(deposit);
            var parts = CarriedShare.Divide(outs, paid, tainted);
            deposits.Add(new BridgeDeposit(deposit, paid, tainted, [.. outs.Select((one, i) => new BridgeOut(one.Link, one.Carrier, parts[i]))], outs.Count > 0 ? null : WhyNone(deposit)) { Doubtful = DoubtfulOf(deposit) });
        }

        return deposits;
    }

    internal List<(CrossChainLink Link, BridgeCarrier Carrier)> OutsOf(CrossChainMessage deposit) =>
        [.. _query.Match.Links.Where(link => link.IsCertain && ReferenceEquals(link.Source, deposit)).SelectMany(link => link.Destination.Carriers.Select(carrier => (link, carrier)))];

    private CrossChainLink[] DoubtfulOf(CrossChainMessage deposit) => [.. _query.Match.Links.Where(link => link.Doubts.Count > 0 && ReferenceEquals(link.Source, deposit))];

    private string WhyNone(CrossChainMessage deposit) =>
        DoubtfulOf(deposit) is [var doubtful, ..] ? $"its out is in doubt and not followed: {doubtful.Doubts[0]}"
        : _query.Match.Links.Any(link => ReferenceEquals(link.Source, deposit) && !link.IsCertain) ? "several deposits carry the key of its out: none is followed"
        : _query.Match.Links.Any(link => ReferenceEquals(link.Source, deposit)) ? "the payment of its out is not on the rows"
        : _query.Match.Alone.FirstOrDefault(alone => ReferenceEquals(alone.Message, deposit))?.Why ?? "no link is known";

    internal static SortedDictionary<(int Ledger, long Number), UInt256> CameOver(IEnumerable<BridgeDeposit> deposits)
    {
        var came = new SortedDictionary<(int Ledger, long Number), UInt256>();
        foreach (var one in deposits.SelectMany(deposit => deposit.Outs).Where(one => !one.Tainted.IsZero))
        {
            var place = (one.Link.Destination.Ledger, one.Carrier.Number);
            came[place] = UInt256.Min(one.Carrier.Amount, UInt256.AddCapped(came.GetValueOrDefault(place), one.Tainted));
        }

        return came;
    }

    // Only made-up tokens come to the limit.
    internal static UInt256 Sum(IEnumerable<UInt256> amounts) => amounts.Aggregate(UInt256.Zero, UInt256.AddCapped);
}
