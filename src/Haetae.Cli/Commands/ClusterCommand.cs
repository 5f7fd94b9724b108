using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae cluster A</c>: the addresses that were spent from together with one, and what they hold.</summary>
internal static class ClusterCommand
{
    internal static Command Create()
    {
        var text = new Argument<string>("address") { Description = "An address; or a public key or a whole output script in hex." };
        var guard = ClusterOptions.Guard();
        var most = ClusterOptions.Most();
        var ledger = CommonOptions.Ledger();
        var limit = new Option<int>("--limit") { Description = "How many addresses to list; 0 lists all, as --json always does.", DefaultValueFactory = _ => 25, HelpName = "N" };
        var json = CommonOptions.Json();
        var command = new Command("cluster", "Shows the cluster of an address: those that some transaction spends from together with it, or with one that is so joined.") { text, guard, most, limit, ledger, json, ClusterBuildCommand.Create() };
        command.SetAction((parsed, cancel) => Task.FromResult(CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            if (parsed.GetValue(limit) < 0) throw new UsageException("--limit must be 0 or more.");
            var search = new CoSpendSearch(open, ClusterOptions.GuardOf(parsed.GetValue(guard)!));
            var members = search.Walk(PaidScript.Find(open, parsed.GetValue(text)!).Script, parsed.GetValue(most), cancel).ToList();
            var balances = new ScriptBalance[members.Count];
            open.FindBalances([.. members.Select(member => open.ScriptOf(member.Output))], balances);
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, search, members, balances)));
            else Print(open, search, members, balances, parsed.GetValue(limit), output);
        })));
        return command;
    }

    private static void Print(BitcoinLedger ledger, CoSpendSearch search, List<CoSpendMember> members, ScriptBalance[] balances, int limit, TextWriter output)
    {
        output.WriteLine($"Cluster       {Amounts.Count(members.Count, "address", "addresses")}{(search.IsComplete ? "" : " so far")}; {Amounts.Count(search.Transactions, "spending transaction", "spending transactions")} looked at, {Amounts.Count(search.LeftOut)} of them left out as CoinJoins");
        if (!search.IsComplete) output.WriteLine("Cut short     by --max-transactions: the cluster is larger than shown");
        output.WriteLine($"Balance       {Amounts.Fixed(balances.Sum(balance => balance.Unspent)),19} BTC");
        output.WriteLine($"Received      {Amounts.Fixed(balances.Sum(balance => balance.Received)),19} BTC, what its own addresses paid each other included");
        var shown = limit == 0 ? members.Count : Math.Min(limit, members.Count);
        for (var m = 0; m < shown; m++)
            output.WriteLine($"{members[m].Steps,6} {(members[m].Steps == 1 ? "step " : "steps")}  {Amounts.Fixed(balances[m].Unspent),19} BTC  {ClusterOptions.Name(ledger, members[m].Output)}");
        if (shown < members.Count) output.WriteLine($"and {Amounts.Count(members.Count - shown)} more: --limit 0 lists all.");
    }

    private static JsonObject Json(BitcoinLedger ledger, CoSpendSearch search, List<CoSpendMember> members, ScriptBalance[] balances) => new()
    {
        ["chain"] = ledger.Network.ChainId,
        ["complete"] = search.IsComplete,
        ["addressCount"] = members.Count,
        ["transactionsSeen"] = search.Transactions,
        ["coinjoinsLeftOut"] = search.LeftOut,
        ["balance"] = JsonText.Amount(balances.Sum(balance => balance.Unspent)),
        ["received"] = JsonText.Amount(balances.Sum(balance => balance.Received)),
        ["addresses"] = new JsonArray([.. members.Select((member, m) => (JsonNode)new JsonObject
        {
            ["address"] = ClusterOptions.Name(ledger, member.Output),
            ["steps"] = member.Steps,
            ["balance"] = JsonText.Amount(balances[m].Unspent),
            ["received"] = JsonText.Amount(balances[m].Received),
        })]),
    };
}
