using Haetae.Ledger;
using Haetae.Tests.Tracing.Bridges;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Mixers;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>Pools and bridges that nobody tagged: what they emit tells what they are.</summary>
public class StopsByEvents
{
    private static readonly BridgeEvent Send = Source("celer"), Paid = Source("thorchain");

    public static TheoryData<Policy> Conserving() => ExchangesByHand.Conserving();

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Taint_ends_at_a_pool_also_behind_a_router(Policy policy)
    {
        var (scene, seed) = Mixed(new byte[64]);
        var outcome = Trace(scene, seed, policy, new EventStops(scene.Ledger) { Mixers = true });
        Assert.Equal([("pool", 20UL), ("thief", 80UL)], Where(scene, outcome));
        Assert.Equal(20UL, outcome.Ends.Single(end => end.Reason == AccountEndReason.Mixer).Tainted);
        Scene.AssertBalanced(outcome);
    }

    [Fact]
    public void Without_the_stop_a_strangers_withdrawal_would_be_called_stolen()
    {
        var (scene, seed) = Mixed(new byte[64]);
        Assert.Contains("stranger", Where(scene, Trace(scene, seed, Policy.Haircut, null)).Select(one => one.Holder));
        Assert.Contains("stranger", Where(scene, Trace(scene, seed, Policy.Haircut, new EventStops(scene.Ledger) { Bridges = true })).Select(one => one.Holder));
        var pool = scene.Account("pool");
        Assert.Contains("stranger", Where(scene, Trace(scene, seed, Policy.Haircut, new EventStops(scene.Ledger, null, account => account == pool) { Mixers = true })).Select(one => one.Holder));
    }

    [Fact]
    public void An_event_cut_short_makes_no_pool()
    {
        var (scene, seed) = Mixed(new byte[63]);
        Assert.DoesNotContain(Trace(scene, seed, Policy.Fifo, new EventStops(scene.Ledger) { Mixers = true }).Ends, end => end.Reason == AccountEndReason.Mixer);
    }

    [Fact]
    public void An_event_stops_only_what_reaches_its_speaker()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 ETH thief");
        scene.Tx("!thief 10 ETH friend", "other 1 ETH pool");
        scene.Event("pool", [PoolReading.DepositTopic, default], new byte[64]);
        Assert.All(Trace(scene, seed, Policy.Fifo, new EventStops(scene.Ledger) { Mixers = true, Bridges = true }).Ends, end => Assert.Equal(AccountEndReason.Held, end.Reason));
    }

    [Fact]
    public void What_tags_stop_comes_before_what_events_stop()
    {
        var (scene, seed) = Mixed(new byte[64]);
        var tags = new Always(AccountEndReason.Service);
        Assert.All(Trace(scene, seed, Policy.Fifo, new EventStops(scene.Ledger, tags) { Mixers = true }).Ends, end => Assert.Equal(AccountEndReason.Service, end.Reason));
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Taint_ends_at_a_bridge_that_says_it_takes_it_over(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 60 USDC bridge");
        var told = EventData.Of(Send.Signature, Scene.Address("bridge"), [], Id, Scene.Address("thief"), Scene.Address("heir"), Scene.Address("USDC"), 60, 56, 1, 5000);
        scene.Event("bridge", told.Topics, told.Data);
        scene.Tx("bridge 60 USDC stranger");
        var outcome = Trace(scene, seed, policy, new EventStops(scene.Ledger) { Bridges = true });
        Assert.Equal([("bridge", 60UL), ("thief", 40UL)], Where(scene, outcome));
        Assert.Equal(60UL, outcome.Ends.Single(end => end.Reason == AccountEndReason.Bridge).Tainted);
        Assert.DoesNotContain(Trace(scene, seed, policy, new EventStops(scene.Ledger) { Mixers = true }).Ends, end => end.Reason == AccountEndReason.Bridge);
        Scene.AssertBalanced(outcome);
    }

    // THORChain's router moves tokens straight into a vault, which is an ordinary account: its event names it.
    [Theory]
    [InlineData("=:BTC.BTC:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", AccountEndReason.Bridge)]
    [InlineData("thanks for the fish", AccountEndReason.Held)]
    public void A_vault_that_a_routers_event_names_is_a_door_if_the_memo_is_one(string memo, AccountEndReason reason)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 60 USDC vault");
        var told = EventData.Of(Paid.Signature, Scene.Address("router"), [Scene.Address("vault"), Scene.Address("USDC")], 60, memo);
        scene.Event("router", told.Topics, told.Data);
        var outcome = Trace(scene, seed, Policy.Fifo, new EventStops(scene.Ledger) { Bridges = true });
        Assert.Equal(reason, outcome.Ends.Single(end => end.Account == scene.Account("vault")).Reason);
    }

    [Fact]
    public void A_memo_in_the_input_of_a_payment_stops_nothing()
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 ETH thief");
        scene.Tx("!thief 60 ETH friend");
        scene.Event("friend", [], "=:BTC.BTC:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"u8.ToArray());
        Assert.All(Trace(scene, seed, Policy.Fifo, new EventStops(scene.Ledger) { Mixers = true, Bridges = true }).Ends, end => Assert.Equal(AccountEndReason.Held, end.Reason));
    }

    private static byte[] Id => [.. Enumerable.Repeat((byte)7, 32)];

    private static BridgeEvent Source(string protocol) => BridgeTables.BuiltIn.Single(table => table.Name == protocol).Events.First(one => one.End == BridgeEnd.Source);

    // The thief puts in twice, once behind a router; a stranger who put in before takes out.
    private static (Scene Scene, long Seed) Mixed(byte[] data)
    {
        var scene = new Scene();
        scene.Tx("!stranger 10 ETH pool");
        Deposit(0);
        var seed = scene.Tx("victim 100 ETH thief");
        scene.Tx("!thief 10 ETH pool");
        Deposit(1);
        scene.Tx("!thief 10 ETH router", "router 10 ETH pool");
        Deposit(2);
        scene.Tx("pool 10 ETH stranger");
        scene.Event("pool", [PoolReading.WithdrawalTopic, default], new byte[96]);
        return (scene, seed);

        void Deposit(byte leaf)
        {
            data[31] = leaf;
            scene.Event("pool", [PoolReading.DepositTopic, default], data);
        }
    }

    private static AccountOutcome Trace(Scene scene, long seed, Policy policy, IAccountStops? stops) => new AccountTracer(scene.Ledger).Trace(scene.Query((seed, 100)) with { Stops = stops }, policy);

    private static IEnumerable<(string Holder, ulong Tainted)> Where(Scene scene, AccountOutcome outcome) =>
        new[] { "bridge", "pool", "router", "stranger", "thief" }.Where(name => scene.Ledger.FindAccount(Scene.Address(name)) is not null).Select(name => (name, outcome.Ends.Where(end => end.Account == scene.Account(name)).Aggregate(UInt256.Zero, (sum, end) => sum + end.Tainted).Lower))
            .Select(one => (one.name, (ulong)one.Lower)).Where(one => one.Item2 > 0);

    private sealed class Always(AccountEndReason reason) : IAccountStops
    {
        public AccountEndReason? At(long transfer) => reason;
    }
}
