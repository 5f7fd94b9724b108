using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Clusters;
using Haetae.Ledger;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>Facts about cut transactions as text and JSON.</summary>
internal static class CutList
{
    internal static void Write(IReadOnlyList<ClusterCutFact> facts, BitcoinLedger ledger, bool json, TextWriter output)
    {
        var holding = facts.GroupBy(fact => fact.TxId).Select(group => group.Last()).Where(fact => fact.Change == CutChange.Cut).ToList();
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = ledger.Network.ChainId,
                ["cuts"] = new JsonArray([.. holding.Select(fact => (JsonNode)fact.TxId)]),
                ["facts"] = new JsonArray([.. facts.Select(fact => (JsonNode)Json(fact))]),
            }));
            return;
        }

        output.WriteLine($"{Amounts.Count(holding.Count, "transaction is", "transactions are")} cut");
        foreach (var fact in holding)
            output.WriteLine($"{fact.TxId}  {Instant(fact)}  {PlainText.Of(fact.By)}{(fact.Reason is null ? "" : ": " + PlainText.Of(fact.Reason))}{(ledger.FindTransaction(Hash256.Parse(fact.TxId)) < 0 ? " (not in this ledger)" : "")}");
    }

    internal static JsonObject Json(ClusterCutFact fact) => new()
    {
        ["txid"] = fact.TxId,
        ["change"] = fact.Change == CutChange.Cut ? "cut" : "taken-back",
        ["text"] = fact.Reason,
        ["by"] = fact.By,
        ["at"] = Instant(fact),
    };

    internal static string Instant(ClusterCutFact fact) => fact.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
