using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Engine;

/// <summary>A trace under a policy that lines coins up: every open output keeps its pieces, and the inputs are read.</summary>
/// <typeparam name="TPolicy">From which end of the line outputs are filled.</typeparam>
internal sealed class LineRun<TPolicy> : TraceRun where TPolicy : struct, ILinePolicy
{
    private readonly SegmentArena _arena = new();
    private readonly PieceLine _line = new();
    private readonly PieceLine _back = new(); // what an output takes from the back of the line
    private readonly ChunkedList<TaintStep> _followed = new();
    private readonly List<long> _feePieces = [];
    private readonly List<(uint Transaction, int FirstPiece)> _blockFees = [];
    private readonly Func<StrongBox<OpenBits>> _rentDense;
    private OpenHeap _sparse = new();
    private bool _followedOutOfOrder;

    public LineRun(UtxoGraph graph, TraceQuery query, long denseAfter, Func<StrongBox<OpenBits>> rentDense) : base(graph, query, denseAfter)
    {
        _rentDense = rentDense;
        if (query.FeeRule == NewCoinsAreTakenFirst && query.SubsidyAtHeight is null)
            throw new ArgumentException(
                FormattableString.Invariant($"Under {PolicyNames.NameOf(TPolicy.Policy)} the fee rule {query.FeeRule} needs to know the subsidy."), nameof(query));
    }

    /// <summary>The dense container in use, if the trace got so far; empty when the trace is done.</summary>
    public StrongBox<OpenBits>? Dense { get; private set; }

    // Only then must it be known how many there are. Taken last, they are as many as are still needed.
    private static FeeRule NewCoinsAreTakenFirst => TPolicy.FromBack ? FeeRule.CoinbaseFeesFirst : FeeRule.CoinbaseAppend;

    protected override void Walk(uint before, long stopAt)
    {
        while (Visited < stopAt && TryTake(Math.Min(before, SettleAt), out var transaction))
        {
            if (LineUpInputs(transaction)) Visit(transaction, seeded: false);
        }
    }

    protected override void GoDense()
    {
        Dense = _rentDense();
        while (_sparse.TryTake(uint.MaxValue, out var transaction, out _)) Dense.Value.Add(transaction, 0);
    }

    protected override void Rewind(uint transaction) => Dense?.Value.Rewind(transaction);

    protected override void VisitSeeds(uint transaction)
    {
        var arrived = TryTake(transaction + 1, out _);
        Rewind(transaction);
        if (arrived && LineUpInputs(transaction))
        {
            Visit(transaction, seeded: true);
            return;
        }

        // No taint comes in, or none that can be divided: the outputs are clean but for their stolen parts.
        _line.Clear();
        _line.Append(-ClaimedBy(transaction));
        PourOutputs(transaction, seeded: true);
    }

    protected override void VisitCoinbase(uint coinbase, uint end)
    {
        var claimed = ClaimedBy(coinbase);
        var feesKnown = true;
        var newCoins = Query.FeeRule == NewCoinsAreTakenFirst ? Query.SubsidyAtHeight!(Graph.HeightOf(coinbase)) : 0;
        _line.Clear();
        _line.Append(TPolicy.FromBack ? -claimed : -newCoins);
        var next = 0;
        for (var transaction = coinbase + 1; transaction < end; transaction++)
        {
            if (next < _blockFees.Count && _blockFees[next].Transaction == transaction)
            {
                var last = next + 1 < _blockFees.Count ? _blockFees[next + 1].FirstPiece : _feePieces.Count;
                for (var piece = _blockFees[next].FirstPiece; piece < last; piece++) _line.Append(_feePieces[piece]);
                next++;
            }
            else if (Graph.Fee[transaction] is var fee && fee != UtxoGraph.UnknownFee)
            {
                _line.Append(-fee);
            }
            else
            {
                feesKnown = false;
            }
        }

        if (!feesKnown)
        {
            // Where the tainted fees stand in line cannot be told: they count as lost.
            while (_line.Take(long.MaxValue) is var piece and not 0) Fees += Math.Max(piece, 0);
            _line.Clear();
            newCoins = claimed;
        }

        _line.Append(TPolicy.FromBack ? -newCoins : -claimed); // taken last: the rest of the reward, or more than is needed
        _blockFees.Clear();
        _feePieces.Clear();
        _followedOutOfOrder = true;
        PourOutputs(coinbase, seeded: true, end);
        while (_line.Take(long.MaxValue) is var piece and not 0) Fees += Math.Max(piece, 0);
    }

    protected override void OpenSeed(int seed)
    {
        var output = Seeds.OutputAt(seed);
        _arena.Begin(1);
        _arena.Add(Seeds.StolenAt(seed));
        OpenOrEnd(output, Seeds.StolenAt(seed), 0);
    }

    protected override void CloseOpen()
    {
        OpenSeedsNotReached();
        Rewind(0);
        while (TryTake(uint.MaxValue, out var transaction)) EndInputs(transaction, EndReason.MaxTransactions);
    }

    protected override TaintFlow Flow() => new LineFlow(Graph, Seeds, _followed, _followedOutOfOrder);

    private bool TryTake(uint before, out uint transaction) => Dense is null
        ? _sparse.TryTake(before, out transaction, out _)
        : Dense.Value.TryTake(before, out transaction, out _);

    // False when an input's value is unknown: the taint stays where it is.
    private bool LineUpInputs(uint transaction)
    {
        if (Graph.Fee[transaction] == UtxoGraph.UnknownFee)
        {
            EndInputs(transaction, EndReason.UnknownValue);
            return false;
        }

        _line.Clear();
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++)
        {
            var output = Graph.Previous[input];
            if (output == OutputNum.NotHeld) _line.Append(-Graph.OutsideValueOf(input)); // from before the first block: clean
            else if (!_arena.MoveTo(_line, output)) _line.Append(-Graph.Value[output]);
        }

        return true;
    }

    private void EndInputs(uint transaction, EndReason reason)
    {
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++)
        {
            var tainted = _arena.Remove(Graph.Previous[input]);
            if (tainted > 0) EndLate(Graph.Previous[input], tainted, reason);
        }
    }

    private void Visit(uint transaction, bool seeded)
    {
        Visited++;
        PourOutputs(transaction, seeded);
        var firstPiece = _feePieces.Count;
        var tainted = 0L;
        while (_line.Take(long.MaxValue) is var piece and not 0)
        {
            tainted += Math.Max(piece, 0);
            if (PaysCoinbase) _feePieces.Add(piece);
        }

        if (!PaysCoinbase)
        {
            Fees += tainted;
        }
        else if (tainted > 0)
        {
            _blockFees.Add((transaction, firstPiece));
            if (SettleAt == uint.MaxValue) SettleAt = BlockEndOf(transaction);
        }
        else
        {
            _feePieces.RemoveRange(firstPiece, _feePieces.Count - firstPiece);
        }
    }

    private void PourOutputs(uint transaction, bool seeded, uint spentFrom = 0)
    {
        var last = Graph.FirstOutput[transaction + 1L];
        for (var output = Graph.FirstOutput[transaction]; output < last; output++)
        {
            var value = Graph.Value[output];
            if (value == 0) continue;
            var stolen = seeded ? Seeds.StolenOf(output) : 0;
            if (TPolicy.FromBack && !_line.TryMoveBack(value, _back)) throw AmountsDisagree(transaction);
            var source = TPolicy.FromBack ? _back : _line;
            _arena.Begin(source.Count + 1);
            if (stolen > 0)
            {
                // What comes back to the stolen part of a seed is not stolen twice.
                Absorbed += Pour(source, transaction, stolen, keep: false);
                _arena.Add(stolen);
            }

            OpenOrEnd(output, stolen + Pour(source, transaction, value - stolen, keep: true), spentFrom);
        }
    }

    // Moves so many satoshi from the front of a line into the arena, or nowhere; returns the tainted ones.
    private long Pour(PieceLine line, uint transaction, long amount, bool keep)
    {
        var tainted = 0L;
        while (amount > 0)
        {
            var piece = line.Take(amount);
            if (piece == 0) throw AmountsDisagree(transaction);
            amount -= Math.Abs(piece);
            tainted += Math.Max(piece, 0);
            if (keep) _arena.Add(piece);
        }

        return tainted;
    }

    private void OpenOrEnd(long output, long tainted, uint spentFrom)
    {
        var spender = Graph.Spender[output];
        if (tainted == 0 || !IsFollowed(output, spender, tainted))
        {
            _arena.Discard();
            if (tainted > 0) End(output, tainted, spender);
            return;
        }

        CheckOrder(output, spender, spentFrom);
        _arena.Keep(output);
        if (Query.RecordFlow) _followed.Add(new TaintStep(output, tainted));
        if (Dense is null) _sparse.Add(spender, 0);
        else Dense.Value.Add(spender, 0);
    }

    private long ClaimedBy(uint transaction)
    {
        var claimed = 0L;
        var last = Graph.FirstOutput[transaction + 1L];
        for (var output = Graph.FirstOutput[transaction]; output < last; output++) claimed += Graph.Value[output];
        return claimed;
    }
}
