using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Evm;

/// <summary>Everything that happened on a real node's chain, as its contracts tell it.</summary>
public sealed class AnvilTests
{
    private static readonly ChainName Chain = ChainName.Evm(31337);

    private static ChainRows Ingest(Anvil anvil, bool noTraces = false)
    {
        var rows = new ChainRows(Chain);
        using var ingest = new EvmIngest(new EvmIngestOptions { NoTraces = noTraces, BlocksAtOnce = 5 }, anvil.Access, null, null, CancellationToken.None);
        var result = ingest.Run(rows);
        Assert.Equal((uint)anvil.Height, result.Tip!.Value.Number);
        return rows;
    }

    [AnvilFact]
    public void After_every_block_everybody_holds_what_the_node_and_the_contracts_say()
    {
        using var anvil = new Anvil();
        var bazaar = new Bazaar(anvil);
        var rows = Ingest(anvil);
        Assert.Empty(rows.Notes);
        var compared = AssertBalances(anvil, bazaar, rows);
        Assert.True(compared > 1000, $"{compared} balances compared");
    }

    /// <summary>Every account that was ever met, every asset, at the end of every block.</summary>
    private static int AssertBalances(Anvil anvil, Bazaar bazaar, ChainRows rows)
    {
        var accounts = rows.Transactions.SelectMany(one => one.Transfers).SelectMany(one => new[] { one.From, one.To }).OfType<AccountAddress>().Distinct().ToList();
        var compared = 0;
        foreach (var (block, _, _, _) in rows.Blocks)
        {
            var balances = rows.BalancesAfter(block);
            foreach (var account in accounts)
            {
                var opening = (BigInteger)anvil.Balance(account, 0);
                Same(account, Bazaar.Native, opening, anvil.Balance(account, block));
                foreach (var coin in bazaar.Coins)
                    if (anvil.Ask("eth_getCode", coin.ToString(), $"0x{block:x}")!.GetValue<string>() != "0x")
                        Same(account, Bazaar.Token(coin), 0, anvil.Read(coin, block, "balanceOf(address)", Bazaar.Word(account)));
            }

            void Same(AccountAddress account, AssetName asset, BigInteger opening, UInt256 told)
            {
                var counted = opening + balances.GetValueOrDefault((account, asset));
                Assert.True(counted == told, $"block {block}: {account} holds {told} of {asset}, and the transfers say {counted}");
                compared++;
            }
        }

        return compared;
    }
}
