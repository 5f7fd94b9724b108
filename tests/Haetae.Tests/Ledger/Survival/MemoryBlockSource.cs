using Haetae.Ledger;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>One block in memory.</summary>
internal sealed class MemoryBlockSource : BlockSource
{
    private byte[] _block = [];

    internal override int FirstHeight => 5;

    internal override int Count => 1;

    internal override SourceBlock this[int index] => new(DoubleSha256.Hash(_block.AsSpan(0, 80)), new Hash256(_block.AsSpan(4, 32)), 0, 0x207fffff, _block.Length);

    internal override void Read(int first, int count, Chunk chunk)
    {
        if (chunk.Raw.Length < _block.Length) chunk.Raw = new byte[_block.Length];
        _block.CopyTo(chunk.Raw, 0);
        chunk.Blocks.Add((0, _block.Length));
    }

    internal override string Describe(int index) => "memory";

    internal void Load(byte[] block, Chunk chunk)
    {
        _block = block;
        chunk.Clear();
        chunk.FirstBlock = 0;
        chunk.BlockCount = 1;
        Read(0, 1, chunk);
    }
}
