namespace Haetae.Tracing;

/// <summary>What kinds of CoinJoin are called, to programs and to people.</summary>
public static class CoinJoinNames
{
    /// <summary>The word in JSON: <c>whirlpool</c>, <c>wasabi-2</c>, <c>joinmarket</c> and so on.</summary>
    public static string Of(CoinJoinKind kind) => kind switch
    {
        CoinJoinKind.Whirlpool => "whirlpool",
        CoinJoinKind.WhirlpoolTx0 => "whirlpool-tx0",
        CoinJoinKind.Wasabi2 => "wasabi-2",
        CoinJoinKind.Wasabi1 => "wasabi-1.0",
        CoinJoinKind.Wasabi11 => "wasabi-1.1",
        CoinJoinKind.JoinMarket => "joinmarket",
        CoinJoinKind.ChipMixerFunding => "chipmixer-funding",
        _ => "equal-outputs",
    };

    /// <summary>The kind in words, as in "it is .. ".</summary>
    public static string Sentence(CoinJoinKind kind) => kind switch
    {
        CoinJoinKind.Whirlpool => "a Whirlpool mix",
        CoinJoinKind.WhirlpoolTx0 => "Whirlpool's tx0: no CoinJoin, one owner cuts a coin into entries for a pool",
        CoinJoinKind.Wasabi2 => "a Wasabi 2 round",
        CoinJoinKind.Wasabi1 => "a Wasabi 1.0 round",
        CoinJoinKind.Wasabi11 => "a Wasabi 1.1 round",
        CoinJoinKind.JoinMarket => "a CoinJoin of JoinMarket's shape",
        CoinJoinKind.ChipMixerFunding => "no CoinJoin, but outputs like ChipMixer's chips",
        _ => "a CoinJoin of equal outputs",
    };
}
