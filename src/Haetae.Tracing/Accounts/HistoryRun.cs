using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>A trace under TIHO or TILO, which look at the whole history of an account before they say which of its payments were stolen money.</summary>
/// <remarks>First everything is walked that taint could reach; then accounts are decided in the order of <see cref="HistoryRecord"/>; then the books are drawn up.</remarks>
internal sealed class HistoryRun(IAccountView view, AccountQuery query, Policy policy)
{
    private readonly AccountGraph _graph = view.Graph;
    private readonly HistoryRecord _record = new();
    private readonly AccountBooks _books = new();
    private readonly PieceQueue _parcel = new();
    private UInt256[] _left = []; // per step, the taint the payer parted with

    public AccountOutcome Run(CancellationToken cancellation)
    {
        var reach = new AccountRun(view, query with { MinValue = null }, Policy.Poison, _record);
        reach.Walk(cancellation);
        _left = new UInt256[_record.StepCount];
        foreach (var (history, first, end) in _record.InOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            Decide(history, first, end);
        }

        var (flow, conversions, visited) = Book();
        Close(reach);
        return new AccountOutcome
        {
            Policy = policy,
            Books = _books.Books,
            Ends = _books.Ends,
            Flow = flow,
            Conversions = conversions,
            Openings = reach.Openings,
            TransactionsVisited = visited,
        };
    }

    private void Decide(History history, int first, int end)
    {
        var (tainted, clean) = (history.Tainted, history.Clean);
        var payments = new List<Outgoing>();
        var paidBy = new List<int>();
        for (var at = first; at < end; at++)
        {
            var number = history.Steps[at];
            ref readonly var step = ref _record.StepAt(number);
            if (step.From == history.Purse)
            {
                payments.Add(new Outgoing(step.Move.Amount, tainted, clean, step.Move.Kind == MoveKind.Fee));
                paidBy.Add(number);
                continue;
            }

            var arrived = Followed(number);
            tainted += arrived;
            clean += step.Move.Amount - arrived;
        }

        var filled = HistoryFill.Fill(payments, policy == Policy.Tiho);
        for (var i = 0; i < filled.Length; i++)
        {
            var (number, amount) = (paidBy[i], payments[i].Amount);
            _left[number] = filled[i];
            tainted -= filled[i];
            clean -= amount - filled[i];
            if (_record.StepAt(number) is { Move: { Kind: MoveKind.Give } given, Exchange: { } exchange }) SetPieces(exchange.PiecesOf(given), filled[i], amount);
        }

        (history.Tainted, history.Clean) = (tainted, clean);
    }

    private static void SetPieces(PieceQueue pieces, UInt256 tainted, UInt256 amount)
    {
        pieces.Clear();
        pieces.Append(tainted, isTainted: true);
        pieces.Append(amount - tainted, isTainted: false);
    }

    // The taint that a step brings to its receiver, whether it is followed there or not.
    private UInt256 Arrived(int number, List<TaintedConversion>? conversions = null)
    {
        ref readonly var step = ref _record.StepAt(number);
        if (step.Move.Kind == MoveKind.Give) return default;
        if (step.Move.Kind != MoveKind.Get) return UInt256.Max(_left[number], step.Stolen);
        if (step.Exchange is not { Note: null, IsTainted: true } exchange) return default;
        exchange.Line(step.Move, _parcel, conversions);
        return _parcel.Tainted;
    }

    private UInt256 Followed(int number)
    {
        if (!_record.StepAt(number).IsFollowed) return default;
        var arrived = Arrived(number);
        return arrived < query.MinValue ? default : arrived;
    }

    private (List<TaintedTransfer> Flow, List<TaintedConversion> Conversions, long Visited) Book()
    {
        var flow = new List<TaintedTransfer>();
        var conversions = new List<TaintedConversion>();
        var visited = 0L;
        var end = 0L; // of the transaction counted last
        for (var number = 0; number < _record.StepCount; number++)
        {
            ref readonly var step = ref _record.StepAt(number);
            var move = step.Move;
            var left = _left[number];
            var arrived = Arrived(number, conversions);
            if (left.IsZero && arrived.IsZero) continue;
            if (move.Transfer >= end)
            {
                visited++;
                end = _graph.TxFirstTransfer[_graph.TransactionOf(move.Transfer) + 1L];
            }

            BookStep(step, left, arrived);
            if (left.IsZero || move.Kind == MoveKind.Give) continue;
            flow.Add(new TaintedTransfer(move.Transfer, left));
            if (move.Last != move.Transfer) flow.Add(new TaintedTransfer(move.Last, left));
        }

        return (flow, conversions, visited);
    }

    private void BookStep(in Step step, UInt256 left, UInt256 arrived)
    {
        var move = step.Move;
        if (move.Kind == MoveKind.Give)
        {
            if (step.Exchange!.Note is not { } note) _books.ConvertOut(move.Asset, left);
            else _books.End(new AccountEnd(move.To, move.Asset, AccountEndReason.NotUnderstood, left, move.Last, move.Last, note));
            return;
        }

        if (move.Kind == MoveKind.Get) _books.ConvertIn(move.Asset, arrived);
        if (!step.Stolen.IsZero) _books.Absorb(move.Asset, UInt256.Min(left, step.Stolen));
        if (move.Kind == MoveKind.Fee) _books.PayFee(move.Asset, left);
        else if (move.To == AccountGraph.Nobody) _books.Destroy(move.Asset, left);
        else if (step.End is { } reason)
            _books.End(new AccountEnd(move.To, move.Asset, reason, arrived, move.Last, move.Last, reason == AccountEndReason.NotUnderstood ? Purse.Unsound : null));
        else if (arrived < query.MinValue) _books.End(new AccountEnd(move.To, move.Asset, AccountEndReason.MinValue, arrived, move.Last, move.Last));
        else if (step.To is { } to) _record.Histories[to.Number].Reached(move.Last);
    }

    private void Close(AccountRun reach)
    {
        for (var seed = 0; seed < reach.Seeds.Count; seed++)
        {
            var (transfer, stolen) = (reach.Seeds.TransferAt(seed), reach.Seeds.StolenAt(seed));
            _books.Seed(_graph.Asset[transfer], stolen);
            if (seed >= reach.SeedsReached) _books.End(new AccountEnd(_graph.To[transfer], _graph.Asset[transfer], AccountEndReason.MaxTransactions, stolen, transfer, transfer));
        }

        var limit = AccountRun.LimitOf(_graph, query);
        foreach (var history in _record.Histories)
        {
            var reason = reach.IsCut && history.Purse.PaysBefore(limit) ? AccountEndReason.MaxTransactions : AccountEndReason.Held;
            _books.End(new AccountEnd(history.Purse.Account, history.Purse.Asset, reason, history.Tainted, history.FirstTainted, history.LastTainted));
        }
    }
}
