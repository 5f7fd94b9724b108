using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>A trace under a policy that decides in chain order: it walks the transactions of the accounts that hold taint, and no others.</summary>
internal sealed partial class AccountRun
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
    private readonly List<TaintedConversion> _conversions = [];
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
        _reader = new MoveReader(view, query.ReadConversions, query.Values);
    }

    /// <summary>The first transfer that a query does not look at.</summary>
    public static long LimitOf(AccountGraph graph, AccountQuery query) =>
        query.UntilTransaction is { } until && until < graph.TransactionCount ? graph.TxFirstTransfer[until + 1L] : graph.TransferCount;

    /// <summary>After a run: whether the limit on transactions ended it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>After a run: the first seed that it did not come to, as an index among <see cref="Seeds"/>.</summary>
    public int SeedsReached => _nextSeed;

    public StolenTransfers Seeds => _seeds;

    /// <summary>Accounts that held taint, in the order in which it came there, as one asset each.</summary>
    public IReadOnlyList<OpeningBalance> Openings =>
        [.. _inOrder.Where(purse => !purse.Opening.Known || !purse.Opening.Amount.IsZero).Select(purse => purse.Opening)];

    public AccountOutcome Run(CancellationToken cancellation)
    {
        Walk(cancellation);
        Close();
        return new AccountOutcome
        {
            Policy = _policy,
            Books = _books.Books,
            Ends = _books.Ends,
            Flow = _flow,
            Conversions = _conversions,
            Openings = Openings,
            TransactionsVisited = _visited,
        };
    }

    /// <summary>Walks without closing the books: for those who record the steps.</summary>
    public void Walk(CancellationToken cancellation)
    {
        for (var seed = 0; seed < _seeds.Count; seed++) _books.Seed(_graph.Asset[_seeds.TransferAt(seed)], _seeds.StolenAt(seed));
        for (var next = NextTransfer(); next < _limit; next = NextTransfer())
        {
            cancellation.ThrowIfCancellationRequested();
            IsCut = _visited >= _query.MaxTransactions;
            if (IsCut) break;
            VisitTransaction(_graph.TransactionOf(next));
        }
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
            ApplyRange(transaction, at, seed);
            at = seed;
            if (seed == end) break;
            ApplyRange(transaction, seed, ++at);
            _nextSeed++;
        }

        if (_carried) _visited++;
        foreach (var purse in _touched) Settle(purse, end);
    }

    private void ApplyRange(uint transaction, long first, long end)
    {
        if (first == end) return;
        _reader.Read(transaction, first, end);
        _rangeFirst = first;
        for (_done = 0; _done < _reader.Moves.Count; _done++) Apply(_reader.Moves[_done]);
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
                if (earlier.To == move.To && earlier.Kind != MoveKind.Give) clean += earlier.Amount;
            }
        }

        purse.Open = purse.Closed ?? Holding.For(_policy);
        purse.Open.Open(clean);
        _recorder?.Open(purse, clean);
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

    private void Close()
    {
        for (; _nextSeed < _seeds.Count; _nextSeed++)
        {
            var transfer = _seeds.TransferAt(_nextSeed);
            _books.End(new AccountEnd(_graph.To[transfer], _graph.Asset[transfer], AccountEndReason.MaxTransactions, _seeds.StolenAt(_nextSeed), transfer, transfer));
        }

        foreach (var purse in _inOrder)
        {
            if (purse.Open is not { IsTainted: true } open) continue;
            var reason = IsCut && purse.PaysBefore(_limit) ? AccountEndReason.MaxTransactions : AccountEndReason.Held;
            _books.End(new AccountEnd(purse.Account, purse.Asset, reason, open.Tainted, purse.FirstTainted, purse.LastTainted));
        }
    }
}
