using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.PeelChains;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary>A peel chain as text and JSON.</summary>
internal static class PeelText
{
    internal static void Print(BitcoinLedger ledger, PeelChain chain, EntityBook? entities, int limit, TextWriter output)
    {
        var graph = ledger.Graph;
        output.WriteLine($"Hops          {Amounts.Count(chain.Hops.Count)}{(chain.MedianHopSeconds is { } median ? $", the median {Span(median)} from one to the next" : "")}");
        output.WriteLine($"Ends          {Reason(chain.End)}");
        if (chain.Hops.Count == 0) return;
        output.WriteLine($"Entered       {Amounts.Fixed(chain.StartValue),19} BTC");
        output.WriteLine($"Peeled        {Amounts.Fixed(Peels(chain).Sum(peel => graph.Value[peel])),19} BTC in {Amounts.Count(Peels(chain).Count(), "piece", "pieces")} to {Amounts.Count(Destinations(ledger, chain).Count, "address", "addresses")}");
        output.WriteLine($"Fees          {Amounts.Fixed(chain.Fees),19} BTC");
        output.WriteLine($"Left          {Amounts.Fixed(Left(chain).Sum(rest => graph.Value[rest])),19} BTC at the end:");
        foreach (var rest in Left(chain)) output.WriteLine($"              {Amounts.Fixed(graph.Value[rest]),19} BTC  {ClusterOptions.Name(ledger, rest)}{Said(entities, rest)}, {Mark(chain.LastMarks[chain.LastOutputs.ToList().IndexOf(rest)])}");
        var shown = limit == 0 ? chain.Hops.Count : Math.Min(limit, chain.Hops.Count);
        output.WriteLine("Hop by hop: what was peeled, and to whom");
        foreach (var hop in chain.Hops.Take(shown))
            output.WriteLine($"{graph.HeightOf(hop.Transaction),8}  {ledger.TxIds[hop.Transaction]}  {(hop.Peeled is { } peel ? $"{Amounts.Fixed(graph.Value[peel]),19} BTC  {ClusterOptions.Name(ledger, peel)}{Said(entities, peel)}" : "not told")}");
        if (shown < chain.Hops.Count) output.WriteLine($"and {Amounts.Count(chain.Hops.Count - shown)} more: --limit 0 lists all.");
    }

    internal static JsonObject Json(BitcoinLedger ledger, PeelChain chain, EntityBook? entities)
    {
        var graph = ledger.Graph;
        var json = new JsonObject
        {
            ["chain"] = ledger.Network.ChainId,
            ["hops"] = chain.Hops.Count,
            ["end"] = Word(chain.End),
            ["endReason"] = Reason(chain.End),
            ["entered"] = chain.Hops.Count == 0 ? null : JsonText.Amount(chain.StartValue),
            ["peeled"] = JsonText.Amount(Peels(chain).Sum(peel => graph.Value[peel])),
            ["fees"] = JsonText.Amount(chain.Fees),
            ["left"] = chain.Hops.Count == 0 ? null : JsonText.Amount(Left(chain).Sum(rest => graph.Value[rest])),
            ["medianHopSeconds"] = chain.MedianHopSeconds,
            ["destinations"] = new JsonArray([.. Destinations(ledger, chain).Select(to => (JsonNode)Destination(to, entities))]),
            ["transactions"] = new JsonArray([.. chain.Hops.Select(hop => (JsonNode)Hop(ledger, hop))]),
            ["lastOutputs"] = new JsonArray([.. chain.LastOutputs.Select((output, place) => (JsonNode)new JsonObject
            {
                ["outpoint"] = Outpoint(ledger, output),
                ["address"] = ClusterOptions.Name(ledger, output),
                ["amount"] = JsonText.Amount(graph.Value[output]),
                ["finding"] = Mark(chain.LastMarks[place]),
            })]),
        };
        if (chain.MedianHopSeconds is null) json["reason"] = chain.Hops.Count == 0 ? "there is no chain: entered, left and medianHopSeconds are not known" : "one hop has no time to the next: medianHopSeconds is not known";
        return json;
    }

    private static JsonObject Destination((string Address, int Pieces, long Amount, long First) to, EntityBook? entities)
    {
        var json = new JsonObject { ["address"] = to.Address, ["pieces"] = to.Pieces, ["amount"] = JsonText.Amount(to.Amount) };
        if (entities?.Of(to.First) is { } entity)
        {
            json["entity"] = new JsonObject
            {
                ["name"] = entity.Name,
                ["category"] = entity.Category,
                ["confidenceLevel"] = entity.ConfidenceLevel,
                ["service"] = entity.IsService,
                ["source"] = entity.Source,
                ["via"] = entity.Via == EntityVia.Cluster ? "cluster" : "address",
            };
        }

        return json;
    }

    /// <summary>Who is said to be behind an output, after two blanks; nothing where nothing is said.</summary>
    private static string Said(EntityBook? entities, long output) =>
        entities?.Of(output) is { } entity ? $"  {PlainText.Of(entity.Name)}{(entity.Category is { } category ? $", {PlainText.Of(category.Replace('_', ' '))}" : "")}" : "";

    private static JsonObject Hop(BitcoinLedger ledger, PeelHop hop)
    {
        var json = new JsonObject
        {
            ["txid"] = ledger.TxIds[hop.Transaction].ToString(),
            ["height"] = ledger.Graph.HeightOf(hop.Transaction),
            ["time"] = JsonText.Instant(hop.Time),
            ["fee"] = JsonText.Amount(hop.Fee),
            ["peeled"] = hop.Peeled is { } peel ? new JsonObject { ["outpoint"] = Outpoint(ledger, peel), ["address"] = ClusterOptions.Name(ledger, peel), ["amount"] = JsonText.Amount(ledger.Graph.Value[peel]) } : null,
        };
        if (hop.Peeled is null) json["reason"] = "the chain ends here: which output was peeled is not known";
        return json;
    }

    private static IEnumerable<long> Peels(PeelChain chain) => chain.Hops.Where(hop => hop.Peeled is not null).Select(hop => hop.Peeled!.Value);

    // What did not leave the chain: at a clear last hop the coin that would go on, else both outputs.
    private static IEnumerable<long> Left(PeelChain chain) => chain.Hops is [.., { Next: { } next }] ? [next] : chain.LastOutputs;

    private static List<(string Address, int Pieces, long Amount, long First)> Destinations(BitcoinLedger ledger, PeelChain chain) =>
        [.. Peels(chain).GroupBy(peel => ClusterOptions.Name(ledger, peel)).Select(group => (group.Key, group.Count(), group.Sum(peel => ledger.Graph.Value[peel]), group.First())).OrderByDescending(to => to.Item3).ThenBy(to => to.Key, StringComparer.Ordinal)];

    private static string Outpoint(BitcoinLedger ledger, long output)
    {
        var transaction = ledger.Graph.TransactionOf(output);
        return $"{ledger.TxIds[transaction]}:{output - ledger.Graph.FirstOutput[transaction]}";
    }

    private static string Span(long seconds) => Math.Abs(seconds) switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
        < 7_200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600} h"),
    };

    private static string Word(PeelEnd end) => end switch
    {
        PeelEnd.NoHop => "no-hop",
        PeelEnd.Ambiguous => "ambiguous",
        PeelEnd.NoneGoesOn => "none-goes-on",
        _ => "limit",
    };

    private static string Reason(PeelEnd end) => end switch
    {
        PeelEnd.NoHop => "before it begins: a hop has one input and two outputs that pay, and is there only if the coin was spent",
        PeelEnd.Ambiguous => "ambiguous: both outputs go on like the chain",
        PeelEnd.NoneGoesOn => "no output goes on like the chain",
        _ => $"after {Amounts.Count(PeelFollower.MostHops)} hops, the most that are followed",
    };

    private static string Mark(PeelMark mark) => mark switch
    {
        PeelMark.GoesOn => "goes on like the chain",
        PeelMark.Unspent => "unspent",
        PeelMark.PaidBefore => "paid before, so not taken for change",
        PeelMark.OtherShape => "spent by a transaction of another shape",
        _ => "spent by a transaction with other marks (version, lock time, replacement, kind of script)",
    };
}
