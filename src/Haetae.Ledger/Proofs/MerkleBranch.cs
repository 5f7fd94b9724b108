using Haetae.Ledger.Hashing;

namespace Haetae.Ledger.Proofs;

/// <summary>The way from a transaction's id up to its block's Merkle root: the hash beside each node on the way.</summary>
/// <remarks>
/// A row of hashes is paired up; an odd one at its end is paired with itself. Bit i of the position says whether the node on row i is the
/// right one of its pair.
/// </remarks>
public static class MerkleBranch
{
    /// <summary>Rows below the root that a block of four million bytes can have at most: no transaction takes less than 60 bytes.</summary>
    public const int MostRows = 17;

    /// <summary>The branches of the transactions at some positions, each lowest row first.</summary>
    /// <param name="ids">The ids of all transactions of the block.</param>
    public static IReadOnlyList<Hash256[]> Of(ReadOnlySpan<Hash256> ids, IReadOnlyList<int> positions)
    {
        foreach (var position in positions) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)ids.Length, nameof(positions));
        var row = ids.ToArray();
        var branches = positions.Select(_ => new List<Hash256>()).ToArray();
        for (int count = row.Length, height = 0; count > 1; count = (count + 1) / 2, height++)
        {
            for (var i = 0; i < branches.Length; i++) branches[i].Add(row[Math.Min(positions[i] >> height ^ 1, count - 1)]);
            for (var pair = 0; pair < count; pair += 2) row[pair / 2] = Join(row[pair], row[Math.Min(pair + 1, count - 1)]);
        }

        return [.. branches.Select(branch => branch.ToArray())];
    }

    /// <summary>The root that a branch leads to; null with the reason where the way cannot be one.</summary>
    public static Hash256? Root(Hash256 id, uint position, ReadOnlySpan<Hash256> branch, out string? wrong)
    {
        wrong = null;
        if (branch.Length > MostRows) wrong = $"its Merkle branch has {branch.Length} rows; {MostRows} are the most of any block";
        else if (position >> branch.Length != 0) wrong = $"its position {position} does not lie in a tree of {branch.Length} rows";
        var node = id;
        Span<byte> pair = stackalloc byte[2 * Hash256.Size];
        for (var row = 0; row < branch.Length && wrong is null; row++)
        {
            var right = (position >> row & 1) != 0;
            // The doubled end of an odd row stands on the right: whoever claims that place for it claims a place that is none.
            if (right && branch[row] == node) wrong = "its Merkle branch passes through the doubled end of an odd row (CVE-2012-2459)";
            (right ? branch[row] : node).CopyTo(pair);
            (right ? node : branch[row]).CopyTo(pair[Hash256.Size..]);
            // A transaction of 64 bytes looks like two hashes side by side: below it anything could be claimed to lie.
            if (BareTransaction.IsOne(pair)) wrong = "its Merkle branch passes through a transaction of 64 bytes (CVE-2017-12842)";
            node = DoubleSha256.Hash(pair);
        }

        return wrong is null ? node : null;
    }

    private static Hash256 Join(Hash256 left, Hash256 right)
    {
        Span<byte> pair = stackalloc byte[2 * Hash256.Size];
        left.CopyTo(pair);
        right.CopyTo(pair[Hash256.Size..]);
        return DoubleSha256.Hash(pair);
    }
}
