using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>A Wasabi 1 round: 1.0 with one equal amount, 1.1 with levels of about twice, four times .. as much beside it.</summary>
/// <remarks>
/// Contract: at least three equal outputs and as many inputs, and either the coordinator's published address is paid (high; the amount was
/// 0.05 BTC and others in the first months), or ten or more equal outputs within 0.02 BTC of 0.1 BTC, or up to 10,000 sat above 0.05 BTC, P2WPKH inputs of as many scripts, and at least
/// two other amounts (medium). Under 25 equal outputs with as many changes, or one fewer, it is JoinMarket's shape and left to that rule.
/// Errs: on rounds under ten without the coordinator's address; on other wallets that mix about 0.1 BTC.
/// Source: Dumplings (nopara73): coordinator addresses bc1qs604..m0ew and bc1qa24ts..kmjw, from height 530500; levels: GraphSense.
/// </remarks>
internal static class Wasabi1Rule
{
    internal const string Name = "wasabi1";
    private const int FirstHeight = 530_500;
    private const int JoinMarketMost = 25;
    private const long Base = 10_000_000, Around = 2_000_000;

    // August to October 2018: 0.05 BTC and what the round's fee left over.
    private const long FirstBase = 5_000_000, FirstAbove = 10_000;

    private static readonly string[] Coordinators = [Coordinator("bc1qs604c7jv6amk4cxqlnvuxv26hv3e48cds4m0ew"), Coordinator("bc1qa24tsgchvuxsaccp8vrnkfd85hrcpafg20kmjw")];

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        if (facts.Equal < 3 || facts.Inputs < facts.Equal) return Not($"{facts.Equal} equal outputs and {facts.Inputs} inputs; a round has three equal outputs and as many inputs at least");
        if (facts.Before(FirstHeight)) return Not($"before height {FirstHeight} there was no Wasabi");
        var coordinated = facts.Payments.Any(output => Coordinators.Contains(Convert.ToHexString(output.Script)));
        if (!coordinated)
        {
            if (facts.Equal < 10 || (Math.Abs(facts.Mode - Base) > Around && facts.Mode is < FirstBase or > FirstBase + FirstAbove)) return Not("not ten equal outputs near 0.1 BTC, or just above 0.05, and no coordinator's address is paid");
            if (!facts.Spends(ScriptKind.WitnessV0KeyHash)) return Not("inputs other than P2WPKH");
            if (facts.Times.Count < 3) return Not("no changes beside the equal outputs");
            if (facts.Equal < JoinMarketMost && (facts.Others == facts.Equal || facts.Others == facts.Equal - 1))
                return new(Name, CoinJoinKind.Wasabi1, Finding.Vetoed, "equal outputs and a change for each, but no coordinator's fee: JoinMarket's shape");
        }

        if (facts.MostSpentScripts < facts.Equal || facts.PaidScripts < facts.Payments.Count)
            return new(Name, CoinJoinKind.Wasabi1, Finding.Vetoed, "scripts are used twice, so fewer owners stand behind than there are equal outputs");
        if (!facts.ScriptsKnown && !coordinated) return new(Name, CoinJoinKind.Wasabi1, Finding.Undecided, "the outputs are a round's; what the inputs spend is not all known");
        var levels = Levels(facts);
        return new(Name, levels.Count > 1 ? CoinJoinKind.Wasabi11 : CoinJoinKind.Wasabi1, Finding.Fires, coordinated ? "equal outputs and a payment to the coordinator's published address" : $"{facts.Equal} equal outputs near a round's amount with uneven changes")
        {
            Denominations = levels,
            Participants = facts.Equal,
            Confidence = coordinated ? Confidence.High : Confidence.Medium,
        };
    }

    // Amounts paid twice or more within 5 % of the base times a power of two.
    private static List<long> Levels(ShapeFacts facts)
    {
        var levels = new List<long> { facts.Mode };
        foreach (var value in facts.Repeated())
            for (var level = 2 * facts.Mode; level < 64 * facts.Mode; level *= 2)
                if (Math.Abs(value - level) <= level / 20) levels.Add(value);
        return levels;
    }

    private static string Coordinator(string address) =>
        Address.TryParse(address, BitcoinNetwork.Mainnet, out var script, out _) ? Convert.ToHexString(script) : throw new InvalidOperationException($"{address} is no address.");

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.Wasabi1, Finding.Silent, reason);
}
