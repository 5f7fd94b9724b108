using System.Globalization;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>The slow, obvious trace: every transfer of the ledger in order, every account a list of single units, stolen (true) or clean.</summary>
internal sealed class SlowAccounts
{
    private readonly AccountTable _ledger;
    private readonly AccountQuery _query;
    private readonly Policy _policy;
    private readonly Dictionary<(uint Account, uint Asset), List<bool>> _held = [];
    private readonly HashSet<(uint Account, uint Asset)> _poisoned = [];
    private readonly SortedDictionary<string, long> _results = new(StringComparer.Ordinal);
    private readonly List<string> _flow = [];

    public SlowAccounts(AccountTable ledger, AccountQuery query, Policy policy)
    {
        (_ledger, _query, _policy) = (ledger, query, policy);
        var graph = ledger.Graph;
        for (var i = 0L; i < graph.TransferCount; i++)
        {
            if (graph.From[i] != AccountGraph.Nobody) Opened(graph.From[i], graph.Asset[i]);
            if (graph.To[i] != AccountGraph.Nobody) Opened(graph.To[i], graph.Asset[i]);
        }

        var until = query.UntilTransaction ?? graph.TransactionCount - 1;
        var visited = 0L;
        uint transaction = 0;
        for (; transaction <= until && transaction < graph.TransactionCount && !(visited >= query.MaxTransactions); transaction++)
        {
            var carried = false;
            for (var i = graph.TxFirstTransfer[transaction]; i < graph.TxFirstTransfer[transaction + 1L]; i++) carried |= Move(i);
            if (carried) visited++;
        }

        var after = transaction < graph.TransactionCount ? graph.TxFirstTransfer[transaction] : graph.TransferCount;
        var limit = until + 1 < graph.TransactionCount ? graph.TxFirstTransfer[until + 1L] : graph.TransferCount;
        foreach (var seed in query.Seeds.Where(seed => seed.Transfer >= after)) End(seed.Transfer, AccountEndReason.MaxTransactions, (long)(ulong)seed.Stolen.Lower);
        foreach (var ((account, asset), units) in _held)
        {
            var tainted = TaintOf(account, asset, units);
            if (tainted == 0) continue;
            var pays = false;
            for (var i = after; i < limit; i++) pays |= graph.From[i] == account && graph.To[i] != account && graph.Asset[i] == asset && !graph.Amount[i].IsZero;
            Add($"end {account} {asset} {(pays ? AccountEndReason.MaxTransactions : AccountEndReason.Held)}", tainted);
        }
    }

    /// <summary>Everything it says, to be compared.</summary>
    public string Text => string.Join('\n', _results.Where(one => one.Value > 0).Select(one => $"{one.Key} = {one.Value}").Concat(_flow));

    public static string TextOf(AccountOutcome outcome)
    {
        var results = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var end in outcome.Ends) results[$"end {end.Account} {end.Asset} {end.Reason}"] = (long)(ulong)end.Tainted.Lower;
        foreach (var book in outcome.Books)
        {
            results[$"fees {book.Asset}"] = (long)(ulong)book.Fees.Lower;
            results[$"destroyed {book.Asset}"] = (long)(ulong)book.Destroyed.Lower;
            results[$"absorbed {book.Asset}"] = (long)(ulong)book.Absorbed.Lower;
        }

        return string.Join('\n', results.Where(one => one.Value > 0).Select(one => $"{one.Key} = {one.Value}").Concat(outcome.Flow.Select(one => $"{one.Transfer}: {one.Tainted}")));
    }

    private bool Move(long transfer)
    {
        var graph = _ledger.Graph;
        var (from, to, asset, amount) = (graph.From[transfer], graph.To[transfer], graph.Asset[transfer], (int)(ulong)graph.Amount[transfer].Lower);
        if (amount == 0 || from == to) return false;
        var moved = from == AccountGraph.Nobody ? Enumerable.Repeat(false, amount).ToList() : Take(_held[(from, asset)], amount, from, asset);
        var left = moved.Count(unit => unit);
        if (left > 0) _flow.Add(string.Create(CultureInfo.InvariantCulture, $"{transfer}: {left}"));
        var stolen = _query.Seeds.Where(seed => seed.Transfer == transfer).Sum(seed => (int)(ulong)seed.Stolen.Lower);
        if (_policy != Policy.Poison) Add($"absorbed {asset}", moved.Take(stolen).Count(unit => unit));
        for (var i = 0; i < stolen; i++) moved[i] = true;

        var tainted = moved.Count(unit => unit);
        var isFee = graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt;
        if (isFee) Add($"fees {asset}", tainted);
        else if (to == AccountGraph.Nobody) Add($"destroyed {asset}", tainted);
        else if (tainted > 0)
        {
            var end = _query.Stops?.At(transfer) ?? (_query.Within is { } within && !within.Contains(to) ? AccountEndReason.Outside : null);
            if (end is null && _query.MinValue is { } least && (ulong)tainted < (ulong)least.Lower) end = AccountEndReason.MinValue;
            if (end is { } reason) End(transfer, reason, tainted);
            if (end is null && _policy == Policy.Poison) _poisoned.Add((to, asset));
            if (end is not null) moved = [.. Enumerable.Repeat(false, amount)];
        }

        if (to != AccountGraph.Nobody) _held[(to, asset)].AddRange(isFee ? Enumerable.Repeat(false, amount) : moved);
        return tainted > 0;
    }

    private List<bool> Take(List<bool> held, int amount, uint account, uint asset)
    {
        if (_policy is Policy.Fifo or Policy.Lifo)
        {
            var at = _policy == Policy.Fifo ? 0 : held.Count - amount;
            var taken = held.GetRange(at, amount);
            held.RemoveRange(at, amount);
            return taken;
        }

        var (dirty, balance) = (held.Count(unit => unit), held.Count);
        var moved = _policy switch
        {
            Policy.Haircut => dirty * amount / balance,
            Policy.DirtyFirst => Math.Min(dirty, amount),
            Policy.CleanFirst => Math.Max(0, dirty - (balance - amount)),
            _ => _poisoned.Contains((account, asset)) ? amount : 0,
        };
        var stay = _policy == Policy.Poison ? 0 : dirty - moved;
        held.Clear();
        held.AddRange(Enumerable.Repeat(true, stay));
        held.AddRange(Enumerable.Repeat(false, balance - amount - stay));
        return [.. Enumerable.Repeat(true, moved), .. Enumerable.Repeat(false, amount - moved)];
    }

    private int TaintOf(uint account, uint asset, List<bool> units) =>
        _policy == Policy.Poison ? _poisoned.Contains((account, asset)) ? units.Count : 0 : units.Count(unit => unit);

    private void End(long transfer, AccountEndReason reason, long tainted) => Add($"end {_ledger.Graph.To[transfer]} {_ledger.Graph.Asset[transfer]} {reason}", tainted);

    private void Add(string what, long amount) => _results[what] = _results.GetValueOrDefault(what) + amount;

    private void Opened(uint account, uint asset)
    {
        if (_held.ContainsKey((account, asset))) return;
        _held.Add((account, asset), [.. Enumerable.Repeat(false, (int)LeastOpening(_ledger, account, asset))]);
    }

    /// <summary>What is said, or the least that keeps every balance at 0 or above.</summary>
    public static long LeastOpening(AccountTable ledger, uint account, uint asset)
    {
        var graph = ledger.Graph;
        long balance = 0, lowest = 0;
        for (var i = 0L; i < graph.TransferCount; i++)
        {
            if (graph.Asset[i] != asset || graph.From[i] == graph.To[i]) continue;
            if (graph.From[i] == account) balance -= (long)(ulong)graph.Amount[i].Lower;
            if (graph.To[i] == account) balance += (long)(ulong)graph.Amount[i].Lower;
            lowest = Math.Min(lowest, balance);
        }

        return Math.Max(-lowest, ledger.OpeningOf(account, asset) is { } said ? (long)(ulong)said.Lower : 0);
    }
}
