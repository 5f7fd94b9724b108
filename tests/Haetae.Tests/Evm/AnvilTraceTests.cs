using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Tracing;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Evm;

/// <summary>A theft on a real node's chain, followed: every amount is what the contracts say.</summary>
[Collection(BazaarTests.Name)]
public sealed class AnvilTraceTests(BazaarChain shared)
{
    private static readonly ChainName Chain = ChainName.Evm(31337);

    private static AccountTable Table(Anvil anvil)
    {
        var builder = new AccountTableBuilder(Chain);
        using var node = new EvmNode(anvil.Access, null, CancellationToken.None);
        var transfers = new EvmTransfers(builder);
        foreach (var block in EvmIngest.Fetch(node, 0, (int)anvil.Height + 1, EvmTracing.CallTracer)) transfers.Add(block);
        foreach (var account in anvil.Accounts) builder.SetOpening(account, AssetName.Native(Chain), anvil.Balance(account, 0));
        return builder.Build();
    }

    private static AccountOutcome Trace(AccountTable table, Hash256 theft, Policy policy)
    {
        var seed = table.Graph.TxFirstTransfer[table.FindTransaction(theft)!.Value];
        return new AccountTracer(table).Trace(new AccountQuery { Seeds = [new StolenTransfer(seed, table.Graph.Amount[seed])] }, policy);
    }

    /// <summary>What a pool's own event says it was paid and paid out, in the first of its events in a transaction.</summary>
    private static (UInt256 Paid, UInt256 Got) Swap(AccountTable table, Hash256 transaction, AccountAddress pool)
    {
        var swap = table.EventsOf(table.FindTransaction(transaction)!.Value).First(one => one.Emitter == pool && one.Topics[0] == TokenTopics.Of("Swap(address,uint256,uint256,address)"));
        return (UInt256.ReadBigEndian(swap.Data), UInt256.ReadBigEndian(swap.Data.AsSpan(32)));
    }

    /// <summary>The thief's gold is all stolen, so under every rule that conserves all that was bought with it is.</summary>
    [AnvilFact]
    public void Stolen_tokens_are_followed_through_swaps_to_what_the_pools_say_they_paid()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var table = Table(anvil);
        foreach (var policy in new[] { Policy.Fifo, Policy.Lifo, Policy.Haircut })
        {
            var outcome = Trace(table, bazaar.Sent["theft"], policy);
            Bought("swap", bazaar.GoldSilver, bazaar.Thief, bazaar.Silver);
            Bought("swap to another", bazaar.GoldSilver, bazaar.Heir, bazaar.Silver);
            Bought("hop", bazaar.SilverWeth, bazaar.Thief, bazaar.Weth);
            var aggregated = Swap(table, bazaar.Sent["aggregate"], bazaar.GoldSilver).Got + Swap(table, bazaar.Sent["aggregate"], bazaar.GoldSilver2).Got;
            Converted("aggregate", bazaar.Friend, Bazaar.Token(bazaar.Silver), 90_000, aggregated);

            // Sold for coin at once: unwrapped within the transaction, and paid to somebody else.
            var sold = Swap(table, bazaar.Sent["sell for coin"], bazaar.SilverWeth);
            Converted("sell for coin", bazaar.Heir, AssetName.Native(Chain), sold.Paid, sold.Got);

            // What is left of the gold: the thief's, and what he locked in the bridge.
            var gold = AssetNumber(bazaar.Gold);
            var held = outcome.Ends.Where(end => end.Asset == gold).ToDictionary(end => table.AddressOf(end.Account), end => end.Tainted);
            Assert.Equal(anvil.Read(bazaar.Gold, anvil.Height, "balanceOf(address)", Bazaar.Word(bazaar.Thief)), held[bazaar.Thief]);
            Assert.Equal((UInt256)30_000, held[bazaar.Bridge]);

            void Bought(string what, AccountAddress pool, AccountAddress recipient, AccountAddress coin)
            {
                var told = Swap(table, bazaar.Sent[what], pool);
                var given = table.Graph.Amount[table.Graph.TxFirstTransfer[table.FindTransaction(bazaar.Sent[what])!.Value]];
                Converted(what, recipient, Bazaar.Token(coin), given, told.Got);
            }

            void Converted(string what, AccountAddress recipient, AssetName asset, UInt256 given, UInt256 received)
            {
                var transaction = table.FindTransaction(bazaar.Sent[what])!.Value;
                var ofThief = outcome.Conversions.Where(one => one.Transaction == transaction && table.AddressOf(one.Actor) == bazaar.Thief).ToList();
                Assert.True(ofThief.Count == 1, $"{policy}, {what}: {ofThief.Count} conversions");
                var one = ofThief[0];
                Assert.Equal((given, given, received, received), (one.Given, one.GivenTaint, one.Received, one.ReceivedTaint));
                Assert.Equal((recipient, asset), (table.AddressOf(one.Recipient), table.Assets[(int)one.ReceivedAsset].Name));
            }
        }

        uint AssetNumber(AccountAddress coin) => (uint)table.Assets.ToList().FindIndex(asset => asset.Name == Bazaar.Token(coin));
    }

    /// <summary>Stolen coin, wrapped and partly unwrapped again: one for one, and the books close.</summary>
    [AnvilFact]
    public void Stolen_coin_is_followed_through_wrapping_and_a_mixer()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        // Everything the newcomer owns is stolen.
        var newcomer = anvil.Accounts[5];
        anvil.Ask("anvil_setBalance", newcomer.ToString(), "0x0");
        anvil.Mine();
        var theft = anvil.Send(bazaar.Friend, newcomer, 10 * (UInt128)Bazaar.Ether, []);
        anvil.Mine();
        var wrap = anvil.Send(newcomer, bazaar.Weth, 4 * (UInt128)Bazaar.Ether, "deposit()");
        var unwrap = anvil.Send(newcomer, bazaar.Weth, 0, "withdraw(uint256)", Bazaar.Ether);
        var mix = anvil.Send(newcomer, bazaar.Mixer, Bazaar.Ether, "deposit(bytes32)", 3003);
        anvil.Mine();
        var builder = new AccountTableBuilder(Chain);
        using (var node = new EvmNode(anvil.Access, null, CancellationToken.None))
        {
            var transfers = new EvmTransfers(builder);
            foreach (var block in EvmIngest.Fetch(node, 0, (int)anvil.Height + 1, EvmTracing.CallTracer)) transfers.Add(block);
        }

        foreach (var account in anvil.Accounts) builder.SetOpening(account, AssetName.Native(Chain), account == newcomer ? UInt256.Zero : anvil.Balance(account, 0));
        var table = builder.Build();
        foreach (var policy in new[] { Policy.Fifo, Policy.Lifo, Policy.Haircut })
        {
            var outcome = Trace(table, theft, policy);
            Assert.Equal(
                [("wrap", 4 * (UInt128)Bazaar.Ether), ("unwrap", (UInt128)Bazaar.Ether)],
                outcome.Conversions.Where(one => table.AddressOf(one.Actor) == newcomer).Select(one => (one.Manner, one.ReceivedTaint.Lower)));
            var deposit = table.Graph.TxFirstTransfer[table.FindTransaction(mix)!.Value];
            Assert.Equal((UInt256)Bazaar.Ether, outcome.Flow.Single(one => one.Transfer == deposit).Tainted);
            var held = outcome.Ends.Single(end => end.Asset == 0 && table.AddressOf(end.Account) == newcomer).Tainted;
            Assert.Equal(anvil.Balance(newcomer, anvil.Height), held);
            var weth = outcome.Ends.Single(end => end.Asset != 0 && table.AddressOf(end.Account) == newcomer).Tainted;
            Assert.Equal(anvil.Read(bazaar.Weth, anvil.Height, "balanceOf(address)", Bazaar.Word(newcomer)), weth);
        }

        Assert.NotEqual(wrap, unwrap);
    }
}
