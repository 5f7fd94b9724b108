namespace Haetae.Tracing.Mixers;

/// <summary>Among how many deposits a withdrawal hides.</summary>
/// <param name="Withdrawal">Place in the pool's withdrawals.</param>
/// <param name="Naive">Deposits until its block, nothing less: what the pool promises.</param>
/// <param name="Linked">What is left of them after links: of a linked withdrawal, the deposits its links name; of another, the naive set less deposits that linked withdrawals spent.</param>
public readonly record struct AnonymitySet(int Withdrawal, int Naive, int Linked);

/// <summary>Every rule of pools, and the sets that their links leave.</summary>
/// <remarks>
/// Contract: links of at least the least score count. In order of block, each linked withdrawal spends the earliest of the deposits its best link names (best: fewest deposits, then highest score) that no other has spent: one withdrawal
/// takes one deposit away from everybody else, however many its owner made. Errs as its links do; a wrong link makes every later set too small by one.
/// </remarks>
public static class AnonymitySets
{
    /// <summary>Asks every rule, in a fixed order.</summary>
    public static IReadOnlyList<HeuristicRun> Ask(PoolBook book, PoolTerms terms) =>
        [AddressMatch.Of(book), GasPriceMatch.Of(book, terms), LinkedAddress.Of(book, terms), MultiDenomination.Of(book, terms), FifoBursts.Of(book, terms), VolumeMatch.Of(book, terms), MiningPoints.Of(book)];

    /// <summary>The sets of all withdrawals of a pool, in order.</summary>
    /// <param name="book">The pools.</param>
    /// <param name="pool">Which one.</param>
    /// <param name="runs">What the rules say.</param>
    /// <param name="leastScore">Links below it are left out.</param>
    public static IReadOnlyList<AnonymitySet> Of(PoolBook book, int pool, IEnumerable<HeuristicRun> runs, int leastScore = 500)
    {
        var events = book.Pools[pool];
        var links = runs.SelectMany(run => run.Links).Where(link => link.Pool == pool && link.Score >= leastScore).ToLookup(link => link.Withdrawal);
        var spentBy = Spent(events, links);
        var spentBefore = new int[events.Deposits.Count + 1];
        for (var d = 0; d < events.Deposits.Count; d++) spentBefore[d + 1] = spentBefore[d] + (spentBy[d] >= 0 ? 1 : 0);
        var sets = new AnonymitySet[events.Withdrawals.Count];
        for (var w = 0; w < sets.Length; w++)
        {
            var naive = book.DepositsBefore(pool, events.Withdrawals[w].Block);
            sets[w] = new AnonymitySet(w, naive, links.Contains(w) ? links[w].SelectMany(link => link.Deposits).Distinct().Count() : naive - spentBefore[naive]);
        }

        return sets;
    }

    /// <summary>For each deposit of a pool the linked withdrawal that is said to spend it, or -1.</summary>
    /// <param name="book">The pools.</param>
    /// <param name="pool">Which one.</param>
    /// <param name="runs">What the rules say.</param>
    /// <param name="leastScore">Links below it are left out.</param>
    public static IReadOnlyList<int> SpentBy(PoolBook book, int pool, IEnumerable<HeuristicRun> runs, int leastScore = 500) =>
        Spent(book.Pools[pool], runs.SelectMany(run => run.Links).Where(link => link.Pool == pool && link.Score >= leastScore).ToLookup(link => link.Withdrawal));

    internal static int[] Spent(PoolEvents events, ILookup<int, PoolLink> links)
    {
        var spentBy = new int[events.Deposits.Count];
        Array.Fill(spentBy, -1);
        foreach (var w in links.Select(link => link.Key).OrderBy(w => events.Withdrawals[w].Block).ThenBy(w => w))
        {
            var best = links[w].OrderBy(link => link.Deposits.Count).ThenByDescending(link => link.Score).ThenBy(link => link.Deposits[0]).First();
            foreach (var d in best.Deposits)
            {
                if (spentBy[d] >= 0) continue;
                spentBy[d] = w;
                break;
            }
        }

        return spentBy;
    }
}
