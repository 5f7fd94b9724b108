using System.Buffers.Binary;
using System.Numerics;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Node;

/// <summary>Real regtest blocks in order, and branches of empty blocks that leave them at any height.</summary>
internal sealed class TestChain
{
    internal required List<byte[]> Blocks { get; init; }

    internal static Hash256 HashOf(byte[] block) => DoubleSha256.Hash(block.AsSpan(0, 80));

    /// <summary>The blocks of a small practice heist.</summary>
    internal static TestChain Heist(string folder)
    {
        PracticeHeist.Write(folder, 7, PracticeHeist.FewestTransactions, _ => "x", CancellationToken.None);
        var blocks = new List<byte[]>();
        foreach (var file in Directory.GetFiles(folder, "blk*.dat").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            for (var at = 0; at + 8 < bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == BitcoinNetwork.Regtest.Magic;)
            {
                var size = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
                blocks.Add(bytes.AsSpan(at + 8, size).ToArray());
                at += 8 + size;
            }
        }

        // The files may hold blocks out of order.
        var byParent = blocks.ToDictionary(block => new Hash256(block.AsSpan(4, 32)));
        var ordered = new List<byte[]>();
        for (var parent = default(Hash256); byParent.TryGetValue(parent, out var next); parent = HashOf(next)) ordered.Add(next);
        return new TestChain { Blocks = ordered };
    }

    /// <summary>This chain with its last blocks replaced by mined empty ones.</summary>
    internal TestChain Branch(int depth, int length, byte mark)
    {
        var blocks = Blocks.Take(Blocks.Count - depth).ToList();
        for (var i = 0; i < length; i++) blocks.Add(Empty(HashOf(blocks[^1]), blocks.Count, mark));
        return new TestChain { Blocks = blocks };
    }

    internal void WriteFile(string folder)
    {
        Directory.CreateDirectory(folder);
        using var file = File.Create(Path.Combine(folder, "blk00000.dat"));
        Span<byte> head = stackalloc byte[8];
        foreach (var block in Blocks)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head, BitcoinNetwork.Regtest.Magic);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], block.Length);
            file.Write(head);
            file.Write(block);
        }
    }

    private static byte[] Empty(Hash256 parent, int height, byte mark)
    {
        byte[] coinbase =
        [
            1, 0, 0, 0, 1, .. new byte[32], 0xff, 0xff, 0xff, 0xff, 6, 4, (byte)height, (byte)(height >> 8), (byte)(height >> 16), 0, mark,
            0xff, 0xff, 0xff, 0xff, 1, .. new byte[8], 2, 0x51, mark, 0, 0, 0, 0,
        ];
        byte[] block = [1, 0, 0, 0, .. parent.ToArray(), .. DoubleSha256.Hash(coinbase).ToArray(), 0, 0, 0, 0x60, 0xff, 0xff, 0x7f, 0x20, 0, 0, 0, 0, 1, .. coinbase];
        ProofOfWork.TryTarget(0x207fffff, out BigInteger target);
        for (var nonce = 0U; ProofOfWork.Number(HashOf(block)) > target; nonce++) BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(76), nonce);
        return block;
    }
}
