using System.Runtime.InteropServices;
using Haetae.Ledger;

namespace Haetae.Tracing.Thefts;

/// <summary>Several thefts at once under one policy: the order of events. What taint does inside a transaction is the subclasses' part.</summary>
/// <remarks>
/// Plainer than the run for a single theft (<see cref="Engine.TraceRun"/>) and several times slower: taint is kept per output in a dictionary. Both take events
/// in the same order and stop at the same places. A turn is 2t + 1 for transaction t, and 2e for the coinbase of the block that ends before
/// transaction e, which under the coinbase rules comes after its block.
/// </remarks>
/// <typeparam name="TTaint">Whose the satoshi of an output are; its default says nobody's.</typeparam>
internal abstract class TheftsRun<TTaint>(UtxoGraph graph, TraceQuery query, uint limit, TheftClaims claims, ITaintBook book)
{
    private readonly Dictionary<long, TTaint> _open = [];
    private readonly PriorityQueue<ulong, ulong> _turns = new();
    private readonly List<(uint Transaction, TTaint Taint)> _blockFees = [];
    private TTaint[] _outputs = new TTaint[64];
    private long _openParts;

    protected UtxoGraph Graph => graph;

    protected TraceQuery Query => query;

    protected ITaintBook Book => book;

    /// <summary>When set, only these transactions are followed.</summary>
    public IReadOnlySet<uint>? Within { get; init; }

    /// <summary>What arrives at a seed is not followed further: the seed begins anew.</summary>
    public bool SeedsBeginAnew { get; init; }

    /// <summary>The most parts or pieces that open outputs may hold together.</summary>
    public long MostOpenParts { get; init; } = long.MaxValue;

    /// <summary>Told now and then how many transactions were visited.</summary>
    public Action<long>? Progress { get; init; }

    public long Visited { get; private set; }

    /// <summary>Whether transactions with an input of unknown value are passed through.</summary>
    protected virtual bool PassesUnknown => false;

    public void Follow(CancellationToken cancellation)
    {
        foreach (var transaction in claims.Transactions)
        {
            if (PaysCoinbase && graph.BlockFirstTx[graph.BlockIndexOf(transaction)] == transaction) AddSettling(transaction);
            else AddTurn(transaction);
        }

        var last = ulong.MaxValue;
        var turns = 0;
        while (_turns.TryDequeue(out var turn, out _))
        {
            if (turn == last) continue;
            last = turn;
            if ((++turns & 0x3FF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Progress?.Invoke(Visited);
            }

            if ((turn & 1) == 0) Settle((uint)(turn >> 1));
            else Visit((uint)(turn >> 1));
        }
    }

    protected abstract bool IsNothing(TTaint taint);

    /// <summary>The room a taint takes.</summary>
    protected abstract int SizeOf(TTaint taint);

    /// <summary>Each theft's part, by rising tag, in room that the next call overwrites.</summary>
    protected abstract ReadOnlySpan<Tagged> PartsOf(TTaint taint, long value, out long total);

    /// <summary>Divides what the inputs bring (<see cref="Take"/>) over the outputs and returns the fee's part.</summary>
    protected abstract TTaint Divide(uint transaction, Span<TTaint> outputs);

    /// <summary>Divides a block's tainted fees over its coinbase's outputs; what is not claimed is lost.</summary>
    protected abstract void DivideFees(uint coinbase, uint end, ReadOnlySpan<(uint Transaction, TTaint Taint)> fees, Span<TTaint> outputs);

    /// <summary>Lays the claims on a seed over what reached it: the earlier theft keeps what two of them claim.</summary>
    protected abstract TTaint LayOver(long output, TTaint arrived, ReadOnlySpan<Tagged> claims);

    /// <summary>Takes out the taint of an input; its default when it has none.</summary>
    protected TTaint? Take(long output)
    {
        if (!_open.Remove(output, out var taint)) return default;
        _openParts -= SizeOf(taint);
        return taint;
    }

    protected void Lose(uint transaction, TTaint fee)
    {
        var parts = PartsOf(fee, Math.Max(graph.Fee[transaction], 0), out var total);
        if (total > 0) book.Lost(parts, total);
    }

    protected LedgerCorruptException AmountsDisagree(uint transaction) => new(FormattableString.Invariant(
        $"The amounts of transaction number {transaction} disagree: its outputs and fee are not what its inputs bring. Run 'haetae ledger verify'."));

    private bool PaysCoinbase => query.FeeRule != FeeRule.Drop;

    private void AddTurn(uint transaction)
    {
        var turn = (2UL * transaction) + 1;
        _turns.Enqueue(turn, turn);
    }

    private void AddSettling(uint transaction)
    {
        var turn = 2UL * graph.BlockFirstTx[graph.BlockIndexOf(transaction) + 1];
        _turns.Enqueue(turn, turn);
    }

    private void Visit(uint transaction)
    {
        var outputs = Outputs(transaction);
        if (HasOpenInput(transaction))
        {
            if (Visited >= (query.MaxTransactions ?? long.MaxValue))
            {
                EndInputs(transaction, EndReason.MaxTransactions);
            }
            else if (graph.Fee[transaction] == UtxoGraph.UnknownFee && !PassesUnknown)
            {
                EndInputs(transaction, EndReason.UnknownValue);
            }
            else
            {
                Visited++;
                PayFee(transaction, Divide(transaction, outputs));
            }
        }

        Place(transaction, outputs, 0);
    }

    private void Settle(uint end)
    {
        var coinbase = graph.BlockFirstTx[graph.BlockIndexOf(end - 1)];
        var outputs = Outputs(coinbase);
        if (_blockFees.Count > 0) DivideFees(coinbase, end, CollectionsMarshal.AsSpan(_blockFees), outputs);
        _blockFees.Clear();
        Place(coinbase, outputs, end);
    }

    private void PayFee(uint transaction, TTaint fee)
    {
        if (IsNothing(fee)) return;
        if (!PaysCoinbase)
        {
            Lose(transaction, fee);
            return;
        }

        _blockFees.Add((transaction, fee));
        AddSettling(transaction);
    }

    private Span<TTaint> Outputs(uint transaction)
    {
        var count = (int)(graph.FirstOutput[transaction + 1L] - graph.FirstOutput[transaction]);
        if (_outputs.Length < count) _outputs = new TTaint[Math.Max(count, 2 * _outputs.Length)];
        var outputs = _outputs.AsSpan(0, count);
        outputs.Clear();
        return outputs;
    }

    private bool HasOpenInput(uint transaction)
    {
        var last = graph.FirstInput[transaction + 1L];
        for (var input = graph.FirstInput[transaction]; input < last; input++)
        {
            if (_open.ContainsKey(graph.Previous[input])) return true;
        }

        return false;
    }

    private void EndInputs(uint transaction, EndReason reason)
    {
        var last = graph.FirstInput[transaction + 1L];
        for (var input = graph.FirstInput[transaction]; input < last; input++)
        {
            var output = graph.Previous[input];
            if (!_open.Remove(output, out var taint)) continue;
            book.Ended(output, PartsOf(taint, graph.Value[output], out var total), total, reason);
        }
    }

    private void Place(uint transaction, Span<TTaint> taints, uint spentFrom)
    {
        var first = graph.FirstOutput[transaction];
        for (var i = 0; i < taints.Length; i++)
        {
            var claimed = claims.On(first + i);
            if (claimed.Length > 0)
            {
                if (SeedsBeginAnew)
                {
                    if (!IsNothing(taints[i])) book.Renewed(first + i, PartsOf(taints[i], graph.Value[first + i], out var total), total);
                    taints[i] = default!;
                }

                taints[i] = LayOver(first + i, taints[i], claimed);
            }

            if (!IsNothing(taints[i])) Open(first + i, taints[i], Math.Max(spentFrom, transaction + 1));
        }
    }

    private void Open(long output, TTaint taint, uint spentFrom)
    {
        if (EndOf(output, taint) is { } reason)
        {
            if (book.Wants(output, followed: false)) book.Ended(output, PartsOf(taint, graph.Value[output], out var ended), ended, reason);
            return;
        }

        var spender = graph.SpenderOf(output);
        if (spender < spentFrom)
            throw new LedgerCorruptException(FormattableString.Invariant($"Output number {output} is spent before it can be, by transaction number {spender}."));
        if (book.Wants(output, followed: true)) book.Followed(output, PartsOf(taint, graph.Value[output], out var total), total);
        if ((_openParts += SizeOf(taint)) > MostOpenParts) throw new TooMixedException(_openParts);
        _open.Add(output, taint);
        AddTurn(spender);
    }

    private EndReason? EndOf(long output, TTaint taint)
    {
        var spender = graph.SpenderOf(output);
        if (query.Stops?.At(output, spender < limit ? spender : 0) is { } stop) return stop;
        if (spender == 0 || Within?.Contains(spender) == false) return EndReason.Unspent;
        if (spender >= limit) return EndReason.Until;
        if (query.MinValue is not { } least) return null;
        PartsOf(taint, graph.Value[output], out var total);
        return total < least ? EndReason.MinValue : null;
    }
}
