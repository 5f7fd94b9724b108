using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>The first transaction of a block: the height (BIP 34), the reward, and the commitment to the witnesses (BIP 141).</summary>
internal static class Coinbase
{
    private const long FirstSubsidy = 50L * 100_000_000L;

    /// <summary>Regtest halves the subsidy after this many blocks.</summary>
    private const int HalvingInterval = 150;

    /// <summary>New coins of a block in satoshi.</summary>
    public static long Subsidy(int height) => height / HalvingInterval >= 64 ? 0 : FirstSubsidy >> (height / HalvingInterval);

    /// <param name="reward">Subsidy and fees in satoshi.</param>
    /// <param name="commitment">The hash to commit to, or null for a block without witnesses.</param>
    public static EncodedTransaction Encode(int height, Destination to, long reward, Hash256? commitment)
    {
        var stripped = new WireWriter();
        stripped.UInt32(1);
        stripped.Count(1);
        stripped.Reserve(32).Clear();
        stripped.UInt32(uint.MaxValue);
        stripped.Prefixed([.. PushHeight(height), .. "/practice/"u8]);
        stripped.UInt32(uint.MaxValue);
        stripped.Count(commitment is null ? 1 : 2);
        stripped.Int64(reward);
        stripped.Prefixed(to.Script);
        if (commitment is { } hash)
        {
            stripped.Int64(0);
            stripped.Prefixed([0x6a, 36, 0xaa, 0x21, 0xa9, 0xed, .. hash.ToArray()]);
        }

        stripped.UInt32(0);
        var id = stripped.DoubleHash();
        return commitment is null
            ? new EncodedTransaction(stripped.Written.ToArray(), id, id, false)
            : new EncodedTransaction(WithReservedValue(stripped), id, default, true);
    }

    /// <summary>SHA-256d of the witness root and the reserved value, which is 32 zero bytes.</summary>
    /// <param name="witnessIds">Of every transaction, the coinbase's own taken as zero.</param>
    public static Hash256 Commitment(ReadOnlySpan<Hash256> witnessIds)
    {
        Span<byte> both = stackalloc byte[2 * Hash256.Size];
        both.Clear();
        MerkleTree.Root(witnessIds).CopyTo(both);
        return WireWriter.DoubleHash(both);
    }

    // The height as the smallest script number: OP_1 to OP_16, else little-endian bytes with room for the sign.
    private static byte[] PushHeight(int height)
    {
        if (height <= 16) return [(byte)(0x50 + height)];
        var digits = new List<byte>();
        for (var rest = height; rest > 0; rest >>= 8) digits.Add((byte)rest);
        if (digits[^1] >= 0x80) digits.Add(0);
        return [(byte)digits.Count, .. digits];
    }

    private static byte[] WithReservedValue(WireWriter stripped)
    {
        var full = new WireWriter();
        full.Bytes(stripped.Written[..4]);
        full.Bytes([0x00, 0x01]);
        full.Bytes(stripped.Written[4..^4]);
        full.Count(1);
        full.Count(32);
        full.Reserve(32).Clear();
        full.Bytes(stripped.Written[^4..]);
        return full.Written.ToArray();
    }
}
