using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>A Wasabi 2 round (WabiSabi).</summary>
/// <remarks>
/// Contract: P2WPKH and Taproot only, inputs and outputs each sorted by falling amount, more than 80 % of the outputs of a published
/// denomination, a third of them or more of one paid more than once. 20 inputs or more and three repeated amounts: high. From 5 inputs, 8 outputs and two repeated
/// amounts, one of which no person would type: low (emulated and private coordinators). Vetoed where few scripts stand behind: one wallet's own.
/// Errs: on payments laid out like this on purpose. Participants are not told: a wallet takes several outputs.
/// Source: WalletWasabi, denominations in Decomposer; Dumplings' rule of sorted amounts.
/// </remarks>
internal static class Wasabi2Rule
{
    internal const string Name = "wasabi2";
    private const int FirstHeight = 741_213;

    /// <summary>2^i, 3^i, 2·3^i, 10^i, 2·10^i, 5·10^i between 5,000 sat and 1,343.75 BTC: 78 amounts.</summary>
    internal static readonly IReadOnlySet<long> Denominations = Published();

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        int outputs = facts.Payments.Count, usual = facts.Payments.Count(output => Denominations.Contains(output.Value));
        var repeated = facts.Repeated().Where(Denominations.Contains).ToList();
        if (facts.Inputs < 5 || outputs < 8) return Not($"{facts.Inputs} inputs and {outputs} outputs; a round has 5 and 8 at least");
        if (5L * usual <= 4L * outputs) return Not($"{usual} of {outputs} outputs are of a published denomination; a round has more than four of five");
        if (facts.Before(FirstHeight)) return Not($"before height {FirstHeight} there was no Wasabi 2");
        if (facts.DataOutputs > 0 || !facts.Spends(ScriptKind.WitnessV0KeyHash, ScriptKind.WitnessV1Taproot) || !facts.Pays(ScriptKind.WitnessV0KeyHash, ScriptKind.WitnessV1Taproot))
            return Not("scripts other than P2WPKH and Taproot");
        if (!Falls(facts.Shape.Outputs.Select(output => (long?)output.Value)) || !Falls(facts.Shape.Inputs.Select(input => input.Value))) return Not("amounts are not sorted");
        if (3 * repeated.Sum(value => facts.Times[value]) < outputs) return Not("fewer than a third of the outputs repeat a denomination");
        if (10L * facts.MostSpentScripts < 9L * facts.Inputs || 10L * facts.PaidScripts < 9L * outputs)
            return new(Name, CoinJoinKind.Wasabi2, Finding.Vetoed, $"a round's amounts, but {facts.Inputs} inputs spend from {facts.MostSpentScripts} scripts and {outputs} outputs pay {facts.PaidScripts}: one wallet's own");
        var large = facts.Inputs >= 20 && repeated.Count >= 3;
        if (!large && (repeated.Count < 2 || !repeated.Exists(value => value % 1_000 != 0))) return Not("too small for a round of a public coordinator, and no two repeated amounts that tell");
        if (!facts.ValuesKnown || !facts.ScriptsKnown) return new(Name, CoinJoinKind.Wasabi2, Finding.Undecided, "the outputs are a round's; what the inputs bring is not all known");
        return new(Name, CoinJoinKind.Wasabi2, Finding.Fires, $"{usual} of {outputs} outputs are published denominations, {repeated.Count} of them paid more than once, all amounts sorted{(large ? "" : "; a small round")}")
        {
            Denominations = repeated,
            Confidence = large ? Confidence.High : Confidence.Low,
        };
    }

    private static bool Falls(IEnumerable<long?> values)
    {
        var last = long.MaxValue;
        foreach (var value in values)
        {
            if (value is not { } known) continue;
            if (known > last) return false;
            last = known;
        }

        return true;
    }

    private static HashSet<long> Published()
    {
        var all = new HashSet<long>();
        foreach (var (factor, of) in new (long, long)[] { (1, 2), (1, 3), (2, 3), (1, 10), (2, 10), (5, 10) })
            for (var value = factor; value <= 134_375_000_000; value *= of)
                if (value >= 5_000) all.Add(value);
        return all;
    }

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.Wasabi2, Finding.Silent, reason);
}
