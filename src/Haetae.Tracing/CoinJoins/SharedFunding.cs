namespace Haetae.Tracing;

/// <summary>Whether the inputs can be shared out so that every participant of an equal-output transaction pays for his own outputs.</summary>
/// <remarks>
/// Inputs of one script stay together. Each participant needs the equal amount, and the k-th other output belongs to one of them. A depth-first search, largest
/// input first into the participants in order of what they lack; it ends after a fixed number of steps, so its answer does not depend on the machine.
/// The idea is BlockSci's (heuristics, isCoinjoinExtra). A transaction of one owner can pass by luck; one of several owners never fails while
/// nobody is given more than the slack.
/// </remarks>
internal static class SharedFunding
{
    private const int MostSteps = 200_000;
    private const int MostFunds = 200, MostPlaces = 100;

    /// <returns>True, false, or null when the search was too long.</returns>
    internal static bool? IsPossible(ShapeFacts facts)
    {
        // What a taker gives a maker, at most: 2 % of the amount, or 50,000 sat.
        var slack = Math.Max(50_000, facts.Mode / 50);
        var changes = facts.Times.Where(pair => pair.Key != facts.Mode).SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value)).OrderDescending().ToList();
        if (changes.Count > facts.Equal) return false;
        var lacks = new long[facts.Equal];
        for (var i = 0; i < lacks.Length; i++) lacks[i] = Math.Max(1, facts.Mode + (i < changes.Count ? changes[i] : 0) - slack);
        var funds = facts.Shape.Inputs.GroupBy(input => Convert.ToHexString(input.Script!)).Select(group => group.Sum(input => input.Value!.Value)).OrderDescending().ToArray();
        if (funds.Length > MostFunds || lacks.Length > MostPlaces) return null;
        var steps = 0;
        return Fill(funds, 0, funds.Sum(), lacks, lacks.Sum(), ref steps);
    }

    private static bool? Fill(long[] funds, int at, long left, long[] lacks, long lacking, ref int steps)
    {
        if (lacking == 0) return true;
        if (lacking > left || at == funds.Length) return false;
        for (var i = 0; i < lacks.Length; i++)
        {
            if (++steps > MostSteps) return null;
            if (lacks[i] == 0 || Array.IndexOf(lacks, lacks[i]) < i) continue;
            var before = lacks[i];
            lacks[i] = Math.Max(0, before - funds[at]);
            var found = Fill(funds, at + 1, left - funds[at], lacks, lacking - before + lacks[i], ref steps);
            lacks[i] = before;
            if (found != false) return found;
        }

        // Nobody needs it: it may be a larger part of what somebody has already got.
        return Fill(funds, at + 1, left - funds[at], lacks, lacking, ref steps);
    }
}
