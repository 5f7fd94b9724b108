using System.Buffers.Binary;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Ledger.Proofs;

/// <summary>The 80 bytes that a block is known by: version, hash of the block before, Merkle root, time, bits, nonce.</summary>
public readonly record struct BlockHeader(Hash256 Hash, Hash256 Previous, Hash256 MerkleRoot, uint Time, uint Bits)
{
    public const int Size = 80;

    /// <param name="header">Exactly 80 bytes.</param>
    public static BlockHeader Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length != Size) throw new ArgumentException($"A header has {Size} bytes, not {header.Length}.", nameof(header));
        return new BlockHeader(
            DoubleSha256.Hash(header), new Hash256(header.Slice(4, 32)), new Hash256(header.Slice(36, 32)),
            BinaryPrimitives.ReadUInt32LittleEndian(header[68..]), BinaryPrimitives.ReadUInt32LittleEndian(header[72..]));
    }

    /// <summary>Whether the hash is no larger than the target the header itself states.</summary>
    /// <param name="work">Hashes it takes on average to meet that target: what finding this header cost.</param>
    public bool MeetsItsTarget(out UInt128 work)
    {
        work = 0;
        if (!ProofOfWork.TryTarget(Bits, out var target) || ProofOfWork.Number(Hash) > target) return false;
        work = ProofOfWork.Work(target);
        return true;
    }

    /// <summary>Whether the target it states is easier than the easiest the network lets pass: a generated chain, or a forgery.</summary>
    public bool IsWeakOn(BitcoinNetwork network) =>
        ProofOfWork.TryTarget(Bits, out var own) && ProofOfWork.TryTarget(network.PowLimitBits, out var easiest) && own > easiest;
}
