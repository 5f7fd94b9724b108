using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Noise;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>A trace on an account chain as people and programs read it: format <c>haetae.trace/1</c>, its form for accounts.</summary>
/// <remarks>A value: the same ledger and parameters give the same report, byte for byte, on every machine. It holds no wall clock.</remarks>
public sealed record AccountReport
{
    public const string FormatName = TraceReport.FormatName;

    public required AccountReportLedger Ledger { get; init; }

    public required AccountParameters Parameters { get; init; }

    /// <summary>The tags the trace went by; null: none were at hand.</summary>
    public TraceTags? Tags { get; init; }

    /// <summary>The stolen transfers, in chain order.</summary>
    public required IReadOnlyList<AccountSeed> Seeds { get; init; }

    /// <summary>One result a policy, in the order asked for.</summary>
    public required IReadOnlyList<AccountResult> Results { get; init; }

    /// <summary>Strangers' dust and bait in the histories of the accounts of this trace: counted, and left out of lists for people.</summary>
    public required AccountReportNoise Noise { get; init; }

    /// <summary>Payments to look-alikes, in chain order: suspicions, never noise.</summary>
    public IReadOnlyList<AccountPayOff> PayOffs { get; init; } = [];

    /// <summary>What holds under any rule; empty: not asked for, or too large.</summary>
    public IReadOnlyList<AccountReportBound> Bounds { get; init; } = [];

    /// <summary>What goes to fees under any rule, an asset each; empty: nothing can, or <see cref="Bounds"/> were not asked for, or too large.</summary>
    public IReadOnlyList<AccountReportFees> FeeBounds { get; init; } = [];

    /// <summary>Why no destination has bounds; null: some have, or none were asked for.</summary>
    public string? NoBounds { get; init; }
}

/// <summary>The ledger of the trace.</summary>
/// <param name="Chain">CAIP-2.</param>
/// <param name="Digest">Names what the ledger holds.</param>
/// <param name="Notes">What its source could not tell.</param>
public sealed record AccountReportLedger(string Chain, string Title, string Digest, long Transactions, long Transfers, long Accounts, IReadOnlyList<string> Notes);

/// <summary>What was asked. Absent options are null or empty.</summary>
public sealed record AccountParameters(IReadOnlyList<string> From, IReadOnlyList<string> Policies)
{
    public string? Amount { get; init; }

    /// <summary>The only asset that was seeded; null: every one.</summary>
    public string? Asset { get; init; }

    /// <summary>Receipts of an address were seeded from this time on.</summary>
    public string? Since { get; init; }

    public string? Until { get; init; }

    public string? MinValue { get; init; }

    public long? MaxTransactions { get; init; }

    public IReadOnlyList<string> Stops { get; init; } = [];

    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>The only accounts that were followed; empty: all.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <summary>The currency of the values; null: none were asked for.</summary>
    public string? Values { get; init; }

    /// <summary>Decimal places that were named for the prices, as CAIP-19=N.</summary>
    public IReadOnlyList<string> Decimals { get; init; } = [];

    /// <summary>Whether swaps, wraps and the like were read.</summary>
    public bool Conversions { get; init; } = true;

    /// <summary>Bounds for at most so many destinations; 0: none.</summary>
    public int Bounds { get; init; }
}

/// <summary>A transfer, its numbers resolved.</summary>
/// <param name="TxId">The transaction's hash; an id made from the row where <see cref="IsRowId"/>.</param>
/// <param name="Index">The transfer's place in the transaction, from 0.</param>
/// <param name="Block">Null: the source tells no block.</param>
/// <param name="From">As people of this chain write it; null: nobody.</param>
public sealed record AccountMove(string TxId, bool IsRowId, int Index, uint? Block, uint Time, string Kind, string? From, string? To, AssetInfo Asset, UInt256 Amount);

/// <summary>A stolen transfer.</summary>
/// <param name="Worth">What was stolen was worth at the time of the transfer; null: not asked for.</param>
public sealed record AccountSeed(AccountMove Move, UInt256 Stolen, Entity? Receiver, Worth? Worth = null);

/// <summary>Where the money is under one policy.</summary>
/// <param name="Conserves">False for poison.</param>
/// <param name="Ends">Every end, largest share of its asset's stolen sum first within an asset; assets in the ledger's order.</param>
public sealed record AccountResult(
    string Policy, bool Conserves, IReadOnlyList<AccountBooks> Books, long TransactionsVisited, IReadOnlyList<AccountReportEnd> Ends, IReadOnlyList<AccountFlow> Flow,
    IReadOnlyList<AccountConversion> Conversions, IReadOnlyList<AccountOpening> Openings);

/// <summary>The books of one asset: see <see cref="AssetBook"/>.</summary>
/// <param name="Worth">The sum of the worths of the seeds in this asset, each at its time; null: not asked for.</param>
public sealed record AccountBooks(AssetInfo Asset, AssetBook Book, Worth? Worth = null);

/// <summary>Taint that goes no further.</summary>
/// <param name="Reason">held, outside, uncovered, service, mixer, bridge, not-understood, min-value, max-transactions.</param>
/// <param name="Coverage">complete, truncated or unknown: how much of what the account did the ledger holds.</param>
/// <param name="Worth">What the taint was worth when the first of it came there, in <paramref name="First"/>; null: not asked for.</param>
public sealed record AccountReportEnd(string Address, AssetInfo Asset, string Reason, UInt256 Tainted, AccountMove First, AccountMove Last, Entity? Entity, string Coverage, string? Note, Worth? Worth = null);

/// <summary>A transfer that carried taint.</summary>
/// <param name="Noise">Of bait that carried taint: its kind. Books and files hold it; only lists for people leave it out.</param>
public sealed record AccountFlow(AccountMove Move, UInt256 Tainted, NoiseKind? Noise = null);

/// <summary>Taint that changed its asset.</summary>
public sealed record AccountConversion(
    string TxId, uint Time, string Actor, AssetInfo GivenAsset, UInt256 Given, UInt256 GivenTaint, string Recipient, AssetInfo ReceivedAsset, UInt256 Received, UInt256 ReceivedTaint, string Manner);

/// <summary>What an account held before its first transfer here.</summary>
/// <param name="Known">Otherwise assumed: the least that keeps every later balance from falling below zero.</param>
public sealed record AccountOpening(string Address, AssetInfo Asset, UInt256 Amount, bool Known);

/// <summary>The least and the most of one asset that any value-conserving rule lets go to fees.</summary>
/// <param name="Figures">Each policy's figure, in the order of the results.</param>
public sealed record AccountReportFees(AssetInfo Asset, UInt256 Least, UInt256 Most, bool Tight, IReadOnlyList<(string Policy, UInt256 Amount)> Figures);

/// <summary>The least and the most that any value-conserving rule puts at a destination.</summary>
/// <param name="Tight">False across conversions: right, but narrower ones may hold.</param>
/// <param name="Figures">Each policy's figure there, in the order of the results.</param>
public sealed record AccountReportBound(string Address, AssetInfo Asset, Entity? Entity, UInt256 Least, UInt256 Most, bool Tight, IReadOnlyList<(string Policy, UInt256 Amount)> Figures);
