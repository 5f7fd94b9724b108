using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Ledger.Node;

/// <summary>A stretch of a node's best chain. Nothing the node says is believed that can be checked: hash, link, work, content.</summary>
internal sealed class NodeSource : BlockSource
{
    private const long BatchLimit = 64 << 20;
    private const int BlocksAtOnce = 64;
    private const long HexBlockLimit = 2L * BlockReader.MaximumBlockSize + 4096;

    private readonly NodeChain _chain;
    private readonly SourceBlock[] _blocks;
    private readonly SpentOutputs? _spent;
    private readonly CancellationToken _cancel;

    private NodeSource(NodeChain chain, int firstHeight, SourceBlock[] blocks, SpentOutputs? spent, CancellationToken cancel)
    {
        _chain = chain;
        FirstHeight = firstHeight;
        _blocks = blocks;
        _spent = spent;
        _cancel = cancel;
    }

    internal override int FirstHeight { get; }

    internal override int Count => _blocks.Length;

    internal override SourceBlock this[int index] => _blocks[index];

    internal override string Describe(int index) => $"node {_chain.Client.Name}";

    /// <summary>Reads and checks the headers of the stretch.</summary>
    /// <param name="spent">Where outputs from before the ledger come from; null where there can be none.</param>
    internal static NodeSource Open(NodeChain chain, BitcoinNetwork network, int first, int count, SpentOutputs? spent, Action<double>? progress, CancellationToken cancel)
    {
        var hashes = chain.Hashes(first, count, done => progress?.Invoke(0.5 * done / count));
        var headers = chain.Headers(hashes, done => progress?.Invoke(0.5 + 0.5 * done / count));
        var blocks = new SourceBlock[count];
        var targets = new Dictionary<uint, BigInteger>();
        var guess = network == BitcoinNetwork.Mainnet ? (Func<int, int>)MainnetSize : _ => network == BitcoinNetwork.Regtest ? 40_000 : 250_000;
        for (var i = 0; i < count; i++)
        {
            var header = headers.AsSpan(80 * i, 80);
            var where = $"node {chain.Client.Name}: block {hashes[i]} at height {first + i}";
            if (DoubleSha256.Hash(header) != hashes[i]) throw new InvalidBlockException($"{where}: the header given for it has another hash.");
            var previous = new Hash256(header.Slice(4, 32));
            if (i > 0 && previous != hashes[i - 1]) throw new NodeChangedException($"{where} does not follow the block before it.");
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(header[72..]);
            if (!targets.TryGetValue(bits, out var target))
            {
                if (!ProofOfWork.TryTarget(bits, out target)) throw new InvalidBlockException($"{where} states an impossible target (bits {bits:x8}).");
                targets[bits] = target;
            }

            if (ProofOfWork.Number(hashes[i]) > target) throw new InvalidBlockException($"{where} does not meet the target its own header states (bits {bits:x8}).");
            blocks[i] = new SourceBlock(hashes[i], previous, BinaryPrimitives.ReadUInt32LittleEndian(header[68..]), bits, guess(first + i));
        }

        return new NodeSource(chain, first, blocks, spent, cancel);
    }

    // A header does not tell its block's size; until the block is read a guess divides the chain into chunks.
    private static int MainnetSize(int height) => height switch { < 120_000 => 40_000, < 200_000 => 100_000, < 300_000 => 300_000, < 480_000 => 900_000, _ => 1_700_000 };

    internal override void Read(int first, int count, Chunk chunk)
    {
        var filled = 0;
        for (int at = 0, step = BlocksAtOnce; at < count;)
        {
            step = Math.Min(step, count - at);
            NodeAnswers answers;
            try
            {
                answers = Ask(first + at, step);
            }
            catch (AnswerTooLongException) when (step > 1)
            {
                step = (step + 1) / 2;
                continue;
            }

            using (answers)
                for (var i = 0; i < step; i++) filled = Take(answers[i], first + at + i, chunk, filled);
            at += step;
        }

        _spent?.Fill(_chain.Client, _blocks.AsSpan(first, count), chunk, _cancel);
    }

    private NodeAnswers Ask(int first, int count)
    {
        var calls = new object[count][];
        for (var i = 0; i < count; i++) calls[i] = [_blocks[first + i].Hash, 0];
        try
        {
            return _chain.Client.CallAll("getblock", calls, count == 1 ? HexBlockLimit : BatchLimit, _cancel);
        }
        catch (NodeErrorException gone) when (gone.IsNotFound)
        {
            throw new NodeChangedException(gone.Message);
        }
    }

    private int Take(JsonElement answer, int index, Chunk chunk, int filled)
    {
        var hex = answer.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(answer)[1..^1] : default;
        var size = hex.Length / 2;
        if (chunk.Raw.Length < filled + size) Array.Resize(ref chunk.Raw, Math.Max(filled + size, (int)Math.Min(Array.MaxLength, 2L * chunk.Raw.Length)));
        var bytes = chunk.Raw.AsSpan(filled, size);
        var block = _blocks[index];
        if (size < 81 || Convert.FromHexString(hex, bytes, out _, out var written) != OperationStatus.Done || written != size)
            throw new InvalidBlockException($"{Describe(index)}: asked for block {block.Hash} at height {FirstHeight + index}, it gives something that is no block in hex.");
        if (DoubleSha256.Hash(bytes[..80]) is var hash && hash != block.Hash)
            throw new InvalidBlockException($"{Describe(index)}: asked for block {block.Hash} at height {FirstHeight + index}, it gives block {hash}.");
        _blocks[index] = block with { Size = size };
        chunk.Blocks.Add((filled, size));
        return filled + size;
    }

    internal override bool TrySpentOutput(Chunk chunk, int block, int input, out long value, out ReadOnlySpan<byte> script)
    {
        value = -1;
        script = default;
        if (_spent is null || _spent.Absent) return false;
        var outpoint = chunk.Raw.AsSpan(chunk.OutpointAt[input], 36);
        var (id, vout) = (new Hash256(outpoint[..32]), BinaryPrimitives.ReadUInt32LittleEndian(outpoint[32..]));
        if (chunk.Spent is null || !chunk.Spent.TryGetValue((id, vout), out var found))
        {
            var transaction = chunk.BlockFirstTx[block];
            while (transaction + 1 < chunk.BlockFirstTx[block + 1] && chunk.FirstInput[transaction + 1] <= input) transaction++;
            throw new LedgerException(
                $"The node at {_chain.Client.Name} does not tell what {id}:{vout} holds, which transaction {chunk.TxId[transaction]} of block {_blocks[chunk.FirstBlock + block].Hash} spends, though it tells of other inputs (getblock with verbosity 3).");
        }

        value = found.Value;
        script = found.Script;
        return true;
    }
}
