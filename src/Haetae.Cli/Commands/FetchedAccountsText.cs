using System.Text.Json.Nodes;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>What a case ledger of an EVM chain holds, and how much of each address, for people and as JSON.</summary>
internal static class FetchedAccountsText
{
    internal static void Tell(AccountCaseLedger ledger, string folder, ExplorerSession session, string? stopped, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonText.Of(FetchedText.WithRun(Json(ledger, folder), session, stopped)));
            return;
        }

        output.WriteLine($"{Amounts.Count(session.NewAnswers, "answer", "answers")} fetched in {Amounts.Count(session.Requests, "request", "requests")}.");
        Write(ledger, folder, output);
    }

    internal static void Write(AccountCaseLedger ledger, string folder, TextWriter output)
    {
        var (table, graph) = (ledger.Table, ledger.Table.Graph);
        output.WriteLine($"Case ledger   {folder}");
        output.WriteLine($"Chain         {table.Chain.Title} ({table.Chain.Caip2})");
        output.WriteLine($"Holds         {Amounts.Count(graph.TransactionCount, "transaction", "transactions")}, {Amounts.Count(graph.TransferCount, "transfer", "transfers")}, {Amounts.Count(table.AccountCount, "account", "accounts")}, {Amounts.Count(table.Assets.Count, "asset", "assets")}, {Amounts.Count(table.Events.Count(), "event", "events")}");
        foreach (var one in ledger.Coverage)
        {
            var balance = one.Reconciled switch { true => ", adds up to the balance stated", false => ", does not add up to the balance stated", null => "" };
            output.WriteLine($"{FetchedText.Name(one.Coverage),-13} {table.Chain.Show(one.Address)}  {Amounts.Count(one.Rows, "row", "rows")}{(one.UpTo is { } block ? $" up to block {Amounts.Count(block)}" : "")}{balance}{(one.Reason is null ? "" : $": {PlainText.Of(one.Reason)}")}");
        }

        foreach (var note in table.Notes) output.WriteLine(PlainText.Of(note));
    }

    internal static JsonObject Json(AccountCaseLedger ledger, string folder) => new()
    {
        ["format"] = CaseFolder.FormatName,
        ["folder"] = folder,
        ["chain"] = ledger.Table.Chain.Caip2,
        ["digest"] = ledger.Digest,
        ["transactions"] = ledger.Table.Graph.TransactionCount,
        ["transfers"] = ledger.Table.Graph.TransferCount,
        ["accounts"] = ledger.Table.AccountCount,
        ["assets"] = ledger.Table.Assets.Count,
        ["events"] = ledger.Table.Events.Count(),
        ["coverage"] = new JsonArray([.. ledger.Coverage.Select(one => (JsonNode)new JsonObject
        {
            ["address"] = ledger.Table.Chain.Show(one.Address),
            ["coverage"] = FetchedText.Name(one.Coverage),
            ["upToBlock"] = one.UpTo,
            ["reason"] = one.Reason,
            ["reconciled"] = one.Reconciled,
            ["rows"] = one.Rows,
        })]),
        ["notes"] = new JsonArray([.. ledger.Table.Notes.Select(note => (JsonNode)note)]),
    };
}
