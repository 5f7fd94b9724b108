using System.Runtime.InteropServices;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>A trace under TIHO or TILO, which look at the whole history of an account before they say which of its payments were stolen money.</summary>
/// <remarks>
/// First everything is walked that taint could reach. Then accounts are decided, payers before those they pay. Where accounts pay each other in circles no such
/// order exists: the history of each of them is cut where money comes to it from within the circle, and each stretch is decided as a whole, the earlier
/// first, with what the stretches before it left. A stretch needs only what came before its beginning, so this ends and gives one answer.
/// </remarks>
internal sealed class HistoryRun(IAccountView view, AccountQuery query, Policy policy) : IMoveRecorder
{
    private readonly AccountGraph _graph = view.Graph;
    private readonly List<Step> _steps = [];
    private readonly List<History> _histories = [];
    private readonly Dictionary<Exchange, List<int>> _givers = [];
    private readonly AccountBooks _books = new();
    private readonly PieceQueue _parcel = new();
    private UInt256[] _left = []; // per step, the taint the payer parted with

    public void Open(Purse purse, UInt256 clean)
    {
        purse.Number = _histories.Count;
        _histories.Add(new History(purse) { Clean = clean });
    }

    public void Record(in Step step)
    {
        var number = _steps.Count;
        _steps.Add(step);
        if (step.From is not null)
        {
            _histories[step.From.Number].Steps.Add(number);
            if (step.Exchange is not null)
            {
                if (!_givers.TryGetValue(step.Exchange, out var givers)) _givers.Add(step.Exchange, givers = []);
                givers.Add(step.From.Number);
            }
        }

        if (step.To is not null) _histories[step.To.Number].Steps.Add(number);
    }

    public AccountOutcome Run(CancellationToken cancellation)
    {
        var reach = new AccountRun(view, query with { MinValue = null }, Policy.Poison, this);
        reach.Walk(cancellation);
        _left = new UInt256[_steps.Count];
        var circle = Circles.Find(Payments(), out var circles);
        var members = new List<int>[circles];
        for (var number = 0; number < circle.Length; number++) (members[circle[number]] ??= []).Add(number);
        for (var at = circles - 1; at >= 0; at--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (members[at] is [var alone]) Decide(_histories[alone], 0, _histories[alone].Steps.Count);
            else foreach (var (_, number, first, end) in Stretches(members[at], circle).OrderBy(stretch => stretch.Start)) Decide(_histories[number], first, end);
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

    private List<int>[] Payments()
    {
        var paid = new List<int>[_histories.Count];
        for (var i = 0; i < paid.Length; i++) paid[i] = [];
        foreach (ref readonly var step in CollectionsMarshal.AsSpan(_steps))
        {
            if (!step.IsFollowed) continue;
            if (step.From is not null) paid[step.From.Number].Add(step.To!.Number);
            else if (step.Exchange is not null && _givers.TryGetValue(step.Exchange, out var givers))
            {
                foreach (var giver in givers) paid[giver].Add(step.To!.Number);
            }
        }

        return paid;
    }

    private bool IsFromCircle(in Step step, int[] circle, int number)
    {
        if (step.From is not null) return circle[step.From.Number] == number;
        return step.Exchange is not null && _givers.TryGetValue(step.Exchange, out var givers) && givers.Exists(giver => circle[giver] == number);
    }

    private List<(int Start, int Number, int First, int End)> Stretches(List<int> members, int[] circle)
    {
        var stretches = new List<(int Start, int Number, int First, int End)>();
        foreach (var number in members)
        {
            var history = _histories[number];
            var first = 0;
            for (var at = 1; at < history.Steps.Count; at++)
            {
                ref readonly var step = ref StepAt(history.Steps[at]);
                if (step.To != history.Purse || !step.IsFollowed || !IsFromCircle(step, circle, circle[number])) continue;
                stretches.Add((history.Steps[first], number, first, at));
                first = at;
            }

            stretches.Add((history.Steps[first], number, first, history.Steps.Count));
        }

        return stretches;
    }

    private ref readonly Step StepAt(int number) => ref CollectionsMarshal.AsSpan(_steps)[number];

    private void Decide(History history, int first, int end)
    {
        var (tainted, clean) = (history.Tainted, history.Clean);
        var payments = new List<Outgoing>();
        var paidBy = new List<int>();
        for (var at = first; at < end; at++)
        {
            var number = history.Steps[at];
            ref readonly var step = ref StepAt(number);
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
            if (StepAt(number) is { Move: { Kind: MoveKind.Give } given, Exchange: { } exchange }) SetPieces(exchange.PiecesOf(given), filled[i], amount);
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
        ref readonly var step = ref StepAt(number);
        if (step.Move.Kind == MoveKind.Give) return default;
        if (step.Move.Kind != MoveKind.Get) return UInt256.Max(_left[number], step.Stolen);
        if (step.Exchange is not { Note: null, IsTainted: true } exchange) return default;
        exchange.Line(step.Move, _parcel, conversions);
        return _parcel.Tainted;
    }

    private UInt256 Followed(int number)
    {
        if (!StepAt(number).IsFollowed) return default;
        var arrived = Arrived(number);
        return arrived < query.MinValue ? default : arrived;
    }

    private (List<TaintedTransfer> Flow, List<TaintedConversion> Conversions, long Visited) Book()
    {
        var flow = new List<TaintedTransfer>();
        var conversions = new List<TaintedConversion>();
        var visited = 0L;
        var end = 0L; // of the transaction counted last
        for (var number = 0; number < _steps.Count; number++)
        {
            ref readonly var step = ref StepAt(number);
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
        else if (step.To is { } to) _histories[to.Number].Reached(move.Last);
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
        foreach (var history in _histories)
        {
            var reason = reach.IsCut && history.Purse.PaysBefore(limit) ? AccountEndReason.MaxTransactions : AccountEndReason.Held;
            _books.End(new AccountEnd(history.Purse.Account, history.Purse.Asset, reason, history.Tainted, history.FirstTainted, history.LastTainted));
        }
    }

    private sealed class History(Purse purse)
    {
        public Purse Purse => purse;

        public List<int> Steps { get; } = [];

        public UInt256 Tainted { get; set; }

        public UInt256 Clean { get; set; }

        public long FirstTainted { get; private set; } = -1;

        public long LastTainted { get; private set; }

        public void Reached(long transfer)
        {
            if (FirstTainted < 0) FirstTainted = transfer;
            LastTainted = transfer;
        }
    }
}
