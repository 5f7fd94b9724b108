namespace Haetae.Tracing.Reports;

/// <summary>A node of the flow picture, in whole pixels from the top left.</summary>
/// <param name="Lines">What stands in it: the title first, then what belongs to it, short enough to fit.</param>
/// <param name="Tip">The same in full, for whoever points at it or has it read out.</param>
/// <param name="Warning">True where money leaves it that is not drawn, or where a limit ended the trace.</param>
public sealed record FlowNode(FlowKind Kind, int X, int Y, int Width, int Height, IReadOnlyList<string> Lines, string Tip, bool Warning)
{
    /// <summary>Whether its title is a name that a tag gives: an inference, drawn dashed.</summary>
    public bool IsInference { get; init; }

    public int Right => X + Width;

    public int Bottom => Y + Height;
}

/// <summary>A tainted output from one node to another, as wide as its tainted amount.</summary>
/// <param name="Points">Its upper edge from left to right, in pairs: out of one column, into the next.</param>
public sealed record FlowRibbon(int From, int To, long Tainted, int Width, IReadOnlyList<FlowPoint> Points, string Tip);

/// <summary>A place in the picture, in whole pixels.</summary>
public readonly record struct FlowPoint(int X, int Y);

/// <summary>A left-to-right picture of the strongest paths of one policy: stolen outputs at the left, open ends at the right. Integers only, so the same everywhere.</summary>
/// <param name="LeftOutEnds">Open ends that no drawn path leads to; one node of the picture says so.</param>
/// <param name="LeftOutAmount">What those hold, satoshi.</param>
/// <param name="LeftOutSeeds">Stolen outputs that no drawn path starts from; one node of the picture says so.</param>
public sealed record FlowLayout(
    string Policy,
    int Width,
    int Height,
    IReadOnlyList<FlowNode> Nodes,
    IReadOnlyList<FlowRibbon> Ribbons,
    int PathsDrawn,
    long LeftOutEnds,
    long LeftOutAmount,
    long LeftOutSeeds)
{
    /// <param name="result">The policy to draw; without one, the report's leading policy.</param>
    public static FlowLayout Of(TraceReport report, PolicyResult? result = null)
    {
        result ??= Answer.Main(report);
        var graph = FlowGraph.Of(result.Paths);
        var (ends, amount) = FlowNotes.Add(graph, result);
        var seeds = report.Seeds.Where(seed => !graph.Outputs.Contains((seed.TxId, seed.Vout))).ToList();
        var placing = new FlowPlacing(graph, Math.Max(2, graph.Vertices.Select(vertex => vertex.Column + 1).DefaultIfEmpty(0).Max()));
        if (seeds.Count > 0) placing.AddRest(0, FlowNotes.RestOfSeeds(seeds));
        if (ends > 0) placing.AddRest(placing.Columns - 1, FlowNotes.RestOfEnds(ends, amount));
        var (width, height, nodes, ribbons) = placing.Place();
        return new FlowLayout(result.Policy, width, height, nodes, ribbons, graph.PathsTaken, ends, amount, seeds.Count);
    }
}
