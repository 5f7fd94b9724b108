using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;

namespace Haetae.Tests.Evm;

/// <summary>The Nomad bridge's hack of 1 August 2022: what its contracts paid out, event by event, adds up to the published sums.</summary>
/// <remarks>
/// Every row of receive_events counts, those of one transaction each by itself; none has a liquidity provider, and none is there twice
/// by mistake: with all 1,175 rows each of the 14 sums is met to the last unit, and without any one of them it is not.
/// </remarks>
public class NomadTests
{
    [SharedDataFact]
    public void What_was_received_adds_up_per_token_and_per_recipient_to_the_published_sums()
    {
        var table = Read(out var rows);
        Assert.Equal((1175, 960), (rows, (int)table.Graph.TransactionCount));
        var perToken = new Dictionary<AccountAddress, UInt256>();
        var perRecipient = new Dictionary<(AccountAddress, AccountAddress), UInt256>();
        for (long i = 0; i < table.Graph.TransferCount; i++)
        {
            var (token, to) = (table.Assets[(int)table.Graph.Asset[i]].Name.Contract, table.AddressOf(table.Graph.To[i]));
            perToken[token] = perToken.GetValueOrDefault(token) + table.Graph.Amount[i];
            perRecipient[(to, token)] = perRecipient.GetValueOrDefault((to, token)) + table.Graph.Amount[i];
        }

        using var published = Open("analysis", "hack", "amt_by_token.json");
        Assert.Equal(
            published.RootElement.EnumerateObject().ToDictionary(one => AccountAddress.Parse(one.Name), one => UInt256.Parse(one.Value.GetString())),
            perToken);
        using var byRecipient = Open("analysis", "hack", "amt_by_addr_and_token.json");
        Assert.Equal(
            byRecipient.RootElement.EnumerateObject().SelectMany(who => who.Value.EnumerateObject().Select(one => ((AccountAddress.Parse(who.Name), AccountAddress.Parse(one.Name)), UInt256.Parse(one.Value.GetString()))))
                .ToDictionary(one => one.Item1, one => one.Item2),
            perRecipient);
    }

    /// <summary>The events as transfers out of the bridge, which minted or released them: the payer is not in the rows.</summary>
    private static AccountTable Read(out int rows)
    {
        using var events = Open("data", "hack", "receive_events.json");
        var builder = new AccountTableBuilder(ChainName.Ethereum);
        rows = 0;
        foreach (var transaction in events.RootElement.EnumerateArray()
            .OrderBy(one => one.GetProperty("blockNumber").GetUInt32()).ThenBy(one => one.GetProperty("transactionIndex").GetInt32())
            .GroupBy(one => one.GetProperty("transactionHash").GetString()!))
        {
            var first = transaction.First();
            // Rows tell no time: order is the block's.
            builder.AddTransaction(Hash256.Parse(transaction.Key.AsSpan(2)), 0, first.GetProperty("blockNumber").GetUInt32());
            foreach (var one in transaction)
            {
                rows++;
                Assert.True(AccountAddress.Parse(one.GetProperty("liquidityProvider").GetString()).IsZero);
                var token = AssetName.Token(ChainName.Ethereum, AccountAddress.Parse(one.GetProperty("tokenAddress").GetString()));
                builder.AddTransfer(null, AccountAddress.Parse(one.GetProperty("tokenRecipient").GetString()), token, UInt256.Parse(one.GetProperty("amount").GetString()), TransferKind.Token);
            }
        }

        return builder.Build();
    }

    private static JsonDocument Open(params string[] path) => JsonDocument.Parse(File.ReadAllBytes(SharedData.Path_(["ethereum", "nomad-2022", .. path])));
}
