using System.Numerics;

namespace Haetae.Ledger.Ingest;

/// <summary>Targets as headers carry them ("compact bits") and the work they stand for (Bitcoin Core, arith_uint256.cpp and chain.cpp).</summary>
internal static class ProofOfWork
{
    /// <summary>The 256-bit number a hash must not exceed. False for a negative, zero or overflowing target.</summary>
    internal static bool TryTarget(uint bits, out BigInteger target)
    {
        var exponent = (int)(bits >> 24);
        var mantissa = bits & 0x007fffff;
        target = exponent <= 3 ? mantissa >> (8 * (3 - exponent)) : (BigInteger)mantissa << (8 * (exponent - 3));
        return (bits & 0x00800000) == 0 && !target.IsZero && target.GetBitLength() <= 256;
    }

    /// <summary>Hashes it takes on average to meet a target: 2^256 / (target + 1).</summary>
    internal static UInt128 Work(BigInteger target)
    {
        var work = (BigInteger.One << 256) / (target + 1);
        // A real chain's total is below 2^100; a single header that claims more than 2^120 did not find it.
        return work > (BigInteger.One << 120) ? UInt128.One << 120 : (UInt128)work;
    }

    /// <summary>The hash as the number that is compared with a target.</summary>
    internal static BigInteger Number(Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[32];
        hash.CopyTo(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }
}
