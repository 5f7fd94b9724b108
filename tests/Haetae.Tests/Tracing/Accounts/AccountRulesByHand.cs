using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>One account, a few transfers, figures worked out by hand.</summary>
public class AccountRulesByHand
{
    public static TheoryData<Policy> Conserving() => [.. AccountTracer.Policies.Where(PolicyNames.Conserves)];

    // 4 clean, 6 stolen, 5 clean come in; 5 go out, 3 more clean come, then 7 and a fee of 2 go out.
    [Theory]
    [InlineData(Policy.Fifo, 1, 5, 0, 0)]
    [InlineData(Policy.Lifo, 0, 4, 2, 0)]
    [InlineData(Policy.Haircut, 2, 2, 0, 2)]
    [InlineData(Policy.DirtyFirst, 5, 1, 0, 0)]
    [InlineData(Policy.CleanFirst, 0, 0, 2, 4)]
    [InlineData(Policy.Tiho, 0, 6, 0, 0)]
    [InlineData(Policy.Tilo, 5, 1, 0, 0)]
    [InlineData(Policy.Poison, 5, 7, 2, 4)]
    public void Every_rule_takes_from_a_mixed_account_what_it_says(Policy policy, ulong first, ulong second, ulong fee, ulong rest)
    {
        var scene = new Scene();
        scene.Opening("thief", "ETH", 4);
        var seed = scene.Tx("!victim 6 ETH thief");
        scene.Tx("!friend 5 ETH thief");
        scene.Tx("!thief 5 ETH shop");
        scene.Tx("!friend 3 ETH thief");
        scene.Tx("!thief 7 ETH exchange", "thief 2 ETH fee");
        var outcome = scene.Trace(policy, (seed, 6));
        Assert.Equal((first, second), ((ulong)scene.At(outcome, "shop", "ETH").Lower, (ulong)scene.At(outcome, "exchange", "ETH").Lower));
        Assert.Equal((fee, rest), ((ulong)outcome.Books[0].Fees.Lower, (ulong)scene.At(outcome, "thief", "ETH").Lower));
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void What_comes_back_over_a_seed_is_not_stolen_twice(Policy policy)
    {
        var scene = new Scene();
        var first = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 10 ETH helper");
        var second = scene.Tx("!helper 10 ETH thief");
        var outcome = scene.Trace(policy, (first, 10), (second, 10));
        Assert.Equal(((UInt256)20, (UInt256)10, (UInt256)10), (outcome.Books[0].Seeds, outcome.Books[0].Absorbed, outcome.Books[0].Held));
        Assert.Contains(new TaintedTransfer(second, 10), outcome.Flow);
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void Of_a_partly_stolen_transfer_the_stolen_part_comes_first()
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 4 ETH one");
        scene.Tx("!thief 6 ETH two");
        var fifo = scene.Trace(Policy.Fifo, (seed, 4));
        Assert.Equal((4UL, 0UL), (scene.At(fifo, "one", "ETH"), scene.At(fifo, "two", "ETH")));
        var lifo = scene.Trace(Policy.Lifo, (seed, 4));
        Assert.Equal((0UL, 4UL), (scene.At(lifo, "one", "ETH"), scene.At(lifo, "two", "ETH")));
    }

    [Fact]
    public void A_sender_without_enough_money_must_have_had_it_before_and_that_is_said()
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 25 ETH shop");
        var outcome = scene.Trace(Policy.Fifo, (seed, 10));
        Assert.Equal([new OpeningBalance(scene.Account("thief"), 0, 15, false), new OpeningBalance(scene.Account("shop"), 0, 0, false)], outcome.Openings);
        Assert.Equal(10UL, scene.At(outcome, "shop", "ETH"));
    }

    [Fact]
    public void Where_some_history_is_complete_an_account_without_it_is_an_end()
    {
        var scene = new Scene();
        scene.Cover("thief", Coverage.Complete);
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 6 ETH stranger");
        scene.Tx("!stranger 6 ETH other");
        var outcome = scene.Trace(Policy.Fifo, (seed, 10));
        Assert.Contains(outcome.Ends, end => end.Reason == AccountEndReason.Uncovered && end.Account == scene.Account("stranger") && end.Tainted == 6);
        Assert.Equal((UInt256)6, outcome.Books[0].Parked);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void What_is_burnt_is_destroyed_and_what_is_made_is_clean(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 10 USDC thief");
        scene.Tx("- 10 USDC thief");
        scene.Tx("thief 20 USDC -");
        var outcome = scene.Trace(policy, (seed, 10));
        Assert.Equal((UInt256)10, outcome.Books[0].Destroyed);
        Assert.Empty(outcome.Ends);
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void A_token_whose_balances_do_not_fit_in_256_bits_is_an_open_end(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 10 FAKE thief");
        scene.Tx($"- {UInt256.MaxValue} FAKE mule");
        scene.Tx($"- {UInt256.MaxValue} FAKE mule");
        scene.Tx("thief 10 FAKE mule");
        var end = Assert.Single(scene.Trace(policy, (seed, 10)).Ends);
        Assert.Equal((AccountEndReason.NotUnderstood, scene.Account("mule")), (end.Reason, end.Account));
        Assert.Contains("256 bits", end.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_under_tiho_ends_and_loses_nothing()
    {
        var scene = new Scene();
        scene.Opening("b", "ETH", 5);
        var seed = scene.Tx("!victim 10 ETH a");
        scene.Tx("!a 10 ETH b");
        scene.Tx("!b 8 ETH a");
        scene.Tx("!a 8 ETH b");
        scene.Tx("!b 12 ETH shop");
        var outcome = scene.Trace(Policy.Tiho, (seed, 10));
        // b is cut where money returns: of its first 15 it pays 8 stolen; those come back, and of its last 15 it pays 12, 10 of them stolen.
        Assert.Equal(10UL, scene.At(outcome, "shop", "ETH"));
        Assert.Equal([10UL, 8UL, 8UL, 10UL], outcome.Flow.Select(one => (ulong)one.Tainted.Lower));
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void Blockscis_haircut_is_refused_with_the_way_out()
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 10 ETH thief");
        var error = Assert.Throws<ArgumentException>(() => scene.Trace(Policy.HaircutBlockSci, (seed, 10)));
        Assert.Contains("Take haircut", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(0)]
    public void More_or_less_cannot_be_stolen_than_was_moved(ulong stolen)
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 10 ETH thief");
        Assert.Contains("cannot be a seed", Assert.Throws<ArgumentException>(() => scene.Trace(Policy.Fifo, (seed, stolen))).Message, StringComparison.Ordinal);
    }
}
