namespace Haetae.Tracing.Bounds;

/// <summary>One output on a way of stolen money, or a fee that a coinbase took in.</summary>
/// <param name="Carrier">The output's number, or ~transaction for its fee.</param>
public readonly record struct WayStep(long Carrier)
{
    public bool IsFee => Carrier < 0;

    /// <summary>The output; only where <see cref="IsFee"/> is false.</summary>
    public long Output => Carrier;

    /// <summary>The transaction whose fee it is; only where <see cref="IsFee"/> is true.</summary>
    public uint FeeOf => (uint)~Carrier;
}

/// <summary>A way from a seed (first step) to an end (last step), and how much can come along it beside all other ways.</summary>
public sealed record TaintWay(IReadOnlyList<WayStep> Steps, long Amount);

/// <summary>A place that everything on its way to the ends must pass, with all it lets through.</summary>
/// <param name="Carrier">As in <see cref="WayStep"/>.</param>
/// <param name="IsStolenPart">True: the stolen part of a seed, which starts here. False: what other money passes on.</param>
/// <param name="Amount">Satoshi.</param>
public readonly record struct NarrowPlace(long Carrier, bool IsStolenPart, long Amount);

/// <summary>Why a set of ends can hold so much and no more: ways that bring it there, and narrow places that let no more through.</summary>
/// <param name="Ends">The set, as indices in <see cref="ReachedGraph.Ends"/>.</param>
/// <param name="Most">The bound, satoshi.</param>
/// <param name="Ways">Ways whose amounts, with <paramref name="NotShown"/>, sum to the bound.</param>
/// <param name="NotShown">What would come along ways left out for their number.</param>
/// <param name="NarrowPlaces">Their amounts sum to the bound, and without them no seed reaches the set.</param>
public sealed record BoundProof(IReadOnlyList<int> Ends, long Most, IReadOnlyList<TaintWay> Ways, long NotShown, IReadOnlyList<NarrowPlace> NarrowPlaces)
{
    /// <summary>Re-adds the proof by other means than it was found by; null when it holds, else what does not.</summary>
    public string? Fault(ReachedGraph graph) => new ProofCheck(graph, this).Fault();
}
