using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Mixers;

/// <summary>Somebody withdraws from several pools, within a day, in exactly the numbers in which somebody deposited into them within a day.</summary>
/// <remarks>
/// Contract: events of an actor over all pools fall into visits, each from its first event to at most a day later. A visit of withdrawals in two pools or more is compared with all visits of deposits that ended before it began;
/// equal counts in every pool are a match, and k matching depositors share the score. Errs: small counts are common; people who leave a part behind are missed. Source: Wu et al. 2022 (Tutela), "multi-denomination reveal".
/// </remarks>
public static class MultiDenomination
{
    /// <summary>The method's name.</summary>
    public const string Name = "multi-denomination";

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book, PoolTerms terms)
    {
        if (!book.HasDepositors) return HeuristicRun.Without(Name, "needs the depositor");
        if (book.Pools.Count < 2) return HeuristicRun.Without(Name, "needs two pools or more");
        if (!book.Clock.IsKnown) return HeuristicRun.Without(Name, "needs times");
        var deposited = Visits(book.Pools.Index().SelectMany(pool => pool.Item.Deposits.Index().Select(one => (one.Item.Depositor!.Value, new Event(book.TimeOf(one.Item), pool.Index, one.Index)))), terms)
            .ToLookup(visit => CountsOf(visit.Events, book.Pools.Count));
        var links = new List<PoolLink>();
        foreach (var visit in Visits(book.Pools.Index().SelectMany(pool => pool.Item.Withdrawals.Index().Select(one => (one.Item.Recipient, new Event(book.TimeOf(one.Item), pool.Index, one.Index)))), terms))
        {
            if (visit.Events.Count < terms.LeastOfVisit || visit.Events.Select(one => one.Pool).Distinct().Count() < 2) continue;
            // One depositor counts once: the visit nearest before.
            List<Visit> matches = [.. deposited[CountsOf(visit.Events, book.Pools.Count)].Where(other => other.Events[^1].Time <= visit.Events[0].Time)
                .GroupBy(other => other.Actor).Select(actor => actor.MaxBy(other => other.Events[0].Time)!)];
            foreach (var one in visit.Events)
            {
                foreach (var match in matches)
                {
                    List<int> deposits = [.. match.Events.Where(other => other.Pool == one.Pool).Select(other => other.Place).Order()];
                    links.Add(new PoolLink(Name, 1, one.Pool, one.Place, deposits, 1_000 / matches.Count, (matches.Count - 1) * deposits.Count,
                        FormattableString.Invariant($"{visit.Actor} withdrew {visit.Events.Count} times from several pools within a visit, {match.Actor} deposited in the same numbers before")));
                }
            }
        }

        return HeuristicRun.Of(Name, links);
    }

    private static IEnumerable<Visit> Visits(IEnumerable<(AccountAddress Actor, Event Event)> events, PoolTerms terms)
    {
        foreach (var actor in events.GroupBy(one => one.Actor, one => one.Event))
        {
            List<Event> sorted = [.. actor.OrderBy(one => one.Time).ThenBy(one => one.Pool).ThenBy(one => one.Place)];
            for (int first = 0, end; first < sorted.Count; first = end)
            {
                for (end = first + 1; end < sorted.Count && sorted[end].Time - sorted[first].Time <= terms.Visit;) end++;
                yield return new Visit(actor.Key, sorted[first..end]);
            }
        }
    }

    private static string CountsOf(List<Event> events, int pools) =>
        string.Join(' ', Enumerable.Range(0, pools).Select(pool => events.Count(one => one.Pool == pool).ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private readonly record struct Event(long Time, int Pool, int Place);

    private sealed record Visit(AccountAddress Actor, List<Event> Events);
}
