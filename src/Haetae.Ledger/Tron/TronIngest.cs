using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Tron;

/// <summary>Takes blocks from TRON's HTTP interface into a ledger, in order and without gaps.</summary>
public sealed class TronIngest(TronClient client, IAccountSink sink)
{
    /// <summary>Blocks asked for in one question.</summary>
    public const int Batch = 10;

    /// <summary>
    /// A block counts as settled this many blocks below the newest one: 19 of 27 witnesses have then built on it (TRON, "solidified blocks"), and a ledger
    /// that holds only such blocks has nothing to take back. One minute.
    /// </summary>
    public const int Settling = 20;

    // Questions for results under way at a time: what a public server lets pass.
    private const int AtOnce = 4;

    private readonly TronAnswers _answers = new(sink.Chain);
    private readonly HashSet<string> _told = [];

    /// <summary>Takes blocks from one to another, both included.</summary>
    /// <param name="parent">Hash of the block before the first, where the ledger holds it; a chain that does not fit is refused.</param>
    /// <param name="taken">Called after each batch: the moment to make a checkpoint and to show progress.</param>
    /// <returns>The last block taken; null where there was none to take.</returns>
    /// <exception cref="LedgerException">An answer is unusable, or the chain does not fit. What was taken before stays.</exception>
    public TronBlock? Take(uint from, uint to, Hash256? parent, Action<TronBlock>? taken, CancellationToken cancel)
    {
        if (sink.Chain.Family != ChainFamily.Tron) throw new LedgerException($"The ledger is of {sink.Chain.Title}, not of TRON.");
        TronBlock? last = null;
        for (var first = from; first <= to; first += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            var end = Math.Min(to, first + Batch - 1);
            foreach (var block in Read(first, end, cancel))
            {
                if (parent is { } before && block.Parent != before)
                    throw new LedgerException($"Block {block.Number} of {client.Name} does not follow the block before it: its parent is {block.Parent}, and the ledger has {before}. The server is on another chain, or its newest blocks changed: run the same command again later, or name another server.");
                TronBlocks.AddTo(sink, block);
                (last, parent) = (block, block.Hash);
            }

            Tell();
            taken?.Invoke(last!);
        }

        return last;
    }

    // All answers first, so that a batch goes in whole or not at all.
    private TronBlock[] Read(uint first, uint last, CancellationToken cancel)
    {
        using var answer = client.Blocks(first, last, cancel);
        var list = answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("block", out var told) && told.ValueKind == JsonValueKind.Array ? [.. told.EnumerateArray()] : Array.Empty<JsonElement>();
        if (list.Length != last - first + 1) throw new LedgerException($"{client.Name} gives {list.Length} of the blocks {first} to {last}. Does it hold them? Name a range it has with --from and --to.");
        var results = new JsonDocument?[list.Length];
        try
        {
            Parallel.For(0, list.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, i =>
            {
                if (list[i].ValueKind == JsonValueKind.Object && list[i].TryGetProperty("transactions", out _)) results[i] = client.Results(first + (uint)i, cancel);
            });
            var blocks = new TronBlock[list.Length];
            for (var i = 0; i < list.Length; i++)
            {
                blocks[i] = _answers.Read(list[i], results[i]?.RootElement ?? default);
                if (blocks[i].Number != first + i) throw new LedgerException($"{client.Name} gives block {blocks[i].Number} where block {first + i} was asked for.");
            }

            return blocks;
        }
        catch (AggregateException several) when (several.InnerExceptions is [var one, ..])
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(one);
            throw;
        }
        finally
        {
            foreach (var result in results) result?.Dispose();
        }
    }

    // Each sentence once for each run.
    private void Tell()
    {
        Tell(TronBlocks.Note);
        foreach (var (kind, block) in _answers.Unread) Tell($"TRON: what transactions of kind {kind} move is not read; the first of this run stands in block {block}.");
    }

    private void Tell(string note)
    {
        if (_told.Add(note)) sink.AddNote(note);
    }
}
