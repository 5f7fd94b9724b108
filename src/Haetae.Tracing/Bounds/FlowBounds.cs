namespace Haetae.Tracing.Bounds;

/// <summary>How much of the theft any rule that conserves value can place at a set of ends.</summary>
/// <param name="Least">Satoshi that every rule places there: it cannot all have gone elsewhere.</param>
/// <param name="Most">Satoshi that no rule exceeds.</param>
public readonly record struct TaintBounds(long Least, long Most)
{
    public bool Holds(long figure) => figure >= Least && figure <= Most;
}

/// <summary>Bounds without a rule: what holds however each transaction's taint is divided among its outputs and fee.</summary>
/// <remarks>
/// most(D) is the maximum flow from the seeds into the ends D, least(D) is what was stolen less the maximum flow into all other ends. Both are
/// reached by some division of every transaction (where <see cref="ReachedGraph.IsTight"/>), so nothing narrower is true without assuming a rule.
/// A set is asked as one: bounds of its parts, added up, are right but wider.
/// Errs: nowhere as arithmetic. But the network is only as good as its ends: a service passed through, or an owner's other address not known
/// to be his, moves them. Poison, which conserves nothing, lies outside. For one thread; memory: 16 bytes an edge and 37 a node.
/// </remarks>
public sealed class FlowBounds(ReachedGraph graph)
{
    private readonly MaximumFlow _search = new(graph);

    /// <summary>Finds the bounds of a set of ends, given as indices in <see cref="ReachedGraph.Ends"/>.</summary>
    public TaintBounds Of(IEnumerable<int> ends, CancellationToken cancellation = default)
    {
        var marked = Mark(ends);
        var most = _search.Run(marked, others: false, cancellation);
        return new TaintBounds(graph.Stolen - _search.Run(marked, others: true, cancellation), most);
    }

    /// <summary>Finds the most that a set of ends can hold, with the ways it could come and the place it cannot pass, for others to re-add.</summary>
    /// <param name="ends">As in <see cref="Of"/>, without <see cref="ReachedGraph.AbsorbedEnd"/>, which is no place.</param>
    /// <param name="steps">The most outputs shown on ways altogether; beyond, <see cref="BoundProof.NotShown"/> says how much is left out.</param>
    public BoundProof Prove(IEnumerable<int> ends, int steps = 1_000_000, CancellationToken cancellation = default)
    {
        var marked = Mark(ends);
        if (marked[ReachedGraph.AbsorbedEnd]) throw new ArgumentException("What came back to a seed lies at no place that could be proved.", nameof(ends));
        var most = _search.Run(marked, others: false, cancellation);
        return new FlowWays(graph, _search).Prove(marked, most, steps, cancellation);
    }

    private bool[] Mark(IEnumerable<int> ends)
    {
        var marked = new bool[graph.Ends.Count];
        foreach (var end in ends) marked[end] = true;
        return marked;
    }
}
