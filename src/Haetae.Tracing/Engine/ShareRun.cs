using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Engine;

/// <summary>A trace under a policy that divides a sum. Inputs are never read: what they bring is the outputs and the fee.</summary>
/// <typeparam name="TPolicy">How a sum is divided.</typeparam>
/// <typeparam name="TDense">The container for dense taint; with sums unless the policy needs none.</typeparam>
internal sealed class ShareRun<TPolicy, TDense>(UtxoGraph graph, TraceQuery query, long denseAfter, bool record, Func<StrongBox<TDense>> rentDense)
    : TraceRun(graph, query, denseAfter)
    where TPolicy : struct, ISharePolicy
    where TDense : struct, IOpenTransactions
{
    private readonly ShareDivision<TPolicy> _division = new(graph);
    private readonly ChunkedList<uint> _visitedTransactions = new();
    private readonly ChunkedList<long> _visitedSums = new();
    private readonly List<uint> _parked = [];
    private OpenHeap _sparse = new();
    private bool _visitedOutOfOrder;
    private long _blockFees;

    /// <summary>The dense container in use, if the trace got so far; empty when the trace is done.</summary>
    public StrongBox<TDense>? Dense { get; private set; }

    protected override void Walk(uint before, long stopAt)
    {
        if (Dense is null) Walk(ref _sparse, before, stopAt);
        else Walk(ref Dense.Value, before, stopAt);
    }

    protected override void GoDense()
    {
        Dense = rentDense();
        while (_sparse.TryTake(uint.MaxValue, out var transaction, out var tainted)) Dense.Value.Add(transaction, tainted);
    }

    protected override void Rewind(uint transaction) => Dense?.Value.Rewind(transaction);

    // The inner loop of every trace by shares: one thing, kept in one piece.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk<TOpen>(ref TOpen open, uint before, long stopAt) where TOpen : struct, IOpenTransactions
    {
        var (firstOutput, values, spenders, fees) = (Graph.FirstOutput.Unguarded, Graph.Value.Unguarded, Graph.Spender.Unguarded, Graph.Fee.Unguarded);
        var touched = uint.MaxValue; // the stretch whose columns were checked last
        var paysCoinbase = PaysCoinbase;
        var shares = _division.Shares;
        var visited = Visited;
        var lost = Fees;
        while (visited < stopAt && open.TryTake(before, out var transaction, out var tainted))
        {
            if (transaction >> UtxoGraph.StretchBits != touched)
            {
                touched = transaction >> UtxoGraph.StretchBits;
                Graph.TouchStretch(touched);
            }

            var fee = fees[transaction];
            if (!TPolicy.TakesWhole && fee == UtxoGraph.UnknownFee)
            {
                _parked.Add(transaction);
                continue;
            }

            visited++;
            if (record) Record(transaction, tainted);
            var first = firstOutput[transaction];
            var count = (int)(firstOutput[transaction + 1L] - first);
            var outputs = values.Slice(first, count);
            long feeShare;
            if (TPolicy.TakesWhole)
            {
                feeShare = Math.Max(fee, 0);
            }
            else
            {
                if (shares.Length < count) shares = _division.Grow(count);
                feeShare = TPolicy.Split(outputs, fee, tainted, shares.AsSpan(0, count), _division.Scratch);
                if (feeShare < 0) throw AmountsDisagree(transaction);
            }

            if (paysCoinbase && feeShare > 0)
            {
                _blockFees += feeShare;
                if (SettleAt == uint.MaxValue) SettleAt = BlockEndOf(transaction);
                before = Math.Min(before, SettleAt);
            }
            else
            {
                lost += feeShare;
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                var share = TPolicy.TakesWhole ? outputs[i] : shares[i];
                if (share <= 0) continue;
                var spender = spenders[first + i];
                if (IsFollowed(first + i, spender, share)) open.Add(spender, share);
                else End(first + i, share, spender);
            }
        }

        Visited = visited;
        Fees = lost;
    }

    protected override void VisitSeeds(uint transaction)
    {
        var arrived = Dense is null
            ? _sparse.TryTake(transaction + 1, out _, out var tainted)
            : Dense.Value.TryTake(transaction + 1, out _, out tainted);
        Rewind(transaction);
        if (arrived && !TPolicy.TakesWhole && Graph.Fee[transaction] == UtxoGraph.UnknownFee)
        {
            _parked.Add(transaction);
            arrived = false;
        }

        if (arrived)
        {
            Visited++;
            if (record) Record(transaction, tainted);
        }

        var feeShare = Emit(transaction, arrived, tainted);
        if (PaysCoinbase && feeShare > 0)
        {
            _blockFees += feeShare;
            if (SettleAt == uint.MaxValue) SettleAt = BlockEndOf(transaction);
        }
        else
        {
            Fees += feeShare;
        }
    }

    protected override void VisitCoinbase(uint coinbase, uint end)
    {
        long first = Graph.FirstOutput[coinbase], last = Graph.FirstOutput[coinbase + 1L], claimed = 0;
        for (var output = first; output < last; output++) claimed += Graph.Value[output];
        var taken = Math.Min(_blockFees, claimed);
        Fees += _blockFees - taken;
        _blockFees = 0;
        if (taken > 0 && record)
        {
            _visitedOutOfOrder = true;
            Record(coinbase, taken);
        }

        Emit(coinbase, taken > 0, taken, end);
    }

    protected override void OpenSeed(int seed)
    {
        var output = Seeds.OutputAt(seed);
        var tainted = TPolicy.TakesWhole ? Graph.Value[output] : Seeds.StolenAt(seed);
        Open(output, tainted, 0);
    }

    protected override void CloseOpen()
    {
        OpenSeedsNotReached();
        ShareFlow<TPolicy>? flow = null;
        foreach (var transaction in _parked) CloseInputs(transaction, EndReason.UnknownValue);
        if (Dense is null)
        {
            while (_sparse.TryTake(uint.MaxValue, out var transaction, out _)) CloseInputs(transaction, EndReason.MaxTransactions);
        }
        else
        {
            Dense.Value.Rewind(0);
            while (Dense.Value.TryTake(uint.MaxValue, out var transaction, out _)) CloseInputs(transaction, EndReason.MaxTransactions);
        }

        void CloseInputs(uint transaction, EndReason reason)
        {
            LacksFlow |= !record;
            if (!record) return;
            flow ??= (ShareFlow<TPolicy>)Flow();
            var last = Graph.FirstInput[transaction + 1L];
            for (var input = Graph.FirstInput[transaction]; input < last; input++)
            {
                var output = Graph.Previous[input];
                if (output == OutputNum.NotHeld) continue;
                var tainted = flow.FollowedTaintOf(output);
                if (tainted > 0) EndLate(output, tainted, reason);
            }
        }
    }

    protected override TaintFlow Flow() => new ShareFlow<TPolicy>(Graph, Seeds, MinValue, Query.Stops, _visitedTransactions, _visitedSums, _visitedOutOfOrder);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Record(uint transaction, long tainted)
    {
        _visitedTransactions.Add(transaction);
        if (!TPolicy.TakesWhole) _visitedSums.Add(tainted);
    }

    // The plain way through a transaction, for those that hold seeds or are paid by fees.
    private long Emit(uint transaction, bool arrived, long tainted, uint spentFrom = 0)
    {
        var shares = _division.Divide(transaction, arrived, tainted, out var feeShare);
        if (feeShare < 0) throw AmountsDisagree(transaction);
        var first = Graph.FirstOutput[transaction];
        Absorbed += _division.LayOver(Seeds, first, shares);
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] > 0) Open(first + i, shares[i], spentFrom);
        }

        return feeShare;
    }

    private void Open(long output, long tainted, uint spentFrom)
    {
        var spender = Graph.Spender[output];
        if (!IsFollowed(output, spender, tainted))
        {
            End(output, tainted, spender);
            return;
        }

        CheckOrder(output, spender, spentFrom);
        if (Dense is null) _sparse.Add(spender, tainted);
        else Dense.Value.Add(spender, tainted);
    }
}
