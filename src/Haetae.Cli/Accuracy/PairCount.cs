namespace Haetae.Cli.Accuracy;

/// <summary>Pairs of things that were put together, that belong together, and both.</summary>
/// <param name="Together">Pairs in one cluster.</param>
/// <param name="Owned">Pairs of one owner.</param>
/// <param name="Both">Pairs in one cluster and of one owner.</param>
internal readonly record struct PairCount(long Together, long Owned, long Both)
{
    /// <summary>Of the pairs that were put together, those that belong together.</summary>
    internal Rate Precision => new(Both, Together);

    /// <summary>Of the pairs that belong together, those that were put together.</summary>
    internal Rate Recall => new(Both, Owned);

    /// <summary>Counts without going through the pairs: n things make n (n - 1) / 2.</summary>
    internal static PairCount Of(IEnumerable<(uint Cluster, string Owner)> things)
    {
        var clusters = new Dictionary<uint, long>();
        var owners = new Dictionary<string, long>();
        var both = new Dictionary<(uint, string), long>();
        foreach (var thing in things)
        {
            clusters[thing.Cluster] = clusters.GetValueOrDefault(thing.Cluster) + 1;
            owners[thing.Owner] = owners.GetValueOrDefault(thing.Owner) + 1;
            both[thing] = both.GetValueOrDefault(thing) + 1;
        }

        return new PairCount(Pairs(clusters.Values), Pairs(owners.Values), Pairs(both.Values));
    }

    private static long Pairs(IEnumerable<long> sizes) => sizes.Sum(size => checked(size * (size - 1) / 2));
}
