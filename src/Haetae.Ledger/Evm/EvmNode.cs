using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Node;

namespace Haetae.Ledger.Evm;

/// <summary>How a node tells of the calls within transactions.</summary>
public enum EvmTracing
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>trace_block: each step flat, with rewards, without the places of events.</summary>
    TraceBlock,

    /// <summary>debug_traceBlockByNumber with callTracer and its events: calls and events in one order.</summary>
    CallTracer,
}

/// <summary>The questions an ingest puts to an EVM node. Answers are bounded; what does not answer is asked again; long batches are halved.</summary>
/// <remarks>Methods: Ethereum execution-apis; debug_*: go-ethereum; trace_block: OpenEthereum, Erigon, Nethermind, anvil.</remarks>
internal sealed class EvmNode : IDisposable
{
    private const long SmallLimit = 1 << 20;
    private const long BatchLimit = 256 << 20;
    private const long TraceLimit = 1L << 30;
    private const int MostAtOnce = 100;

    private readonly NodeClient _client;
    private readonly CancellationToken _cancel;
    private bool _blockReceipts = true;

    internal EvmNode(NodeAccess access, Action<string?>? patience, CancellationToken cancel)
    {
        _client = new NodeClient(access, patience, NodeDialect.Evm);
        _cancel = cancel;
    }

    internal string Name => _client.Name;

    /// <summary>What messages call answers of this node.</summary>
    internal string Source => $"node {Name}";

    internal ChainName Chain()
    {
        var number = Number("eth_chainId");
        return number > 0 ? ChainName.Evm(number) : throw new LedgerException($"The node at {Name} says that it is on chain 0, which no chain is (EIP-155). Is it the RPC port of an EVM node?");
    }

    internal ulong Height() => Number("eth_blockNumber");

    private ulong Number(string method)
    {
        using var answers = _client.Call(method, [], SmallLimit, _cancel);
        if (answers[0].ValueKind == JsonValueKind.String && UInt256.TryParseHex(answers[0].GetString(), out var number) && number.IsNarrow && number.Lower <= ulong.MaxValue) return (ulong)number.Lower;
        throw new LedgerException($"The node at {Name} answers '{method}' with {EvmFields.Shown(answers[0])}, which is no number. Is it the RPC port of an EVM node?");
    }

    /// <summary>A balance at the end of a block, in wei.</summary>
    internal UInt256 Balance(Accounts.AccountAddress account, ulong block)
    {
        using var answers = _client.Call("eth_getBalance", [account, Hex(block)], SmallLimit, _cancel);
        return UInt256.TryParseHex(answers[0].ValueKind == JsonValueKind.String ? answers[0].GetString() : "", out var balance)
            ? balance : throw new LedgerException($"The node at {Name} answers 'eth_getBalance {account}' with {EvmFields.Shown(answers[0])}, which is no amount.");
    }

    /// <summary>What a contract returns to a call at the end of a block; null: it fails.</summary>
    internal byte[]? Call(Accounts.AccountAddress contract, ReadOnlySpan<byte> input, ulong block)
    {
        var call = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["to"] = contract.ToString(), ["data"] = "0x" + Convert.ToHexStringLower(input) });
        try
        {
            using var answers = _client.Call("eth_call", [call, Hex(block)], SmallLimit, _cancel);
            var text = answers[0].ValueKind == JsonValueKind.String ? answers[0].GetString()! : "";
            return text.StartsWith("0x", StringComparison.Ordinal) ? Convert.FromHexString(text.AsSpan(2)) : null;
        }
        catch (Exception failed) when (failed is NodeErrorException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Headers of blocks, without their transactions' content; null where the node does not have one.</summary>
    internal Hash256? HashOf(ulong block)
    {
        using var answers = _client.Call("eth_getBlockByNumber", [Hex(block), false], BatchLimit, _cancel);
        return answers[0].ValueKind == JsonValueKind.Null ? null : new EvmFields(answers[0], new EvmPlace(Source, block)).NeedHash("hash");
    }

    /// <summary>Consecutive blocks with their transactions.</summary>
    /// <exception cref="NodeChangedException">One is gone, or does not follow the one before.</exception>
    internal List<EvmBlock> Blocks(ulong first, int count)
    {
        var blocks = new List<EvmBlock>(count);
        Each("eth_getBlockByNumber", count, at => [Hex(first + (ulong)at), true], BatchLimit, (at, answer) =>
        {
            if (answer.ValueKind == JsonValueKind.Null) throw new NodeChangedException($"{Source}: block {first + (ulong)at} is not there any more.");
            var block = EvmAnswers.Block(answer, Source);
            if (block.Number != first + (ulong)at) throw new LedgerException($"{Source}: asked for block {first + (ulong)at}, it gives block {block.Number}.");
            if (at > 0 && block.ParentHash != blocks[at - 1].Hash) throw new NodeChangedException($"{Source}: block {block.Number} does not follow the block before it.");
            if (block.Transactions.Count != block.TransactionCount) throw new LedgerException($"{Source}: block {block.Number} comes without the content of its transactions.");
            blocks.Add(block);
        });
        return blocks;
    }

    /// <summary>The receipts of each block, in the order of its transactions and checked to be theirs.</summary>
    internal List<List<EvmReceipt>> Receipts(List<EvmBlock> blocks)
    {
        var receipts = new List<List<EvmReceipt>>(blocks.Count);
        if (_blockReceipts)
        {
            try
            {
                Each("eth_getBlockReceipts", blocks.Count, at => [Hex(blocks[at].Number)], BatchLimit, (at, answer) =>
                {
                    if (answer.ValueKind == JsonValueKind.Null) throw new NodeChangedException($"{Source}: the receipts of block {blocks[at].Number} are not there any more.");
                    receipts.Add(EvmAnswers.Receipts(answer, Source, blocks[at].Number));
                });
            }
            catch (NodeErrorException unknown) when (unknown.IsUnknownMethod)
            {
                _blockReceipts = false;
                receipts.Clear();
            }
        }

        if (!_blockReceipts) foreach (var block in blocks) receipts.Add(ReceiptsOneByOne(block));
        for (var i = 0; i < blocks.Count; i++) Check(blocks[i], receipts[i]);
        return receipts;
    }

    private List<EvmReceipt> ReceiptsOneByOne(EvmBlock block)
    {
        var receipts = new List<EvmReceipt>(block.Transactions.Count);
        Each("eth_getTransactionReceipt", block.Transactions.Count, at => ["0x" + block.Transactions[at].Hash], BatchLimit, (at, answer) =>
        {
            if (answer.ValueKind == JsonValueKind.Null) throw new NodeChangedException($"{Source}: the receipt of 0x{block.Transactions[at].Hash} is not there any more.");
            receipts.Add(EvmAnswers.Receipt(answer, new EvmPlace(Source, block.Number, "receipt", at)));
        });
        return receipts;
    }

    private void Check(EvmBlock block, List<EvmReceipt> receipts)
    {
        if (receipts.Count != block.Transactions.Count) throw new NodeChangedException($"{Source}: block {block.Number} has {block.Transactions.Count} transactions and {receipts.Count} receipts.");
        for (var i = 0; i < receipts.Count; i++)
            if (receipts[i].TransactionHash != block.Transactions[i].Hash || (receipts[i].BlockHash is { } hash && hash != block.Hash))
                throw new NodeChangedException($"{Source}: receipt {i} of block {block.Number} is of another transaction or block.");
    }

    /// <summary>Which of the two ways the node knows, asked at a block it surely has.</summary>
    /// <exception cref="LedgerException">It does not have the block: what it answers about tracing would say nothing.</exception>
    internal EvmTracing Tracing(ulong block)
    {
        if (HashOf(block) is null) throw new LedgerException($"The node at {Name} tells of block {block} and does not have it. Ask again when it has caught up, or name an earlier block with --to.");
        NodeErrorException? gone = null;
        if (Knows("debug_traceBlockByNumber", [Hex(block), Tracer], ref gone)) return EvmTracing.CallTracer;
        if (Knows("trace_block", [Hex(block)], ref gone)) return EvmTracing.TraceBlock;
        return gone is null ? EvmTracing.None : throw Pruned(gone);
    }

    /// <param name="gone">Set where the node has the method and not the state it needs.</param>
    private bool Knows(string method, object[] parameters, ref NodeErrorException? gone)
    {
        try
        {
            using var answers = _client.Call(method, parameters, TraceLimit, _cancel);
            return answers[0].ValueKind == JsonValueKind.Array;
        }
        catch (NodeErrorException refused)
        {
            if (refused.IsStateGone) gone ??= refused;
            return false;
        }
    }

    private static LedgerException Pruned(NodeErrorException refused) =>
        new($"{refused.Message.TrimEnd('.')}. The node can trace, but it has pruned the state of that time. Ask an archive node, or take newer blocks (--from); --no-traces leaves internal calls out, and the ledger says so.", refused);

    private static readonly JsonElement Tracer = JsonDocument.Parse("""{"tracer":"callTracer","tracerConfig":{"withLog":true}}""").RootElement;

    /// <summary>The calls of each transaction of each block; blocks without transactions (the genesis block is one) are not asked for.</summary>
    internal List<List<EvmCall>> Calls(List<EvmBlock> blocks)
    {
        var full = blocks.Where(block => block.Transactions.Count > 0).ToList();
        var calls = new Dictionary<ulong, List<EvmCall>>();
        Traced(() => Each("debug_traceBlockByNumber", full.Count, at => [Hex(full[at].Number), Tracer], TraceLimit, (at, answer) =>
        {
            var read = EvmTraceAnswers.Calls(answer, Source, full[at].Number);
            if (read.Count != full[at].Transactions.Count) throw new NodeChangedException($"{Source}: block {full[at].Number} has {full[at].Transactions.Count} transactions and {read.Count} traces.");
            calls[full[at].Number] = read;
        }));
        return [.. blocks.Select(block => calls.GetValueOrDefault(block.Number) ?? [])];
    }

    /// <summary>The flat traces of each block.</summary>
    internal List<List<EvmTrace>> Traces(List<EvmBlock> blocks)
    {
        var traces = new List<List<EvmTrace>>(blocks.Count);
        Traced(() => Each("trace_block", blocks.Count, at => [Hex(blocks[at].Number)], TraceLimit, (at, answer) => traces.Add(EvmTraceAnswers.Traces(answer, Source, blocks[at].Number))));
        return traces;
    }

    /// <summary>Says the way out where a node has methods of tracing and not the state they need.</summary>
    private static void Traced(Action ask)
    {
        try
        {
            ask();
        }
        catch (NodeErrorException refused)
        {
            if (refused.IsStateGone) throw Pruned(refused);
            throw new LedgerException($"{refused.Message} Tracing old blocks needs an archive node; --no-traces leaves internal calls out.", refused);
        }
    }

    /// <summary>Asks in batches, halved when an answer would be too long, and hands the answers over in order.</summary>
    private void Each(string method, int count, Func<int, object[]> parameters, long limit, Action<int, JsonElement> take, int most = MostAtOnce)
    {
        for (int at = 0, step; at < count;)
        {
            step = Math.Min(most, count - at);
            var calls = new object[step][];
            for (var i = 0; i < step; i++) calls[i] = parameters(at + i);
            NodeAnswers answers;
            try
            {
                answers = _client.CallAll(method, calls, limit, _cancel);
            }
            catch (LedgerException trouble) when (step > 1 && trouble is AnswerTooLongException or NodeErrorException { IsBatchTooLong: true })
            {
                most = step = (step + 1) / 2;
                continue;
            }

            using (answers)
                for (var i = 0; i < step; i++) take(at + i, answers[i]);
            at += step;
        }
    }

    internal static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    public void Dispose() => _client.Dispose();
}
