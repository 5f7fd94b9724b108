using Haetae.Ledger.Accounts;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tracing.Bridges;

/// <summary>Which end of a crossing a message is.</summary>
public enum BridgeEnd
{
    /// <summary>Value goes into the bridge.</summary>
    Source,

    /// <summary>Value comes out of it on another chain.</summary>
    Destination,

    /// <summary>Value comes back on the chain it came from.</summary>
    Refund,
}

/// <summary>How the two ends of a crossing are put together.</summary>
public enum BridgeMethod
{
    /// <summary>Both ends carry the same key.</summary>
    Key,

    /// <summary>No key is shared: amount, time and receiver only, with a probability.</summary>
    Heuristic,
}

/// <summary>A bridge as its table describes it: what it emits, where, and which values tie both ends together.</summary>
public sealed record BridgeProtocol
{
    /// <summary>The short name in keys and answers, e.g. <c>across</c>.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>The name in sentences.</summary>
    public required string Title { get; init; }

    public required BridgeMethod Method { get; init; }

    /// <summary><c>verified</c>: a real log matched every event. <c>partly</c>: some. <c>unverified</c>: none yet, and every answer says so.</summary>
    public string Status => Events.Count > 0 && Events.All(one => one.VerifiedBy is not null) ? "verified" : Events.Any(one => one.VerifiedBy is not null) ? "partly" : "unverified";

    public required BridgeChains Chains { get; init; }

    public required IReadOnlyList<BridgeEvent> Events { get; init; }

    /// <summary>Whether money also enters and leaves by THORChain's memos in payments without an event.</summary>
    public bool ReadsMemos { get; init; }

    /// <summary>The contracts that may speak for it, by the chain's CAIP-2 name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlySet<AccountAddress>> Contracts { get; init; }

    /// <summary>Where the table was read.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>What a reader of its links must know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public override string ToString() => $"{Name} {Version}";
}

/// <summary>One event of a bridge and what its values mean.</summary>
public sealed record BridgeEvent
{
    public required BridgeEnd End { get; init; }

    public required EventSignature Signature { get; init; }

    /// <summary>Which real log matched it: chain, block, transaction, log; null: none did yet.</summary>
    public string? VerifiedBy { get; init; }

    /// <summary>The parts of the key, in order; empty for a heuristic and for memos, whose key stands in the text.</summary>
    public required IReadOnlyList<BridgeField> Key { get; init; }

    public BridgeField? Amount { get; init; }

    /// <summary>The token's contract; all zeros stand for the native coin.</summary>
    public BridgeField? Asset { get; init; }

    public BridgeField? Sender { get; init; }

    public BridgeField? Recipient { get; init; }

    /// <summary>Where the money goes to (of a source) or comes from (of a destination).</summary>
    public BridgeField? OtherChain { get; init; }

    /// <summary>An account besides the emitter that takes the deposit: THORChain's vault.</summary>
    public BridgeField? Vault { get; init; }

    /// <summary>Text that is a memo of THORChain.</summary>
    public BridgeField? Memo { get; init; }

    /// <summary>Another event of the same transaction that tells what this one does not; null: none is needed.</summary>
    public BridgeEvent? With { get; init; }

    /// <summary>Every field that is named, for checks.</summary>
    internal IEnumerable<BridgeField> Fields => Key.Concat(new[] { Amount, Asset, Sender, Recipient, OtherChain, Vault, Memo }.OfType<BridgeField>());
}
