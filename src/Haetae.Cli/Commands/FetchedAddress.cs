using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>What an address received in a Bitcoin case ledger, what it holds, and how much of what it did was fetched.</summary>
internal static class FetchedAddress
{
    internal static int Answer(string folder, string text, int limit, bool json, TextWriter output)
    {
        var ledger = BitcoinCase.Open(folder);
        if (!Address.TryParse(text.Trim(), ledger.Network, out var script, out var error)) throw new UsageException($"'{text}' is no address of {ledger.Network.Name}: {error}.");
        var coverage = ledger.Coverage.FirstOrDefault(one => one.Script.AsSpan().SequenceEqual(script));
        var outputs = ledger.FindOutputs(script);
        if (outputs.Count == 0 && coverage is null) throw new NotFoundException($"Nothing of {text} was fetched into the case ledger '{folder}'. Fetch it with: haetae fetch {text} --ledger {folder} --esplora URL");
        if (json) output.WriteLine(JsonText.Of(Json(ledger, script, coverage, outputs)));
        else Print(ledger, text, coverage, outputs, limit, output);
        return ExitCode.Done;
    }

    private static long Sum(CaseLedger ledger, List<long> outputs, OutputKnowledge known) => outputs.Where(output => ledger.KnowledgeOf(output) == known).Sum(output => ledger.Graph.Value[output]);

    private static void Print(CaseLedger ledger, string text, AddressCoverage? coverage, List<long> outputs, int limit, TextWriter output)
    {
        var graph = ledger.Graph;
        var open = outputs.Where(ledger.IsSpenderUnknown).Sum(one => graph.Value[one]);
        output.WriteLine($"{text} ({FetchedText.Name(coverage?.Coverage ?? Coverage.Unknown)}{(coverage?.UpTo is { } height ? $" up to block {Amounts.Count(height)}" : "")}{(coverage?.Reason is { } reason ? $": {PlainText.Of(reason)}" : coverage is null ? ": its history was not fetched" : "")})");
        output.WriteLine($"Unspent       {Amounts.Fixed(Sum(ledger, outputs, OutputKnowledge.Unspent)),19} BTC");
        if (open > 0) output.WriteLine($"Not known     {Amounts.Fixed(open),19} BTC: whether it is spent, or by what, was not fetched");
        output.WriteLine($"Received      {Amounts.Fixed(outputs.Sum(one => graph.Value[one])),19} BTC in {Amounts.Count(outputs.Count, "output", "outputs")} that are held");
        var shown = limit == 0 ? outputs.Count : Math.Min(limit, outputs.Count);
        foreach (var one in outputs.Take(shown))
        {
            var tx = graph.TransactionOf(one);
            output.WriteLine($"{graph.HeightOf(tx),8}  {ledger.TxIds[tx]}:{one - graph.FirstOutput[tx]}  {Amounts.Fixed(graph.Value[one]),19} BTC  {FetchedTx.Words(ledger, one)}");
        }

        if (shown < outputs.Count) output.WriteLine($"and {Amounts.Count(outputs.Count - shown, "output", "outputs")} more: --limit 0 lists all.");
    }

    private static JsonObject Json(CaseLedger ledger, byte[] script, AddressCoverage? coverage, List<long> outputs)
    {
        var graph = ledger.Graph;
        var list = new JsonArray();
        foreach (var one in outputs)
        {
            var tx = graph.TransactionOf(one);
            var item = new JsonObject { ["txid"] = ledger.TxIds[tx].ToString(), ["vout"] = one - graph.FirstOutput[tx], ["height"] = graph.HeightOf(tx), ["value"] = JsonText.Amount(graph.Value[one]) };
            FetchedTx.AddEnd(item, ledger, one);
            list.Add((JsonNode)item);
        }

        var isComplete = coverage is { Coverage: Coverage.Complete };
        var json = new JsonObject
        {
            ["chain"] = ledger.Network.ChainId,
            ["coverage"] = FetchedText.Name(coverage?.Coverage ?? Coverage.Unknown),
            ["upToHeight"] = coverage?.UpTo,
            ["balance"] = isComplete ? JsonText.Amount(Sum(ledger, outputs, OutputKnowledge.Unspent)) : null,
            ["received"] = JsonText.Amount(outputs.Sum(one => graph.Value[one])),
            ["unspentOutputs"] = outputs.Count(one => ledger.KnowledgeOf(one) == OutputKnowledge.Unspent),
            ["openOutputs"] = outputs.Count(ledger.IsSpenderUnknown),
            ["outputs"] = list,
        };
        if (!isComplete) json["reason"] = coverage?.Reason ?? "its history was not fetched";
        TransactionJson.AddScript(json, script, ledger.Network);
        return json;
    }
}
