using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Evm;

/// <summary>Stolen tokens over a bridge to a second chain and back: two nodes, two ledgers, one result.</summary>
[Collection(BazaarTests.Name)]
public sealed class AnvilBridgeTests(BazaarChain shared)
{
    private const ulong Away = 31338;

    private static readonly BridgeProtocol Celer = BridgeTables.BuiltIn.Single(table => table.Name == "celer");

    private static readonly UInt256 Slip = 5_000;

    /// <summary>The first word of the bridge's only event in a transaction: the id that the bridge gave it.</summary>
    private static UInt256 IdOf(Anvil anvil, Hash256 transaction, AccountAddress bridge)
    {
        var log = anvil.Ask("eth_getTransactionReceipt", "0x" + transaction)!["logs"]!.AsArray().Single(one => AccountAddress.Parse((string)one!["address"]!) == bridge)!;
        return UInt256.TryParseHex(((string)log["data"]!).AsSpan(0, 66), out var id) ? id : throw new FormatException();
    }

    [AnvilFact]
    public void Stolen_tokens_cross_to_another_chain_and_come_back_by_the_keys_of_the_bridge()
    {
        var (home, bazaar) = (shared.Anvil, shared.Bazaar);
        using var away = new Anvil(Away);
        var (crook, mate, last) = (home.Newcomer(), AccountAddress.Parse("0x00000000000000000000000000000000000a11ce"), AccountAddress.Parse("0x0000000000000000000000000000000000000e0d"));
        away.Ask("anvil_impersonateAccount", crook.ToString());
        var maker = away.Accounts[0];
        var (coin, bridge) = (away.Make(maker, "Coin", 0, 1_000_000), away.Make(maker, "Bridge", 0));
        var (gold, silver, far) = (Bazaar.Token(bazaar.Gold), Bazaar.Token(bazaar.Silver), AssetName.Token(ChainName.Evm(Away), coin));

        // Home: 5,001 honest, 9,000 stolen, 10,000 into the bridge.
        home.Send(bazaar.Friend, crook, Bazaar.Ether, []);
        home.Send(bazaar.Maker, bazaar.Gold, 0, "transfer(address,uint256)", Anvil.Word(crook), 5_001);
        home.Mine();
        var theft = home.Send(bazaar.Maker, bazaar.Gold, 0, "transfer(address,uint256)", Anvil.Word(crook), 9_000);
        home.Mine();
        var sent = home.Send(crook, bazaar.Bridge, 0, "send(address,address,uint256,uint64,uint64,uint32)", Anvil.Word(crook), Anvil.Word(bazaar.Gold), 10_000, Away, 1, Slip);
        home.Mine();

        // Away: 9,970 come out, meet 777 of its own, 6,001 go to somebody, 3,333 back into the bridge.
        away.Send(away.Accounts[1], crook, Bazaar.Ether, []);
        away.Send(maker, coin, 0, "transfer(address,uint256)", Anvil.Word(bridge), 500_000);
        away.Send(maker, coin, 0, "transfer(address,uint256)", Anvil.Word(crook), 777);
        away.Mine();
        var came = away.Send(maker, bridge, 0, "relay(address,address,address,uint256,uint64,bytes32)", Anvil.Word(crook), Anvil.Word(crook), Anvil.Word(coin), 9_970, 31337, IdOf(home, sent, bazaar.Bridge));
        away.Mine();
        away.Send(crook, coin, 0, "transfer(address,uint256)", Anvil.Word(mate), 6_001);
        away.Mine();
        var back = away.Send(crook, bridge, 0, "send(address,address,uint256,uint64,uint64,uint32)", Anvil.Word(last), Anvil.Word(coin), 3_333, 31337, 2, Slip);
        away.Mine();
        var returned = home.Send(bazaar.Maker, bazaar.Bridge, 0, "relay(address,address,address,uint256,uint64,bytes32)", Anvil.Word(crook), Anvil.Word(last), Anvil.Word(bazaar.Silver), 16_000, Away, IdOf(away, back, bridge));
        // A stranger's words, without an out of that deposit: nothing comes of it.
        home.Send(bazaar.Maker, bazaar.Bridge, 0, "relay(address,address,address,uint256,uint64,bytes32)", Anvil.Word(crook), Anvil.Word(mate), Anvil.Word(bazaar.Silver), 99, Away, 123456);
        home.Mine();

        var (here, there) = (AnvilPolicyTests.Table(home), AnvilPolicyTests.Table(away));
        var names = new BridgeNames();
        names.Add("celer", home.Chain.Caip2, bazaar.Bridge.ToString());
        names.Add("celer", away.Chain.Caip2, bridge.ToString());
        var seed = here.Graph.TxFirstTransfer[here.FindTransaction(theft)!.Value];
        var query = JourneyQuery.Over([new AccountJourneyLedger("home", here), new AccountJourneyLedger("away", there)], [new JourneySeed(0, seed, here.Graph.Amount[seed])], [Celer], names);
        Assert.Equal([(sent, came), (back, returned)], query.Match.Links.Select(link => (link.Source.TransactionId, link.Destination.TransactionId)));
        Assert.All(query.Match.Links, link => Assert.True(link.IsCertain));

        foreach (var policy in new[] { Policy.Fifo, Policy.Lifo, Policy.Haircut, Policy.Poison, Policy.CleanFirst, Policy.DirtyFirst })
        {
            var books = new Reckoning(policy);
            books.Open(crook, gold, 5_001);
            books.Arrive(crook, gold, 9_000, 9_000);
            var locked = books.Pay(crook, bazaar.Bridge, gold, 10_000);
            books.Open(crook, far, 777);
            books.Arrive(crook, far, 9_970, 9_970 * locked / 10_000);
            books.Pay(crook, mate, far, 6_001);
            var lockedAgain = books.Pay(crook, bridge, far, 3_333);
            books.Arrive(last, silver, 16_000, 16_000 * lockedAgain / 3_333);
            Assert.Equal((BigInteger)away.Read(coin, away.Height, "balanceOf(address)", Anvil.Word(crook)), books.Balance(crook, far));
            Assert.Equal((BigInteger)home.Read(bazaar.Silver, home.Height, "balanceOf(address)", Anvil.Word(last)), books.Balance(last, silver));

            var outcome = Journey.Trace(query, policy);
            Assert.True(outcome.IsComplete);
            Assert.Equal(new[] { locked, lockedAgain }.Where(one => !one.IsZero), outcome.Deposits.Select(deposit => (BigInteger)deposit.Tainted));
            foreach (var (who, asset) in books.Held.Where(one => one.Who != bazaar.Bridge && one.Who != bridge))
                Assert.Equal(books.Stolen(who, asset), At(outcome, asset == far ? 1 : 0, asset == far ? there : here, who, asset));
            foreach (var leg in outcome.Legs)
                Assert.All(leg.Accounts!.Ends.Where(end => end.Reason == AccountEndReason.Bridge), end => Assert.Equal(leg.Ledger == 0 ? bazaar.Bridge : bridge, (leg.Ledger == 0 ? here : there).AddressOf(end.Account)));
            Assert.Equal(BigInteger.Zero, At(outcome, 0, here, mate, silver));
        }
    }

    private static BigInteger At(JourneyOutcome outcome, int ledger, AccountTable table, AccountAddress who, AssetName asset) =>
        outcome.Legs.Where(leg => leg.Ledger == ledger).SelectMany(leg => leg.Accounts!.Ends).Where(end => table.AddressOf(end.Account) == who && table.Assets[(int)end.Asset].Name == asset)
            .Aggregate(BigInteger.Zero, (sum, end) => sum + end.Tainted);
}
