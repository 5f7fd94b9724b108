using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>A trace under a policy that decides in chain order: it walks the transactions of the accounts that hold taint, and no others.</summary>
internal sealed class AccountRun
{
    private readonly IAccountView _view;
    private readonly AccountGraph _graph;
    private readonly AccountQuery _query;
    private readonly Policy _policy;
    private readonly ReceiverRules _rules;
    private readonly StolenTransfers _seeds;
    private readonly MoveReader _reader;
    private readonly IMoveRecorder? _recorder;
    private readonly long _limit; // the first transfer not looked at
    private readonly AccountBooks _books = new();
    private readonly PriorityQueue<Purse, long> _awake = new();
    private readonly Dictionary<(uint Account, uint Asset), Purse> _purses = [];
    private readonly List<Purse> _inOrder = [];
    private readonly List<Purse> _touched = [];
    private readonly List<TaintedTransfer> _flow = [];
    private readonly PieceQueue _parcel = new();
    private readonly PieceQueue _scratch = new();
    private int _nextSeed;
    private int _done; // moves of the range at hand that were applied
    private long _rangeFirst;
    private bool _carried;
    private long _visited;

    public AccountRun(IAccountView view, AccountQuery query, Policy policy, IMoveRecorder? recorder = null)
    {
        (_view, _graph, _query, _policy, _recorder) = (view, view.Graph, query, policy, recorder);
        _limit = LimitOf(_graph, query);
        _seeds = new StolenTransfers(_graph, query.Seeds, _limit);
        _rules = new ReceiverRules(view, query);
        _reader = new MoveReader(view, query.ReadConversions);
    }

    /// <summary>The first transfer that a query does not look at.</summary>
    public static long LimitOf(AccountGraph graph, AccountQuery query) =>
        query.UntilTransaction is { } until && until < graph.TransactionCount ? graph.TxFirstTransfer[until + 1L] : graph.TransferCount;

    public AccountOutcome Run(CancellationToken cancellation)
    {
        for (var seed = 0; seed < _seeds.Count; seed++) _books.Seed(_graph.Asset[_seeds.TransferAt(seed)], _seeds.StolenAt(seed));
        var isCut = false;
        for (var next = NextTransfer(); next < _limit; next = NextTransfer())
        {
            cancellation.ThrowIfCancellationRequested();
            isCut = _visited >= _query.MaxTransactions;
            if (isCut) break;
            VisitTransaction(_graph.TransactionOf(next));
        }

        Close(isCut);
        return new AccountOutcome
        {
            Policy = _policy,
            Books = _books.Books,
            Ends = _books.Ends,
            Flow = _flow,
            Conversions = [],
            Openings = [.. _inOrder.Where(purse => !purse.Opening.Known || !purse.Opening.Amount.IsZero).Select(purse => purse.Opening)],
            TransactionsVisited = _visited,
        };
    }

    private long NextTransfer()
    {
        var next = _nextSeed < _seeds.Count ? _seeds.TransferAt(_nextSeed) : long.MaxValue;
        return _awake.TryPeek(out _, out var first) ? Math.Min(first, next) : next;
    }

    private void VisitTransaction(uint transaction)
    {
        var end = _graph.TxFirstTransfer[transaction + 1L];
        _touched.Clear();
        _carried = false;
        while (_awake.TryPeek(out var purse, out var at) && at < end)
        {
            _awake.Dequeue();
            _touched.Add(purse);
        }

        // A stolen transfer is what somebody says of that very transfer: no sum is drawn over it.
        for (var at = _graph.TxFirstTransfer[transaction]; at < end;)
        {
            var seed = _nextSeed < _seeds.Count ? Math.Min(_seeds.TransferAt(_nextSeed), end) : end;
            ApplyRange(at, seed);
            at = seed;
            if (seed == end) break;
            ApplyRange(seed, ++at);
            _nextSeed++;
        }

        if (_carried) _visited++;
        foreach (var purse in _touched) Settle(purse, end);
    }

    private void ApplyRange(long first, long end)
    {
        if (first == end) return;
        _reader.Read(first, end);
        _rangeFirst = first;
        for (_done = 0; _done < _reader.Moves.Count; _done++) Apply(_reader.Moves[_done]);
    }

    private void Apply(in Move move)
    {
        var from = OpenPurse(move.From, move.Asset);
        var stolen = _seeds.StolenOf(move.Transfer);
        if (from is null && stolen.IsZero)
        {
            var to = OpenPurse(move.To, move.Asset);
            to?.Open!.PutClean(move.Amount);
            if (to is not null) _recorder?.Record(move, null, to, null, stolen);
            return;
        }

        _parcel.Clear();
        if (from is null) _parcel.Append(move.Amount, isTainted: false);
        else from.Open!.Take(move.Amount, _parcel);
        if (!_parcel.Tainted.IsZero) _flow.Add(new TaintedTransfer(move.Transfer, _parcel.Tainted));
        if (!stolen.IsZero)
        {
            var absorbed = _parcel.TaintFront(stolen, _scratch);
            if (_policy != Policy.Poison) _books.Absorb(move.Asset, absorbed);
        }

        _carried |= !_parcel.Tainted.IsZero;
        Deliver(move, from, stolen);
    }

    private void Deliver(in Move move, Purse? from, UInt256 stolen)
    {
        var tainted = _parcel.Tainted;
        AccountEndReason? reason = null;
        if (move.Kind == MoveKind.Fee) _books.PayFee(move.Asset, tainted);
        else if (move.To == AccountGraph.Nobody) _books.Destroy(move.Asset, tainted);
        else if (!tainted.IsZero) reason = EndOf(move, tainted);

        var isFollowed = move.Kind != MoveKind.Fee && move.To != AccountGraph.Nobody && !tainted.IsZero && reason is null;
        var to = isFollowed ? Reach(move) : OpenPurse(move.To, move.Asset);
        if (isFollowed && to is null)
        {
            reason = AccountEndReason.NotUnderstood;
            isFollowed = false;
        }

        if (reason is { } why)
            _books.End(new AccountEnd(move.To, move.Asset, why, tainted, move.Last, move.Last, why == AccountEndReason.NotUnderstood ? "its balances do not fit in 256 bits" : null));
        if (isFollowed)
        {
            to!.Open!.Put(_parcel);
            if (to.FirstTainted < 0) to.FirstTainted = move.Last;
            to.LastTainted = move.Last;
        }
        else
        {
            to?.Open!.PutClean(move.Amount);
        }

        if (from is not null || to is not null) _recorder?.Record(move, from, to, reason, stolen);
    }

    private AccountEndReason? EndOf(in Move move, UInt256 tainted)
    {
        if (_rules.EndAt(move.To, move.Last) is { } stopped) return stopped;
        return tainted < _query.MinValue ? AccountEndReason.MinValue : null;
    }

    private Purse? OpenPurse(uint account, uint asset) =>
        account != AccountGraph.Nobody && _purses.TryGetValue((account, asset), out var purse) && purse.Open is not null ? purse : null;

    // Null where its history makes no sense as amounts.
    private Purse? Reach(in Move move)
    {
        if (!_purses.TryGetValue((move.To, move.Asset), out var purse))
        {
            purse = Purse.Read(_view, move.To, move.Asset);
            _purses.Add((move.To, move.Asset), purse);
            if (purse.IsSound) _inOrder.Add(purse);
        }

        if (!purse.IsSound) return null;
        if (purse.Open is not null) return purse;
        purse.PassBefore(_reader.IsNetted ? _rangeFirst : move.Transfer);
        var clean = purse.Balance;
        if (_reader.IsNetted)
        {
            foreach (var earlier in _reader.Moves.Take(_done))
            {
                if (earlier.Asset != move.Asset) continue;
                if (earlier.From == move.To) clean -= earlier.Amount;
                if (earlier.To == move.To) clean += earlier.Amount;
            }
        }

        purse.Open = purse.Closed ?? Holding.For(_policy);
        purse.Open.Open(clean);
        _touched.Add(purse);
        return purse;
    }

    private void Settle(Purse purse, long end)
    {
        purse.PassBefore(end);
        if (purse.Open!.Balance != purse.Balance)
            throw new InvalidOperationException($"The balance of account {purse.Account} in asset {purse.Asset} came out as {purse.Open.Balance} and as {purse.Balance}.");
        if (purse.Open.IsTainted)
        {
            if (purse.Next < _limit) _awake.Enqueue(purse, purse.Next);
            return;
        }

        (purse.Closed, purse.Open) = (purse.Open, null);
    }

    private void Close(bool isCut)
    {
        for (; _nextSeed < _seeds.Count; _nextSeed++)
        {
            var transfer = _seeds.TransferAt(_nextSeed);
            _books.End(new AccountEnd(_graph.To[transfer], _graph.Asset[transfer], AccountEndReason.MaxTransactions, _seeds.StolenAt(_nextSeed), transfer, transfer));
        }

        foreach (var purse in _inOrder)
        {
            if (purse.Open is not { IsTainted: true } open) continue;
            var reason = isCut && purse.PaysBefore(_limit) ? AccountEndReason.MaxTransactions : AccountEndReason.Held;
            _books.End(new AccountEnd(purse.Account, purse.Asset, reason, open.Tainted, purse.FirstTainted, purse.LastTainted));
        }
    }
}
