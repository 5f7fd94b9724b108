namespace Haetae.Tracing.Bridges.ThorChain;

/// <summary>Whether what came out is what a memo asked for.</summary>
/// <remarks>
/// A memo names <c>CHAIN.TICKER</c>, and behind a minus a token's contract, whole or its last letters, which THORChain completes to the pool it means. Without a contract a
/// token cannot be told from another. Source: THORChain documentation, "Asset Notation" and "Memo Length Reduction".
/// </remarks>
internal static class ThorPayment
{
    /// <summary>Why the pair is doubtful, as a sentence; null: nothing speaks against it.</summary>
    internal static string? Doubt(CrossChainMessage source, CrossChainMessage destination)
    {
        if (destination.Asset is not { } paid) return null;
        if (destination.End == BridgeEnd.Refund)
            return source.Asset is { } given && !Same(given, paid) ? $"a refund gives back what was paid in, {given}, and this one pays {paid}" : null;
        return source.OtherAsset is { } asked && Answers(asked, destination.Chain, paid) == false ? $"the deposit's memo asks for {asked}, and the out pays {paid}" : null;
    }

    /// <summary>What could not be compared, as a sentence; null: nothing.</summary>
    internal static string? Open(CrossChainMessage source, CrossChainMessage destination) =>
        destination is { End: BridgeEnd.Destination, Asset: { } paid } && source.OtherAsset is { } asked && Answers(asked, destination.Chain, paid) is null
            ? $"the deposit's memo asks for {asked}, and that the out's {paid} is that was not checked" : null;

    /// <param name="asked">In full: <c>ETH.ETH</c>, <c>ETH.USDC-0XA0…</c>, <c>ETH.USDC-B48</c>, <c>ETH.USDC</c>.</param>
    /// <param name="paid">The name of the chain's own coin at THORChain, or CAIP-19.</param>
    /// <returns>Null: it cannot be told.</returns>
    private static bool? Answers(string asked, string chain, string paid)
    {
        if (ThorAssets.NativeOf(chain) is not { } native) return null;
        var token = TokenOf(paid);
        if (asked == native) return token is null;
        if (token is null) return false;
        var contract = asked.IndexOf('-', StringComparison.Ordinal);
        if (contract < 0 || contract == asked.Length - 1) return null;
        var named = asked[(contract + 1)..];
        return token.EndsWith(named.StartsWith("0X", StringComparison.Ordinal) ? named[2..] : named, StringComparison.OrdinalIgnoreCase);
    }

    // eip155:1/erc20:0x…; a chain's own coin is slip44 or has no slash at all.
    private static string? TokenOf(string asset)
    {
        var slash = asset.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || asset.AsSpan(slash + 1).StartsWith("slip44:", StringComparison.Ordinal)) return null;
        return asset[(asset.LastIndexOf(':') + 1)..];
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
