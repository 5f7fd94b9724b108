using Haetae.Ledger;
using Haetae.Tracing.Bridges.Guesses;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>Guesses weigh time, fee and receiver, and say how many rivals there are.</summary>
public class CrossingGuessTests
{
    private static readonly CrossingEnd Deposit = new(1_000, "usdc", 1_000_000, "r");

    private static CrossingEnd Payout(long after, ulong amount, string? to = "r", string asset = "usdc") => new(1_000 + after, asset, amount, to);

    private static IReadOnlyList<CrossingGuess> Of(params CrossingEnd[] payouts) => new CrossingGuesses(payouts, new CrossingModel()).Of(Deposit);

    [Fact]
    public void A_lone_fitting_payment_to_the_named_receiver_is_all_but_certain() => Assert.InRange(Assert.Single(Of(Payout(300, 999_000))).PerMille, 990, 999);

    [Fact]
    public void Without_a_receiver_it_is_far_less_so() => Assert.InRange(Of(Payout(300, 999_000, null))[0].PerMille, 1, 950);

    [Fact]
    public void Equal_payments_share_the_probability_and_the_earlier_comes_first()
    {
        var found = Of(Payout(400, 999_000), Payout(300, 999_000), Payout(350, 999_000));
        Assert.Equal([1, 2, 0], found.Select(guess => guess.Payout));
        Assert.All(found, guess => Assert.Equal((2, 333), (guess.Rivals, guess.PerMille)));
    }

    [Theory]
    [InlineData(0, 999_000UL, "r", "usdc")]      // not after the deposit
    [InlineData(-5, 999_000UL, "r", "usdc")]
    [InlineData(300, 1_000_001UL, "r", "usdc")]  // more than was paid in
    [InlineData(300, 800_000UL, "r", "usdc")]    // dearer than any fee
    [InlineData(300, 999_000UL, "other", "usdc")]
    [InlineData(300, 999_000UL, "r", "usdt")]
    [InlineData(4_000, 999_000UL, "r", "usdc")]  // beyond twice the window
    public void What_does_not_fit_is_no_candidate(long after, ulong amount, string to, string asset) => Assert.Empty(Of(Payout(after, amount, to, asset)));

    [Fact]
    public void Window_and_fee_grow_only_while_nothing_fits()
    {
        Assert.Equal(0, Of(Payout(3_400, 999_000))[0].Payout);
        Assert.Equal(1, Assert.Single(Of(Payout(3_400, 999_000), Payout(900, 999_000))).Payout);
        Assert.Equal(0, Of(Payout(300, 900_000))[0].Payout);
        Assert.Equal(1, Assert.Single(Of(Payout(300, 900_000), Payout(300, 980_000))).Payout);
    }

    [Fact]
    public void Probabilities_never_sum_to_more_than_one()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var dice = new Random(seed);
            var payouts = Enumerable.Range(0, dice.Next(1, 40)).Select(_ => Payout(dice.Next(-100, 4_000), (ulong)dice.Next(900_000, 1_010_000), dice.Next(3) switch { 0 => null, 1 => "r", _ => "s" })).ToArray();
            var found = Of(payouts);
            Assert.InRange(found.Sum(guess => guess.PerMille), 0, 1_000);
            Assert.Equal(found.Select(guess => guess.PerMille).OrderDescending(), found.Select(guess => guess.PerMille));
            Assert.All(found, guess => Assert.Equal(found.Count - 1, guess.Rivals));
        }
    }
}
