namespace Haetae.Tracing;

/// <summary>A transaction that fills ChipMixer's chips before anyone buys them.</summary>
/// <remarks>
/// Contract: ten outputs or more of one chip, 0.001 BTC times a power of two up to 8.192; nothing beside chips but two outputs at most; distinct scripts, none
/// spent from; and no input is itself such a chip. No CoinJoin: one owner, the service. Errs on payrolls and prizes of a round amount, so never more than low; says
/// nothing of where a deposit came out. Sources: ChipMixer's own description; U.S. Department of Justice, 15 March 2023 (seizure).
/// </remarks>
internal static class ChipMixerRule
{
    internal const string Name = "chipmixer-funding";
    private const int Fewest = 10;

    // Deposits began in May 2017; the servers were seized on 15 March 2023.
    private const int FirstHeight = 460_000, LastHeight = 781_000;

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        if (!IsChip(facts.Mode) || facts.Equal < Fewest) return Not($"not {Fewest} equal outputs of a chip's amount");
        if (facts.Payments.Count(output => !IsChip(output.Value)) > 2) return Not("more than two outputs beside chips");
        if (facts.Shape.OnMainnet == false) return Not("ChipMixer sold no test coins");
        if (facts.Before(FirstHeight) || facts.Shape.Height > LastHeight) return Not("outside the years in which ChipMixer ran");
        if (facts.PaidBack > 0 || facts.PaidScripts < facts.Payments.Count) return new(Name, CoinJoinKind.ChipMixerFunding, Finding.Vetoed, "a script is used twice; every chip has a key of its own");
        if (facts.Shape.Inputs.Any(input => input.Value == facts.Mode)) return new(Name, CoinJoinKind.ChipMixerFunding, Finding.Vetoed, "an input already has the chip's amount");
        return new(Name, CoinJoinKind.ChipMixerFunding, Finding.Fires, $"{facts.Equal} outputs of one chip's amount")
        {
            Denominations = [.. facts.Times.Keys.Where(IsChip)],
            Participants = 1,
            Confidence = Confidence.Low,
        };
    }

    private static bool IsChip(long value)
    {
        for (var k = 0; k <= 13; k++)
            if (value == 100_000L << k) return true;
        return false;
    }

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.ChipMixerFunding, Finding.Silent, reason);
}
