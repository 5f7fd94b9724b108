using Haetae.Tests.Tracing.CoinJoins;
using Haetae.Tracing;
using Haetae.Tracing.Demixing;
using static Haetae.Tests.Tracing.CoinJoins.Shapes;

namespace Haetae.Tests.Tracing.Demixing;

/// <summary>Evidence from amounts alone, on shapes small enough to work out by hand.</summary>
public class ShapeEvidenceTests
{
    [Fact]
    public void An_input_without_which_an_output_cannot_be_paid_is_necessary()
    {
        // 100 + 20 + 10 - 5 of fee; without the 100 the others bring 30.
        var claims = SourceAmounts.Of(new TransactionShape(In([100, 20, 10]), Out([60, 30, 31, 4]))).Where(claim => claim.Rule == SourceAmounts.Necessary).ToList();
        Assert.Equal([(0, 0), (2, 0)], claims.Select(claim => (claim.Of.Index, claim.With[0].Index)));
        Assert.All(claims, claim => Assert.Equal((1_000, 0), (claim.Score, claim.Rivals)));
    }

    [Fact]
    public void Inputs_that_are_large_enough_are_each_others_rivals()
    {
        var claims = SourceAmounts.Of(new TransactionShape(In([100, 40, 50, 10]), Out([45, 150]))).Where(claim => claim.Rule == SourceAmounts.LargeEnough).ToList();
        Assert.Equal([(0, 2, 500, 1), (0, 0, 500, 1)], claims.Select(claim => (claim.Of.Index, claim.With[0].Index, claim.Score, claim.Rivals)));
    }

    [Fact]
    public void Nothing_is_said_where_an_input_is_unknown() =>
        Assert.Empty(SourceAmounts.Of(new TransactionShape([new InputShape(Key(), null), .. In([5])], Out([4]))));

    [Fact]
    public void A_makers_change_leads_to_his_coins()
    {
        // Maker: 60,000,000 in, 50,000,321 and 10,000,111 out; 432 gained. So for the others; the taker is the last.
        var round = new TransactionShape(In([60_000_000, 75_123_456, 31_000_000, 33_000_000, 90_000_777]), Out([.. Times(4, 50_000_321), 10_000_111, 25_124_000, 14_000_991, 39_999_001]));
        var best = RoundEvidence.OfShape(round).Where(claim => claim.Rule == ChangeArithmetic.Name).GroupBy(claim => claim.Of.Index).ToDictionary(group => group.Key, group => group.First());
        Assert.Equal([0], best[4].With.Select(place => place.Index));
        Assert.Equal([1], best[5].With.Select(place => place.Index));
        Assert.Equal([2, 3], best[6].With.Select(place => place.Index));
        Assert.False(best.ContainsKey(7));
        Assert.All(best.Values, claim => Assert.InRange(claim.Score, 950, 1_000));
    }

    [Fact]
    public void The_change_of_a_shared_fee_leads_to_its_coin()
    {
        var round = new TransactionShape(In([41_000_123, 52_000_000, 43_500_000, 64_000_000]), Out([.. Times(4, 33_333_000), 7_666_123, 18_666_000, 10_166_000, 30_666_000]));
        var claims = RoundEvidence.OfShape(round).Where(claim => claim.Rule == ChangeArithmetic.Name).GroupBy(claim => claim.Of.Index).ToDictionary(group => group.Key, group => group.First().With.Single().Index);
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(4, 4).Select(change => claims[change]));
    }

    [Fact]
    public void Rivals_are_those_that_score_as_much_or_more()
    {
        // Two coins of one worth: either may be the change's.
        var round = new TransactionShape(In([60_000_000, 60_000_000, 75_123_456, 90_000_777]), Out([.. Times(4, 50_000_321), 10_000_111, 10_000_111, 25_124_000, 39_999_001]));
        var claims = RoundEvidence.OfShape(round).Where(claim => claim.Rule == ChangeArithmetic.Name && claim.Of.Index == 4).ToList();
        Assert.Equal([(0, 1), (1, 1)], claims.Take(2).Select(claim => (claim.With[0].Index, claim.Rivals)));
    }

    [Fact]
    public void The_change_of_a_tx0_is_the_output_that_cannot_be_the_fee()
    {
        var tx0 = new TransactionShape(In([9_000_000, 400]), [new OutputShape(Data(64), 0), .. Out([50_000, 3_000_123, 1_004_500, 1_004_500])]);
        var claim = Assert.Single(RoundEvidence.OfShape(tx0));
        Assert.Equal((Tx0Change.Name, 2, 2, 0), (claim.Rule, claim.Of.Index, claim.With.Count, claim.Rivals));
    }

    [Fact]
    public void Where_change_and_fee_could_be_each_other_both_are_told()
    {
        var tx0 = new TransactionShape(In([9_000_000]), [new OutputShape(Data(64), 0), .. Out([50_000, 70_000, 1_004_500])]);
        Assert.Equal([(2, 1), (1, 1)], RoundEvidence.OfShape(tx0).Select(claim => (claim.Of.Index, claim.Rivals)));
    }

    [Fact]
    public void An_ordinary_payment_has_no_evidence() => Assert.Empty(RoundEvidence.OfShape(new TransactionShape(In([100_000, 20_000]), Out([60_000, 30_000]))));

    [Fact]
    public void A_hostile_round_ends_soon()
    {
        var many = new TransactionShape(In(Enumerable.Range(1, 64).Select(i => 100_000_000L + i)), Out([.. Times(40, 90_000_001), .. Enumerable.Range(1, 40).Select(i => 10_000_001L + i)]));
        Assert.InRange(RoundEvidence.OfShape(many).Count(), 1, 64 * 80 * 2);
    }

    [Theory]
    [InlineData(1_000, 970, 995)]
    [InlineData(1_001, 970, 996)]
    [InlineData(2_100_000_000_000_000, 2_037_000_000_000_000, 2_089_500_000_000_000)]
    public void The_range_of_a_payout_is_rounded_outward(long deposit, long least, long most) => Assert.Equal((least, most), PayoutMatching.Range(deposit, MixerTerms.Usual));

    [Fact]
    public void Payouts_that_fit_in_amount_and_time_are_told_in_order_of_time()
    {
        TimedPayment[] payouts = [new(98_000, 5_000), new(97_500, 2_000), new(99_900, 2_000), new(98_000, 90_000), new(98_000, 500), new(96_000, 2_000)];
        var found = PayoutMatching.Of(new TimedPayment(100_000, 1_000), payouts, MixerTerms.Usual);
        Assert.Equal([(1, 500, 1), (0, 500, 1)], found.Select(candidate => (candidate.Index, candidate.Score, candidate.Rivals)));
    }
}
