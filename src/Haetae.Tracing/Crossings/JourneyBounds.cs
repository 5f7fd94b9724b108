using Haetae.Ledger;
using Haetae.Tracing.Bounds;
using Haetae.Tracing.Bridges;

namespace Haetae.Tracing.Crossings;

/// <summary>The least and most at one deposit and at its outs.</summary>
public sealed record DepositBounds(CrossChainMessage Message, CarriedBounds Tainted, IReadOnlyList<(BridgeCarrier Carrier, CarriedBounds Tainted)> Outs);

/// <summary>What holds of a journey under any rule that conserves value on every ledger.</summary>
/// <remarks>
/// Each leg gives the least and most that can be at its deposits, from the least and most that came to it; over a link both are carried as shares, rounded
/// outward. More in at a seed never means less anywhere, so the least in gives the least out and the most in the most out. Never tight: a leg takes each
/// deposit by itself, and between least and most of an amount that crossed no value is ruled out. Where a leg is too large, cut by a limit, or taint can come
/// back to what came over a link, the least is 0. Poison lies outside.
/// </remarks>
public sealed class JourneyBounds
{
    private readonly Journey _journey;
    private readonly JourneyQuery _query;
    private readonly CancellationToken _cancel;
    private readonly Dictionary<int, LegBounds> _legs = []; // of the last round
    private SortedDictionary<(int Ledger, long Number), UInt256> _least = [], _most = [];

    private JourneyBounds(JourneyQuery query, Journey journey, CancellationToken cancel) => (_query, _journey, _cancel) = (query, journey, cancel);

    /// <summary>The deposits that stolen money can reach, in the order of ledgers and transactions.</summary>
    public IReadOnlyList<DepositBounds> Deposits { get; private set; } = [];

    /// <summary>False: the most rounds were reached; what came over the last crossings is not in the figures.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Crossings lose what ties amounts together.</summary>
    public bool IsTight => Deposits.Count == 0;

    internal static JourneyBounds Of(JourneyQuery query, Journey journey, CancellationToken cancel)
    {
        var bounds = new JourneyBounds(query, journey, cancel);
        for (var round = 1; !bounds.IsComplete && round <= query.MaxRounds; round++) bounds.Advance();
        return bounds;
    }

    /// <summary>The least and most at outputs of a ledger of outputs, taken together; they must be ends of every trace there.</summary>
    /// <returns>Null where the leg is too large.</returns>
    public CarriedBounds? OfOutputs(int ledger, IReadOnlySet<long> outputs)
    {
        if (!_legs.TryGetValue(ledger, out var leg)) _legs.Add(ledger, leg = LegOf(ledger));
        return leg.Of(outputs);
    }

    private LegBounds LegOf(int ledger) => new(_query, _journey.TracerOf(ledger), ledger, _journey.SeedsOf(ledger, _least), _journey.SeedsOf(ledger, _most), _cancel);

    private void Advance()
    {
        var legs = new LegBounds?[_query.Ledgers.Count];
        var deposits = new List<DepositBounds>();
        SortedDictionary<(int Ledger, long Number), UInt256> least = [], most = [];
        foreach (var deposit in _journey.Deposits)
        {
            var leg = legs[deposit.Ledger] ??= LegOf(deposit.Ledger);
            var paid = Journey.Sum(deposit.Carriers.Select(carrier => carrier.Amount));
            var tainted = leg.Of(deposit.Gates.ToHashSet()) ?? new CarriedBounds(0, paid);
            tainted = new CarriedBounds(UInt256.Min(tainted.Least, paid), UInt256.Min(tainted.Most, paid));
            if (tainted.Most.IsZero) continue;
            var outs = _journey.OutsOf(deposit).Select(one => (one.Link, one.Carrier, Bounds: CarriedShare.Widen(one.Carrier.Amount, paid, tainted))).ToArray();
            foreach (var one in outs)
            {
                Add(least, one.Link, one.Carrier, one.Bounds.Least);
                Add(most, one.Link, one.Carrier, one.Bounds.Most);
            }

            deposits.Add(new DepositBounds(deposit, tainted, [.. outs.Select(one => (one.Carrier, one.Bounds))]));
        }

        IsComplete = least.SequenceEqual(_least) && most.SequenceEqual(_most);
        (_least, _most, Deposits) = (least, most, deposits);
    }

    private static void Add(SortedDictionary<(int Ledger, long Number), UInt256> came, CrossChainLink link, BridgeCarrier carrier, UInt256 amount)
    {
        if (amount.IsZero) return;
        var place = (link.Destination.Ledger, carrier.Number);
        came[place] = UInt256.Min(carrier.Amount, UInt256.AddCapped(came.GetValueOrDefault(place), amount));
    }
}
