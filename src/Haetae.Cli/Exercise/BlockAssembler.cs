using System.Runtime.InteropServices;
using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>Puts a header before transactions and tries nonces until the hash meets the easiest target there is.</summary>
internal static class BlockAssembler
{
    /// <summary>Regtest's target in compact form: about every second hash meets it.</summary>
    public const uint Bits = 0x207fffff;

    private const uint Version = 0x20000000;
    private const int NonceAt = 76;

    private static readonly Hash256 Target = Hash256.Parse("7fffff" + new string('0', 58));

    /// <summary>Builds a block whose coinbase pays subsidy and fees to <paramref name="miner"/>.</summary>
    /// <param name="time">In seconds since 1970.</param>
    /// <param name="fees">Sum over <paramref name="transactions"/> in satoshi.</param>
    public static Block Assemble(int height, Hash256 previous, uint time, Destination miner, long fees, List<EncodedTransaction> transactions)
    {
        var reward = Coinbase.Subsidy(height) + fees;
        var coinbase = Coinbase.Encode(height, miner, reward, Commitment(transactions));
        List<EncodedTransaction> all = [coinbase, .. transactions];
        var (bytes, hash) = Encode(Version, previous, time, startNonce: 0, all);
        return new Block(bytes, hash, coinbase.Id, reward);
    }

    /// <summary>Header and transactions as bytes, from the first nonce at or after <paramref name="startNonce"/> that does.</summary>
    public static (byte[] Bytes, Hash256 Hash) Encode(
        uint version, Hash256 previous, uint time, uint startNonce, List<EncodedTransaction> transactions)
    {
        var writer = new WireWriter();
        writer.UInt32(version);
        writer.Hash(previous);
        writer.Hash(MerkleTree.Root(transactions.ConvertAll(t => t.Id).ToArray()));
        writer.UInt32(time);
        writer.UInt32(Bits);
        writer.UInt32(startNonce);
        var header = writer.Written.ToArray();
        var hash = Grind(header, startNonce);

        writer.Clear();
        writer.Bytes(header);
        writer.Count(transactions.Count);
        foreach (var transaction in transactions) writer.Bytes(transaction.Bytes);
        return (writer.Written.ToArray(), hash);
    }

    private static Hash256 Grind(byte[] header, uint nonce)
    {
        for (; ; nonce++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(NonceAt), nonce);
            var hash = WireWriter.DoubleHash(header);
            if (hash.CompareTo(Target) <= 0) return hash;
        }
    }

    private static Hash256? Commitment(List<EncodedTransaction> transactions)
    {
        if (!transactions.Exists(t => t.HasWitness)) return null;
        List<Hash256> witnessIds = [default, .. transactions.Select(t => t.WitnessId)];
        return Coinbase.Commitment(CollectionsMarshal.AsSpan(witnessIds));
    }
}

/// <summary>A finished block.</summary>
/// <param name="Reward">What the coinbase's first output pays, in satoshi.</param>
internal sealed record Block(byte[] Bytes, Hash256 Hash, Hash256 CoinbaseId, long Reward);
