using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Bridges.ThorChain;

/// <summary>THORChain's names of assets and chains.</summary>
/// <remarks>Source: THORChain documentation, "Memo Length Reduction" (shorthands) and "Asset Notation".</remarks>
internal static class ThorAssets
{
    private static readonly Dictionary<string, string> Shorthands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["r"] = "THOR.RUNE",
        ["rune"] = "THOR.RUNE",
        ["a"] = "AVAX.AVAX",
        ["b"] = "BTC.BTC",
        ["c"] = "BCH.BCH",
        ["e"] = "ETH.ETH",
        ["g"] = "GAIA.ATOM",
        ["s"] = "BSC.BNB",
        ["d"] = "DOGE.DOGE",
        ["l"] = "LTC.LTC",
        ["f"] = "BASE.ETH",
        ["x"] = "XRP.XRP",
        ["tr"] = "TRON.TRX",
    };

    private static readonly Dictionary<string, string> Chains = new()
    {
        ["BTC"] = ChainName.Bitcoin.Caip2,
        ["ETH"] = ChainName.Ethereum.Caip2,
        ["BSC"] = "eip155:56",
        ["AVAX"] = "eip155:43114",
        ["BASE"] = "eip155:8453",
        ["TRON"] = ChainName.Tron.Caip2,
    };

    /// <summary>The asset in full and in capitals; null when it is none.</summary>
    internal static string? Full(string text)
    {
        if (Shorthands.TryGetValue(text, out var known)) return known;
        // A full stop: on its chain. A slash, a tilde, a minus: synthetic, traded or secured on THORChain itself.
        var mark = text.AsSpan().IndexOfAny("./~-");
        return mark > 0 && mark < text.Length - 1 && !text.AsSpan().ContainsAnyExcept(Letters) ? text.ToUpperInvariant() : null;
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./~-");

    /// <summary>Where an asset in full is paid out: what is no coin of another chain stays on THORChain.</summary>
    internal static string ChainOf(string asset)
    {
        var mark = asset.AsSpan().IndexOfAny("./~-");
        if (mark < 0 || asset[mark] != '.') return "thorchain:THOR";
        var chain = asset[..mark];
        return Chains.TryGetValue(chain, out var name) ? name : "thorchain:" + chain;
    }

    /// <summary>The asset by THORChain's name for a chain's own coin; null: the chain is none of THORChain's.</summary>
    internal static string? NativeOf(string chain) => chain.StartsWith("bip122:", StringComparison.Ordinal) ? "BTC.BTC" : Chains.FirstOrDefault(one => one.Value == chain).Key switch
    {
        "ETH" => "ETH.ETH",
        "BSC" => "BSC.BNB",
        "AVAX" => "AVAX.AVAX",
        "BASE" => "BASE.ETH",
        "TRON" => "TRON.TRX",
        _ => null,
    };
}
