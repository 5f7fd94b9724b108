using Haetae.Ledger;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>What one policy says of a theft on an account chain, in the ledger's numbers.</summary>
public sealed record AccountOutcome
{
    public required Policy Policy { get; init; }

    /// <summary>One book for each asset that stolen money was in, by asset number.</summary>
    public required IReadOnlyList<AssetBook> Books { get; init; }

    /// <summary>Where taint is: by account, asset and reason, in the order in which the first taint came there.</summary>
    public required IReadOnlyList<AccountEnd> Ends { get; init; }

    /// <summary>Every transfer that carried taint, in chain order; seeds are not among them unless they carry taint that came back. What was exchanged is among <see cref="Conversions"/> instead.</summary>
    public required IReadOnlyList<TaintedTransfer> Flow { get; init; }

    /// <summary>Taint that changed its asset, in chain order.</summary>
    public required IReadOnlyList<TaintedConversion> Conversions { get; init; }

    /// <summary>What tainted accounts held before, where that decided figures and is not known: an assumption.</summary>
    public required IReadOnlyList<OpeningBalance> Openings { get; init; }

    /// <summary>Transactions in which taint moved or fees were paid from it.</summary>
    public required long TransactionsVisited { get; init; }
}

/// <summary>The books of one asset, base units. For a conserving policy: Seeds + ConvertedIn = Held + Parked + Fees + Destroyed + Absorbed + Cut + ConvertedOut.</summary>
/// <remarks>Sums stop at 2^256 - 1. One that stands there is of a made-up token, means "at least", and its book need not close.</remarks>
/// <param name="ConvertedIn">Taint that came from other assets.</param>
/// <param name="Held">On accounts at the last transaction looked at.</param>
/// <param name="Parked">At stops, outside what is followed, or where nothing is understood.</param>
/// <param name="Fees">Paid for execution.</param>
/// <param name="Destroyed">Burnt.</param>
/// <param name="Absorbed">Came back over a seed of the same theft: not stolen twice.</param>
/// <param name="Cut">Left open by a limit.</param>
/// <param name="ConvertedOut">Went into other assets.</param>
public sealed record AssetBook(
    uint Asset, UInt256 Seeds, UInt256 ConvertedIn, UInt256 Held, UInt256 Parked, UInt256 Fees, UInt256 Destroyed, UInt256 Absorbed, UInt256 Cut, UInt256 ConvertedOut);

/// <summary>Taint that goes no further. Different notes at one account are different ends.</summary>
/// <param name="Tainted">Base units of the asset that are stolen.</param>
/// <param name="FirstTransfer">The transfer that first brought taint there.</param>
/// <param name="LastTransfer">The one that last did.</param>
/// <param name="Note">What in particular was not understood; null: nothing to add.</param>
public sealed record AccountEnd(uint Account, uint Asset, AccountEndReason Reason, UInt256 Tainted, long FirstTransfer, long LastTransfer, string? Note = null);

/// <summary>A transfer and how much of it is stolen.</summary>
public readonly record struct TaintedTransfer(long Transfer, UInt256 Tainted);

/// <summary>An actor gave one asset and received another in one transaction. Where several things were received for it, each has a line, and the same is given in all of them.</summary>
/// <param name="Given">What was given in all, and <paramref name="GivenTaint"/> of it stolen.</param>
/// <param name="Received">What was received in all for it, and <paramref name="ReceivedTaint"/> of that counted as stolen.</param>
/// <param name="Manner">wrap, unwrap, swap, pool-in, pool-out …</param>
public sealed record TaintedConversion(
    uint Transaction, uint Actor, uint GivenAsset, UInt256 Given, UInt256 GivenTaint, uint Recipient, uint ReceivedAsset, UInt256 Received, UInt256 ReceivedTaint, string Manner);

/// <summary>What an account held before its first transfer in the ledger.</summary>
/// <param name="Known">Whether the ledger says so; otherwise it is the least that keeps every later balance from falling below zero.</param>
public sealed record OpeningBalance(uint Account, uint Asset, UInt256 Amount, bool Known);
