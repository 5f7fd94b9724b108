using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>A JoinMarket CoinJoin: a taker and makers with equal outputs.</summary>
/// <remarks>
/// Contract: three equal outputs or more, a change for each but at most one (who sweeps has none), scripts of one kind behind the inputs,
/// every script distinct, and the inputs can be shared out so that everybody pays for his own outputs. Errs: JoinMarket publishes nothing that could
/// prove it, and other software of the same shape is called so; a CoinJoin of two is refused, as it cannot be told from Stonewall; a search that took
/// too long counts as possible, at low confidence. Sources: JoinMarket's documentation; Möser, Böhme, "Join Me on a Market for Anonymity" (2016); BlockSci, isCoinjoinExtra.
/// </remarks>
internal static class JoinMarketRule
{
    internal const string Name = "joinmarket";

    // The first block of 2015, the year of its first release, rounded down.
    private const int FirstHeight = 336_000;

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        if (facts.Others != facts.Equal && facts.Others != facts.Equal - 1) return Not($"{facts.Equal} equal outputs and {facts.Others} others; JoinMarket has as many, or one fewer");
        if (facts.Equal < 2 || facts.Inputs < 2) return Not("no equal outputs of several inputs");
        if (facts.Before(FirstHeight)) return Not($"before height {FirstHeight} there was no JoinMarket");
        if (EqualOutputVetoes.Against(facts) is { } veto) return new(Name, CoinJoinKind.JoinMarket, Finding.Vetoed, veto);
        if (Kinds(facts) > 1) return new(Name, CoinJoinKind.JoinMarket, Finding.Vetoed, "the inputs' scripts are of several kinds; an order book deals in one");
        if (!facts.ValuesKnown || !facts.ScriptsKnown) return new(Name, CoinJoinKind.JoinMarket, Finding.Undecided, "the outputs fit; what the inputs bring is not all known");
        var possible = SharedFunding.IsPossible(facts);
        if (possible == false) return new(Name, CoinJoinKind.JoinMarket, Finding.Vetoed, "the inputs cannot be shared out so that everybody pays for his own outputs");
        return new(Name, CoinJoinKind.JoinMarket, Finding.Fires, $"{facts.Equal} equal outputs with {facts.Others} changes{(possible is null ? "; whether the inputs can be shared out was too long to search" : ", and the inputs can be shared out")}")
        {
            Denominations = [facts.Mode],
            Participants = facts.Equal,
            Confidence = possible is null || facts.Equal < 4 || facts.Inputs > 5 * facts.Equal ? Confidence.Low : Confidence.Medium,
        };
    }

    private static int Kinds(ShapeFacts facts) =>
        facts.Shape.Inputs.Where(input => input.Script is not null).Select(input => Script.Classify(input.Script)).Distinct().Count();

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.JoinMarket, Finding.Silent, reason);
}
