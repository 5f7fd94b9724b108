using Haetae.Ledger;
using Haetae.Tracing.Engine;

namespace Haetae.Tracing.Flow;

/// <summary>The flow of a trace that lines coins up: the taint of every output that was followed, written down on the way.</summary>
internal sealed class LineFlow : TaintFlow
{
    private readonly IReadOnlyList<TaintStep> _followed;

    public LineFlow(UtxoGraph graph, SeedList seeds, ChunkedList<TaintStep> followed, bool outOfOrder) : base(graph, seeds) =>
        _followed = outOfOrder ? ChunkedList<TaintStep>.Sorted(followed, (a, b) => a.Output.CompareTo(b.Output)) : followed;

    public override long FollowedTaintOf(long output)
    {
        int low = 0, high = _followed.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_followed[middle].Output < output) low = middle + 1;
            else high = middle;
        }

        return low < _followed.Count && _followed[low].Output == output ? _followed[low].Tainted : 0;
    }

    protected override IEnumerable<TaintStep> TaintedOutputs() => _followed;
}
