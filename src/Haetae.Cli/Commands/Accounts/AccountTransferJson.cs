using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>Transactions, transfers and assets of an account ledger as JSON.</summary>
internal static class AccountTransferJson
{
    internal static JsonObject Asset(AssetInfo asset) => new() { ["asset"] = asset.Name.Caip19, ["symbol"] = asset.Symbol, ["decimals"] = asset.Decimals };

    internal static JsonObject Transfer(IAccountView ledger, long transfer)
    {
        var graph = ledger.Graph;
        var asset = ledger.Assets[(int)graph.Asset[transfer]];
        return new JsonObject
        {
            ["number"] = transfer,
            ["from"] = Account(ledger, graph.From[transfer]),
            ["to"] = Account(ledger, graph.To[transfer]),
            ["asset"] = asset.Name.Caip19,
            ["symbol"] = asset.Symbol,
            ["decimals"] = asset.Decimals,
            ["kind"] = Word(graph.KindOf(transfer)),
            ["amount"] = graph.Amount[transfer].ToString(),
        };
    }

    internal static JsonNode? Account(IAccountView ledger, uint account) => account == AccountGraph.Nobody ? null : (JsonNode)ledger.Chain.Show(ledger.AddressOf(account));

    internal static string Word(TransferKind kind) => kind == TransferKind.FeeBurnt ? "feeBurnt" : kind.ToString().ToLowerInvariant();

    /// <summary>A transaction without its transfers.</summary>
    internal static JsonObject Transaction(IAccountView ledger, uint transaction)
    {
        var graph = ledger.Graph;
        var marks = (TxMarks)graph.Marks[transaction];
        var block = graph.TxBlock[transaction];
        var json = new JsonObject
        {
            ["id"] = AccountWords.Id(ledger, transaction),
            ["time"] = JsonText.Instant(graph.TxTime[transaction]),
            ["block"] = block == AccountGraph.NoBlock ? null : block,
            ["failed"] = marks.HasFlag(TxMarks.Failed),
            ["idIsMade"] = marks.HasFlag(TxMarks.RowId),
        };
        if (block == AccountGraph.NoBlock) json["reason"] = "the source told no blocks";
        return json;
    }
}
