using Haetae.Tests.Support;
using Haetae.Tracing;
using Xunit.Abstractions;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>
/// Rates on recorded transactions and real blocks, as docs/accuracy.md tells them. The labels of the recordings are another project's
/// detectors, so each set is relabelled first, by a condition on exact amounts, addresses and counts that is written here apart from the rules.
/// </summary>
public sealed class RealCoinJoinTests(ITestOutputHelper output)
{
    private const string WasabiCoordinator = "0014869F5C7A4CD7776AE0C0FCD9C3315ABB239A9F0D";
    private static readonly long[] Pools = [100_000, 1_000_000, 5_000_000, 50_000_000];

    [SharedDataFact]
    public void Every_whirlpool_mix_is_found_whatever_it_was_labelled()
    {
        var mixes = RealCoinJoins.Mainnet.Value.Where(IsMix).ToList();
        var found = Count("Whirlpool mixes", mixes, CoinJoinKind.Whirlpool);
        Assert.Equal((found.Of, true), (found.Hits, found.Of > 982));
        Assert.Equal(found.Of, RealCoinJoins.Mainnet.Value.Count(record => Shapes.First(record.Shape)?.Kind == CoinJoinKind.Whirlpool));
    }

    [SharedDataFact]
    public void Every_tx0_that_is_one_is_found()
    {
        var tx0 = RealCoinJoins.Mainnet.Value.Where(record => record.Is("whirlpool-tx0") && !IsMix(record)).ToList();
        var found = Count("Whirlpool tx0", tx0, CoinJoinKind.WhirlpoolTx0);
        Assert.Equal(found.Of, found.Hits);
    }

    [SharedDataFact]
    public void Wasabi_2_is_found_and_one_key_is_not_taken_for_many()
    {
        var labelled = RealCoinJoins.Mainnet.Value.Where(record => record.Is("wasabi2-coinjoin")).ToList();
        var shaped = labelled.Count(record => Shapes.Verdict("wasabi2", record.Shape).Finding is Finding.Fires or Finding.Vetoed);
        output.WriteLine($"Wasabi 2, shape recognised: {new Rate(shaped, labelled.Count)}");
        Assert.Equal((24, 24), (shaped, labelled.Count));
        var joint = labelled.Where(record => ScriptsSpent(record) > 1).ToList();
        var found = Count("Wasabi 2 of more than one script", joint, CoinJoinKind.Wasabi2);
        Assert.Equal((22, 22), (found.Hits, found.Of));
        foreach (var alone in labelled.Except(joint)) Assert.Equal((1, Finding.Vetoed), (ScriptsSpent(alone), Shapes.Verdict("wasabi2", alone.Shape).Finding));
    }

    [SharedDataFact]
    public void Emulated_small_rounds_are_mostly_found_at_low_confidence()
    {
        var rounds = RealCoinJoins.Emulated().ToList();
        var found = new Rate(rounds.Count(shape => Shapes.First(shape) is { Kind: CoinJoinKind.Wasabi2, Confidence: Confidence.Low }), rounds.Count);
        output.WriteLine($"Wasabi 2, emulated rounds of {rounds.Min(shape => shape.Inputs.Count)} to {rounds.Max(shape => shape.Inputs.Count)} inputs: {found}");
        Assert.Equal((126, 150), (found.Hits, found.Of));
    }

    [SharedDataFact]
    public void Wasabi_1_is_found()
    {
        var labelled = RealCoinJoins.Mainnet.Value.Where(record => record.Is("wasabi1-coinjoin")).ToList();
        var asLabelled = Count("Wasabi 1, as labelled", labelled, CoinJoinKind.Wasabi1, CoinJoinKind.Wasabi11);
        Assert.True(asLabelled.Hits >= 0.98 * asLabelled.Of, asLabelled.ToString());
        var rounds = labelled.Where(record => record.Shape.Outputs.Any(paid => Convert.ToHexString(paid.Script) == WasabiCoordinator) || record.Shape.Outputs.GroupBy(paid => paid.Value).Max(group => group.Count()) >= 25).ToList();
        var found = Count("Wasabi 1, coordinator paid or 25 equal outputs", rounds, CoinJoinKind.Wasabi1, CoinJoinKind.Wasabi11);
        Assert.Equal(found.Of, found.Hits);
    }

    [SharedDataFact]
    public void Agreement_with_the_joinmarket_candidates_is_reported()
    {
        var candidates = RealCoinJoins.Mainnet.Value.Where(record => record.Is("other-coinjoin-candidate")).ToList();
        var agreed = Count("JoinMarket candidates", candidates, CoinJoinKind.JoinMarket);
        foreach (var why in candidates.Where(record => Shapes.First(record.Shape) is null).Select(record => Shapes.Verdict("joinmarket", record.Shape)).GroupBy(verdict => verdict.Reason.Split('(')[0]).OrderByDescending(group => group.Count()))
            output.WriteLine($"    {why.Count(),4}  {why.First().Finding}: {why.Key}");
        Count("known false JoinMarket", [.. RealCoinJoins.Mainnet.Value.Where(record => record.Is("jm-known-false-positive-fixture"))], CoinJoinKind.JoinMarket);
        Assert.Equal((27, 396), (agreed.Hits, agreed.Of));
    }

    [SharedDataFact]
    public void What_followed_a_mix_is_not_called_wasabi_2_or_chips()
    {
        foreach (var label in new[] { "whirlpool-postmix", "wasabi1-postmix", "wasabi2-postmix", "other-postmix" })
        {
            var set = RealCoinJoins.Mainnet.Value.Where(record => record.Is(label)).ToList();
            output.WriteLine($"{label}: {string.Join(", ", set.GroupBy(record => Shapes.First(record.Shape)?.Kind.ToString() ?? "none").OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}"))} of {set.Count}");
            Assert.DoesNotContain(set, record => Shapes.First(record.Shape)?.Kind == CoinJoinKind.ChipMixerFunding);
        }
    }

    [SharedDataTheory]
    [InlineData("866342", 866_342)]
    [InlineData("866342", null)]
    [InlineData("300025", 300_025)]
    [InlineData("300025", null)]
    public void No_rule_fires_on_the_payments_of_a_real_block(string name, int? height)
    {
        var payments = RealCoinJoins.Block(name, height).ToList();
        var named = payments.Where(payment => Shapes.First(payment.Shape) is not null).Select(payment => payment.TxId).ToList();
        output.WriteLine($"block {name}, height {(height is null ? "not told" : "told")}: named {new Rate(named.Count, payments.Count)}; only equal outputs vetoed: {payments.Count(payment => Shapes.Verdict("equal-outputs", payment.Shape).Finding == Finding.Vetoed)}");
        Assert.Empty(named);
    }

    private static int ScriptsSpent(RecordedCoinJoin record) => record.Shape.Inputs.Select(input => Convert.ToHexString(input.Script!)).Distinct().Count();

    private static bool IsMix(RecordedCoinJoin record) =>
        record.Shape.Inputs.Count is >= 5 and <= 10 && record.Shape.Outputs.Count == record.Shape.Inputs.Count && Pools.Contains(record.Shape.Outputs[0].Value)
        && record.Shape.Outputs.All(paid => paid.Value == record.Shape.Outputs[0].Value);

    private Rate Count(string set, List<RecordedCoinJoin> records, params CoinJoinKind[] kinds)
    {
        var missed = records.Where(record => Shapes.First(record.Shape) is not { } first || !kinds.Contains(first.Kind)).ToList();
        var rate = new Rate(records.Count - missed.Count, records.Count);
        output.WriteLine($"{set}: {rate}; by confidence {string.Join(", ", records.Except(missed).GroupBy(record => Shapes.First(record.Shape)!.Confidence).Select(group => $"{group.Key} {group.Count()}"))}");
        foreach (var miss in missed.Take(20)) output.WriteLine($"    not: {miss.TxId}");
        return rate;
    }
}
