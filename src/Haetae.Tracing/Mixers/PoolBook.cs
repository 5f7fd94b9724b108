using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Mixers;

/// <summary>A payment between two accounts that are no pool: what may show that they belong together.</summary>
/// <param name="Time">Seconds since 1970.</param>
public readonly record struct OutsideTransfer(AccountAddress From, AccountAddress To, long Time);

/// <summary>Points that somebody claimed for having left a deposit in a pool (Tornado Cash's anonymity mining): their number tells how many blocks it lay there.</summary>
/// <param name="Pool">Place of the pool in the book.</param>
/// <param name="Points">As claimed, for one deposit.</param>
public readonly record struct MiningClaim(int Pool, UInt256 Points);

/// <summary>The pools of one mixer, and what is known around them. Null stands for what the source does not hold.</summary>
/// <param name="Pools">In the order in which links name them.</param>
public sealed record PoolBook(IReadOnlyList<PoolEvents> Pools)
{
    private PoolClock? _clock;

    /// <summary>Payments between accounts outside the pools; null: not known.</summary>
    public IReadOnlyList<OutsideTransfer>? Outside { get; init; }

    /// <summary>Claimed points; null: not known.</summary>
    public IReadOnlyList<MiningClaim>? Claims { get; init; }

    /// <summary>Times of blocks, as far as events tell them.</summary>
    public PoolClock Clock => _clock ??= new PoolClock(Pools);

    /// <summary>Whether every deposit has its depositor.</summary>
    public bool HasDepositors => Pools.All(pool => pool.Deposits.All(deposit => deposit.Depositor is not null));

    /// <summary>Of how many transactions with deposits or withdrawals the gas price is known, and how many there are.</summary>
    public (int Known, int Of) CountGasPrices()
    {
        var known = Pools.SelectMany(pool => pool.Deposits.Select(one => (one.Transaction, one.GasPrice)).Concat(pool.Withdrawals.Select(one => (one.Transaction, one.GasPrice))))
            .GroupBy(one => one.Transaction, one => one.GasPrice is not null).Select(transaction => transaction.First()).ToList();
        return (known.Count(isKnown => isKnown), known.Count);
    }

    /// <summary>How many deposits of a pool are not later than a block. Inside a block deposits are taken to come first: the generous reading, because lists do not tell the order.</summary>
    /// <param name="pool">Its place in the book.</param>
    /// <param name="block">A withdrawal's.</param>
    public int DepositsBefore(int pool, uint block)
    {
        var deposits = Pools[pool].Deposits;
        int low = 0, high = deposits.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (deposits[middle].Block <= block) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>A deposit's time; where its source gives none, as <see cref="PoolClock"/> has it.</summary>
    public long TimeOf(PoolDeposit deposit) => deposit.Time ?? Clock.At(deposit.Block);

    /// <summary>A withdrawal's time; where its source gives none, as <see cref="PoolClock"/> has it.</summary>
    public long TimeOf(PoolWithdrawal withdrawal) => withdrawal.Time ?? Clock.At(withdrawal.Block);
}

/// <summary>Times of blocks by the dated events of all pools: exact for a block with such an event, else between its neighbours.</summary>
public sealed class PoolClock
{
    private readonly (uint Block, uint Time)[] _known;

    internal PoolClock(IEnumerable<PoolEvents> pools) => _known =
    [
        .. pools.SelectMany(pool => pool.Deposits.Where(deposit => deposit.Time is not null).Select(deposit => (deposit.Block, deposit.Time!.Value))
                .Concat(pool.Withdrawals.Where(withdrawal => withdrawal.Time is not null).Select(withdrawal => (withdrawal.Block, withdrawal.Time!.Value))))
            .Distinct().OrderBy(known => known.Item1).ThenBy(known => known.Item2),
    ];

    /// <summary>Whether any event has a time.</summary>
    public bool IsKnown => _known.Length > 0;

    /// <summary>Between which times a block was made; before the first or after the last dated block one side is open.</summary>
    public (uint? Earliest, uint? Latest) Between(uint block)
    {
        var at = FirstFrom(block);
        if (at < _known.Length && _known[at].Block == block) return (_known[at].Time, _known[at].Time);
        return (at > 0 ? _known[at - 1].Time : null, at < _known.Length ? _known[at].Time : null);
    }

    /// <summary>A time for a block: along the line between the dated blocks around it, rounded down; the nearest one's at the ends; 0 when nothing is dated.</summary>
    public long At(uint block)
    {
        var at = FirstFrom(block);
        if (_known.Length == 0) return 0;
        if (at == _known.Length) return _known[^1].Time;
        if (at == 0 || _known[at].Block == block) return _known[at].Time;
        var (before, after) = (_known[at - 1], _known[at]);
        return before.Time + ((long)after.Time - before.Time) * (block - before.Block) / (after.Block - before.Block);
    }

    private int FirstFrom(uint block)
    {
        int low = 0, high = _known.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_known[middle].Block < block) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
