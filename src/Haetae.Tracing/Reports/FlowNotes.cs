namespace Haetae.Tracing.Reports;

/// <summary>What stands in the nodes of the flow picture.</summary>
internal static class FlowNotes
{
    /// <summary>Longest line that fits a wide node at the picture's type size.</summary>
    private const int WideLine = 25;

    /// <summary>The same in the wider letters of identifiers.</summary>
    private const int WideId = 21;

    /// <summary>Counts, in one walk over the outputs, what leaves the drawn transactions undrawn and which ends have no place in the picture.</summary>
    public static (long Ends, long Amount) Add(FlowGraph graph, PolicyResult result)
    {
        var owner = new Dictionary<string, FlowGraph.Vertex>(StringComparer.Ordinal);
        foreach (var vertex in graph.Vertices)
        {
            foreach (var txId in vertex.Transactions) owner[txId] = vertex;
        }

        var drawn = new Dictionary<(string, int), FlowGraph.Vertex>();
        foreach (var link in graph.Links) drawn[(link.Output.TxId, link.Output.Vout)] = link.To;
        long ends = 0, amount = 0;
        foreach (var end in result.Ends)
        {
            if (drawn.TryGetValue((end.TxId, end.Vout), out var at))
            {
                at.Reasons.Add(end.Reason);
                continue;
            }

            ends++;
            amount += end.Tainted;
            Hide(end.TxId, end.Tainted);
        }

        foreach (var spend in result.Spends)
        {
            if (!graph.Outputs.Contains((spend.TxId, spend.Vout))) Hide(spend.TxId, spend.Tainted);
        }

        return (ends, amount);

        void Hide(string txId, long tainted)
        {
            if (!owner.TryGetValue(txId, out var vertex)) return;
            vertex.HiddenOutputs++;
            vertex.HiddenAmount += tainted;
        }
    }

    public static (List<string> Lines, string Tip, bool Warning) Of(FlowGraph.Vertex vertex, IReadOnlyList<FlowGraph.Link> into, IReadOnlyList<FlowGraph.Link> from) =>
        vertex.Kind switch
        {
            FlowKind.Seed => Seed(vertex),
            FlowKind.End => End(vertex, into),
            _ => Transactions(vertex, into),
        };

    public static (List<string> Lines, string Tip) RestOfEnds(long ends, long amount) =>
        ([$"{Amounts.Count(ends)} further {(ends == 1 ? "end" : "ends")}", Amounts.Btc(amount), "not drawn: see the table"],
            $"{Amounts.Count(ends)} further {(ends == 1 ? "end" : "ends")}, {Amounts.Btc(amount)}: see the table");

    public static (List<string> Lines, string Tip) RestOfSeeds(List<TraceSeed> seeds)
    {
        var amount = seeds.Sum(seed => seed.Stolen);
        var noun = seeds.Count == 1 ? "stolen output" : "stolen outputs";
        return ([$"{Amounts.Count(seeds.Count)} more {noun}", Amounts.Btc(amount), "not drawn"],
            $"{Amounts.Count(seeds.Count)} more {noun}, {Amounts.Btc(amount)}: not on a drawn path");
    }

    private static (List<string>, string, bool) Seed(FlowGraph.Vertex vertex)
    {
        var output = vertex.First;
        var holder = Holders.NameOf(output.Address, output.ScriptType, output.ScriptHex);
        return ([Title(output, holder), Amounts.Btc(output.Tainted), $"stolen · block {Answer.Height(output.Height)}"],
            $"Stolen: {Amounts.Btc(output.Tainted)} at {holder}{Said(output)}, output {output.TxId}:{Answer.Height(output.Vout)}, block {Answer.Height(output.Height)}, {Amounts.Time(output.Time)}", false);
    }

    private static (List<string>, string, bool) End(FlowGraph.Vertex vertex, IReadOnlyList<FlowGraph.Link> into)
    {
        var holder = Holders.NameOf(vertex.First.Address, vertex.First.ScriptType, vertex.First.ScriptHex);
        var amount = Sum(into);
        var reason = vertex.Reasons.Count == 0 ? "end" : string.Join(", ", vertex.Reasons.Select(Short));
        var state = into.Count == 1 ? reason : $"{Amounts.Count(into.Count)} outputs · {reason}";
        var stopped = vertex.Reasons.Any(name => name != "unspent");
        return ([Title(vertex.First, holder), Amounts.Btc(amount), Shown.Middle(state, WideLine)],
            $"End: {Amounts.Btc(amount)} at {holder}{Said(vertex.First)}, {Amounts.Count(into.Count, "output", "outputs")} drawn, {reason}", stopped);
    }

    /// <summary>The name a tag gives, where there is one, else the address.</summary>
    private static string Title(PathStep output, string holder) =>
        output.Entity is { } entity ? Shown.Middle(entity.Name, WideLine) : Shown.Middle(holder, WideId);

    private static string Said(PathStep output) => output.Entity is { } entity ? $", said to be {StopWords.Full(entity)}" : "";

    private static (List<string>, string, bool) Transactions(FlowGraph.Vertex vertex, IReadOnlyList<FlowGraph.Link> into)
    {
        var (first, last) = (vertex.First, vertex.Last);
        var lines = vertex.Kind == FlowKind.Chain
            ? new List<string> { $"{Amounts.Count(vertex.Transactions.Count)} in a row", $"from {Answer.Height(first.Height)}", $"to {Answer.Height(last.Height)}" }
            : [$"tx {Shown.Middle(first.TxId, 11)}", $"block {Answer.Height(first.Height)}"];
        var tip = vertex.Kind == FlowKind.Chain
            ? $"{Amounts.Count(vertex.Transactions.Count)} transactions in a row, blocks {Answer.Height(first.Height)} to {Answer.Height(last.Height)}, from {first.TxId} to {last.TxId}"
            : $"Transaction {first.TxId}, block {Answer.Height(first.Height)}, {Amounts.Time(first.Time)}, drawn inputs {Amounts.Btc(Sum(into))}";
        if (vertex.HiddenOutputs == 0) return (lines, tip, false);
        lines.Add($"+{Amounts.Count(vertex.HiddenOutputs)} not drawn");
        return (lines, $"{tip}; {Amounts.Count(vertex.HiddenOutputs, "output", "outputs")} with {Amounts.Btc(vertex.HiddenAmount)} not drawn", true);
    }

    /// <summary>The reason of an end in as few letters as the picture has room for; in full it stands in the table.</summary>
    private static string Short(string reason) => reason switch
    {
        "until" => "spent later",
        "min-value" => "below minimum",
        "max-transactions" => "count ran out",
        "unknown-value" => "unknown value",
        "coinjoin" => "CoinJoin",
        "not-fetched" => "not fetched",
        _ => reason,
    };

    private static long Sum(IReadOnlyList<FlowGraph.Link> links) => links.Sum(link => link.Output.Tainted);
}
