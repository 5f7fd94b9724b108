using Haetae.Ledger;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Crossings;

/// <summary>Where the money went over several chains, under one policy.</summary>
public sealed record JourneyOutcome
{
    public required Policy Policy { get; init; }

    /// <summary>One leg for each ledger that stolen money was on, in the order in which it first came there.</summary>
    public required IReadOnlyList<JourneyLeg> Legs { get; init; }

    /// <summary>Every deposit at a bridge that stolen money reached, in the order of ledgers and transactions.</summary>
    public required IReadOnlyList<BridgeDeposit> Deposits { get; init; }

    /// <summary>How often legs were traced anew because more had come to them.</summary>
    public required int Rounds { get; init; }

    /// <summary>False: the most rounds were reached, and what came over links last is not followed.</summary>
    public required bool IsComplete { get; init; }
}

/// <summary>One trace on one ledger, with all that was stolen there or came there over links.</summary>
/// <param name="Ledger">Which ledger, from 0.</param>
/// <param name="Seeds">The theft's own and those over links, by number; an output that is both stands once.</param>
/// <param name="Bitcoin">The trace, on a ledger of outputs.</param>
/// <param name="Accounts">The trace, on a ledger of accounts.</param>
public sealed record JourneyLeg(int Ledger, IReadOnlyList<LegSeed> Seeds, TraceOutcome? Bitcoin, AccountOutcome? Accounts);

/// <summary>What a leg begins with.</summary>
/// <param name="Number">The output's or transfer's number.</param>
/// <param name="Own">Base units of the theft itself.</param>
/// <param name="Linked">Base units that came over links.</param>
public readonly record struct LegSeed(long Number, UInt256 Own, UInt256 Linked)
{
    public UInt256 Stolen => Own + Linked;
}

/// <summary>A deposit at a bridge that stolen money is in.</summary>
/// <param name="Amount">All that was paid in, base units.</param>
/// <param name="Tainted">The stolen part: it is parked here, and leaves only by <paramref name="Outs"/>.</param>
/// <param name="Outs">What came out of it; none: <paramref name="Why"/> says why it ends here.</param>
/// <param name="Why">Null where there are outs.</param>
public sealed record BridgeDeposit(CrossChainMessage Message, UInt256 Amount, UInt256 Tainted, IReadOnlyList<BridgeOut> Outs, string? Why)
{
    /// <summary>Links to outs that carry its key and are not followed, each with what speaks against it.</summary>
    public IReadOnlyList<CrossChainLink> Doubtful { get; init; } = [];
}

/// <summary>What came out of a bridge for a deposit.</summary>
/// <param name="Carrier">The output or transfer; it is a seed there.</param>
/// <param name="Tainted">Its stolen part, base units of what came out.</param>
public sealed record BridgeOut(CrossChainLink Link, BridgeCarrier Carrier, UInt256 Tainted);
