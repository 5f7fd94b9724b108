using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>A list that keeps its memory from chunk to chunk and gives out spans.</summary>
internal sealed class Buffer<T>(int capacity) where T : unmanaged
{
    private T[] _items = new T[capacity];

    internal int Count;

    internal Span<T> Span => _items.AsSpan(0, Count);

    internal ref T this[int index] => ref _items[index];

    /// <summary>Makes room for <paramref name="more"/> items behind the last and returns that room; <see cref="Count"/> is the caller's to move.</summary>
    internal Span<T> Room(int more)
    {
        var needed = checked(Count + more);
        if (needed > _items.Length) Array.Resize(ref _items, Math.Max(needed, (int)Math.Min(2L * _items.Length, Array.MaxLength)));
        return _items.AsSpan(Count);
    }

    internal void Add(T item)
    {
        if (Count == _items.Length) Room(1);
        _items[Count++] = item;
    }
}

/// <summary>Some consecutive blocks on their way into the columns: parsed, hashed and checked, numbered from 0 within the chunk.</summary>
internal sealed class Chunk
{
    /// <summary>Bytes of blocks a chunk aims for: large enough to batch hashes and writes, small enough to stay near the cache.</summary>
    internal const int TargetBytes = 8 << 20;

    internal byte[] Raw = new byte[TargetBytes + (1 << 20)];

    /// <summary>Index in the source of the first block, and how many.</summary>
    internal int FirstBlock, BlockCount;

    /// <summary>Where each block begins in <see cref="Raw"/>, and its length.</summary>
    internal readonly Buffer<(int Start, int Length)> Blocks = new(64);

    /// <summary>Per block, its first transaction; one more than blocks.</summary>
    internal readonly Buffer<int> BlockFirstTx = new(64);

    internal readonly Buffer<Hash256> TxId = new(1 << 14);
    internal readonly Buffer<TransactionName> TxName = new(1 << 14);
    internal readonly Buffer<TxMeta> Meta = new(1 << 14);
    internal readonly Buffer<int> FirstInput = new(1 << 14);
    internal readonly Buffer<int> FirstOutput = new(1 << 14);
    internal readonly Buffer<long> Fee = new(1 << 14);

    /// <summary>Per input, where its outpoint lies in <see cref="Raw"/>.</summary>
    internal readonly Buffer<int> OutpointAt = new(1 << 15);
    internal readonly Buffer<OutpointName> InputName = new(1 << 15);
    internal readonly Buffer<uint> Sequence = new(1 << 15);
    internal readonly Buffer<long> Previous = new(1 << 15);

    internal readonly Buffer<long> Value = new(1 << 15);
    internal readonly Buffer<ulong> Key = new(1 << 15);
    internal readonly Buffer<OutpointName> OutputName = new(1 << 15);
    internal readonly Buffer<int> ScriptStart = new(1 << 15);
    internal readonly Buffer<byte> Script = new(1 << 20);

    internal readonly Buffer<OutsideRow> Outside = new(16);
    internal readonly Buffer<byte> OutsideScript = new(16);

    /// <summary>What inputs of this chunk spend, by outpoint, where the source brings it along.</summary>
    internal Dictionary<(Hash256 Id, uint Vout), (long Value, byte[] Script)>? Spent;

    /// <summary>What the ledger held before this chunk: the base of its numbers. Set when the chunk's turn comes.</summary>
    internal LedgerCounts Base = new();

    internal void Clear()
    {
        Blocks.Count = BlockFirstTx.Count = TxId.Count = TxName.Count = Meta.Count = FirstInput.Count = FirstOutput.Count = Fee.Count = 0;
        OutpointAt.Count = InputName.Count = Sequence.Count = Previous.Count = 0;
        Value.Count = Key.Count = OutputName.Count = ScriptStart.Count = Script.Count = 0;
        Outside.Count = OutsideScript.Count = 0;
        Spent?.Clear();
    }
}
