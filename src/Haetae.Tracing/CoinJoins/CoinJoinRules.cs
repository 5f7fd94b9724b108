namespace Haetae.Tracing;

/// <summary>All CoinJoin rules, the surest first.</summary>
public static class CoinJoinRules
{
    private static readonly Func<ShapeFacts, CoinJoinVerdict>[] InOrder =
        [WhirlpoolRule.Judge, WhirlpoolTx0Rule.Judge, Wasabi2Rule.Judge, Wasabi1Rule.Judge, JoinMarketRule.Judge, ChipMixerRule.Judge, EqualOutputsRule.Judge];

    /// <summary>What every rule says of a transaction, in fixed order; the first that fires names it.</summary>
    public static IReadOnlyList<CoinJoinVerdict> Judge(TransactionShape shape)
    {
        var facts = new ShapeFacts(shape);
        return [.. InOrder.Select(rule => rule(facts))];
    }

    /// <summary>The first verdict that fires, or null.</summary>
    public static CoinJoinVerdict? First(IReadOnlyList<CoinJoinVerdict> verdicts) => verdicts.FirstOrDefault(verdict => verdict.Finding == Finding.Fires);
}
