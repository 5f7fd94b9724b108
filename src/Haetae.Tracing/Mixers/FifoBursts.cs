using System.Globalization;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Mixers;

/// <summary>A recipient's burst of withdrawals repeats a depositor's burst of deposits: as many, first in first out, the pauses in the same order.</summary>
/// <remarks>
/// Contract: in one pool, bursts end at a pause; a burst of withdrawals and one of deposits are a pair when they are equally long, every i-th deposit comes before the i-th withdrawal, all within the horizon; a pair is accepted when few
/// enough orders of the pauses fit as well (<see cref="BurstOrder"/>). Many pairs are tested, so some fit by luck: the score is 1,000 over the pairs that fit one burst, times 1 less the share of false ones to be
/// expected among pairs as good or better (Benjamini and Hochberg 1995, pool by pool);
/// 0 means that luck explains them all. Where depositors are not known, deposits of the whole crowd are cut at short pauses, and the burst is nobody's. Errs: scripts that pause alike, and thieves who wait at random. Source: the idea of Cristodaro, Kraner, Tessone 2025 (arXiv 2510.09433); the test is Haetae's own.
/// </remarks>
public static class FifoBursts
{
    /// <summary>The method's name.</summary>
    public const string Name = "fifo-bursts";

    /// <summary>Seconds that end a burst of the crowd, where depositors are not known.</summary>
    public const long CrowdPause = 20 * 60;

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book, PoolTerms terms)
    {
        if (!book.Clock.IsKnown) return HeuristicRun.Without(Name, "needs times");
        var links = new List<PoolLink>();
        var allTested = 0;
        for (var pool = 0; pool < book.Pools.Count; pool++)
        {
            var events = book.Pools[pool];
            List<List<(long Time, int Place)>> deposited = book.HasDepositors
                ? [.. PoolActors.DepositsByActor(events).Values.SelectMany(mine => Bursts(mine.ConvertAll(d => (book.TimeOf(events.Deposits[d]), d)), terms.Pause))]
                : Bursts([.. events.Deposits.Select((deposit, d) => (book.TimeOf(deposit), d))], CrowdPause);
            var byLength = deposited.Where(burst => burst.Count >= terms.LeastOfBurst).ToLookup(burst => burst.Count);
            var tested = 0;
            var accepted = new List<(List<PoolLink> Links, int P)>();
            foreach (var (recipient, mine) in PoolActors.WithdrawalsByActor(events))
                foreach (var burst in Bursts(mine.ConvertAll(w => (book.TimeOf(events.Withdrawals[w]), w)), terms.Pause))
                    accepted.AddRange(Match(pool, recipient, burst, byLength[burst.Count], terms, ref tested));
            foreach (var (pair, doubt) in accepted.OrderBy(pair => pair.P).Zip(Doubts(accepted.Select(pair => pair.P).Order(), tested)))
                links.AddRange(pair.Links.Select(link => link with { Score = link.Score * (10_000 - doubt) / 10_000 }));
            allTested += tested;
        }

        return HeuristicRun.Of(Name, links, allTested);
    }

    // Of each pair, by rising p, the share of false ones among all up to it or the next better cut: the least of p x tests / rank from it on; ten-thousandths, rounded up.
    private static int[] Doubts(IEnumerable<int> levels, long tested)
    {
        int[] doubts = [.. levels];
        var least = 10_000L;
        for (var rank = doubts.Length; rank > 0; rank--)
        {
            least = Math.Min(least, (doubts[rank - 1] * tested + rank - 1) / rank);
            doubts[rank - 1] = (int)least;
        }

        return doubts;
    }

    // The links of each pair that was accepted, and its p.
    private static IEnumerable<(List<PoolLink> Links, int P)> Match(int pool, AccountAddress recipient, List<(long Time, int Place)> burst, IEnumerable<List<(long Time, int Place)>> candidates, PoolTerms terms, ref int tested)
    {
        var accepted = new List<(List<(long Time, int Place)> Deposits, int P)>();
        foreach (var deposits in candidates)
        {
            if (burst[^1].Time - deposits[0].Time > terms.Horizon || deposits.Zip(burst).Any(pair => pair.First.Time > pair.Second.Time)) continue;
            tested++;
            var p = BurstOrder.Of([.. deposits.Select(one => one.Time)], [.. burst.Select(one => one.Time)], terms.Level);
            if (p <= terms.Level) accepted.Add((deposits, p));
        }

        return accepted.Select(one => (one.Deposits.Zip(burst, (deposit, withdrawal) => new PoolLink(Name, 1, pool, withdrawal.Place, [deposit.Place], 1_000 / accepted.Count, accepted.Count - 1,
            string.Create(CultureInfo.InvariantCulture, $"{recipient} withdrew {burst.Count} times with the pauses of {burst.Count} deposits in their order; p {one.P / 10_000}.{one.P % 10_000:0000}"))).ToList(), one.P));
    }

    private static List<List<(long Time, int Place)>> Bursts(List<(long Time, int Place)> events, long pause)
    {
        var bursts = new List<List<(long, int)>>();
        long last = 0;
        foreach (var one in events.OrderBy(one => one.Time).ThenBy(one => one.Place))
        {
            if (bursts.Count == 0 || one.Time - last > pause) bursts.Add([]);
            bursts[^1].Add(one);
            last = one.Time;
        }

        return bursts;
    }
}
