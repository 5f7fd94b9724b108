using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary><c>haetae tx</c> on an account ledger: what a transaction moved, in order of execution, and what it said.</summary>
internal static class AccountTxView
{
    internal static void Write(AccountLedger ledger, Hash256 id, bool json, TextWriter output)
    {
        var tx = ledger.FindTransaction(id) ?? throw new NotFoundException($"Transaction 0x{id} is not in the ledger ({ledger.Chain.Title}, {Amounts.Count(ledger.Counts.Transactions, "transaction", "transactions")}).");
        var graph = ledger.Graph;
        long first = graph.TxFirstTransfer[tx], end = graph.TxFirstTransfer[tx + 1L];
        var events = ledger.EventsOf(tx).ToList();
        if (json)
        {
            var answer = AccountTransferJson.Transaction(ledger, tx);
            answer["chain"] = ledger.Chain.Caip2;
            if (ledger.GasPriceOf(tx) is { } wei) answer["gasPrice"] = wei.ToString();
            var transfers = new JsonArray();
            for (var t = first; t < end; t++) transfers.Add((JsonNode)AccountTransferJson.Transfer(ledger, t));
            answer["transfers"] = transfers;
            answer["events"] = new JsonArray([.. events.Select(one => (JsonNode)new JsonObject
            {
                ["emitter"] = ledger.Chain.Show(one.Emitter),
                ["topics"] = new JsonArray([.. one.Topics.Select(topic => (JsonNode)("0x" + topic))]),
                ["data"] = "0x" + Convert.ToHexStringLower(one.Data),
            })]);
            output.WriteLine(JsonText.Of(answer));
            return;
        }

        var marks = (TxMarks)graph.Marks[tx];
        output.WriteLine($"Transaction   {AccountWords.Id(ledger, tx)}{(marks.HasFlag(TxMarks.RowId) ? " (made from its row: on no chain)" : "")}");
        output.WriteLine($"Time          {AccountWords.Time(ledger, tx)}");
        output.WriteLine($"Block         {(graph.TxBlock[tx] == AccountGraph.NoBlock ? "not known: the source told none" : Amounts.Count(graph.TxBlock[tx]))}");
        if (marks.HasFlag(TxMarks.Failed)) output.WriteLine("Failed        it moved no value, and paid its fee all the same");
        if (ledger.GasPriceOf(tx) is { } price) output.WriteLine($"Gas price     {price} wei");
        output.WriteLine(first == end ? "Transfers     none" : "Transfers");
        for (var t = first; t < end; t++)
        {
            var asset = ledger.Assets[(int)graph.Asset[t]];
            output.WriteLine($"{t - first,6}  {AccountWords.Kind(graph.KindOf(t)),-10}  {AccountWords.Account(ledger, graph.From[t])} -> {AccountWords.Account(ledger, graph.To[t])}  {AccountWords.Show(graph.Amount[t], asset)}");
        }

        if (events.Count > 0) output.WriteLine("Events");
        foreach (var one in events)
            output.WriteLine($"        {(one.IsInput ? "input to" : "by")} {ledger.Chain.Show(one.Emitter)}{(one.IsInput ? "" : "  0x" + one.Topics[0])}  {Amounts.Count(one.Data.Length, "byte", "bytes")} of data");
    }
}
