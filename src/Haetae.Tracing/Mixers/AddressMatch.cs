using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Mixers;

/// <summary>The withdrawal pays an address that deposited into the same pool before.</summary>
/// <remarks>
/// Contract: links a withdrawal with every earlier deposit that its recipient paid. Errs: when somebody pays another person's deposit address out of a pool, or a service takes deposits and withdrawals for many under one
/// address. Source: Béres et al. 2021, "Blockchain is watching you", heuristic 1; Wu et al. 2022 (Tutela).
/// </remarks>
public static class AddressMatch
{
    /// <summary>The method's name.</summary>
    public const string Name = "address-match";

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book)
    {
        if (!book.HasDepositors) return HeuristicRun.Without(Name, "needs the depositor");
        var links = new List<PoolLink>();
        for (var pool = 0; pool < book.Pools.Count; pool++)
        {
            var events = book.Pools[pool];
            var of = PoolActors.DepositsByActor(events);
            for (var w = 0; w < events.Withdrawals.Count; w++)
            {
                if (!of.TryGetValue(events.Withdrawals[w].Recipient, out var mine)) continue;
                List<int> before = PoolActors.Before(mine, book.DepositsBefore(pool, events.Withdrawals[w].Block));
                if (before.Count > 0) links.Add(new PoolLink(Name, 1, pool, w, before, 1_000, 0, FormattableString.Invariant($"its recipient {events.Withdrawals[w].Recipient} made {before.Count} of the deposits before it")));
            }
        }

        return HeuristicRun.Of(Name, links);
    }
}

/// <summary>Events of a pool by who did them.</summary>
internal static class PoolActors
{
    internal static Dictionary<AccountAddress, List<int>> DepositsByActor(PoolEvents events)
    {
        var of = new Dictionary<AccountAddress, List<int>>();
        for (var d = 0; d < events.Deposits.Count; d++)
        {
            if (events.Deposits[d].Depositor is not { } depositor) continue;
            if (!of.TryGetValue(depositor, out var mine)) of[depositor] = mine = [];
            mine.Add(d);
        }

        return of;
    }

    internal static Dictionary<AccountAddress, List<int>> WithdrawalsByActor(PoolEvents events)
    {
        var of = new Dictionary<AccountAddress, List<int>>();
        for (var w = 0; w < events.Withdrawals.Count; w++)
        {
            if (!of.TryGetValue(events.Withdrawals[w].Recipient, out var mine)) of[events.Withdrawals[w].Recipient] = mine = [];
            mine.Add(w);
        }

        return of;
    }

    // Those of rising places that lie below a bound.
    internal static List<int> Before(List<int> places, int bound) => places.FindAll(place => place < bound);
}
