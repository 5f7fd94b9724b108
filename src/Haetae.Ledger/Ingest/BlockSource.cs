namespace Haetae.Ledger.Ingest;

/// <summary>One block of the chain to ingest, known by its header.</summary>
/// <param name="Size">Bytes of the whole block.</param>
internal readonly record struct SourceBlock(Hash256 Hash, Hash256 Previous, uint Time, uint Bits, int Size);

/// <summary>A run of blocks, each the child of the one before, that can be read again and from several threads.</summary>
internal abstract class BlockSource : IDisposable
{
    /// <summary>Height of block 0 of the run.</summary>
    internal abstract int FirstHeight { get; }

    internal abstract int Count { get; }

    internal abstract SourceBlock this[int index] { get; }

    /// <summary>Reads blocks into <see cref="Chunk.Raw"/> and fills <see cref="Chunk.Blocks"/>.</summary>
    internal abstract void Read(int first, int count, Chunk chunk);

    /// <summary>Where a block came from, for messages: a file and offset, or a node's address.</summary>
    internal abstract string Describe(int index);

    /// <summary>What an input spends, where the source brings undo data along. <paramref name="input"/> is numbered within the chunk.</summary>
    internal virtual bool TrySpentOutput(Chunk chunk, int block, int input, out long value, out ReadOnlySpan<byte> script)
    {
        value = -1;
        script = default;
        return false;
    }

    public virtual void Dispose() { }
}
