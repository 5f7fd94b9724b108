using Haetae.Tracing.Links;
using Haetae.Tracing.Sensitivity;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>A trace as people and programs read it: format <c>haetae.trace/1</c>, record numbers resolved to transactions and addresses.</summary>
/// <remarks>
/// A value: the same ledger snapshot and parameters give the same report, byte for byte, on every machine. It holds no wall clock.
/// One made by <see cref="ReportBuilder"/> reads its ends and spends from the ledger, so it is good for as long as that is open.
/// </remarks>
public sealed record TraceReport
{
    public const string FormatName = "haetae.trace/1";

    public required TraceLedger Ledger { get; init; }

    public required TraceParameters Parameters { get; init; }

    /// <summary>The tags the trace went by; null: none were at hand.</summary>
    public TraceTags? Tags { get; init; }

    /// <summary>The stolen outputs, in chain order.</summary>
    public required IReadOnlyList<TraceSeed> Seeds { get; init; }

    /// <summary>How the leading policy's answer moves without each of its assumptions; null: not tried.</summary>
    public SensitivityResult? Sensitivity { get; init; }

    /// <summary>One result a policy, in the order asked for.</summary>
    public required IReadOnlyList<PolicyResult> Results { get; init; }

    /// <summary>What holds under any rule; null: not asked for.</summary>
    public BoundsReport? Bounds { get; init; }
}

/// <summary>The ledger a trace was made from, and what a reader must know about its quality.</summary>
/// <param name="Chain">CAIP-2 name, e.g. <c>bip122:000000000019d6689c085ae165831e93</c>.</param>
/// <param name="Network">mainnet, testnet3, testnet4, signet or regtest.</param>
/// <param name="WeakWorkBlocks">Blocks whose own target is easier than the network's limit: generated chains, or a forgery.</param>
/// <param name="UnknownInputs">Inputs of the ledger whose value is unknown.</param>
public sealed record TraceLedger(string Chain, string Network, int FirstHeight, int TipHeight, string TipHash, long WeakWorkBlocks, long UnknownInputs);

/// <summary>The tags a trace went by.</summary>
/// <param name="Addresses">Addresses of the ledger that a tag or a list of sanctions speaks of.</param>
/// <param name="AsOf">The day whose knowledge was used; null: all tags that stand.</param>
/// <param name="Clusters">Whether tags speak for the co-spend clusters of their addresses.</param>
/// <param name="Digest">SHA-256 of all that is said of them: the same digest, the same names.</param>
public sealed record TraceTags(long Addresses, DateOnly? AsOf, bool Clusters, string Digest);

/// <summary>What was asked. Absent options are null.</summary>
public sealed record TraceParameters(
    IReadOnlyList<string> From,
    IReadOnlyList<string> Policies,
    string FeeRule,
    int? UntilHeight,
    long? MinValue,
    long? MaxTransactions,
    long? Amount)
{
    /// <summary>At what the trace stops, in text order: coinjoins, services; empty: at nothing but unknown values and limits.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Explicit links as they were asked for, each <c>FROM=TXID:VOUT[:SATOSHI]</c>.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>How many assumptions were to be tried at most.</summary>
    public int Sensitivity { get; init; }

    /// <summary>Stops that the analyst overrides: transactions, addresses, names of services.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>The thefts by name, the earliest first; empty where all seeds belong to one without a name.</summary>
    public IReadOnlyList<NamedTheft> Thefts { get; init; } = [];

    /// <summary>Bounds without a rule where stolen money can reach at most so many transactions; 0: no bounds; null: not said.</summary>
    public int? Bounds { get; init; }
}

/// <summary>One stolen output, or the stolen part at its front.</summary>
/// <param name="Address">Null where the script has none (bare public key, bare multisig, non-standard).</param>
/// <param name="ScriptType">As Bitcoin Core names it: pubkey, pubkeyhash, scripthash, witness_v0_keyhash, …</param>
/// <param name="Value">The whole output, satoshi.</param>
/// <param name="Stolen">The stolen part, satoshi.</param>
public sealed record TraceSeed(string TxId, int Vout, int Height, uint Time, string? Address, string ScriptType, long Value, long Stolen)
{
    /// <summary>The theft that names it; null where there is one without a name.</summary>
    public string? Theft { get; init; }

    /// <summary>Who is said to be behind its address; null: nothing is said.</summary>
    public Entity? Entity { get; init; }

    /// <summary>The script, where it has no address: what readers tell such outputs apart by. No member of the JSON.</summary>
    public string? ScriptHex { get; init; }
}

/// <summary>Where the money is under one policy.</summary>
/// <param name="Conserves">False for poison, whose figures only say what was reached.</param>
/// <param name="TransactionsVisited">Transactions that had a tainted input and were followed.</param>
/// <param name="Ends">Every open end: tainted outputs that are not followed further, in chain order.</param>
/// <param name="Addresses">The ends grouped by address, largest tainted amount first (ties: text order). Scripts without an address are grouped under their script's hex.</param>
/// <param name="Spends">What was spent where: tainted outputs followed into a spending transaction, in chain order.</param>
/// <param name="Paths">The strongest chains of transactions from a seed to the largest ends.</param>
/// <param name="Limits">Every limit that cut the trace short, with the ends and the amount it left open.</param>
public sealed record PolicyResult(
    string Policy,
    bool Conserves,
    TraceBooks Books,
    long TransactionsVisited,
    IReadOnlyList<TraceEnd> Ends,
    IReadOnlyList<AddressTotal> Addresses,
    IReadOnlyList<TraceSpend> Spends,
    IReadOnlyList<TracePath> Paths,
    IReadOnlyList<TraceLimit> Limits)
{
    /// <summary>Where taint is parked by a stop: services by name, CoinJoins by transaction; largest first (ties: text order).</summary>
    public IReadOnlyList<TraceStop> Stops { get; init; } = [];

    /// <summary>What went over explicit links, in the order of their outputs.</summary>
    public IReadOnlyList<TraceLink> Links { get; init; } = [];

    /// <summary>The ends whose address has a name, by name, largest first (ties: text order).</summary>
    public IReadOnlyList<EntityTotal> Entities { get; init; } = [];

    /// <summary>Each of several thefts for itself, the earliest first; empty where there is one without a name.</summary>
    public IReadOnlyList<TheftResult> Thefts { get; init; } = [];

    /// <summary>What two thefts claim, in chain order. The earlier keeps it.</summary>
    public IReadOnlyList<TraceCollision> Collisions { get; init; } = [];
}

/// <summary>An explicit link: an analyst's assertion, no fact of the chain.</summary>
/// <param name="From">The stop, as it was named.</param>
/// <param name="TxId">The transaction that makes the output in which the money went on.</param>
/// <param name="Amount">Satoshi that went over it.</param>
/// <param name="Asked">Satoshi that should have, at most; null: as much as fits.</param>
public sealed record TraceLink(string From, string TxId, int Vout, string? Address, int Height, long Amount, long? Asked);

/// <summary>A stop and what is parked there.</summary>
/// <param name="Kind">service or coinjoin.</param>
/// <param name="Entity">The service; null for a CoinJoin.</param>
/// <param name="TxId">The CoinJoin; null for a service.</param>
/// <param name="CoinJoin">The verdict on it; null for a service.</param>
/// <param name="Ends">How many outputs are parked here.</param>
/// <param name="FirstTime">When the first came: for a service the time of the output's block, for a CoinJoin its own.</param>
public sealed record TraceStop(
    string Kind, Entity? Entity, string? TxId, CoinJoinVerdict? CoinJoin, long Tainted, int Ends, int FirstHeight, uint FirstTime, int LastHeight, uint LastTime);

/// <summary>The ends of all addresses that are said to be one entity's.</summary>
public sealed record EntityTotal(Entity Entity, long Tainted, int Ends, int Addresses, int FirstHeight, int LastHeight);

/// <summary>The books of one policy, satoshi. For a conserving policy: Seeds = Held + Parked + Fees + Absorbed + Cut.</summary>
/// <param name="Seeds">Sum of the seeds.</param>
/// <param name="Held">Tainted and unspent at the trace's last block.</param>
/// <param name="Parked">At stops (services, unknown values) where taint waits for an explicit link.</param>
/// <param name="Fees">Lost to fees.</param>
/// <param name="Absorbed">Taint that came back to a seed of the same theft: not stolen twice.</param>
/// <param name="Cut">Left open by a limit (minimum value, maximum transactions). What was spent only after the last block looked at counts as held: it was, at that block.</param>
public sealed record TraceBooks(long Seeds, long Held, long Parked, long Fees, long Absorbed, long Cut)
{
    /// <summary>The stolen amount: what came back to a seed was not stolen twice.</summary>
    public long Stolen => Seeds - Absorbed;
}

/// <summary>A tainted output where the trace ends.</summary>
/// <param name="Tainted">Satoshi of the output that are tainted.</param>
/// <param name="Reason">unspent, until, min-value, max-transactions, unknown-value, service, coinjoin or not-fetched.</param>
/// <param name="SpentBy">The transaction that spends it, when it is an end for another reason than being unspent.</param>
public sealed record TraceEnd(
    string TxId, int Vout, int Height, uint Time, string? Address, string ScriptType, string? ScriptHex, long Value, long Tainted, string Reason, string? SpentBy)
{
    /// <summary>Who is said to be behind its address; null: nothing is said.</summary>
    public Entity? Entity { get; init; }

    /// <summary>Each theft's part of what is tainted, the earliest first; empty where there is one theft without a name.</summary>
    public IReadOnlyList<TheftPart> Thefts { get; init; } = [];
}

/// <summary>The ends that one address (or one script without an address) holds.</summary>
public sealed record AddressTotal(string? Address, string ScriptType, string? ScriptHex, long Tainted, int Ends, int FirstHeight, int LastHeight)
{
    /// <summary>Who is said to be behind it; null: nothing is said.</summary>
    public Entity? Entity { get; init; }
}

/// <summary>A tainted output and the transaction it was spent in.</summary>
public sealed record TraceSpend(string TxId, int Vout, int Height, string? Address, long Value, long Tainted, string SpentBy, int SpentHeight);

/// <summary>A chain of outputs from a seed (first) to an end (last), each made by a transaction that spends the one before.</summary>
/// <param name="Tainted">The smallest tainted amount along the chain: what could have come this way at most.</param>
public sealed record TracePath(IReadOnlyList<PathStep> Steps, long Tainted);

/// <summary>One output on a path.</summary>
public sealed record PathStep(string TxId, int Vout, int Height, uint Time, string? Address, string ScriptType, long Value, long Tainted)
{
    /// <summary>Who is said to be behind its address; null: nothing is said.</summary>
    public Entity? Entity { get; init; }

    /// <summary>The script, where it has no address: what readers tell such outputs apart by. No member of the JSON.</summary>
    public string? ScriptHex { get; init; }
}

/// <summary>A limit that was hit.</summary>
/// <param name="Kind">until, min-value, max-transactions, unknown-value, not-fetched.</param>
/// <param name="Setting">The limit's value as asked for, e.g. "height 170", "1000 sat"; null where it has none.</param>
/// <param name="Ends">How many ends it caused.</param>
/// <param name="Tainted">How much it left open, satoshi.</param>
public sealed record TraceLimit(string Kind, string? Setting, long Ends, long Tainted);
