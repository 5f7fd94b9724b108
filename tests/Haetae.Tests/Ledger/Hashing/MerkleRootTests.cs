using Haetae.Ledger;
using Haetae.Ledger.Hashing;

namespace Haetae.Tests.Ledger.Hashing;

public class MerkleRootTests
{
    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Agrees_with_a_slow_twin_and_leaves_the_leaves_alone(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        foreach (var count in Enumerable.Range(1, 70).Append(4_001))
        {
            var leaves = Leaves(count);
            var copy = leaves.ToArray();
            var root = hasher.MerkleRoot(leaves, out var mutated);
            Assert.True(SlowRoot(leaves) == root, $"{count} leaves");
            Assert.False(mutated, $"{count} leaves");
            Assert.Equal(copy, leaves);
        }
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Block_100000_has_its_known_root(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        Hash256[] leaves =
        [
            Hash256.Parse("8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87"),
            Hash256.Parse("fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4"),
            Hash256.Parse("6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4"),
            Hash256.Parse("e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d"),
        ];
        Assert.Equal("f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766", hasher.MerkleRoot(leaves, out _).ToString());
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void No_leaves_and_one_leaf(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        Assert.Equal(default, hasher.MerkleRoot([], out var mutated));
        Assert.False(mutated);
        var leaves = Leaves(1);
        Assert.Equal(leaves[0], hasher.MerkleRoot(leaves, out mutated));
        Assert.False(mutated);
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void A_repeated_tail_keeps_the_root_and_is_told(int path)
    {
        // The end is repeated so that it stands where an odd level repeats it anyway: at the leaves, one level up, two levels up.
        using var hasher = HashingPaths.Hasher(path);
        foreach (var (count, tail) in new[] { (3, 1), (5, 1), (6, 2), (10, 2), (12, 4), (41, 1), (2_002, 2) })
        {
            var honest = Leaves(count);
            Hash256[] forged = [.. honest, .. honest[^tail..]];
            var root = hasher.MerkleRoot(honest, out var mutated);
            Assert.False(mutated, $"{count} leaves");
            Assert.Equal(root, hasher.MerkleRoot(forged, out mutated));
            Assert.True(mutated, $"{count} leaves and the last {tail} again");
        }
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Only_pairs_count_as_mutated(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        var x = Leaves(40);
        Assert.True(IsMutated(x[0], x[0]));
        Assert.True(IsMutated(x[0], x[0], x[1]));
        Assert.True(IsMutated(x[0], x[1], x[2], x[2]));
        Assert.True(IsMutated(x[0], x[1], x[0], x[1]));
        Assert.True(IsMutated([.. x[..32], .. x[..32]]));
        Assert.False(IsMutated(x[0], x[1], x[1]));
        Assert.False(IsMutated(x[0], x[1], x[1], x[2]));
        Assert.False(IsMutated(x[0], x[1], x[0]));
        Assert.False(IsMutated(x[0], x[1], x[2], x[3], x[2], x[3]));
        bool IsMutated(params Hash256[] leaves)
        {
            hasher.MerkleRoot(leaves, out var mutated);
            return mutated;
        }
    }

    private static Hash256[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => DoubleSha256.Hash(BitConverter.GetBytes(i)))];

    private static Hash256 SlowRoot(IReadOnlyList<Hash256> level)
    {
        if (level.Count == 1) return level[0];
        var next = new List<Hash256>();
        for (var i = 0; i < level.Count; i += 2)
            next.Add(DoubleSha256.Hash([.. level[i].ToArray(), .. level[Math.Min(i + 1, level.Count - 1)].ToArray()]));
        return SlowRoot(next);
    }
}
