using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Demixing;

namespace Haetae.Cli.Accuracy;

/// <summary>Evidence from what happens around a mix, against the owners; and payouts of mixers that keep coins.</summary>
internal static class AfterMixMeasures
{
    private const ulong PracticeSeed = 77_003, MixerSeed = 31_337;
    private const int Transactions = 20_000;

    internal static readonly Measurement[] All =
    [
        new("after-emulated", AccuracySection.Links, Emulated),
        new("after-generated", AccuracySection.Links, Generated),
        new("payouts", AccuracySection.Links, Payouts),
    ];

    private static IEnumerable<Figure> Emulated(AccuracyData data, CancellationToken cancel)
    {
        var chain = OwnedLedger.Emulated(data, cancel);
        const string set = "emulated chain, six rounds of ten wallets";
        var claims = Claims(chain, cancel);
        yield return Row(LedgerEvidence.Merge, set, claims, "the emulation ends in the mix: nothing is spent outside a round");
        yield return Row(LedgerEvidence.Reuse, set, claims, "Wasabi uses no address twice");
        yield return Row(SourceAmounts.Necessary, set, claims, "few rounds");
        yield return new Figure(AccuracySection.Links, "none: two outputs of a round in one later round", set, "one owner", InLaterRounds(chain), "why a later round is no evidence, and the rule leaves it out; few rounds");
    }

    private static IEnumerable<Figure> Generated(AccuracyData data, CancellationToken cancel)
    {
        var chain = OwnedLedger.Practice(data, PracticeSeed, Transactions, cancel);
        var set = $"practice heist, seed {PracticeSeed}, its rounds";
        var claims = Claims(chain, cancel);
        yield return Row(LedgerEvidence.Merge, set, claims, "its people do not pay an exchange straight from a round, which is where the rule errs");
        yield return Row(LedgerEvidence.Reuse, set, claims, "its people use fresh addresses in rounds");
        yield return new Figure(AccuracySection.Links, ChangeArithmetic.Name, $"{set}: first candidate", "right",
            RoundMeasures.RateOf(claims.Where(pair => pair.Claim.Rule == ChangeArithmetic.Name).GroupBy(pair => (pair.Round, pair.Claim.Of)).Select(group => group.First().IsRight)), "one coin a seat, and the fee is shared evenly: easier than the world");
    }

    private static Figure Row(string rule, string set, List<(uint Round, LinkEvidence Claim, bool IsRight)> claims, string note) =>
        new(AccuracySection.Links, rule, set, "right", RoundMeasures.RateOf(claims.Where(pair => pair.Claim.Rule == rule && pair.Claim.With.Count > 0).Select(pair => pair.IsRight)), note);

    // Every claim on every mix of the chain of which both owners are known.
    private static List<(uint Round, LinkEvidence Claim, bool IsRight)> Claims(OwnedLedger chain, CancellationToken cancel)
    {
        var claims = new List<(uint, LinkEvidence, bool)>();
        for (var tx = 0U; tx < chain.Ledger.Graph.TransactionCount; tx++)
        {
            cancel.ThrowIfCancellationRequested();
            var evidence = RoundEvidence.Of(chain.Ledger, tx, cancel);
            if (evidence.Count == 0) continue;
            var shape = TransactionShape.Of(chain.Ledger, tx);
            foreach (var claim in evidence)
            {
                if (Owner(claim.Of) is not { } owner) continue;
                List<string?> others = [.. claim.With.Select(Owner)];
                if (!others.Contains(null)) claims.Add((tx, claim, others.TrueForAll(other => other == owner)));
            }

            string? Owner(CoinPlace place) => chain.Owners.GetValueOrDefault(Convert.ToHexStringLower((place.IsInput ? shape.Inputs[place.Index].Script : shape.Outputs[place.Index].Script) ?? []));
        }

        return claims;
    }

    // Pairs of outputs of one transaction that are spent by one later transaction, both being rounds.
    private static Rate InLaterRounds(OwnedLedger chain)
    {
        long pairs = 0, alike = 0;
        var graph = chain.Ledger.Graph;
        for (var tx = 0U; tx < graph.TransactionCount; tx++)
        {
            if (RecognitionMeasures.KindOf(TransactionShape.Of(chain.Ledger, tx)) is null) continue;
            var spent = new List<(uint Spender, string Owner)>();
            for (var output = graph.FirstOutput[tx]; output < graph.FirstOutput[tx + 1L]; output++)
                if (graph.SpenderOf(output) is var spender and not 0 && chain.Owners.TryGetValue(Convert.ToHexStringLower(chain.Ledger.ScriptOf(output)), out var owner)) spent.Add((spender, owner));
            var count = PairCount.Of(spent);
            pairs += count.Together;
            alike += count.Both;
        }

        return new Rate(alike, pairs);
    }

    private static IEnumerable<Figure> Payouts(AccuracyData data, CancellationToken cancel)
    {
        foreach (var daily in new[] { 10, 100, 1_000 })
        {
            var (deposits, payouts, right) = Mixer(daily, days: 10);
            var found = deposits.ConvertAll(deposit => PayoutMatching.Of(deposit, payouts, MixerTerms.Usual));
            var set = $"generated custodial mixer, {daily:#,0} deposits a day";
            var note = $"seed {MixerSeed}; fees 0.5 to 3 %, a delay within a day, one deposit in five paid out in parts: our own terms";
            yield return Row("a right one among the candidates", Enumerable.Range(0, deposits.Count).Select(d => found[d].Any(candidate => candidate.Index == right[d])));
            yield return Row("first candidate", Enumerable.Range(0, deposits.Count).Where(d => found[d].Count > 0).Select(d => found[d][0].Index == right[d]));
            yield return Row("the only candidate", Enumerable.Range(0, deposits.Count).Where(d => found[d].Count == 1).Select(d => found[d][0].Index == right[d]));

            Figure Row(string words, IEnumerable<bool> hits) => new(AccuracySection.Links, "amount and time", $"{set}: {words}", "right", RoundMeasures.RateOf(hits), note);
        }
    }

    /// <summary>Deposits, payouts in one list, and for each deposit the payout that is its own; -1 where it comes in parts.</summary>
    private static (List<TimedPayment> Deposits, List<TimedPayment> Payouts, List<int> Right) Mixer(int daily, int days)
    {
        const int day = 86_400;
        var random = new SeededRandom(MixerSeed + (ulong)daily);
        List<TimedPayment> deposits = [], payouts = [];
        List<int> right = [];
        for (var d = 0; d < daily * days; d++)
        {
            // From 0.001 to 10 BTC, each tenfold as likely.
            var value = new[] { 1_000L, 10_000, 100_000, 1_000_000 }[random.Below(4)] * random.Between(100, 1_000);
            var time = random.Below((long)day * days);
            deposits.Add(new TimedPayment(value, time));
            var left = value - value * random.Between(5_000, 30_000) / 1_000_000;
            if (random.OneIn(5))
            {
                var part = left * random.Between(20, 80) / 100;
                payouts.Add(new TimedPayment(part, time + random.Between(600, day)));
                left -= part;
                right.Add(-1);
            }
            else
            {
                right.Add(payouts.Count);
            }

            payouts.Add(new TimedPayment(left, time + random.Between(600, day)));
        }

        return (deposits, payouts, right);
    }
}
