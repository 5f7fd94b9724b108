using System.Numerics;
using Haetae.Ledger;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>Transactions shaped as real ones: what the actor gave is stolen, and so is what he received for it.</summary>
public class ExchangesByHand
{
    public static TheoryData<Policy> Conserving() => [.. AccountTracer.Policies.Where(PolicyNames.Conserves)];

    [Theory]
    [MemberData(nameof(Conserving))]
    public void A_swap_in_a_pool_moves_the_taint_to_what_was_received(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC pool", "pool 49 DAI thief", "thief 3 ETH fee");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal(49UL, scene.At(outcome, "thief", "DAI"));
        Assert.Equal(0UL, scene.At(outcome, "pool", "USDC"));
        var conversion = Assert.Single(outcome.Conversions);
        Assert.Equal(("swap", (UInt256)100, (UInt256)100, (UInt256)49, (UInt256)49), (conversion.Manner, conversion.Given, conversion.GivenTaint, conversion.Received, conversion.ReceivedTaint));
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void Half_stolen_money_buys_half_stolen_money()
    {
        var scene = new Scene();
        scene.Opening("thief", "USDC", 100);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 200 USDC pool", "pool 51 DAI thief");
        Assert.Equal(26UL, scene.At(scene.Trace(Policy.Haircut, (seed, 100)), "thief", "DAI")); // 25.5 each: the tie goes to what is stolen
    }

    [Fact]
    public void Under_fifo_pieces_keep_their_order_through_a_swap()
    {
        var scene = new Scene();
        scene.Opening("thief", "USDC", 100);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 200 USDC pool", "pool 50 DAI thief");
        scene.Tx("thief 25 DAI shop");
        scene.Tx("thief 10 DAI friend");
        var fifo = scene.Trace(Policy.Fifo, (seed, 100));
        Assert.Equal((0UL, 10UL), (scene.At(fifo, "shop", "DAI"), scene.At(fifo, "friend", "DAI")));
        var lifo = scene.Trace(Policy.Lifo, (seed, 100));
        Assert.Equal((25UL, 0UL), (scene.At(lifo, "shop", "DAI"), scene.At(lifo, "friend", "DAI")));
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void A_router_and_two_hops_are_passed_through(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC router", "router 100 USDC pool1", "pool1 7 WBTC pool2", "pool2 300 DAI router", "router 300 DAI thief");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal(300UL, scene.At(outcome, "thief", "DAI"));
        Assert.Single(outcome.Ends);
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void Ether_goes_through_its_wrapper_into_a_pool()
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 100 ETH thief");
        scene.Tx("!thief 100 ETH router", "router 100 ETH WETH", "- 100 WETH router", "router 100 WETH pool", "pool 900 DAI thief");
        var outcome = scene.Trace(Policy.Fifo, (seed, 100));
        Assert.Equal(900UL, scene.At(outcome, "thief", "DAI"));
        Assert.Equal("swap", Assert.Single(outcome.Conversions).Manner);
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Wrapping_is_one_to_one_and_keeps_pieces(bool unwrap)
    {
        var scene = new Scene();
        scene.Opening("thief", unwrap ? "WETH" : "ETH", 30);
        var seed = scene.Tx(unwrap ? "victim 70 WETH thief" : "!victim 70 ETH thief");
        if (unwrap) scene.Tx("thief 100 WETH -", "WETH 100 ETH thief");
        else scene.Tx("!thief 100 ETH WETH", "- 100 WETH thief");
        var outcome = scene.Trace(Policy.Fifo, (seed, 70));
        Assert.Equal(70UL, scene.At(outcome, "thief", unwrap ? "ETH" : "WETH"));
        Assert.Equal(unwrap ? "unwrap" : "wrap", Assert.Single(outcome.Conversions).Manner);
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void An_aggregator_with_two_pools_and_a_fee_is_one_swap(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("!thief 0 ETH aggregator", "thief 100 USDC aggregator", "aggregator 60 USDC pool1", "aggregator 40 USDC pool2", "pool1 59 DAI aggregator", "pool2 41 DAI aggregator", "aggregator 2 DAI collector", "aggregator 98 DAI thief");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal((98UL, 2UL), (scene.At(outcome, "thief", "DAI"), scene.At(outcome, "collector", "DAI")));
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Another_recipient_than_the_sender_gets_the_taint(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC router", "router 100 USDC pool", "pool 49 DAI mule");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal(49UL, scene.At(outcome, "mule", "DAI"));
        Assert.Single(outcome.Ends);
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void A_payment_beside_a_swap_stays_a_payment()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("!thief 0 ETH multicall", "thief 30 USDC friend", "thief 70 USDC pool", "pool 35 DAI thief");
        var outcome = scene.Trace(Policy.Haircut, (seed, 100));
        Assert.Equal((30UL, 35UL), (scene.At(outcome, "friend", "USDC"), scene.At(outcome, "thief", "DAI")));
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void A_token_that_keeps_a_part_of_each_transfer_loses_that_part_to_its_collector()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 TAX thief");
        scene.Tx("!thief 0 ETH router", "thief 5 TAX collector", "thief 95 TAX pool", "pool 10 DAI thief");
        var outcome = scene.Trace(Policy.Fifo, (seed, 100));
        Assert.Equal((5UL, 10UL), (scene.At(outcome, "collector", "TAX"), scene.At(outcome, "thief", "DAI")));
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Money_put_into_a_pool_comes_out_of_it_as_stolen_as_it_went_in(Policy policy)
    {
        var scene = new Scene();
        scene.Opening("thief", "DAI", 50);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC LP", "thief 50 DAI LP", "- 70 LP thief");
        var half = scene.Trace(policy, (seed, 100));
        Assert.Equal(35UL, scene.At(half, "thief", "LP"));
        Assert.Equal("pool-in", Assert.Single(half.Conversions).Manner);
        Scene.AssertBalanced(half);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Shares_of_a_pool_turn_back_into_both_of_its_assets(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 70 LP thief");
        scene.Tx("thief 70 LP LP", "LP 70 LP -", "LP 90 USDC thief", "LP 60 DAI thief");
        var outcome = scene.Trace(policy, (seed, 70));
        Assert.Equal((90UL, 60UL), (scene.At(outcome, "thief", "USDC"), scene.At(outcome, "thief", "DAI")));
        Assert.All(outcome.Conversions, conversion => Assert.Equal("pool-out", conversion.Manner));
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void In_a_settlement_everyone_has_his_own_swap()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC settlement", "bob 40 DAI settlement", "settlement 79 USDC bob", "settlement 20 USDC pool", "pool 11 DAI settlement", "settlement 50 DAI thief", "solver 9 ETH fee");
        var outcome = scene.Trace(Policy.Haircut, (seed, 100));
        Assert.Equal(50UL, scene.At(outcome, "thief", "DAI"));
        Assert.Equal(0UL, scene.At(outcome, "bob", "USDC"));
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void A_sandwich_around_it_gets_none_of_the_taint()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("bot 50 USDC pool", "pool 25 DAI bot");
        scene.Tx("thief 100 USDC pool", "pool 40 DAI thief");
        scene.Tx("bot 25 DAI pool", "pool 60 USDC bot");
        var outcome = scene.Trace(Policy.Fifo, (seed, 100));
        Assert.Equal(40UL, scene.At(outcome, "thief", "DAI"));
        Assert.Single(outcome.Ends);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Several_assets_for_several_others_are_an_open_end_with_the_reason(Policy policy)
    {
        var scene = new Scene();
        scene.Opening("thief", "DAI", 10);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC dealer", "thief 10 DAI dealer", "dealer 1 WBTC thief", "dealer 2 LINK thief");
        var outcome = scene.Trace(policy, (seed, 100));
        var end = Assert.Single(outcome.Ends);
        Assert.Equal((AccountEndReason.NotUnderstood, scene.Account("dealer"), (UInt256)100), (end.Reason, end.Account, end.Tainted));
        Assert.Contains("no value says", end.Note, StringComparison.Ordinal);
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Everything_received_for_one_stolen_asset_is_stolen(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC dealer", "dealer 30 DAI thief", "dealer 2 LINK thief");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal((30UL, 2UL), (scene.At(outcome, "thief", "DAI"), scene.At(outcome, "thief", "LINK")));
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Several_assets_for_several_others_are_shared_by_what_was_given_of_each(Policy policy)
    {
        var scene = new Scene();
        scene.Opening("thief", "DAI", 10);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC dealer", "thief 10 DAI dealer", "dealer 8 WBTC thief", "dealer 7 LINK thief");
        var values = new FixedValues(scene, ("USDC", 1, 0), ("DAI", 300, 1)); // 100 of 400 is stolen: a quarter of 8, and of 7 rounded to the larger remainder
        var outcome = new AccountTracer(scene.Ledger).Trace(scene.Query((seed, 100)) with { Values = values }, policy);
        Assert.Equal((2UL, 2UL), (scene.At(outcome, "thief", "WBTC"), scene.At(outcome, "thief", "LINK")));
        Assert.All(outcome.Conversions, conversion => Assert.Equal("swap", conversion.Manner));
        Scene.AssertBalanced(outcome);
        var bounds = new AccountBounds(scene.Ledger, scene.Query((seed, 100)) with { Values = values });
        var bound = bounds.Of([new AccountPlace(scene.Account("thief"), scene.AssetNumber("WBTC"))]).Single();
        Assert.True(bound is { IsTight: false } && bound.Least <= 2UL && bound.Most >= 2UL);
    }

    [Fact]
    public void Without_the_price_of_one_of_them_they_stay_an_open_end_that_says_which()
    {
        var scene = new Scene();
        scene.Opening("thief", "DAI", 10);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC dealer", "thief 10 DAI dealer", "dealer 8 WBTC thief", "dealer 7 LINK thief");
        var outcome = new AccountTracer(scene.Ledger).Trace(scene.Query((seed, 100)) with { Values = new FixedValues(scene, ("USDC", 1, 0)) }, Policy.Fifo);
        Assert.EndsWith("no price of DAI", Assert.Single(outcome.Ends).Note, StringComparison.Ordinal);
    }

    /// <summary>Prices by name: so many tenths to the scale for a unit.</summary>
    private sealed class FixedValues(Scene scene, params (string Asset, int Mantissa, int Scale)[] prices) : IAssetValues
    {
        public (BigInteger Mantissa, int Scale)? WorthOf(uint asset, UInt256 amount, uint time, out string? reason)
        {
            foreach (var (name, mantissa, scale) in prices)
            {
                if (scene.AssetNumber(name) != asset) continue;
                reason = null;
                return (amount * (BigInteger)mantissa, scale);
            }

            reason = "no price of DAI";
            return null;
        }
    }

    [Fact]
    public void A_made_up_token_of_absurd_amounts_is_an_open_end_and_stops_no_trace()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx($"- {UInt256.MaxValue} FAKE pool");
        scene.Tx("thief 50 USDC pool", $"pool {UInt256.MaxValue} FAKE thief");
        scene.Tx($"thief {UInt256.MaxValue} FAKE pool");
        scene.Tx("thief 50 USDC pool", $"pool {UInt256.MaxValue} FAKE thief");
        foreach (var policy in AccountTracer.Policies)
        {
            var end = Assert.Single(scene.Trace(policy, (seed, 100)).Ends);
            Assert.Equal((AccountEndReason.NotUnderstood, (UInt256)100), (end.Reason, end.Tainted));
        }
    }

    [Fact]
    public void Without_reading_conversions_the_pool_holds_it()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC pool", "pool 49 DAI thief");
        var outcome = new AccountTracer(scene.Ledger).Trace(scene.Query((seed, 100)) with { ReadConversions = false }, Policy.Fifo);
        Assert.Equal(100UL, scene.At(outcome, "pool", "USDC"));
        Assert.Empty(outcome.Conversions);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Bounds_behind_a_swap_hold_every_rule_and_say_that_they_are_not_tight(Policy policy)
    {
        var scene = new Scene();
        scene.Opening("thief", "USDC", 60);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 20 USDC shop");
        scene.Tx("thief 100 USDC pool", "pool 33 DAI thief");
        scene.Tx("thief 20 DAI mule");
        var bounds = new AccountBounds(scene.Ledger, scene.Query((seed, 100)));
        var bound = Assert.Single(bounds.Of([new AccountPlace(scene.Account("thief"), scene.AssetNumber("DAI")), new AccountPlace(scene.Account("mule"), scene.AssetNumber("DAI"))]));
        // Of the 100 given, at least 100 - 20 - 40 and at most all are stolen: 13.2 to 33 of 33, rounded outward.
        Assert.Equal(((UInt256)13, (UInt256)33, false), (bound.Least, bound.Most, bound.IsTight));
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.True(bound.Holds(scene.At(outcome, "thief", "DAI") + scene.At(outcome, "mule", "DAI")));
    }
}
