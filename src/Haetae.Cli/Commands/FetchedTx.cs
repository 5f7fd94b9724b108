using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>One transaction of a Bitcoin case ledger: what is proven of it, what is its source's word, and what is not known.</summary>
internal static class FetchedTx
{
    internal static int Answer(string folder, Hash256 id, bool json, TextWriter output)
    {
        var ledger = BitcoinCase.Open(folder);
        var number = ledger.FindTransaction(id);
        if (number < 0) throw new NotFoundException($"Transaction {id} was not fetched into the case ledger '{folder}'. Fetch it with: haetae fetch {id} --ledger {folder} --esplora URL");
        if (json) output.WriteLine(JsonText.Of(Json(ledger, (uint)number)));
        else Print(ledger, (uint)number, output);
        return ExitCode.Done;
    }

    private static void Print(CaseLedger ledger, uint number, TextWriter output)
    {
        var (graph, told) = (ledger.Graph, ledger.TransactionAt(number));
        output.WriteLine($"Transaction   {told.Id} ({(told.IsProven ? "its content has this id" : "its source's word")})");
        output.WriteLine($"Block         {Amounts.Count(told.Height)}{(told.Block is { } block ? $" ({block})" : "")}, {Amounts.Time(told.Time)}");
        output.WriteLine($"Fee           {(told.IsCoinbase ? "none: a coinbase" : graph.Fee[number] == UtxoGraph.UnknownFee ? "unknown: an input's value is not known" : Amounts.Sat(graph.Fee[number]))}");
        output.WriteLine("Inputs");
        if (told.IsCoinbase) output.WriteLine("   new coins and fees");
        for (var i = 0; i < told.Inputs.Count; i++)
        {
            var spent = SpentOutput.Of(ledger, graph.FirstInput[number] + i);
            var isHeld = graph.Previous[graph.FirstInput[number] + i] != OutputNum.NotHeld;
            output.WriteLine($"{i,6}  {spent.TxId}:{spent.Vout}  {(spent.Value is { } value ? Amounts.Fixed(value) + " BTC" : "unknown value")}  {spent.Holder(ledger.Network)}{(isHeld || spent.Value is null ? "" : "  (its source's word)")}");
        }

        output.WriteLine("Outputs");
        for (var i = 0; i < told.Outputs.Count; i++)
            output.WriteLine($"{i,6}  {Amounts.Fixed(told.Outputs[i].Value),19} BTC  {SpentOutput.Holder(told.Outputs[i].Script, ledger.Network)}  {Words(ledger, graph.FirstOutput[number] + i)}");
    }

    /// <summary>What is known of an output's end.</summary>
    internal static string Words(CaseLedger ledger, long output) => ledger.KnowledgeOf(output) switch
    {
        OutputKnowledge.Spent => $"spent by {ledger.TxIds[ledger.Graph.SpenderOf(output)]}",
        OutputKnowledge.SpenderNotFetched => $"spent by {ledger.WordOn(output)?.Spender}, which was not fetched",
        OutputKnowledge.Unspent => ledger.WordOn(output)?.AsOf is { } height ? $"unspent as of block {Amounts.Count(height)}" : "unspent",
        _ => "not known whether it is spent",
    };

    /// <summary>Puts what is known of an output's end into its JSON.</summary>
    internal static void AddEnd(JsonObject item, CaseLedger ledger, long output)
    {
        var known = ledger.KnowledgeOf(output);
        item["spentBy"] = known switch
        {
            OutputKnowledge.Spent => ledger.TxIds[ledger.Graph.SpenderOf(output)].ToString(),
            OutputKnowledge.SpenderNotFetched => ledger.WordOn(output)?.Spender?.ToString(),
            _ => null,
        };
        item["known"] = known switch
        {
            OutputKnowledge.Spent => "spent",
            OutputKnowledge.SpenderNotFetched => "spender-not-fetched",
            OutputKnowledge.Unspent => "unspent",
            _ => "unknown",
        };
        if (known is not OutputKnowledge.Spent) item["reason"] = Words(ledger, output);
    }

    private static JsonObject Json(CaseLedger ledger, uint number)
    {
        var (graph, told) = (ledger.Graph, ledger.TransactionAt(number));
        var inputs = new JsonArray();
        for (var i = 0; i < told.Inputs.Count; i++)
        {
            var spent = SpentOutput.Of(ledger, graph.FirstInput[number] + i);
            var item = new JsonObject
            {
                ["txid"] = spent.TxId.ToString(),
                ["vout"] = spent.Vout,
                ["value"] = spent.Value is { } value ? JsonText.Amount(value) : null,
                ["isProven"] = graph.Previous[graph.FirstInput[number] + i] is var previous && previous != OutputNum.NotHeld && ledger.TransactionAt(graph.TransactionOf(previous)).IsProven,
            };
            if (spent.Value is null) item["reason"] = "the source does not tell it";
            if (spent.Script is { } script) TransactionJson.AddScript(item, script, ledger.Network);
            inputs.Add((JsonNode)item);
        }

        var outputs = new JsonArray();
        for (var i = 0; i < told.Outputs.Count; i++)
        {
            var item = new JsonObject { ["vout"] = i, ["value"] = JsonText.Amount(told.Outputs[i].Value) };
            TransactionJson.AddScript(item, told.Outputs[i].Script, ledger.Network);
            AddEnd(item, ledger, graph.FirstOutput[number] + i);
            outputs.Add((JsonNode)item);
        }

        var json = new JsonObject
        {
            ["txid"] = told.Id.ToString(),
            ["chain"] = ledger.Network.ChainId,
            ["isProven"] = told.IsProven,
            ["height"] = told.Height,
            ["blockHash"] = told.Block?.ToString(),
            ["time"] = JsonText.Instant(told.Time),
            ["coinbase"] = told.IsCoinbase,
            ["version"] = told.Version,
            ["lockTime"] = told.LockTime,
            ["fee"] = graph.Fee[number] == UtxoGraph.UnknownFee ? null : JsonText.Amount(graph.Fee[number]),
            ["inputs"] = inputs,
            ["outputs"] = outputs,
        };
        if (graph.Fee[number] == UtxoGraph.UnknownFee) json["reason"] = "an input's value is not known";
        return json;
    }
}
