using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <content>Putting chunks into the columns.</content>
internal sealed partial class LedgerWriter
{
    /// <summary>Puts a numbered chunk's columns into the files. Several chunks may be written at once.</summary>
    internal void Write(Chunk chunk, BlockSource source)
    {
        var at = chunk.Base;
        WriteBlocks(chunk, source, at);
        Put(LedgerColumns.TxId, at.Transactions, MemoryMarshal.AsBytes(chunk.TxId.Span));
        Put(LedgerColumns.TxMeta, at.Transactions, MemoryMarshal.AsBytes(chunk.Meta.Span));
        Put(LedgerColumns.TxFee, at.Transactions, MemoryMarshal.AsBytes(chunk.Fee.Span));
        PutPacked(LedgerColumns.TxFirstInput, at.Transactions, chunk.FirstInput.Span, at.Inputs, at.Inputs + chunk.OutpointAt.Count);
        PutPacked(LedgerColumns.TxFirstOutput, at.Transactions, chunk.FirstOutput.Span, at.Outputs, at.Outputs + chunk.Value.Count);
        PutPacked(LedgerColumns.InPrevious, at.Inputs, chunk.Previous.Span);
        Put(LedgerColumns.InSequence, at.Inputs, MemoryMarshal.AsBytes(chunk.Sequence.Span));
        Put(LedgerColumns.OutValue, at.Outputs, MemoryMarshal.AsBytes(chunk.Value.Span));
        Put(LedgerColumns.OutKey, at.Outputs, MemoryMarshal.AsBytes(chunk.Key.Span));
        Put(LedgerColumns.ScriptBytes, at.ScriptBytes, chunk.Script.Span);
        var skip = (int)((LedgerColumns.ScriptGroup - at.Outputs % LedgerColumns.ScriptGroup) % LedgerColumns.ScriptGroup);
        var offsets = new List<long>(chunk.ScriptStart.Count / LedgerColumns.ScriptGroup + 1);
        for (var o = skip; o < chunk.ScriptStart.Count; o += LedgerColumns.ScriptGroup) offsets.Add(at.ScriptBytes + chunk.ScriptStart[o]);
        PutPacked(LedgerColumns.ScriptOffset, (at.Outputs + skip) / LedgerColumns.ScriptGroup, CollectionsMarshal.AsSpan(offsets));
        Put(LedgerColumns.OutsideInput, at.OutsideInputs, MemoryMarshal.AsBytes(chunk.Outside.Span));
        Put(LedgerColumns.OutsideScript, at.OutsideScriptBytes, chunk.OutsideScript.Span);
        FlushEarly(ColumnBytes(chunk));
    }

    /// <summary>About how many bytes a chunk adds to the columns.</summary>
    internal static long ColumnBytes(Chunk chunk) => 100L * chunk.TxId.Count + 9L * chunk.OutpointAt.Count + 21L * chunk.Value.Count + chunk.Script.Count;

    private void WriteBlocks(Chunk chunk, BlockSource source, LedgerCounts at)
    {
        var headers = new byte[80 * chunk.BlockCount];
        var hashes = new Hash256[chunk.BlockCount];
        var times = new uint[chunk.BlockCount];
        var sizes = new int[chunk.BlockCount];
        var firsts = new uint[chunk.BlockCount + 1];
        for (var b = 0; b < chunk.BlockCount; b++)
        {
            var block = source[chunk.FirstBlock + b];
            chunk.Raw.AsSpan(chunk.Blocks[b].Start, 80).CopyTo(headers.AsSpan(80 * b));
            hashes[b] = block.Hash;
            times[b] = block.Time;
            sizes[b] = block.Size;
        }

        for (var b = 0; b <= chunk.BlockCount; b++) firsts[b] = at.Transactions + (uint)chunk.BlockFirstTx[b];
        Put(LedgerColumns.BlockHeader, at.Blocks, headers);
        Put(LedgerColumns.BlockHash, at.Blocks, MemoryMarshal.AsBytes(hashes.AsSpan()));
        Put(LedgerColumns.BlockTime, at.Blocks, MemoryMarshal.AsBytes(times.AsSpan()));
        Put(LedgerColumns.BlockSize, at.Blocks, MemoryMarshal.AsBytes(sizes.AsSpan()));
        Put(LedgerColumns.BlockFirstTx, at.Blocks, MemoryMarshal.AsBytes(firsts.AsSpan()));
    }

    private void Put(ColumnSpec column, long item, ReadOnlySpan<byte> bytes)
    {
        const int piece = 1 << 20; // larger single writes are slower
        var offset = item * column.Width;
        for (; bytes.Length > 0; bytes = bytes[Math.Min(piece, bytes.Length)..], offset += piece)
            RandomAccess.Write(_columns[column], bytes[..Math.Min(piece, bytes.Length)], offset);
    }

    [ThreadStatic]
    private static byte[]? t_packed;

    private static Span<byte> PackBuffer(int items)
    {
        if (t_packed is null || t_packed.Length < 5 * items + 8) t_packed = new byte[5 * items + 8];
        return t_packed;
    }

    /// <summary>Packs chunk-relative numbers plus their base, and the end behind them: each chunk writes the item its successor will write again, alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PutPacked(ColumnSpec column, long item, ReadOnlySpan<int> numbers, long start, long end)
    {
        var bytes = PackBuffer(numbers.Length + 1);
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(5 * i)..], start + numbers[i]);
        Packed40.Write(bytes, numbers.Length, end);
        Put(column, item, bytes[..(5 * (numbers.Length + 1))]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PutPacked(ColumnSpec column, long item, ReadOnlySpan<long> numbers)
    {
        var bytes = PackBuffer(numbers.Length);
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(5 * i)..], numbers[i]);
        Put(column, item, bytes[..(5 * numbers.Length)]);
    }
}
