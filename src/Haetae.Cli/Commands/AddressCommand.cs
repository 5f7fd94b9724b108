using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae address</c>: what an address, or a script given as hex, received and holds.</summary>
internal static class AddressCommand
{
    internal static Command Create()
    {
        var text = new Argument<string>("address") { Description = "An address; or a public key or a whole output script in hex." };
        var ledger = CommonOptions.Ledger();
        var limit = new Option<int>("--limit") { Description = "How many outputs to list; 0 lists all, as --json always does.", DefaultValueFactory = _ => 25, HelpName = "N" };
        var all = new Option<bool>("--all") { Description = "On account chains: list strangers' dust and bait too, which are else only counted." };
        var json = CommonOptions.Json();
        var command = new Command("address", "Shows what an address received, what of it is spent, and its balance.") { text, ledger, limit, all, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(limit) < 0) throw new UsageException("--limit must be 0 or more.");
            if (CommonOptions.CaseFolderOf(parsed, ledger) is { } fetched) return (FetchedText.IsOfAccounts(fetched) ? FetchedAccount.Address : (Func<string, string, int, bool, TextWriter, int>)FetchedAddress.Answer)(fetched, parsed.GetValue(text)!, parsed.GetValue(limit), parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return CommonOptions.Answer(parsed, ledger, (open, output) =>
            {
                var (asked, script, outputs) = PaidScript.Find(open, parsed.GetValue(text)!);
                var shown = parsed.GetValue(limit) == 0 || parsed.GetValue(json) ? outputs.Count : Math.Min(outputs.Count, parsed.GetValue(limit));
                if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, script, outputs)));
                else Print(open, asked, script, outputs, shown, output);
            }, (open, output) => AccountAddressView.Write(open, parsed.GetValue(text)!, parsed.GetValue(limit), parsed.GetValue(all), parsed.GetValue(json), output));
        });
        return command;
    }

    private static ScriptBalance Balance(BitcoinLedger ledger, byte[] script)
    {
        var balance = new ScriptBalance[1];
        ledger.FindBalances([script], balance);
        return balance[0];
    }

    private static void Print(BitcoinLedger ledger, string asked, byte[] script, List<long> outputs, int shown, TextWriter output)
    {
        var graph = ledger.Graph;
        var balance = Balance(ledger, script);
        int first = graph.HeightOf(graph.TransactionOf(outputs[0])), last = LastSeen(graph, outputs);
        output.WriteLine($"{asked} ({Script.Classify(script).CoreName()})");
        output.WriteLine($"Balance       {Amounts.Fixed(balance.Unspent),19} BTC in {Amounts.Count(balance.UnspentOutputs, "output", "outputs")}");
        output.WriteLine($"Received      {Amounts.Fixed(balance.Received),19} BTC in {Amounts.Count(balance.Outputs, "output", "outputs")}");
        output.WriteLine($"Seen          from height {Amounts.Count(first)} to {Amounts.Count(last)}");
        var widest = outputs.Take(shown).Max(o => o - graph.FirstOutput[graph.TransactionOf(o)]);
        var place = 64 + 1 + $"{widest}".Length;
        foreach (var o in outputs.Take(shown))
        {
            var tx = graph.TransactionOf(o);
            var spender = graph.SpenderOf(o);
            output.WriteLine($"{graph.HeightOf(tx),8}  {$"{ledger.TxIds[tx]}:{o - graph.FirstOutput[tx]}".PadRight(place)}  {Amounts.Fixed(graph.Value[o]),19} BTC  {(spender == 0 ? "unspent" : $"spent at {graph.HeightOf(spender)} by {ledger.TxIds[spender]}")}");
        }

        if (shown < outputs.Count) output.WriteLine($"and {Amounts.Count(outputs.Count - shown, "output", "outputs")} more: --limit 0 lists all.");
    }

    private static int LastSeen(UtxoGraph graph, List<long> outputs)
    {
        var last = graph.TransactionOf(outputs[^1]);
        foreach (var o in outputs) last = Math.Max(last, graph.SpenderOf(o));
        return graph.HeightOf(last);
    }

    private static JsonObject Json(BitcoinLedger ledger, byte[] script, List<long> outputs)
    {
        var graph = ledger.Graph;
        var balance = Balance(ledger, script);
        var list = new JsonArray();
        foreach (var o in outputs)
        {
            var tx = graph.TransactionOf(o);
            var spender = graph.SpenderOf(o);
            var item = new JsonObject
            {
                ["txid"] = ledger.TxIds[tx].ToString(),
                ["vout"] = o - graph.FirstOutput[tx],
                ["height"] = graph.HeightOf(tx),
                ["value"] = JsonText.Amount(graph.Value[o]),
                ["spentBy"] = spender == 0 ? null : ledger.TxIds[spender].ToString(),
            };
            if (spender == 0) item["reason"] = "unspent";
            else item["spentHeight"] = graph.HeightOf(spender);
            list.Add((JsonNode)item);
        }

        var json = new JsonObject
        {
            ["chain"] = ledger.Network.ChainId,
            ["balance"] = JsonText.Amount(balance.Unspent),
            ["received"] = JsonText.Amount(balance.Received),
            ["unspentOutputs"] = balance.UnspentOutputs,
            ["firstHeight"] = graph.HeightOf(graph.TransactionOf(outputs[0])),
            ["lastHeight"] = LastSeen(graph, outputs),
            ["outputs"] = list,
        };
        TransactionJson.AddScript(json, script, ledger.Network);
        return json;
    }
}
