using Haetae.Ledger;

namespace Haetae.Tracing.Bridges.ThorChain;

/// <summary>What a memo asks THORChain to do, or says that it did.</summary>
public enum ThorMemoKind
{
    /// <summary>Swap what is paid in into another asset, now or as a limit order.</summary>
    Swap,

    /// <summary>What a swap paid out: names the deposit's transaction.</summary>
    Out,

    /// <summary>What came back because a swap could not be done: names the deposit's transaction.</summary>
    Refund,

    /// <summary>Another function: liquidity, bonds, names, vaults' own moves. It joins nothing.</summary>
    Other,
}

/// <summary>A memo of THORChain, taken apart.</summary>
/// <remarks>
/// <c>(=|s|SWAP|=&lt;):ASSET:DEST[/REFUND]:LIM[/INTERVAL/QUANTITY]:AFFILIATE[/..]:BPS[/..]</c>, functions and assets in any case; <c>OUT:TXID</c>; <c>REFUND:TXID</c>.
/// Source: THORChain documentation, "Transaction Memos" and "Memo Length Reduction".
/// </remarks>
public sealed record ThorMemo
{
    /// <summary>THORChain ignores longer ones.</summary>
    public const int MostBytes = 250;

    public required ThorMemoKind Kind { get; init; }

    /// <summary>The function as written, in capitals.</summary>
    public required string Function { get; init; }

    /// <summary>What is asked for, a shorthand written out: <c>BTC.BTC</c>, <c>ETH.USDT-0X…</c>; null: none.</summary>
    public string? Asset { get; init; }

    /// <summary>Where it is to be paid: an address, or a THORName, which only THORChain's own state resolves.</summary>
    public string? Destination { get; init; }

    /// <summary>Whether <see cref="Destination"/> looks like no address.</summary>
    public bool DestinationIsName { get; init; }

    /// <summary>Where a refund is to go; null: back to the payer.</summary>
    public string? RefundAddress { get; init; }

    /// <summary>The least to be paid out, in units of 1e-8 whatever the asset; null: no limit.</summary>
    public UInt256? Limit { get; init; }

    /// <summary>Whether it waits for its price instead of being refunded.</summary>
    public bool IsLimitOrder { get; init; }

    /// <summary>Blocks between the parts of a swap that is streamed; 0 or null: not streamed.</summary>
    public uint? Interval { get; init; }

    /// <summary>Parts of a swap that is streamed; 0: THORChain decides.</summary>
    public uint? Quantity { get; init; }

    /// <summary>Who takes a share, by THORName or address.</summary>
    public IReadOnlyList<string> Affiliates { get; init; } = [];

    /// <summary>Their shares in basis points, one for each or one for all.</summary>
    public IReadOnlyList<uint> AffiliateShares { get; init; } = [];

    /// <summary>The deposit that is paid out or refunded: 64 capital hexadecimal digits.</summary>
    public string? TransactionId { get; init; }

    /// <summary>The chain that <see cref="Asset"/> lives on: its CAIP-2 name, or <c>thorchain:CHAIN</c> where Haetae reads none such.</summary>
    public string? AssetChain => Asset is null ? null : ThorAssets.ChainOf(Asset);
}
