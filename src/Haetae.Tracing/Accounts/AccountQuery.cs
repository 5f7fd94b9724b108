using System.Numerics;
using Haetae.Ledger;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Accounts;

/// <summary>A stolen transfer; of a partly stolen one, the stolen part is what its receiver got first.</summary>
/// <param name="Transfer">Its number in the ledger.</param>
/// <param name="Stolen">Base units stolen: more than 0, at most the transfer's amount.</param>
public readonly record struct StolenTransfer(long Transfer, UInt256 Stolen);

/// <summary>What to follow on an account chain, and how far. All seeds belong to one theft.</summary>
public sealed record AccountQuery
{
    /// <summary>The stolen transfers, in any order, each once.</summary>
    public required IReadOnlyList<StolenTransfer> Seeds { get; init; }

    /// <summary>The last transaction looked at; null for the ledger's last.</summary>
    public uint? UntilTransaction { get; init; }

    /// <summary>Transfers that would carry less taint than this many base units of their asset are not followed: their taint ends at the receiver, cut.</summary>
    public UInt256? MinValue { get; init; }

    /// <summary>Stop after this many transactions: a count, so the same on every machine.</summary>
    public long? MaxTransactions { get; init; }

    /// <summary>Only these accounts are followed; any other is an end. Null: no such limit.</summary>
    public IReadOnlySet<uint>? Within { get; init; }

    /// <summary>Where taint is parked; null: nowhere.</summary>
    public IAccountStops? Stops { get; init; }

    /// <summary>Whether swaps, wraps and the like are read, and taint put on what was received. Without it taint goes wherever its asset goes.</summary>
    public bool ReadConversions { get; init; } = true;

    /// <summary>What assets were worth, where several are given in one exchange and what is received has to be shared among them; null: nothing is known, and such taint ends there.</summary>
    public IAssetValues? Values { get; init; }
}

/// <summary>What amounts of different assets were worth beside each other.</summary>
/// <remarks>The answer must be the same whenever it is asked within one trace.</remarks>
public interface IAssetValues
{
    /// <summary>The worth as a whole number over ten to the scale, in one currency for all assets.</summary>
    /// <param name="asset">Its number in the ledger.</param>
    /// <param name="amount">Base units.</param>
    /// <param name="time">Seconds since 1970.</param>
    /// <param name="reason">Why there is none; null where there is one.</param>
    (BigInteger Mantissa, int Scale)? WorthOf(uint asset, UInt256 amount, uint time, out string? reason);
}

/// <summary>Where a trace on accounts stops because following on would accuse the wrong people.</summary>
/// <remarks>The answer for an account must be the same whenever it is asked within one trace.</remarks>
public interface IAccountStops
{
    /// <summary>Why taint that this transfer brings to its receiver goes no further; null: nothing stops it here.</summary>
    AccountEndReason? At(long transfer);

    /// <summary>The tagged service behind an account that taint stops at; null: none is known.</summary>
    Entity? ServiceOf(uint account) => null;
}

/// <summary>Why taint on an account goes no further.</summary>
public enum AccountEndReason
{
    /// <summary>It lies there, at the last transaction looked at.</summary>
    Held,

    /// <summary>The account is none of those to be followed (<see cref="AccountQuery.Within"/>).</summary>
    Outside,

    /// <summary>The ledger does not hold what this account did (<see cref="Ledger.Accounts.Coverage"/>), and other accounts' history it does.</summary>
    Uncovered,

    /// <summary>A service that mixes customers' money.</summary>
    Service,

    /// <summary>A mixer: only explicit links lead out.</summary>
    Mixer,

    /// <summary>A bridge: only explicit links lead out.</summary>
    Bridge,

    /// <summary>A contract that took it in, in a way no rule here understands.</summary>
    NotUnderstood,

    /// <summary>Less than the least amount followed.</summary>
    MinValue,

    /// <summary>The most transactions were reached.</summary>
    MaxTransactions,
}
