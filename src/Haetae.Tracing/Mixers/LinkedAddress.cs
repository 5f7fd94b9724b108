using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Mixers;

/// <summary>The withdrawal's recipient and a depositor of the pool pay each other outside of it.</summary>
/// <remarks>
/// Contract: at least so many payments between the two, in either direction, at any time; links the withdrawal with that depositor's earlier deposits. Every such depositor is a candidate, and the score is shared among them.
/// Errs: customers of one shop, friends, and everybody who uses the same deposit address of an exchange. Source: Béres et al. 2021, heuristic 3; Wu et al. 2022.
/// </remarks>
public static class LinkedAddress
{
    /// <summary>The method's name.</summary>
    public const string Name = "linked-address";

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book, PoolTerms terms)
    {
        if (!book.HasDepositors) return HeuristicRun.Without(Name, "needs the depositor");
        if (book.Outside is null) return HeuristicRun.Without(Name, "needs payments outside the pools");
        var counts = new Dictionary<(AccountAddress, AccountAddress), int>();
        foreach (var transfer in book.Outside)
        {
            if (transfer.From == transfer.To) continue;
            var pair = transfer.From.CompareTo(transfer.To) < 0 ? (transfer.From, transfer.To) : (transfer.To, transfer.From);
            counts[pair] = counts.GetValueOrDefault(pair) + 1;
        }

        var close = counts.Where(pair => pair.Value >= terms.MinInteractions).ToList();
        var friends = close.Select(pair => (Of: pair.Key.Item1, Friend: pair.Key.Item2, Count: pair.Value))
            .Concat(close.Select(pair => (Of: pair.Key.Item2, Friend: pair.Key.Item1, Count: pair.Value))).ToLookup(one => one.Of);
        var links = new List<PoolLink>();
        for (var pool = 0; pool < book.Pools.Count; pool++)
        {
            var events = book.Pools[pool];
            var of = PoolActors.DepositsByActor(events);
            for (var w = 0; w < events.Withdrawals.Count; w++)
            {
                var found = new List<(AccountAddress Friend, int Count, List<int> Deposits)>();
                foreach (var (_, friend, count) in friends[events.Withdrawals[w].Recipient])
                {
                    if (!of.TryGetValue(friend, out var mine)) continue;
                    var before = PoolActors.Before(mine, book.DepositsBefore(pool, events.Withdrawals[w].Block));
                    if (before.Count > 0) found.Add((friend, count, before));
                }

                foreach (var (friend, count, deposits) in found.OrderBy(one => one.Deposits[0]))
                    links.Add(new PoolLink(Name, 1, pool, w, deposits, 1_000 / found.Count, found.Sum(one => one.Deposits.Count) - deposits.Count, FormattableString.Invariant($"its recipient and the depositor {friend} have {count} payments between them")));
            }
        }

        return HeuristicRun.Of(Name, links);
    }
}
