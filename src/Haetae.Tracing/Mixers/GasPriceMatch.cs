namespace Haetae.Tracing.Mixers;

/// <summary>The withdrawal was paid for by its owner, at a gas price that only one deposit of the pool has.</summary>
/// <remarks>
/// Contract: before EIP-1559 only, where wallets let people type a price: a price of exactly one deposit of the pool, and the withdrawals after it at the same price, which share the score. A relayer pays at its own price, so a withdrawal
/// with a relayer, or that another than its recipient sent, is left out. Without the price of every such deposit none is known to stand alone, and the rule does not run. Errs: by chance, where few use the pool. Source: Béres et al. 2021,
/// heuristic 2; Wu et al. 2022 (Tutela), "unique gas price", which drops what another than the recipient sent; EIP-1559.
/// </remarks>
public static class GasPriceMatch
{
    /// <summary>The method's name.</summary>
    public const string Name = "gas-price";

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book, PoolTerms terms)
    {
        bool IsOld(uint block) => terms.LondonBlock is not { } london || block < london;
        List<PoolDeposit> old = [.. book.Pools.SelectMany(pool => pool.Deposits).Where(deposit => IsOld(deposit.Block))];
        List<PoolWithdrawal> own = [.. book.Pools.SelectMany(pool => pool.Withdrawals).Where(withdrawal => IsOld(withdrawal.Block) && withdrawal.IsSentByOwner)];
        if (old.Count == 0) return HeuristicRun.Without(Name, FormattableString.Invariant($"needs deposits before block {terms.LondonBlock} (EIP-1559)"));
        if (old.Count(deposit => deposit.GasPrice is not null) is var known && known < old.Count) return HeuristicRun.Without(Name, FormattableString.Invariant($"needs the gas price of every deposit, known of {known} of {old.Count}"));
        if (own.Count > 0 && own.All(withdrawal => withdrawal.GasPrice is null)) return HeuristicRun.Without(Name, FormattableString.Invariant($"needs the gas price of withdrawals, known of 0 of {own.Count} that no relayer sent"));
        var links = new List<PoolLink>();
        for (var pool = 0; pool < book.Pools.Count; pool++)
        {
            var (deposits, withdrawals) = (book.Pools[pool].Deposits, book.Pools[pool].Withdrawals);
            var unique = deposits.Index().Where(one => IsOld(one.Item.Block)).GroupBy(one => one.Item.GasPrice!.Value)
                .Where(price => price.Count() == 1).ToDictionary(price => price.Key, price => price.Single().Index);
            var fits = withdrawals.Index().Where(one => IsOld(one.Item.Block) && one.Item.IsSentByOwner && one.Item.GasPrice is { } price
                && unique.TryGetValue(price, out var d) && deposits[d].Block < one.Item.Block).ToLookup(one => unique[one.Item.GasPrice!.Value], one => one.Index);
            foreach (var deposit in fits)
                foreach (var w in deposit)
                    links.Add(new PoolLink(Name, 2, pool, w, [deposit.Key], 1_000 / deposit.Count(), 0, FormattableString.Invariant($"its gas price of {withdrawals[w].GasPrice} wei is that of one deposit of the pool alone; {deposit.Count() - 1} other withdrawals have it")));
        }

        return HeuristicRun.Of(Name, links);
    }
}
