namespace Haetae.Tracing.Mixers;

/// <summary>The withdrawal was paid for by its owner, at a gas price that only one deposit of the pool has.</summary>
/// <remarks>
/// Contract: before EIP-1559 only, where wallets let people type a price: a price of exactly one deposit of the pool, and the unrelayed withdrawals after it at the same price, which share the score. Errs: by chance, where few use the pool; a relayer
/// pays at its own price, so relayed withdrawals are left out. Source: Béres et al. 2021, heuristic 2; EIP-1559.
/// </remarks>
public static class GasPriceMatch
{
    /// <summary>The method's name.</summary>
    public const string Name = "gas-price";

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book, PoolTerms terms)
    {
        if (!book.HasGasPrices) return HeuristicRun.Without(Name, "needs the gas price");
        bool IsOld(uint block) => terms.LondonBlock is not { } london || block < london;
        if (!book.Pools.Any(pool => pool.Deposits.Any(deposit => IsOld(deposit.Block)))) return HeuristicRun.Without(Name, FormattableString.Invariant($"needs deposits before block {terms.LondonBlock} (EIP-1559)"));
        var links = new List<PoolLink>();
        for (var pool = 0; pool < book.Pools.Count; pool++)
        {
            var (deposits, withdrawals) = (book.Pools[pool].Deposits, book.Pools[pool].Withdrawals);
            var unique = deposits.Index().Where(one => IsOld(one.Item.Block) && one.Item.GasPrice is not null).GroupBy(one => one.Item.GasPrice!.Value)
                .Where(price => price.Count() == 1).ToDictionary(price => price.Key, price => price.Single().Index);
            var fits = withdrawals.Index().Where(one => IsOld(one.Item.Block) && !one.Item.IsRelayed && one.Item.GasPrice is { } price
                && unique.TryGetValue(price, out var d) && d < book.DepositsBefore(pool, one.Item.Block)).ToLookup(one => unique[one.Item.GasPrice!.Value], one => one.Index);
            foreach (var deposit in fits)
                foreach (var w in deposit)
                    links.Add(new PoolLink(Name, 1, pool, w, [deposit.Key], 1_000 / deposit.Count(), 0, FormattableString.Invariant($"its gas price of {withdrawals[w].GasPrice} wei is that of one deposit of the pool alone; {deposit.Count() - 1} other withdrawals have it")));
        }

        return HeuristicRun.Of(Name, links);
    }
}
