namespace Haetae.Tracing;

/// <summary>What speaks against several owners behind a transaction with equal outputs.</summary>
/// <remarks>
/// Contract: returns the first reason not to believe it, or null. Errs: a real CoinJoin whose participants reuse addresses is refused, and so is one of
/// two, unless its maker's gain gives it away: Stonewall, a wallet's payment made to look like one, has the same outputs. Sources: GraphSense's patches against false
/// positives; crocs-muni's filter; Samourai Wallet, Stonewall; BIP 78 (PayJoin).
/// </remarks>
internal static class EqualOutputVetoes
{
    /// <summary>Amounts up to this are carriers of tokens and dust, not value that anyone mixes.</summary>
    internal const long Dust = 2_730;

    /// <summary>People and services pay multiples of this; what a fee leaves over seldom is one.</summary>
    private const long Round = 10_000;

    internal const string OfTwo = "one amount, twice, in three or four outputs: a CoinJoin of two or Stonewall, which cannot be told apart";

    /// <param name="evenOfTwo">The caller can tell a CoinJoin of two from Stonewall.</param>
    internal static string? Against(ShapeFacts facts, bool evenOfTwo = false)
    {
        if (facts.Payments.Count == 2 && facts.SpentScripts > 1) return "two outputs: a payment, or a PayJoin that looks like one";
        if (facts.Equal < 2) return "no two outputs are equal";
        if (facts.Mode <= Dust) return $"the equal outputs are dust ({facts.Mode} sat)";
        if (facts.Equal == 2 && !evenOfTwo) return facts.Payments.Count is 3 or 4 ? OfTwo : "only two outputs are equal";
        if (facts.MostSpentScripts < facts.Equal) return $"{facts.MostSpentScripts} spent scripts for {facts.Equal} equal outputs: an exchange's batch, or any one owner's";
        if (facts.PaidBack > 0) return "an output pays a script that is spent from: a market's trade, or careless change";
        if (facts.PaidScripts < facts.Payments.Count) return "two outputs pay one script";
        if (facts.DataOutputs > 0) return "it carries data";
        if (2 * facts.Equal < facts.Payments.Count) return "fewer than half of the outputs are equal";
        if (facts.Others == 1 || (facts.Others == 0 && facts.Inputs != facts.Equal)) return "equal payments and one change at most: a batch of one payer";
        if (facts.Others > 1 && 2 * facts.Times.Where(pair => pair.Key != facts.Mode && pair.Key % Round == 0).Sum(pair => pair.Value) > facts.Others)
            return "most of the other outputs are round amounts: payments of a batch, as change seldom is round";
        return facts.Inputs > 20 * facts.Equal ? "over twenty inputs for each equal output: a service gathers its coins" : null;
    }
}
