using Haetae.Ledger;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>What an account can have received and hold, worked out by hand; and every rule's figure inside.</summary>
public class AccountExposureByHand
{
    public static TheoryData<Policy> Conserving() => [.. AccountTracer.Policies.Where(PolicyNames.Conserves)];

    [Fact]
    public void Own_money_beside_stolen_money_leaves_a_range()
    {
        var scene = new Scene();
        scene.Opening("thief", "ETH", 5);
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 8 ETH shop");
        scene.Tx("!shop 6 ETH other");
        var one = Assert.Single(Ask(scene, scene.Query((seed, 10)), "shop").Assets);
        Assert.Equal((10UL, 3UL, 8UL), (Low(one.Stolen), Low(one.Received.Least), Low(one.Received.Most)));
        Assert.Equal((0UL, 2UL), (Low(one.Held.Least), Low(one.Held.Most)));
    }

    [Fact]
    public void Money_that_leaves_and_comes_back_counts_once()
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 10 ETH shop");
        scene.Tx("!shop 10 ETH thief");
        scene.Tx("!thief 10 ETH shop");
        var one = Assert.Single(Ask(scene, scene.Query((seed, 10)), "shop").Assets);
        Assert.Equal((10UL, 10UL), (Low(one.Received.Most), Low(one.Held.Most)));
        var none = Assert.Single(Ask(scene, scene.Query((seed, 10)), "victim").Assets);
        Assert.Equal((0UL, 0UL), (Low(none.Received.Most), Low(none.Held.Most)));
    }

    [Fact]
    public void What_an_account_changes_itself_is_held_and_was_not_received()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC shop");
        scene.Tx("shop 100 USDC pool", "pool 49 DAI shop");
        var found = Ask(scene, scene.Query((seed, 100)), "shop").Assets;
        Assert.Equal([scene.AssetNumber("USDC"), scene.AssetNumber("DAI")], found.Select(one => one.Asset));
        Assert.Equal((100UL, 0UL), (Low(found[0].Received.Most), Low(found[0].Held.Most)));
        Assert.Equal((0UL, 0UL, 49UL, false), (Low(found[1].Stolen), Low(found[1].Received.Most), Low(found[1].Held.Most), found[1].Held.IsTight));
    }

    [Fact]
    public void A_stop_at_the_account_is_said_and_a_limit_too_small_gives_no_answer()
    {
        var scene = new Scene();
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("!thief 10 ETH shop");
        scene.Tx("!shop 10 ETH other");
        var query = scene.Query((seed, 10)) with { Stops = new Stop(scene) };
        var found = Ask(scene, query, "shop");
        Assert.True(found.IsStop);
        Assert.Equal(10UL, Low(found.Assets[0].Held.Most));
        Assert.False(Ask(scene, query, "thief").IsStop);
        Assert.Null(AccountExposures.Of(scene.Ledger, scene.Query((seed, 10)), scene.Account("other"), out var why, mostSteps: 1));
        Assert.Contains("more than 1 transfers", why, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Every_rule_lies_inside(Policy policy) => RandomAccounts.ForEach(300, made =>
    {
        var query = made.Query with { MinValue = null, MaxTransactions = null };
        var outcome = new AccountTracer(made.Scene.Ledger).Trace(query, policy);
        for (uint account = 0; account < made.Scene.Ledger.AccountCount; account++)
        {
            foreach (var one in AccountExposures.Of(made.Scene.Ledger, query, account, out _)!.Assets)
            {
                var held = outcome.Ends.Where(end => end.Account == account && end.Asset == one.Asset).Aggregate(UInt256.Zero, (sum, end) => sum + end.Tainted);
                Assert.True(one.Held.Holds(held), $"account {account} asset {one.Asset}: {held} is not from {one.Held.Least} to {one.Held.Most}");
            }
        }
    }, exchanges: true);

    private static AccountExposures Ask(Scene scene, AccountQuery query, string account) => AccountExposures.Of(scene.Ledger, query, scene.Account(account), out _)!;

    private static ulong Low(UInt256 amount) => (ulong)amount.Lower;

    private sealed class Stop(Scene scene) : IAccountStops
    {
        public AccountEndReason? At(long transfer) => scene.Ledger.Graph.To[transfer] == scene.Account("shop") ? AccountEndReason.Service : null;
    }
}
