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
        var withChange = ChangeOptions.WithChange();
        var ledger = CommonOptions.Ledger();
        var limit = new Option<int>("--limit") { Description = "How many addresses to list; 0 lists all, as --json always does.", DefaultValueFactory = _ => 25, HelpName = "N" };
        var json = CommonOptions.Json();
        var command = new Command("cluster", "Shows the cluster of an address: those that some transaction spends from together with it, or with one that is so joined.") { text, guard, most, withChange, limit, ledger, json, ClusterBuildCommand.Create(), ClusterCutCommand.Create() };
        command.SetAction((parsed, cancel) => Task.FromResult(CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            if (parsed.GetValue(limit) < 0) throw new UsageException("--limit must be 0 or more.");
            var rule = parsed.GetValue(withChange) is { } named ? ChangeOptions.RuleOf(named) : null;
            var script = PaidScript.Find(open, parsed.GetValue(text)!).Script;
            var answer = ClusterAnswer.Of(parsed, open, script, ClusterOptions.GuardOf(parsed.GetValue(guard)!), parsed.GetValue(most), cancel);
            var change = rule is null ? null : ChangeAnswer.Of(parsed, open, answer, ClusterOptions.GuardOf(parsed.GetValue(guard)!), rule, parsed.GetValue(most), cancel);
            if (parsed.GetValue(json))
            {
                var document = Json(open, answer);
                if (change is not null) document["byChange"] = change.Json(open);
                output.WriteLine(JsonText.Of(document));
                return;
            }

            Print(open, answer, parsed.GetValue(limit), output);
            change?.Print(open, parsed.GetValue(limit), output);
        })));
        return command;
    }

    private static void Print(BitcoinLedger ledger, ClusterAnswer answer, int limit, TextWriter output)
    {
        var members = answer.Members;
        output.WriteLine($"Cluster       {Amounts.Count(members.Count, "address", "addresses")}{(answer.Complete ? "" : " so far")}; {(answer.NotStored is null ? "from the stored clusters" : $"{Amounts.Count(answer.Seen!.Value, "spending transaction", "spending transactions")} looked at, {Amounts.Count(answer.LeftOut!.Value)} of them left out as CoinJoins")}");
        if (!answer.Complete) output.WriteLine("Cut short     by --max-transactions: the cluster is larger than shown");
        foreach (var cut in answer.Cuts) output.WriteLine($"Cut           {ledger.TxIds[cut]} joins nobody: 'haetae cluster cut --list' says why");
        output.WriteLine($"Balance       {Amounts.Fixed(members.Sum(member => member.Balance.Unspent)),19} BTC");
        output.WriteLine($"Received      {Amounts.Fixed(members.Sum(member => member.Balance.Received)),19} BTC, what its own addresses paid each other included");
        var shown = limit == 0 ? members.Count : Math.Min(limit, members.Count);
        foreach (var member in members.Take(shown))
            output.WriteLine($"{(member.Steps is { } steps ? $"{steps,6} {(steps == 1 ? "step " : "steps")}" : "            ")}  {Amounts.Fixed(member.Balance.Unspent),19} BTC  {ClusterOptions.Name(ledger, member.Output)}");
        if (shown < members.Count) output.WriteLine($"and {Amounts.Count(members.Count - shown)} more: --limit 0 lists all.");
    }

    private static JsonObject Json(BitcoinLedger ledger, ClusterAnswer answer)
    {
        var json = new JsonObject
        {
            ["chain"] = ledger.Network.ChainId,
            ["complete"] = answer.Complete,
            ["source"] = answer.NotStored is null ? "stored" : "search",
            ["addressCount"] = answer.Members.Count,
            ["transactionsSeen"] = answer.Seen,
            ["coinjoinsLeftOut"] = answer.LeftOut,
            ["cuts"] = new JsonArray([.. answer.Cuts.Select(cut => (JsonNode)ledger.TxIds[cut].ToString())]),
            ["balance"] = JsonText.Amount(answer.Members.Sum(member => member.Balance.Unspent)),
            ["received"] = JsonText.Amount(answer.Members.Sum(member => member.Balance.Received)),
            ["addresses"] = new JsonArray([.. answer.Members.Select(member => (JsonNode)new JsonObject
            {
                ["address"] = ClusterOptions.Name(ledger, member.Output),
                ["steps"] = member.Steps,
                ["balance"] = JsonText.Amount(member.Balance.Unspent),
                ["received"] = JsonText.Amount(member.Balance.Received),
            })]),
        };
        if (answer.NotStored is null) json["reason"] = "steps, transactionsSeen and coinjoinsLeftOut are not known: the stored clusters answered. 'haetae why A B' shows the way between two addresses.";
        return json;
    }
}
