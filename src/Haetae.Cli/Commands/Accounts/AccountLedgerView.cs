using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary><c>haetae ledger info</c> and <c>stats</c> on an account ledger.</summary>
internal static class AccountLedgerView
{
    private const int Listed = 25;

    internal static void WriteInfo(AccountLedger ledger, bool json, TextWriter output)
    {
        var (counts, graph) = (ledger.Counts, ledger.Graph);
        var any = counts.Transactions > 0;
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["format"] = ledger.Manifest.Format,
                ["folder"] = ledger.Folder,
                ["chain"] = ledger.Chain.Caip2,
                ["blocks"] = counts.Blocks,
                ["firstBlock"] = counts.Blocks > 0 ? ledger.BlockNumbers[0] : null,
                ["lastBlock"] = counts.Blocks > 0 ? ledger.BlockNumbers[counts.Blocks - 1L] : null,
                ["transactions"] = counts.Transactions,
                ["transfers"] = counts.Transfers,
                ["accounts"] = counts.Accounts,
                ["assets"] = counts.Assets,
                ["events"] = counts.Events,
                ["firstTime"] = any ? JsonText.Instant(graph.TxTime[0]) : null,
                ["lastTime"] = any ? JsonText.Instant(graph.TxTime[counts.Transactions - 1L]) : null,
                ["digest"] = ledger.Digest,
                ["sources"] = new JsonArray([.. ledger.Statements.Sources.Select(source => (JsonNode)new JsonObject { ["name"] = source.Name, ["sha256"] = source.Sha256, ["read"] = source.Read, ["rows"] = source.Rows, ["complete"] = source.Complete })]),
                ["notes"] = new JsonArray([.. ledger.Notes.Select(note => (JsonNode)note)]),
            }));
            return;
        }

        output.WriteLine($"Ledger        {ledger.Folder}");
        output.WriteLine($"Chain         {ledger.Chain.Title} ({ledger.Chain.Caip2})");
        if (counts.Blocks > 0) output.WriteLine($"Blocks        {Amounts.Count(ledger.BlockNumbers[0])} to {Amounts.Count(ledger.BlockNumbers[counts.Blocks - 1L])} ({Amounts.Count(counts.Blocks, "block", "blocks")}); the last is 0x{ledger.BlockHashes[counts.Blocks - 1L]}");
        if (any) output.WriteLine($"Times         {Amounts.Time(graph.TxTime[0])} to {Amounts.Time(graph.TxTime[counts.Transactions - 1L])}");
        output.WriteLine($"Holds         {AccountWords.Holds(counts)}, {Amounts.Count(counts.Events, "event", "events")}");
        output.WriteLine($"Digest        {ledger.Digest}");
        foreach (var source in ledger.Statements.Sources) output.WriteLine($"Source        {PlainText.Of(source.Name)}, {Amounts.Count(source.Rows, "row", "rows")}, SHA-256 {source.Sha256}{Complete(source.Complete)}");
        foreach (var note in ledger.Notes) output.WriteLine($"Note          {PlainText.Of(note)}");
    }

    private static string Complete(string? said) => said switch
    {
        null => "",
        "all" => "; said to hold all rows of its addresses",
        _ => $"; said to hold all rows of {Amounts.Count(1 + said.Count(letter => letter == ','), "address", "addresses")}",
    };

    internal static void WriteStats(IAccountView ledger, bool json, TextWriter output)
    {
        var graph = ledger.Graph;
        var events = ledger is AccountLedger whole ? whole.Counts.Events : ledger.Events.LongCount();
        var stats = AccountStatistics.Of(graph, ledger.Assets.Count);
        var most = stats.Assets.Select((one, number) => (Number: number, one.Transfers, one.Total)).Where(one => one.Transfers > 0).OrderByDescending(one => one.Transfers).ThenBy(one => one.Number).ToList();
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = ledger.Chain.Caip2,
                ["transactions"] = graph.TransactionCount,
                ["failed"] = stats.Failed,
                ["madeIds"] = stats.MadeIds,
                ["transfers"] = graph.TransferCount,
                ["zeroTransfers"] = stats.Zero,
                ["accounts"] = ledger.AccountCount,
                ["events"] = events,
                ["kinds"] = new JsonObject([.. stats.Kinds.Select((count, kind) => KeyValuePair.Create<string, JsonNode?>(AccountTransferJson.Word((TransferKind)kind), count))]),
                ["assets"] = new JsonArray([.. most.Select(one =>
                {
                    var asset = AccountTransferJson.Asset(ledger.Assets[one.Number]);
                    asset["transfers"] = one.Transfers;
                    asset["total"] = one.Total.ToString(CultureInfo.InvariantCulture);
                    return (JsonNode)asset;
                })]),
            }));
            return;
        }

        if (ledger is not AccountLedger) output.WriteLine("These are figures over what was fetched, not over the chain.");
        void Line(string name, string value) => output.WriteLine($"{name,-20}{value}");
        Line("Transactions", $"{Amounts.Count(graph.TransactionCount)}, {Amounts.Count(stats.Failed)} of them failed");
        if (stats.MadeIds > 0) Line("Made ids", $"{Amounts.Count(stats.MadeIds)}: their source gave no hash");
        Line("Transfers", $"{Amounts.Count(graph.TransferCount)}, {Amounts.Count(stats.Zero)} of them of nothing");
        for (var kind = 0; kind < stats.Kinds.Count; kind++)
            if (stats.Kinds[kind] > 0) Line($"  {AccountWords.Kind((TransferKind)kind)}", Amounts.Count(stats.Kinds[kind]));
        Line("Accounts", Amounts.Count(ledger.AccountCount));
        Line("Events", Amounts.Count(events));
        foreach (var one in most.Take(Listed)) Line("Moved", $"{AccountWords.Show(one.Total, ledger.Assets[one.Number])} in {Amounts.Count(one.Transfers, "transfer", "transfers")}");
        if (most.Count > Listed) output.WriteLine($"and {Amounts.Count(most.Count - Listed, "asset", "assets")} more: --json lists all.");
    }
}
