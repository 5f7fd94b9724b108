namespace Haetae.Tracing;

/// <summary>Any CoinJoin of equal outputs, by whatever wallet.</summary>
/// <remarks>
/// Contract: three equal outputs or more, at least half of all; as many spent scripts; no veto of <see cref="EqualOutputVetoes"/>; and the inputs can be shared
/// out so that everybody pays for his own outputs. Errs: on a service that pays equal amounts from many addresses and keeps several changes.
/// Source: Maxwell, "CoinJoin: Bitcoin privacy for the real world" (2013); BlockSci, isCoinjoin.
/// </remarks>
internal static class EqualOutputsRule
{
    internal const string Name = "equal-outputs";

    // From so many places, each with a change, the shape is rare outside CoinJoins.
    private const int FewestForMedium = 4;

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        if (facts.Equal < 2 || facts.Inputs < 2) return Not("no equal outputs of several inputs");
        if (EqualOutputVetoes.Against(facts) is { } veto) return new(Name, CoinJoinKind.EqualOutputs, Finding.Vetoed, veto);
        if (!facts.ValuesKnown || !facts.ScriptsKnown) return new(Name, CoinJoinKind.EqualOutputs, Finding.Undecided, "the outputs fit; what the inputs bring is not all known");
        if (SharedFunding.IsPossible(facts) == false) return new(Name, CoinJoinKind.EqualOutputs, Finding.Vetoed, "the inputs cannot be shared out so that everybody pays for his own outputs");
        return new(Name, CoinJoinKind.EqualOutputs, Finding.Fires, $"{facts.Equal} equal outputs of {facts.Payments.Count}, and inputs of {facts.SpentScripts} scripts")
        {
            Denominations = [facts.Mode],
            Participants = facts.Equal,
            Confidence = facts.Equal >= FewestForMedium && facts.Others >= facts.Equal - 1 && facts.Inputs <= 5 * facts.Equal ? Confidence.Medium : Confidence.Low,
        };
    }

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.EqualOutputs, Finding.Silent, reason);
}
