using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Node;

namespace Haetae.Ledger.Evm;

/// <summary>What to take from an EVM node, and where to.</summary>
public sealed record EvmIngestOptions
{
    /// <summary>First block of a new ledger; null: 0, or where the ledger ends.</summary>
    public ulong? From { get; init; }

    /// <summary>Last block; null: the node's newest.</summary>
    public ulong? To { get; init; }

    /// <summary>Leave internal calls out even where the node could tell them.</summary>
    public bool NoTraces { get; init; }

    /// <summary>Blocks asked for at a time.</summary>
    public int BlocksAtOnce { get; init; } = 32;

    /// <summary>Requests under way at a time.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>Time between two checkpoints of a long run.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>How far an ingest is.</summary>
/// <param name="Share">0 to 1 of the blocks there were when it began.</param>
public readonly record struct EvmIngestStep(double Share, ulong Block, long Transactions, long Transfers);

/// <summary>What an ingest did.</summary>
/// <param name="First">The first block it added; null: none.</param>
/// <param name="Tip">The ledger's last block.</param>
/// <param name="Tracing">How the node told of internal calls.</param>
public sealed record EvmIngestResult(ChainName Chain, ulong BlocksAdded, ulong BlocksUndone, ulong? First, (uint Number, Hash256 Hash)? Tip, long Transactions, long Transfers, EvmTracing Tracing);

/// <summary>Takes an EVM node's chain into a ledger, once or for as long as it grows.</summary>
public sealed class EvmIngest : IDisposable
{
    private const int MostChanges = 20;

    private readonly EvmIngestOptions _options;
    private readonly Action<FollowEvent>? _follow;
    private readonly Action<EvmIngestStep>? _progress;
    private readonly CancellationToken _cancel;
    private readonly NodeAccess _access;
    private readonly EvmNode _node;
    private EvmTransfers? _transfers;
    private EvmTracing _tracing;
    private ulong _added, _undone, _goal, _start;
    private ulong? _first;
    private long _lastCheckpoint = Environment.TickCount64;

    /// <param name="follow">Null: end at the node's newest block. Else stay attached, and tell here what happens.</param>
    public EvmIngest(EvmIngestOptions options, NodeAccess access, Action<FollowEvent>? follow, Action<EvmIngestStep>? progress, CancellationToken cancel)
    {
        (_options, _access, _follow, _progress, _cancel) = (options, access, follow, progress, cancel);
        _node = new EvmNode(access, follow is null ? null : trouble => follow(new FollowEvent(
            trouble is null ? FollowEventKind.Back : FollowEventKind.Lost, -1, default, 0, 0, trouble ?? $"The node at {access.Name} answers again.")), cancel);
    }

    /// <param name="ledger">An empty one, or one that holds the beginning of the same chain.</param>
    /// <exception cref="LedgerException">The node does not answer, contradicts itself or the ledger, or is on another chain.</exception>
    public EvmIngestResult Run(IAccountChain ledger)
    {
        var chain = _node.Chain();
        if (chain != ledger.Chain) throw new LedgerException($"The node at {_node.Name} is on {chain} and the ledger holds {ledger.Chain}. Name another folder with --ledger.");
        CheckFrom(ledger);
        var height = _node.Height();
        _tracing = _options.NoTraces ? EvmTracing.None : _node.Tracing(Math.Min(height, _options.To ?? height));
        _transfers = new EvmTransfers(ledger)
        {
            Untraced = _options.NoTraces ? "the ledger was made without traces (--no-traces)" : "the node answers neither debug_traceBlockByNumber nor trace_block",
        };
        var caughtUp = false;
        for (var changes = 0; ;)
        {
            height = _node.Height();
            var last = Math.Min(height, _options.To ?? ulong.MaxValue);
            try
            {
                if (!IsBehind(ledger) && Next(ledger) <= last)
                {
                    Take(ledger, last);
                    changes = 0;
                }
            }
            catch (NodeChangedException) when (changes++ < MostChanges)
            {
                _cancel.ThrowIfCancellationRequested();
                continue;
            }

            var done = ledger.LastBlock is { } tip && tip.Number >= (_options.To ?? ulong.MaxValue);
            if (_follow is null || done)
            {
                if (Next(ledger) <= last && !done) continue;
                break;
            }

            if (!caughtUp && ledger.LastBlock is { } reached && reached.Number >= height)
            {
                caughtUp = true;
                _follow(new FollowEvent(FollowEventKind.CaughtUp, (int)reached.Number, reached.Hash, 0, 0));
            }

            if (_cancel.WaitHandle.WaitOne(_access.PollEvery)) throw new OperationCanceledException(_cancel);
        }

        ledger.Checkpoint(_cancel);
        return new EvmIngestResult(chain, _added, _undone, _first, ledger.LastBlock, ledger.TransactionCount, ledger.TransferCount, _tracing);
    }

    /// <summary>The chain a node is on: whose ledger to open.</summary>
    public ChainName Chain() => _node.Chain();

    private ulong Next(IAccountChain ledger) => ledger.LastBlock is { } tip ? tip.Number + 1UL : _options.From ?? 0;

    private void CheckFrom(IAccountChain ledger)
    {
        if (ledger.LastBlock is not { } held)
        {
            if (ledger.TransactionCount > 0) throw new LedgerException($"The ledger was made from rows without blocks: a node's blocks cannot follow them. Name another folder with --ledger.");
            if (_options.From > _node.Height()) throw new LedgerException($"No block lies between --from and --to: the node at {_node.Name} has the blocks 0 to {_node.Height()}.");
            return;
        }

        if (_options.From > held.Number + 1UL)
            throw new LedgerException($"The ledger ends with block {held.Number}; blocks from {_options.From} on do not connect to it. Name another folder with --ledger.");
    }

    /// <summary>Compares the ledger's last block with the node's, and takes back what left the node's chain. True: the node has not come that far.</summary>
    private bool IsBehind(IAccountChain ledger)
    {
        if (ledger.LastBlock is not { } held) return false;
        if (_node.HashOf(held.Number) is not { } now)
            return _follow is not null ? true : throw new LedgerException($"The node at {_node.Name} does not have block {held.Number}, the ledger's last one: it is behind, or on another chain.");
        if (now == held.Hash) return false;
        var common = held.Number;
        while (true)
        {
            if (common == 0 || ledger.HashOfBlock(common - 1) is not { } mine)
                throw new LedgerException($"The node at {_node.Name} has another block than the ledger at every height it holds, down to {common}: they are of different chains. Name another folder with --ledger.");
            common--;
            if (_node.HashOf(common) == mine) break;
        }

        var undone = held.Number - common;
        ledger.UndoFrom(common + 1);
        _undone += undone;
        _follow?.Invoke(new FollowEvent(FollowEventKind.Reorganised, (int)common, ledger.LastBlock?.Hash ?? default, 0, (int)undone));
        return false;
    }

    /// <summary>Takes the blocks up to the last one, several requests ahead of what is being written.</summary>
    private void Take(IAccountChain ledger, ulong last)
    {
        var next = Next(ledger);
        _goal = Math.Max(_goal, last);
        if (_first is null) (_first, _start) = (next, next);
        var before = _added;
        var ahead = new Queue<Task<List<EvmBlockActivity>>>();
        try
        {
            while (next <= last || ahead.Count > 0)
            {
                while (next <= last && ahead.Count < _options.AtOnce)
                {
                    var (from, count) = (next, (int)Math.Min((ulong)_options.BlocksAtOnce, last - next + 1));
                    ahead.Enqueue(Task.Factory.StartNew(() => Fetch(from, count), _cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)); // it waits for the node: no thread of the pool
                    next += (ulong)count;
                }

                foreach (var block in ahead.Dequeue().GetAwaiter().GetResult()) Write(ledger, block);
                if (Environment.TickCount64 - _lastCheckpoint > _options.CheckpointEvery.TotalMilliseconds) Checkpoint(ledger);
            }
        }
        catch
        {
            // The others are let go with their errors; what was written stays.
            foreach (var task in ahead) _ = task.ContinueWith(static one => one.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }

        Checkpoint(ledger);
        if (_follow is not null && ledger.LastBlock is { } tip) _follow(new FollowEvent(FollowEventKind.Appended, (int)tip.Number, tip.Hash, (int)(_added - before), 0));
    }

    private void Write(IAccountChain ledger, EvmBlockActivity block)
    {
        if (ledger.LastBlock is { } held && held.Hash != block.Block!.ParentHash)
            throw new NodeChangedException($"{block.Source}: block {block.Number} does not follow the ledger's block {held.Number}.");
        _transfers!.Add(block);
        _added++;
        _cancel.ThrowIfCancellationRequested();
        _progress?.Invoke(new EvmIngestStep((block.Number - _start + 1.0) / (_goal - _start + 1.0), block.Number, ledger.TransactionCount, ledger.TransferCount));
    }

    private void Checkpoint(IAccountChain ledger)
    {
        ledger.Checkpoint(_cancel);
        _lastCheckpoint = Environment.TickCount64;
    }

    private List<EvmBlockActivity> Fetch(ulong first, int count) => Fetch(_node, first, count, _tracing);

    /// <summary>Consecutive blocks with everything the node tells of them.</summary>
    internal static List<EvmBlockActivity> Fetch(EvmNode node, ulong first, int count, EvmTracing tracing)
    {
        var blocks = node.Blocks(first, count);
        var receipts = node.Receipts(blocks);
        var calls = tracing == EvmTracing.CallTracer ? node.Calls(blocks) : null;
        var traces = tracing == EvmTracing.TraceBlock ? node.Traces(blocks) : null;
        var read = new List<EvmBlockActivity>(count);
        for (var i = 0; i < blocks.Count; i++)
        {
            var (block, ofBlock) = (blocks[i], i);
            var trees = calls?[i] ?? (traces is null ? null : EvmTraceTree.Trees(traces[i], block, node.Source));
            read.Add(new EvmBlockActivity
            {
                Number = block.Number,
                Time = block.Timestamp,
                Block = block,
                Source = node.Source,
                Transactions = [.. block.Transactions.Select((one, at) => new EvmActivity
                {
                    Id = one.Hash,
                    Transaction = one,
                    Receipt = receipts[ofBlock][at],
                    Logs = receipts[ofBlock][at].Logs,
                    Call = trees?[at],
                })],
                Loose = [.. traces?[i].Where(trace => trace.TransactionHash is null) ?? []],
            });
        }

        return read;
    }

    public void Dispose() => _node.Dispose();
}
