using Haetae.Ledger.Hashing;

namespace Haetae.Tests.Ledger.Hashing;

/// <summary>Every way of hashing this processor has, for tests that must hold on each.</summary>
public static class HashingPaths
{
    /// <summary>The hasher that picks its own path and leaves small groups to the platform.</summary>
    public const int Chosen = 0;

    private static readonly HashPath[] Supported = [.. Enum.GetValues<HashPath>().Where(HashPaths.IsSupported)];

    /// <summary>Lane counts, and <see cref="Chosen"/>.</summary>
    public static TheoryData<int> All => new([Chosen, .. Supported.Select(path => (int)path)]);

    /// <summary>Lane counts of the paths that have lanes; none on a processor without vectors.</summary>
    public static IEnumerable<int> LaneCounts => Supported.Where(path => path != HashPath.Plain).Select(path => (int)path);

    internal static TxidHasher Hasher(int path) => path == Chosen ? new TxidHasher() : new TxidHasher((HashPath)path);
}
