namespace Haetae.Tracing;

/// <summary>Kinds of transaction that mix, or feed a mixer.</summary>
public enum CoinJoinKind
{
    /// <summary>Whirlpool: as many equal outputs as inputs, of a pool's amount (Samourai, Sparrow; Ashigaru since 2025).</summary>
    Whirlpool,

    /// <summary>The transaction that cuts a coin into entries for a Whirlpool pool and pays its fee. One owner.</summary>
    WhirlpoolTx0,

    /// <summary>Wasabi 2: many amounts of a published list (the WabiSabi protocol).</summary>
    Wasabi2,

    /// <summary>Wasabi 1.0: one equal amount, near 0.1 BTC.</summary>
    Wasabi1,

    /// <summary>Wasabi 1.1: the equal amount and levels of about twice, four times .. as much.</summary>
    Wasabi11,

    /// <summary>JoinMarket: equal outputs, and a change output for every participant but at most one.</summary>
    JoinMarket,

    /// <summary>Outputs that look like ChipMixer's pre-funded chips. One owner, the service.</summary>
    ChipMixerFunding,

    /// <summary>Equal outputs of several owners, by no wallet we know.</summary>
    EqualOutputs,
}

/// <summary>What a rule says of a transaction.</summary>
public enum Finding
{
    /// <summary>It is not of this kind.</summary>
    Silent,

    /// <summary>It is of this kind.</summary>
    Fires,

    /// <summary>It has this kind's shape, but something speaks against it.</summary>
    Vetoed,

    /// <summary>All that is known fits, and what is not known would decide.</summary>
    Undecided,
}

/// <summary>How sure a rule is where it fires; the measured rates stand in docs/accuracy.md.</summary>
public enum Confidence
{
    /// <summary>Ordinary payments can look like this.</summary>
    Low,

    /// <summary>The shape is rare outside this kind.</summary>
    Medium,

    /// <summary>The shape, with amounts and addresses that its makers published.</summary>
    High,
}

/// <summary>One rule's answer for one transaction.</summary>
/// <param name="Rule">The rule's name, the same from version to version.</param>
/// <param name="Reason">Why, in a sentence: what fired, or the first thing that did not fit.</param>
public sealed record CoinJoinVerdict(string Rule, CoinJoinKind Kind, Finding Finding, string Reason)
{
    /// <summary>The equal amounts in satoshi, rising; empty unless the rule fires.</summary>
    public IReadOnlyList<long> Denominations { get; init; } = [];

    /// <summary>Places taken by owners; null when the transaction does not tell. One person can hold several places.</summary>
    public int? Participants { get; init; }

    /// <summary>Null unless the rule fires.</summary>
    public Confidence? Confidence { get; init; }
}
