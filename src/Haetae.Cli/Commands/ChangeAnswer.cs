using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.Change;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>The layer that change rules add around a cluster: shown beside it, never in it.</summary>
internal sealed record ChangeAnswer(IChangeRule Rule, IReadOnlyList<ChangeLink> Links, bool Complete, int Seen)
{
    internal static ChangeAnswer Of(ParseResult parsed, BitcoinLedger ledger, ClusterAnswer cluster, CoinJoinGuard guard, IChangeRule rule, int mostTransactions, CancellationToken cancel)
    {
        var layer = new ChangeLayer(ledger, guard, ClusterViews.Numbers(ledger, ClusterViews.Ids(ClusterViews.Cuts(parsed, ledger))), rule);
        var links = layer.Around(cluster.Members.Select(member => member.Output), mostTransactions, cancel);
        return new ChangeAnswer(rule, links, layer.IsComplete && cluster.Complete, layer.Transactions);
    }

    internal void Print(BitcoinLedger ledger, int limit, TextWriter output)
    {
        output.WriteLine($"By change     {Amounts.Count(Links.Count, "more address", "more addresses")}{(Complete ? "" : " so far")} by {Rule.Name}: leads, not part of the cluster; {Amounts.Count(Seen, "transaction", "transactions")} looked at");
        var shown = limit == 0 ? Links.Count : Math.Min(limit, Links.Count);
        foreach (var link in Links.Take(shown))
            output.WriteLine($"  {(link.Change is { } change ? $"change {ledger.TxIds[link.Transaction]}:{change - ledger.Graph.FirstOutput[link.Transaction]}" : $"spent together in {ledger.TxIds[link.Transaction]}")}  {ClusterOptions.Name(ledger, link.Output)}");
        if (shown < Links.Count) output.WriteLine($"and {Amounts.Count(Links.Count - shown)} more: --limit 0 lists all.");
    }

    internal JsonObject Json(BitcoinLedger ledger) => new()
    {
        ["rule"] = Rule.Name,
        ["complete"] = Complete,
        ["transactionsSeen"] = Seen,
        ["addresses"] = new JsonArray([.. Links.Select(link => (JsonNode)new JsonObject
        {
            ["address"] = ClusterOptions.Name(ledger, link.Output),
            ["link"] = link.Change is null ? "co-spend" : "change",
            ["txid"] = ledger.TxIds[link.Transaction].ToString(),
            ["vout"] = link.Change is { } change ? change - ledger.Graph.FirstOutput[link.Transaction] : null,
        })]),
    };
}
