using System.Buffers.Binary;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>Regtest blocks put together by hand.</summary>
internal static class HandMade
{
    private const uint Bits = 0x207fffff;

    /// <summary>A transaction: what it spends (id, output) and what it pays (amount, script).</summary>
    internal static byte[] Transaction((Hash256 Id, uint Output)[] spends, params (long Amount, byte[] Script)[] pays)
    {
        var wire = new WireWriter();
        wire.UInt32(1);
        wire.Count(spends.Length);
        foreach (var (id, output) in spends)
        {
            wire.Hash(id);
            wire.UInt32(output);
            wire.Prefixed([1, 5]);
            wire.UInt32(uint.MaxValue);
        }

        wire.Count(pays.Length);
        foreach (var (amount, script) in pays)
        {
            wire.Int64(amount);
            wire.Prefixed(script);
        }

        wire.UInt32(0);
        return wire.Written.ToArray();
    }

    internal static byte[] Coinbase(byte tag, params (long Amount, byte[] Script)[] pays) => Transaction([(default, uint.MaxValue)], [.. pays, (0, new byte[] { 0x6a, tag })]);

    internal static Hash256 Id(byte[] transaction) => DoubleSha256.Hash(transaction);

    internal static byte[] Block(Hash256 previous, params byte[][] transactions)
    {
        var wire = new WireWriter();
        wire.UInt32(1);
        wire.Hash(previous);
        wire.Hash(transactions.Length == 0 ? default : MerkleTree.Root(Array.ConvertAll(transactions, Id)));
        wire.UInt32(1_700_000_000);
        wire.UInt32(Bits);
        wire.UInt32(0);
        wire.Count(transactions.Length);
        foreach (var transaction in transactions) wire.Bytes(transaction);
        var block = wire.Written.ToArray();
        ProofOfWork.TryTarget(Bits, out var target);
        for (uint nonce = 0; ProofOfWork.Number(Hash(block)) > target; nonce++) BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(76), nonce);
        return block;
    }

    internal static Hash256 Hash(byte[] block) => DoubleSha256.Hash(block.AsSpan(0, 80));

    internal static void Write(string folder, params byte[][] blocks)
    {
        Directory.CreateDirectory(folder);
        using var file = File.Create(Path.Combine(folder, "blk00000.dat"));
        foreach (var block in blocks)
        {
            file.Write(BitConverter.GetBytes(BitcoinNetwork.Regtest.Magic));
            file.Write(BitConverter.GetBytes(block.Length));
            file.Write(block);
        }
    }
}
