using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>Turns the bytes of blocks into a chunk's columns and checks everything that a block says about itself. One for each thread.</summary>
/// <remarks>
/// Checked: lengths, exactly one coinbase and that it comes first, amounts (each and their sum at most 21 million coins), the Merkle
/// root, the witness commitment (BIP 141). Not checked: scripts and signatures, lock times, signature and weight limits: a ledger
/// is fed by a node that did so, or says what it is fed with.
/// </remarks>
internal sealed class ChunkParser(OutpointNamer namer) : IDisposable
{
    /// <summary>Transactions hashed together: enough to fill the lanes, few enough to stay in the cache.</summary>
    private const int HashBatch = 1024;

    private readonly TxidHasher _hasher = new();
    private readonly Buffer<Hash256> _witnessIds = new(4096);
    private readonly Buffer<int> _witnessTx = new(4096);

    internal void Parse(Chunk chunk, BlockSource source)
    {
        chunk.BlockFirstTx.Add(0);
        int hashedBlocks = 0, hashedTx = 0;
        _hasher.Begin();
        for (var b = 0; b < chunk.BlockCount; b++)
        {
            var (start, length) = chunk.Blocks[b];
            var tx = chunk.TxId.Count;
            try
            {
                ParseBlock(chunk, chunk.Raw.AsSpan(start, length), start);
            }
            catch (BlockFormatException wrong)
            {
                throw Invalid(source, chunk, b, wrong);
            }

            chunk.BlockFirstTx.Add(chunk.TxId.Count);
            if (chunk.TxId.Count - hashedTx < HashBatch && b + 1 < chunk.BlockCount) continue;
            _hasher.Finish(chunk.TxId.Span[hashedTx..]);
            for (; hashedBlocks <= b; hashedBlocks++)
            {
                try
                {
                    CheckBlock(chunk, hashedBlocks);
                }
                catch (BlockFormatException wrong)
                {
                    throw Invalid(source, chunk, hashedBlocks, wrong);
                }
            }

            hashedTx = chunk.TxId.Count;
            _hasher.Begin();
        }

        NameOutputs(chunk);
    }

    internal static InvalidBlockException Invalid(BlockSource source, Chunk chunk, int block, BlockFormatException wrong)
    {
        var index = chunk.FirstBlock + block;
        var transaction = "";
        if (wrong.Transaction >= 0)
        {
            var number = block < chunk.BlockFirstTx.Count ? chunk.BlockFirstTx[block] + wrong.Transaction : -1;
            var id = number >= 0 && number < chunk.TxId.Count ? chunk.TxId[number] : default;
            transaction = id == default ? $", transaction {wrong.Transaction}" : $", transaction {wrong.Transaction} ({id})";
        }

        return new InvalidBlockException(
            $"{source.Describe(index)}: block {source[index].Hash} at height {source.FirstHeight + index}{transaction}, byte {wrong.Offset}: {wrong.Message}.");
    }

    private void ParseBlock(Chunk chunk, ReadOnlySpan<byte> block, int blockStart)
    {
        if (block.Length > BlockReader.MaximumBlockSize) throw new BlockFormatException($"the block has {block.Length} bytes, more than {BlockReader.MaximumBlockSize}", 0);
        var reader = new BlockReader(block);
        reader.Bytes(80);
        var transactions = reader.Count(60);
        if (transactions == 0) throw new BlockFormatException("the block has no transaction", 80);
        for (var t = 0; t < transactions; t++)
        {
            try
            {
                ParseTransaction(chunk, block, blockStart, ref reader, t == 0);
            }
            catch (BlockFormatException wrong) when (wrong.Transaction < 0)
            {
                throw new BlockFormatException(wrong.Message, wrong.Offset, t);
            }
        }

        if (reader.Left != 0) throw new BlockFormatException($"{reader.Left} bytes follow the last transaction", reader.At);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ParseTransaction(Chunk chunk, ReadOnlySpan<byte> block, int blockStart, ref BlockReader reader, bool first)
    {
        var start = reader.At;
        var version = reader.UInt32();
        var witness = reader.Peek() == 0;
        if (witness)
        {
            if (reader.Peek(1) != 1) throw new BlockFormatException("the transaction has no input, or an unknown witness flag", reader.At);
            reader.Bytes(2);
        }

        var bodyStart = reader.At;
        chunk.FirstInput.Add(chunk.OutpointAt.Count);
        chunk.FirstOutput.Add(chunk.Value.Count);
        var inputs = ParseInputs(chunk, ref reader, first, blockStart);
        ParseOutputs(chunk, ref reader);
        var body = block[bodyStart..reader.At];
        if (witness) SkipWitness(ref reader, inputs);
        var lockAt = reader.At;
        var lockTime = reader.UInt32();

        chunk.TxId.Add(default);
        chunk.Meta.Add(new TxMeta(version, lockTime, (uint)(reader.At - start), (uint)(body.Length + 8), (uint)start));
        _hasher.Add(block.Slice(start, 4), body, block.Slice(lockAt, 4));
    }

    private int ParseInputs(Chunk chunk, ref BlockReader reader, bool first, int blockStart)
    {
        var inputs = reader.Count(41);
        if (first && inputs != 1) throw new BlockFormatException("the first transaction is no coinbase: it has not exactly one input", reader.At);
        for (var i = 0; i < inputs; i++)
        {
            var at = reader.At;
            var outpoint = reader.Bytes(36);
            var vout = MemoryMarshal.Read<uint>(outpoint[32..]);
            var isNull = vout == uint.MaxValue && !outpoint[..32].ContainsAnyExcept((byte)0);
            if (isNull != first) throw new BlockFormatException(first ? "the first transaction is no coinbase" : "a coinbase input stands in a later transaction", at);
            reader.Bytes(reader.Count(1));
            var sequence = reader.UInt32();
            if (first) continue;
            chunk.OutpointAt.Add(blockStart + at);
            chunk.InputName.Add(namer.Name(namer.Name(outpoint), vout));
            chunk.Sequence.Add(sequence);
        }

        return inputs;
    }

    private static void ParseOutputs(Chunk chunk, ref BlockReader reader)
    {
        var outputs = reader.Count(9);
        if (outputs == 0) throw new BlockFormatException("the transaction has no output", reader.At);
        long sum = 0;
        for (var o = 0; o < outputs; o++)
        {
            var value = reader.Int64();
            if ((ulong)value > Satoshi.Maximum || (sum += value) > Satoshi.Maximum)
                throw new BlockFormatException($"output {o} of {value} satoshi is negative or makes more than 21 million coins", reader.At - 8);
            var script = reader.Bytes(reader.Count(1));
            chunk.Value.Add(value);
            chunk.Key.Add(ScriptKey.Of(script));
            chunk.ScriptStart.Add(chunk.Script.Count);
            chunk.Script.Count += ScriptCodec.Encode(script, chunk.Script.Room(script.Length + ScriptCodec.Overhead));
        }
    }

    private static void SkipWitness(ref BlockReader reader, int inputs)
    {
        var any = false;
        for (var i = 0; i < inputs; i++)
        {
            var items = reader.Count(1);
            any |= items > 0;
            for (var item = 0; item < items; item++) reader.Bytes(reader.Count(1));
        }

        if (!any) throw new BlockFormatException("the transaction is marked as having a witness and has none", reader.At);
    }

    private void CheckBlock(Chunk chunk, int index)
    {
        var (start, length) = chunk.Blocks[index];
        var block = chunk.Raw.AsSpan(start, length);
        int first = chunk.BlockFirstTx[index], end = chunk.BlockFirstTx[index + 1];
        var ids = chunk.TxId.Span[first..end];
        var root = _hasher.MerkleRoot(ids, out var mutated);
        if (root != new Hash256(block.Slice(36, 32))) throw new BlockFormatException("the Merkle root of its transactions is not the header's", 36);
        if (mutated) throw new BlockFormatException("two equal transactions stand side by side: its transaction list was tampered with (CVE-2012-2459)", 36);
        CheckWitnessCommitment(chunk, block, ids, first);
    }

    /// <summary>BIP 141: the last coinbase output that begins 6a24aa21a9ed commits to all witnesses with the coinbase's own witness as nonce.</summary>
    private void CheckWitnessCommitment(Chunk chunk, ReadOnlySpan<byte> block, ReadOnlySpan<Hash256> ids, int first)
    {
        _witnessTx.Count = 0;
        for (var t = 0; t < ids.Length; t++)
        {
            ref var meta = ref chunk.Meta[first + t];
            if (meta.Size != meta.StrippedSize) _witnessTx.Add(t);
        }

        if (_witnessTx.Count == 0) return; // without a witness the commitment is optional, and before BIP 141 it means nothing

        var coinbase = block.Slice((int)chunk.Meta[first].Offset, (int)chunk.Meta[first].Size);
        var found = Coinbase.TryWitnessCommitment(coinbase, out var commitment, out var nonce);
        if (!found) throw new BlockFormatException("transactions carry witnesses and the coinbase does not commit to them", (int)chunk.Meta[first].Offset, 0);

        _witnessIds.Count = 0;
        ids.CopyTo(_witnessIds.Room(ids.Length));
        _witnessIds.Count = ids.Length;
        _witnessIds[0] = default;
        HashWitnesses(chunk, block, first);
        Span<byte> joined = stackalloc byte[64];
        _hasher.MerkleRoot(_witnessIds.Span, out _).CopyTo(joined);
        nonce.CopyTo(joined[32..]);
        if (DoubleSha256.Hash(joined) != commitment) throw new BlockFormatException("the witness commitment of the coinbase does not match the witnesses", (int)chunk.Meta[first].Offset, 0);
    }

    private void HashWitnesses(Chunk chunk, ReadOnlySpan<byte> block, int first)
    {
        _hasher.Begin();
        var hashed = 0;
        foreach (var t in _witnessTx.Span)
        {
            if (t == 0) continue;
            ref var meta = ref chunk.Meta[first + t];
            _hasher.Add(block.Slice((int)meta.Offset, (int)meta.Size), default, default);
            hashed++;
        }

        var results = _witnessIds.Room(hashed)[..hashed];
        _hasher.Finish(results);
        hashed = 0;
        foreach (var t in _witnessTx.Span)
            if (t != 0) _witnessIds[t] = results[hashed++];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NameOutputs(Chunk chunk)
    {
        var ids = chunk.TxId.Span;
        var names = chunk.OutputName.Room(chunk.Value.Count);
        var starts = chunk.FirstOutput.Span;
        for (var t = 0; t < ids.Length; t++)
        {
            var name = namer.Name(MemoryMarshal.AsBytes(ids.Slice(t, 1)));
            var end = t + 1 < starts.Length ? starts[t + 1] : chunk.Value.Count;
            for (int o = starts[t], vout = 0; o < end; o++, vout++) names[o] = namer.Name(name, (uint)vout);
        }

        chunk.OutputName.Count = chunk.Value.Count;
    }

    public void Dispose() => _hasher.Dispose();
}
