using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>A Whirlpool mix.</summary>
/// <remarks>
/// Contract: 5 to 10 inputs and as many outputs, all outputs of one pool's amount, all scripts distinct, P2WPKH behind the inputs (a mix can pay any script, a cold store's
/// for one); at least one input brings exactly the pool's amount (a remix) and at least one a little more (a new entry, which pays the miners), none over 110,000 sat more.
/// Errs: on anyone who copies the shape; it names the pool, not who ran the coordinator. Source: Samourai Wallet, Whirlpool (2019), pools of
/// 0.001, 0.01, 0.05, 0.5 BTC; Ashigaru's pools of 0.025 and 0.25 BTC, since 31 May 2025; ranges as in docs/accuracy.md.
/// </remarks>
internal static class WhirlpoolRule
{
    internal const string Name = "whirlpool";

    /// <summary>Most that a new entry brings above the pool's amount, for the miners' fee.</summary>
    internal const long MostAbove = 110_000;

    /// <summary>Height from which a Whirlpool transaction can be: the first mixes are of 2019.</summary>
    internal const int FirstHeight = 570_000;

    internal static readonly long[] Pools = [100_000, 1_000_000, 2_500_000, 5_000_000, 25_000_000, 50_000_000];

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        var count = facts.Inputs;
        if (count is < 5 or > 10 || facts.Shape.Outputs.Count != count) return Not($"{count} inputs and {facts.Shape.Outputs.Count} outputs; a mix has 5 to 10 of each, as many");
        if (facts.Equal != count || !Pools.Contains(facts.Mode)) return Not("the outputs are not all of one pool's amount");
        if (facts.Before(FirstHeight)) return Not($"before height {FirstHeight} there was no Whirlpool");
        if (!facts.Spends(ScriptKind.WitnessV0KeyHash)) return Not("not all inputs are P2WPKH");
        if (facts.PaidScripts != count || facts.MostSpentScripts != count || facts.PaidBack > 0) return new(Name, CoinJoinKind.Whirlpool, Finding.Vetoed, "a script is used twice; the wallet never does that");
        int remixes = 0, entries = 0;
        foreach (var input in facts.Shape.Inputs)
        {
            if (input.Value is not { } value) continue;
            if (value < facts.Mode || value > facts.Mode + MostAbove) return Not("an input brings less than the pool's amount, or far more");
            if (value == facts.Mode) remixes++;
            else entries++;
        }

        if (!facts.ValuesKnown || !facts.ScriptsKnown) return new(Name, CoinJoinKind.Whirlpool, Finding.Undecided, "the outputs are a mix's; what the inputs bring is not all known");
        if (remixes == 0 || entries == 0) return Not(remixes == 0 ? "no input brings exactly the pool's amount" : "no input brings more than the pool's amount, so none pays the fee");
        return new(Name, CoinJoinKind.Whirlpool, Finding.Fires, $"{count} outputs of a pool's amount, {entries} new entries, {remixes} remixes")
        {
            Denominations = [facts.Mode],
            Participants = count,
            Confidence = Confidence.High,
        };
    }

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.Whirlpool, Finding.Silent, reason);
}
