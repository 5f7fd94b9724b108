using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Sensitivity;

/// <summary>What an answer rests on beside the chain and the accounting rule.</summary>
public enum AssumptionKind
{
    /// <summary>That tags name a service rightly: without it, taint is followed through all its addresses.</summary>
    Tag,

    /// <summary>That co-spent addresses are one owner's: without it, the service's tags speak for their own addresses only.</summary>
    Cluster,

    /// <summary>That a transaction is a CoinJoin: without it, taint is followed through.</summary>
    CoinJoin,

    /// <summary>That money went on as an explicit link says: without it, it stays parked.</summary>
    Link,
}

/// <summary>One assumption of a trace and what becomes of the answer without it.</summary>
/// <param name="Entity">The service; null for a CoinJoin and a link.</param>
/// <param name="TxId">The CoinJoin, or the transaction a link leads to; null for a service.</param>
/// <param name="Moved">Satoshi that are somewhere else without it: half the sum of all differences.</param>
/// <param name="IsLoadBearing">Whether that is at least a tenth of what was stolen.</param>
/// <param name="Conclusions">What moves, the largest difference first (ties: text order); at most <see cref="SensitivityTest.MostConclusions"/>.</param>
public sealed record AssumptionEffect(
    AssumptionKind Kind, Entity? Entity, string? TxId, long Moved, bool IsLoadBearing, IReadOnlyList<ConclusionShift> Conclusions)
{
    /// <summary>Of a link: the stop it leads from, as it was named; <see cref="TxId"/> is the transaction it leads to.</summary>
    public string? LinkFrom { get; init; }
}

/// <summary>A place of the answer, and what it holds with and without an assumption.</summary>
/// <param name="Place">service, coinjoin, named (an address with a name that is no service), held, open (cut by a limit or an unknown value) or fees.</param>
/// <param name="Name">The entity, or the CoinJoin's transaction; null for held, open and fees.</param>
public sealed record ConclusionShift(string Place, string? Name, long With, long Without);

/// <summary>How an answer moves when its assumptions are taken away one by one.</summary>
/// <param name="Policy">The policy that was tried.</param>
/// <param name="Effects">The assumptions tried, the one that moves most first.</param>
/// <param name="NotTried">Assumptions left untried because there were too many: those with the least parked.</param>
/// <param name="Limit">A trial follows no more transactions than this; what it leaves open counts as open.</param>
public sealed record SensitivityResult(string Policy, IReadOnlyList<AssumptionEffect> Effects, int NotTried, long Limit);
