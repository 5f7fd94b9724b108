using Haetae.Ledger;

namespace Haetae.Tracing.Mixers;

/// <summary>The withdrawal was paid for by its owner, at a gas price that only one deposit of the pool has.</summary>
/// <remarks>
/// Contract: before EIP-1559 only, where wallets let people type a price: a price of exactly one deposit of the pool and of exactly one of its unrelayed withdrawals after it. Errs: by chance, where few use the pool; a relayer
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
            var unique = Unique(deposits.Index().Where(one => IsOld(one.Item.Block)).Select(one => (one.Item.GasPrice, one.Index)));
            foreach (var (price, w) in Unique(withdrawals.Index().Where(one => IsOld(one.Item.Block) && !one.Item.IsRelayed).Select(one => (one.Item.GasPrice, one.Index))).OrderBy(one => one.Value))
            {
                if (unique.TryGetValue(price, out var d) && d < book.DepositsBefore(pool, withdrawals[w].Block))
                    links.Add(new PoolLink(Name, 1, pool, w, [d], 1_000, 0, $"its gas price of {price} wei is that of one deposit of the pool alone"));
            }
        }

        return HeuristicRun.Of(Name, links);
    }

    private static Dictionary<UInt256, int> Unique(IEnumerable<(UInt256? Price, int Place)> events) =>
        events.Where(one => one.Price is not null).GroupBy(one => one.Price!.Value).Where(price => price.Count() == 1).ToDictionary(price => price.Key, price => price.Single().Place);
}
