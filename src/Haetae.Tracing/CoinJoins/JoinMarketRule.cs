using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>A JoinMarket CoinJoin: a taker and makers with equal outputs.</summary>
/// <remarks>
/// Contract: three equal outputs or more, a change for each but at most one (who sweeps has none), scripts of one kind behind the inputs,
/// every script distinct, and the inputs can be shared out so that every place but one comes out with more than it brought: makers are paid, and the taker alone pays (<see cref="MakersPaid"/>).
/// A CoinJoin of two, with two changes, only where the maker's gain is far too close to be luck and the fee is not split as Stonewall does; always low.
/// Errs: JoinMarket publishes nothing that could prove it, and other software that pays its helpers is called so; with many inputs some sharing-out fits by luck (low); beyond
/// 18 input scripts makers of many coins may not be found, and then it is low at best. Sources: JoinMarket's documentation; Möser, Böhme, "Join Me on a Market for Anonymity" (2016).
/// </remarks>
internal static class JoinMarketRule
{
    internal const string Name = "joinmarket";

    // The first block of 2015, the year of its first release, rounded down.
    private const int FirstHeight = 336_000;

    // A wallet brings a few coins; who brings more gathers them.
    private const int MostInputsAPlace = 5;

    // Thousandths of a match that luck may give: where several makers agree, and where one alone decides.
    private const int MostLuck = 100, MostLuckOfTwo = 20;

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        if (facts.Others != facts.Equal && facts.Others != facts.Equal - 1) return Not($"{facts.Equal} equal outputs and {facts.Others} others; JoinMarket has as many, or one fewer");
        if (facts.Equal < 2 || facts.Inputs < 2) return Not("no equal outputs of several inputs");
        if (facts.Before(FirstHeight)) return Not($"before height {FirstHeight} there was no JoinMarket");
        var ofTwo = facts.Equal == 2 && facts.Others == 2;
        if (EqualOutputVetoes.Against(facts, evenOfTwo: ofTwo) is { } veto) return Vetoed(veto);
        if (Kinds(facts) > 1) return Vetoed("the inputs' scripts are of several kinds; an order book deals in one");
        if (!facts.ValuesKnown || !facts.ScriptsKnown)
            return ofTwo ? Vetoed(EqualOutputVetoes.OfTwo) : new(Name, CoinJoinKind.JoinMarket, Finding.Undecided, "the outputs fit; what the inputs bring is not all known");
        if (ofTwo && StonewallHalves.Found(facts)) return Vetoed("two halves that pay the same part of the fee: Stonewall, one wallet's imitation of a CoinJoin of two, or the same with a friend");
        var makers = MakersPaid.Search(facts);
        if (makers.Gains is null) return makers.Complete ? Vetoed("no sharing-out of the inputs pays every place but one; JoinMarket's makers are paid") : Unsearched(facts);
        if (ofTwo && makers.Luck[0] > MostLuckOfTwo) return Vetoed(EqualOutputVetoes.OfTwo);
        var telling = makers.Luck.Count(luck => luck <= MostLuck);
        if (telling < 2 && facts.Inputs > MostInputsAPlace * facts.Equal) return Vetoed($"over {MostInputsAPlace} inputs for each equal output, and a sharing-out among makers no closer than by luck");
        return Fires(facts, $"{Makers(makers.Gains)}{(telling == 0 ? ", as luck could have it too" : "")}", telling >= 2 ? Confidence.Medium : Confidence.Low);
    }

    // Too many inputs to find the makers: only that everybody can have paid for his own is left to ask.
    private static CoinJoinVerdict Unsearched(ShapeFacts facts) =>
        facts.Equal > 2 && facts.Inputs <= MostInputsAPlace * facts.Equal && SharedFunding.IsPossible(facts) != false
            ? Fires(facts, "too many inputs to find who gains", Confidence.Low)
            : Vetoed("too many inputs to find out whether makers are paid");

    private static CoinJoinVerdict Fires(ShapeFacts facts, string makers, Confidence confidence) =>
        new(Name, CoinJoinKind.JoinMarket, Finding.Fires, $"{facts.Equal} equal outputs with {facts.Others} changes; {makers}")
        {
            Denominations = [facts.Mode],
            Participants = facts.Equal,
            Confidence = confidence,
        };

    private static string Makers(IReadOnlyList<long> gains) =>
        gains.Count == 1 ? $"one maker who gains {gains[0]} sat" : $"{gains.Count} makers who gain {gains.Min()} to {gains.Max()} sat";

    private static CoinJoinVerdict Vetoed(string reason) => new(Name, CoinJoinKind.JoinMarket, Finding.Vetoed, reason);

    private static int Kinds(ShapeFacts facts) =>
        facts.Shape.Inputs.Where(input => input.Script is not null).Select(input => Script.Classify(input.Script)).Distinct().Count();

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.JoinMarket, Finding.Silent, reason);
}
