namespace Haetae.Tracing.Reports;

/// <summary>What a node of the flow picture stands for.</summary>
public enum FlowKind
{
    /// <summary>A stolen output.</summary>
    Seed,

    /// <summary>One transaction.</summary>
    Transaction,

    /// <summary>Several transactions in a row, drawn as one.</summary>
    Chain,

    /// <summary>The open ends of one address.</summary>
    End,

    /// <summary>The sum of what is not drawn.</summary>
    Rest,
}

/// <summary>The graph behind the flow picture: the strongest paths of one policy, as many as fit, before anything has a place.</summary>
internal sealed class FlowGraph
{
    public const int MaximumVertices = 36;
    public const int MaximumColumns = 6;
    private const int ShortestChain = 3;
    private const int MostPassedOver = 64;

    private readonly Dictionary<(FlowKind, string), Vertex> _byKey = [];
    private readonly HashSet<(string, int)> _linked = [];

    public List<Vertex> Vertices { get; } = [];

    public List<Link> Links { get; } = [];

    /// <summary>Every output on a path taken, inside a chain or not.</summary>
    public HashSet<(string TxId, int Vout)> Outputs { get; } = [];

    public int PathsTaken { get; private set; }

    /// <summary>Takes paths from the strongest down; one that would make the picture too wide or too full is passed over.</summary>
    public static FlowGraph Of(IReadOnlyList<TracePath> paths)
    {
        var taken = new List<TracePath>();
        var best = new FlowGraph();
        var passedOver = 0;
        foreach (var path in paths)
        {
            if (path.Steps.Count == 0) continue;
            taken.Add(path);
            if (Fitting(taken) is { } larger)
            {
                best = larger;
            }
            else
            {
                taken.RemoveAt(taken.Count - 1);
                passedOver++;
            }

            if (best.Vertices.Count >= MaximumVertices || passedOver == MostPassedOver) break;
        }

        return best;
    }

    private static FlowGraph? Fitting(List<TracePath> paths)
    {
        foreach (var collapse in (ReadOnlySpan<bool>)[false, true])
        {
            var graph = new FlowGraph { PathsTaken = paths.Count };
            foreach (var path in paths) graph.Add(path);
            if (collapse) graph.Collapse();
            if (graph.Vertices.Count <= MaximumVertices && graph.Layer() <= MaximumColumns) return graph;
        }

        return null;
    }

    private void Add(TracePath path)
    {
        var steps = path.Steps;
        foreach (var step in steps) Outputs.Add((step.TxId, step.Vout));
        var at = Find(FlowKind.Seed, $"{steps[0].TxId}:{Answer.Height(steps[0].Vout)}", steps[0]);
        for (var i = 1; i < steps.Count; i++)
        {
            var next = Find(FlowKind.Transaction, steps[i].TxId, steps[i]);
            Connect(at, next, steps[i - 1]);
            at = next;
        }

        var end = steps[^1];
        Connect(at, Find(FlowKind.End, end.Address ?? $"{end.TxId}:{Answer.Height(end.Vout)}", end), end);
    }

    private Vertex Find(FlowKind kind, string key, PathStep step)
    {
        if (_byKey.TryGetValue((kind, key), out var known)) return known;
        var vertex = new Vertex(kind, step);
        _byKey.Add((kind, key), vertex);
        Vertices.Add(vertex);
        return vertex;
    }

    private void Connect(Vertex from, Vertex to, PathStep output)
    {
        if (_linked.Add((output.TxId, output.Vout))) Links.Add(new Link(from, to, output));
    }

    /// <summary>Draws runs of transactions that only pass on (one link in, one out) as one vertex.</summary>
    private void Collapse()
    {
        var into = Links.ToLookup(link => link.To);
        var from = Links.ToLookup(link => link.From);
        foreach (var first in Vertices.ToList())
        {
            if (!PassesOn(first) || PassesOn(into[first].First().From)) continue;
            var run = new List<Vertex> { first };
            var met = new HashSet<Vertex>(run);
            while (from[run[^1]].First().To is var next && PassesOn(next) && met.Add(next)) run.Add(next);
            if (run.Count >= ShortestChain) Merge(run, into[first].First(), from[run[^1]].First());
        }

        bool PassesOn(Vertex vertex) => vertex.Kind == FlowKind.Transaction && into[vertex].Count() == 1 && from[vertex].Count() == 1;
    }

    private void Merge(List<Vertex> run, Link entry, Link exit)
    {
        var chain = new Vertex(FlowKind.Chain, run[0].First) { Last = run[^1].First };
        chain.Transactions.Clear();
        chain.Transactions.AddRange(run.SelectMany(vertex => vertex.Transactions));
        Vertices[Vertices.IndexOf(run[0])] = chain;
        var gone = run.ToHashSet();
        Vertices.RemoveAll(gone.Contains);
        Links.RemoveAll(link => gone.Contains(link.From) && gone.Contains(link.To));
        Links[Links.IndexOf(entry)] = entry with { To = chain };
        Links[Links.IndexOf(exit)] = exit with { From = chain };
    }

    /// <summary>Puts each vertex one column right of the rightmost one before it, ends in the last; says how many columns that takes.</summary>
    private int Layer()
    {
        foreach (var vertex in Vertices) vertex.Column = 0;
        var moved = true;
        for (var round = 0; moved && round <= Vertices.Count; round++)
        {
            moved = false;
            foreach (var link in Links)
            {
                if (link.To.Column > link.From.Column) continue;
                link.To.Column = link.From.Column + 1;
                moved = true;
            }
        }

        if (moved) return int.MaxValue;
        var last = Vertices.Max(vertex => vertex.Column);
        foreach (var vertex in Vertices.Where(vertex => vertex.Kind == FlowKind.End)) vertex.Column = last;
        return last + 1;
    }

    internal sealed class Vertex(FlowKind kind, PathStep first)
    {
        public FlowKind Kind { get; } = kind;

        public PathStep First { get; } = first;

        public PathStep Last { get; init; } = first;

        public List<string> Transactions { get; } = kind == FlowKind.Transaction ? [first.TxId] : [];

        public int Column { get; set; }

        /// <summary>Tainted outputs that leave this vertex and are not drawn.</summary>
        public long HiddenOutputs { get; set; }

        public long HiddenAmount { get; set; }

        public SortedSet<string> Reasons { get; } = new(StringComparer.Ordinal);
    }

    internal sealed record Link(Vertex From, Vertex To, PathStep Output);
}
