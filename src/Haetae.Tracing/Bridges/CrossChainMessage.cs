using Haetae.Ledger;

namespace Haetae.Tracing.Bridges;

/// <summary>Why a message is taken for the bridge's own. Anybody can emit an event or write a memo.</summary>
public enum BridgeTrust
{
    /// <summary>A contract of the bridge's table spoke, or was paid.</summary>
    Listed,

    /// <summary>An account spoke, or was paid, that the analyst names as the bridge's.</summary>
    Named,

    /// <summary>Whoever spoke is not known to be the bridge.</summary>
    Unknown,
}

/// <summary>A transfer or output by which value enters or leaves a bridge.</summary>
/// <param name="Number">The transfer's number on an account chain, the output's on Bitcoin.</param>
/// <param name="Asset">The asset's number in its ledger; 0 on Bitcoin.</param>
/// <param name="Amount">Base units.</param>
/// <param name="To">Who is paid, as texts compare: an address; null: nobody that has one.</param>
public sealed record BridgeCarrier(long Number, uint Asset, UInt256 Amount, string? To);

/// <summary>One end of a crossing as it was found on a ledger.</summary>
public sealed record CrossChainMessage
{
    public required BridgeProtocol Protocol { get; init; }

    public required BridgeEnd End { get; init; }

    /// <summary>Which of the ledgers looked at, from 0.</summary>
    public required int Ledger { get; init; }

    /// <summary>CAIP-2.</summary>
    public required string Chain { get; init; }

    /// <summary>The transaction's number in its ledger.</summary>
    public required uint Transaction { get; init; }

    public required Hash256 TransactionId { get; init; }

    /// <summary>Seconds since 1970, by the block.</summary>
    public required long Time { get; init; }

    /// <summary>CAIP-19, as the event names it; null: it names none.</summary>
    public string? Asset { get; init; }

    /// <summary>As the event says it, base units; null: it says none. What moved on chain is in <see cref="Carriers"/>.</summary>
    public UInt256? Amount { get; init; }

    public string? Sender { get; init; }

    public string? Recipient { get; init; }

    /// <summary>Where it goes (of a source) or came from (of a destination); null: it does not say.</summary>
    public string? OtherChain { get; init; }

    /// <summary>What it asks for there, in the protocol's own words; null: it does not say.</summary>
    public string? OtherAsset { get; init; }

    /// <summary>What the other end carries too, within the protocol.</summary>
    public required string Key { get; init; }

    public required BridgeTrust Trust { get; init; }

    /// <summary>In the order of their ledger. None: how the value moved is not on the rows, and no taint can be carried.</summary>
    public required IReadOnlyList<BridgeCarrier> Carriers { get; init; }

    /// <summary>Of a source: every transfer or output of the transaction that reaches the bridge's accounts, from inside the bridge too. Taint stops at whichever it comes by.</summary>
    public IReadOnlyList<long> Gates { get; init; } = [];

    /// <summary>Whether a real log ever matched the event's line in its table.</summary>
    public bool IsVerified { get; init; }

    /// <summary>What was read where, as a sentence.</summary>
    public required string Evidence { get; init; }
}
