namespace Haetae.Tracing.Bounds;

/// <summary>Takes a maximum flow apart into ways from seeds to ends, widest first at every fork, and reads off the narrow places.</summary>
internal sealed class FlowWays(ReachedGraph graph, MaximumFlow search)
{
    private readonly long[] _flow = search.Flow.ToArray();
    private readonly int[][] _seedsInto = SeedsInto(graph);
    private readonly long[] _seedLeft = [.. Enumerable.Range(0, graph.SeedTargets.Length).Select(graph.Seeds.StolenAt)];

    public BoundProof Prove(bool[] marked, long most, int steps, CancellationToken cancellation)
    {
        var ways = new List<TaintWay>();
        var shown = 0L;
        foreach (var (seed, target) in graph.SeedTargets.Index())
        {
            if (target >= 0 || !marked[~target]) continue;
            ways.Add(new TaintWay([new WayStep(graph.Seeds.OutputAt(seed))], _seedLeft[seed]));
            shown += _seedLeft[seed];
            steps--;
        }

        var into = EdgesInto();
        for (var edge = 0; edge < graph.EdgeCount; edge++)
        {
            if (graph.To[edge] >= 0 || !marked[~graph.To[edge]]) continue;
            while (_flow[edge] > 0 && steps > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var way = WayTo(edge, into);
                ways.Add(way);
                shown += way.Amount;
                steps -= way.Steps.Count;
            }
        }

        ways.Sort((a, b) => a.Amount != b.Amount ? b.Amount.CompareTo(a.Amount) : InChainOrder(a.Steps, b.Steps));
        int[] ends = [.. marked.Index().Where(end => end.Item).Select(end => end.Index)];
        return new BoundProof(ends, most, ways, most - shown, NarrowPlaces(marked));
    }

    private TaintWay WayTo(int edge, (int[] First, int[] Edges) into)
    {
        var edges = new List<int> { edge };
        var amount = _flow[edge];
        int seed;
        while (true)
        {
            var node = graph.From[edges[^1]];
            seed = -1;
            var widest = 0L;
            foreach (var candidate in _seedsInto[node])
            {
                if (_seedLeft[candidate] > widest) (seed, widest) = (candidate, _seedLeft[candidate]);
            }

            var way = -1;
            for (var entry = into.First[node]; entry < into.First[node + 1]; entry++)
            {
                if (_flow[into.Edges[entry]] > widest) (way, widest) = (into.Edges[entry], _flow[into.Edges[entry]]);
            }

            amount = Math.Min(amount, widest);
            if (way < 0) break;
            edges.Add(way);
        }

        foreach (var taken in edges) _flow[taken] -= amount;
        _seedLeft[seed] -= amount;
        edges.Reverse();
        return new TaintWay([new WayStep(graph.Seeds.OutputAt(seed)), .. edges.Select(taken => new WayStep(graph.Carrier[taken]))], amount);
    }

    private List<NarrowPlace> NarrowPlaces(bool[] marked)
    {
        var places = new List<NarrowPlace>();
        foreach (var (seed, target) in graph.SeedTargets.Index())
        {
            if (target >= 0 ? search.IsBeforeTheSet(target) : marked[~target]) places.Add(new NarrowPlace(graph.Seeds.OutputAt(seed), true, graph.Seeds.StolenAt(seed)));
        }

        for (var edge = 0; edge < graph.EdgeCount; edge++)
        {
            var target = graph.To[edge];
            if (search.IsBeforeTheSet(graph.From[edge])) continue;
            if (target >= 0 ? search.IsBeforeTheSet(target) : marked[~target]) places.Add(new NarrowPlace(graph.Carrier[edge], false, graph.Capacity[edge]));
        }

        return places;
    }

    private (int[] First, int[] Edges) EdgesInto()
    {
        var first = new int[graph.TransactionCount + 1];
        foreach (var (edge, to) in graph.To.Index())
        {
            if (to >= 0 && _flow[edge] > 0) first[to + 1]++;
        }

        for (var node = 0; node < graph.TransactionCount; node++) first[node + 1] += first[node];
        var edges = new int[first[^1]];
        int[] next = [.. first];
        foreach (var (edge, to) in graph.To.Index())
        {
            if (to >= 0 && _flow[edge] > 0) edges[next[to]++] = edge;
        }

        return (first, edges);
    }

    private static int[][] SeedsInto(ReachedGraph graph)
    {
        var seeds = new int[graph.TransactionCount][];
        Array.Fill(seeds, []);
        foreach (var group in graph.SeedTargets.Index().Where(seed => seed.Item >= 0).GroupBy(seed => seed.Item)) seeds[group.Key] = [.. group.Select(seed => seed.Index)];
        return seeds;
    }

    private static int InChainOrder(IReadOnlyList<WayStep> a, IReadOnlyList<WayStep> b)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (a[i].Carrier != b[i].Carrier) return a[i].Carrier.CompareTo(b[i].Carrier);
        }

        return a.Count.CompareTo(b.Count);
    }
}
