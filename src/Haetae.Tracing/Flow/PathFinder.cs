using Haetae.Ledger;

namespace Haetae.Tracing.Flow;

/// <summary>Finds, backward from the largest ends, the strongest way the taint can have come.</summary>
internal static class PathFinder
{
    public static IReadOnlyList<TaintPath> Find(TaintFlow flow, IReadOnlyList<TaintEnd> ends, int count) =>
        [.. Largest(ends, count).Select(end => WayTo(flow, end))];

    // Largest first, ties in chain order; one pass, since ends may be millions and the count is small.
    private static List<TaintEnd> Largest(IReadOnlyList<TaintEnd> ends, int count)
    {
        var largest = new List<TaintEnd>();
        if (count <= 0) return largest;
        foreach (var end in ends)
        {
            if (largest.Count == count)
            {
                if (end.Tainted <= largest[^1].Tainted) continue;
                largest.RemoveAt(count - 1);
            }

            var place = largest.Count;
            while (place > 0 && largest[place - 1].Tainted < end.Tainted) place--;
            largest.Insert(place, end);
        }

        return largest;
    }

    private static TaintPath WayTo(TaintFlow flow, TaintEnd end)
    {
        var steps = new List<TaintStep> { new(end.Output, end.Tainted) };
        var least = end.Tainted;
        while (flow.Seeds.StolenOf(steps[^1].Output) == 0 && Strongest(flow, steps[^1].Output) is { Tainted: > 0 } step)
        {
            steps.Add(step);
            least = Math.Min(least, step.Tainted);
        }

        steps.Reverse();
        return new TaintPath(steps, least);
    }

    private static TaintStep Strongest(TaintFlow flow, long output)
    {
        var graph = flow.Graph;
        var transaction = graph.TransactionOf(output);
        var strongest = default(TaintStep);
        var last = graph.FirstInput[transaction + 1L];
        for (var input = graph.FirstInput[transaction]; input < last; input++)
        {
            var previous = graph.Previous[input];
            if (previous == OutputNum.NotHeld) continue;
            var tainted = flow.FollowedTaintOf(previous);
            if (tainted > strongest.Tainted) strongest = new TaintStep(previous, tainted);
        }

        return strongest;
    }
}
