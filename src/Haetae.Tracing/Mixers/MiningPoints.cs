using Haetae.Ledger;

namespace Haetae.Tracing.Mixers;

/// <summary>Points claimed for a deposit tell how many blocks it lay in the pool; where one pair of deposit and withdrawal alone lies so far apart, they are linked.</summary>
/// <remarks>
/// Contract: points divided by the pool's rate, without a rest, is the distance in blocks; a link where exactly one pair of the pool has it. Errs: claims for several deposits together fit nothing, or by chance something. Source: the
/// rates of Tornado Cash's governance proposal of 2020; Wu et al. 2022 (Tutela), "TORN mining reveal".
/// </remarks>
public static class MiningPoints
{
    /// <summary>The method's name.</summary>
    public const string Name = "mining-points";

    // Points a block, by symbol and by tenths of the denomination.
    private static readonly (string Symbol, ulong Tenths, uint Rate)[] Rates =
    [
        ("ETH", 1, 4), ("ETH", 10, 20), ("ETH", 100, 50), ("ETH", 1_000, 400),
        ("DAI", 1_000, 2), ("DAI", 10_000, 10), ("DAI", 100_000, 40), ("DAI", 1_000_000, 250),
        ("cDAI", 50_000, 2), ("cDAI", 500_000, 10), ("cDAI", 5_000_000, 40), ("cDAI", 50_000_000, 250),
        ("WBTC", 1, 15), ("WBTC", 10, 120), ("WBTC", 100, 1_000),
    ];

    /// <summary>Points that a pool gives for every block; null: it gives none.</summary>
    public static uint? RateOf(Pool pool)
    {
        var unit = UInt256.One;
        for (var i = 0; i < pool.Decimals; i++) unit = UInt256.MulDiv(unit, 10, UInt256.One);
        foreach (var (symbol, tenths, rate) in Rates)
            if (string.Equals(symbol, pool.Symbol, StringComparison.OrdinalIgnoreCase) && UInt256.MulDiv(tenths, unit, 10) == pool.Denomination) return rate;
        return null;
    }

    /// <summary>Asks the rule.</summary>
    public static HeuristicRun Of(PoolBook book)
    {
        if (book.Claims is null) return HeuristicRun.Without(Name, "needs the points that were claimed");
        var links = new List<PoolLink>();
        List<ILookup<uint, int>> depositsIn = [.. book.Pools.Select(pool => pool.Deposits.Index().ToLookup(deposit => deposit.Item.Block, deposit => deposit.Index))];
        foreach (var (pool, points) in book.Claims.Distinct())
        {
            var events = book.Pools[pool];
            if (RateOf(events.Pool) is not { } rate) continue;
            var distance = UInt256.MulDiv(points, UInt256.One, rate, out var rest);
            if (!rest.IsZero || distance.IsZero || distance > uint.MaxValue) continue;
            List<(int Deposit, int Withdrawal)> pairs = [.. events.Withdrawals.Index().Where(withdrawal => withdrawal.Item.Block >= distance.Lower)
                .SelectMany(withdrawal => depositsIn[pool][withdrawal.Item.Block - (uint)distance.Lower].Select(deposit => (deposit, withdrawal.Index))).Take(2)];
            if (pairs.Count == 1)
                links.Add(new PoolLink(Name, 1, pool, pairs[0].Withdrawal, [pairs[0].Deposit], 1_000, 0, FormattableString.Invariant($"{points} points at {rate} a block are {distance} blocks, and no other pair of the pool lies so far apart")));
        }

        return HeuristicRun.Of(Name, links);
    }
}
