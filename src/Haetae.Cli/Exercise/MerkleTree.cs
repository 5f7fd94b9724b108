using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>The root over hashes in order, an odd one at the end of a row paired with itself.</summary>
internal static class MerkleTree
{
    public static Hash256 Root(ReadOnlySpan<Hash256> leaves)
    {
        var row = leaves.ToArray();
        Span<byte> pair = stackalloc byte[2 * Hash256.Size];
        for (var count = row.Length; count > 1; count = (count + 1) / 2)
        {
            for (var i = 0; i < count; i += 2)
            {
                row[i].CopyTo(pair);
                row[Math.Min(i + 1, count - 1)].CopyTo(pair[Hash256.Size..]);
                row[i / 2] = WireWriter.DoubleHash(pair);
            }
        }

        return row[0];
    }
}
