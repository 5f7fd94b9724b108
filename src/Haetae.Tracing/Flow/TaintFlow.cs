using Haetae.Ledger;
using Haetae.Tracing.Engine;

namespace Haetae.Tracing.Flow;

/// <summary>How the taint flowed, worked out afterwards from the little that a trace keeps.</summary>
internal abstract class TaintFlow(UtxoGraph graph, SeedList seeds)
{
    public UtxoGraph Graph => graph;

    public SeedList Seeds => seeds;

    /// <summary>The taint of an output that is followed into its spender; 0 for every other.</summary>
    public abstract long FollowedTaintOf(long output);

    /// <summary>Tainted outputs in chain order: all that are followed, and perhaps some that are ends.</summary>
    protected abstract IEnumerable<TaintStep> TaintedOutputs();

    /// <summary>What was followed: the tainted outputs that are no ends.</summary>
    public IEnumerable<TaintSpend> Spends(IReadOnlyList<TaintEnd> ends)
    {
        var end = 0;
        foreach (var (output, tainted) in TaintedOutputs())
        {
            while (end < ends.Count && ends[end].Output < output) end++;
            if (end < ends.Count && ends[end].Output == output) continue;
            yield return new TaintSpend(output, tainted, graph.SpenderOf(output));
        }
    }
}
