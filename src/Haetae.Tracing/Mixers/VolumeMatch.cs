namespace Haetae.Tracing.Mixers;

/// <summary>One address collects out of a pool about as often as one actor had put in: the mark of a heist, which is too large to hide.</summary>
/// <remarks>
/// Contract: an actor with many deposits in a pool within the horizon, and a recipient of at most as many and at least nine tenths as many withdrawals from it, each i-th withdrawal after the i-th deposit, the last within the horizon
/// of the first deposit. k such actors share the score. Errs: several thieves of one size at one time; and a thief who collects at many addresses is missed. Source: published accounts of the Ronin and Harmony thefts.
/// </remarks>
public static class VolumeMatch
{
    /// <summary>The method's name.</summary>
    public const string Name = "volume";

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book, PoolTerms terms)
    {
        if (!book.HasDepositors) return HeuristicRun.Without(Name, "needs the depositor");
        if (!book.Clock.IsKnown) return HeuristicRun.Without(Name, "needs times");
        var links = new List<PoolLink>();
        for (var pool = 0; pool < book.Pools.Count; pool++)
        {
            var events = book.Pools[pool];
            var large = PoolActors.DepositsByActor(events).SelectMany(actor => Windows(actor.Value, d => book.TimeOf(events.Deposits[d]), terms.Horizon).Select(places => (Actor: actor.Key, Places: places)))
                .Where(actor => actor.Places.Count >= terms.LeastVolume).ToList();
            foreach (var (recipient, mine) in PoolActors.WithdrawalsByActor(events))
            {
                foreach (var collected in Windows(mine, w => book.TimeOf(events.Withdrawals[w]), terms.Horizon).Where(places => places.Count >= terms.LeastVolume))
                {
                    var fits = large.FindAll(actor => collected.Count <= actor.Places.Count && 10 * collected.Count >= 9 * actor.Places.Count
                        && book.TimeOf(events.Withdrawals[collected[^1]]) - book.TimeOf(events.Deposits[actor.Places[0]]) <= terms.Horizon
                        && collected.Zip(actor.Places).All(pair => events.Deposits[pair.Second].Block <= events.Withdrawals[pair.First].Block));
                    foreach (var (actor, places) in fits)
                    {
                        foreach (var w in collected)
                        {
                            var before = PoolActors.Before(places, book.DepositsBefore(pool, events.Withdrawals[w].Block));
                            links.Add(new PoolLink(Name, 1, pool, w, before, 1_000 / fits.Count, fits.Sum(fit => fit.Places.Count) - places.Count,
                                FormattableString.Invariant($"{recipient} collected {collected.Count} times after {actor} had put in {places.Count}")));
                        }
                    }
                }
            }
        }

        return HeuristicRun.Of(Name, links);
    }

    // Places cut so that no part is longer than the horizon.
    private static IEnumerable<List<int>> Windows(List<int> places, Func<int, long> timeOf, long horizon)
    {
        for (int first = 0, end; first < places.Count; first = end)
        {
            for (end = first + 1; end < places.Count && timeOf(places[end]) - timeOf(places[first]) <= horizon;) end++;
            yield return places[first..end];
        }
    }
}
