using Haetae.Ledger;
using Haetae.Tracing.Mixers;

namespace Haetae.Intel.Pools;

/// <summary>Several lists of deposits and withdrawals put together, pool by pool, by what their names tell.</summary>
public static class PoolFolder
{
    /// <summary>Reads the lists that paths name: files, or folders with such files in them. Pools come by denomination, the smallest first.</summary>
    /// <exception cref="IntelException">A path is not there, a name tells no pool, a list is broken or named twice.</exception>
    public static IReadOnlyList<PoolEvents> Read(IEnumerable<string> paths, CancellationToken cancel = default)
    {
        var pools = new SortedDictionary<UInt256, (string Symbol, IReadOnlyList<PoolDeposit>? Deposits, IReadOnlyList<PoolWithdrawal>? Withdrawals)>();
        foreach (var path in paths.SelectMany(Files))
        {
            cancel.ThrowIfCancellationRequested();
            if (PoolEventList.NamedPool(path) is not { } named) throw new IntelException($"{path}: its name does not tell the pool. Name it as deposits_eth_100.json or withdrawals_eth_100.json, perhaps with .zip behind.");
            using var file = File.OpenRead(path);
            var (deposits, withdrawals) = PoolEventList.Read(file, path);
            var known = pools.GetValueOrDefault(named.Denomination, (named.Symbol, null, null));
            if ((deposits.Count > 0 && known.Item2 is not null) || (withdrawals.Count > 0 && known.Item3 is not null)) throw new IntelException($"{path}: the same list of that pool was read before. Name each list once.");
            pools[named.Denomination] = (named.Symbol, deposits.Count > 0 ? deposits : known.Item2, withdrawals.Count > 0 ? withdrawals : known.Item3);
        }

        return [.. pools.Select(pool => new PoolEvents(new Pool($"{Units(pool.Key)} {pool.Value.Symbol}", pool.Key, pool.Value.Symbol, 18), pool.Value.Deposits ?? [], pool.Value.Withdrawals ?? []))];
    }

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new IntelException($"{path}: there is no such file or folder.") { NothingThere = true };
        List<string> lists = [.. Directory.EnumerateFiles(path).Where(file => PoolEventList.NamedPool(file) is not null).Order(StringComparer.Ordinal)];
        return lists.Count > 0 ? lists : throw new IntelException($"{path}: that folder holds no list named as deposits_eth_100.json or withdrawals_eth_100.json.");
    }

    // Ether with the zeros behind the point left out.
    private static string Units(UInt256 denomination)
    {
        var digits = denomination.ToString().PadLeft(19, '0');
        var fraction = digits[^18..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^18] : $"{digits[..^18]}.{fraction}";
    }
}
