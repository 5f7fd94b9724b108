using Haetae.Ledger;
using Haetae.Tracing.Change;

namespace Haetae.Tracing.Clusters;

/// <summary>An address that only a change rule ties to a cluster, or that was spent together with such a one.</summary>
/// <param name="Output">An output whose script is the address.</param>
/// <param name="Transaction">The transaction that ties it.</param>
/// <param name="Change">The output taken for that transaction's change, by number; null: the address was spent together with one of this layer.</param>
public readonly record struct ChangeLink(long Output, uint Transaction, long? Change);

/// <summary>The layer of addresses around a co-spend cluster that a change rule adds. Never part of the cluster itself.</summary>
/// <remarks>
/// Contract: of each transaction that counts for co-spending, the output that is the rule's only candidate belongs to whoever spends the inputs, in both directions; addresses spent together with
/// one so met come along. Each has the transaction that tied it first, breadth first.
/// Errs: as the rule does, and one wrong verdict brings a stranger's whole cluster: the addresses found are leads.
/// </remarks>
public sealed class ChangeLayer(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlySet<uint> cuts, IChangeRule rule)
{
    private readonly IChangeRule _unique = rule.Unique();
    private readonly GuardScan _guard = new(ledger, guard);
    private readonly AddressSpends _spends = new(ledger);
    private readonly HashSet<ulong> _met = [];
    private readonly Queue<long> _queue = new();
    private readonly HashSet<uint> _joined = [];
    private readonly Dictionary<uint, long?> _changes = [];
    private readonly List<ChangeLink> _links = [];

    /// <summary>Transactions looked at.</summary>
    public int Transactions => _changes.Count;

    /// <summary>False when the limit kept transactions from being looked at.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The layer around a cluster.</summary>
    /// <param name="cluster">An output of each of the cluster's addresses.</param>
    public IReadOnlyList<ChangeLink> Around(IEnumerable<long> cluster, int mostTransactions, CancellationToken cancel = default)
    {
        foreach (var output in cluster)
            if (_met.Add(ledger.ScriptKeys[output])) _queue.Enqueue(output);
        while (_queue.TryDequeue(out var output))
        {
            cancel.ThrowIfCancellationRequested();
            var script = ledger.ScriptOf(output);
            foreach (var transaction in _spends.Of(script, ledger.ScriptKeys[output]))
                if (Look(transaction, mostTransactions)) Join(transaction);
            foreach (var paid in ledger.FindOutputs(script))
                if (ledger.Graph.TransactionOf(paid) is var transaction && Look(transaction, mostTransactions) && _changes[transaction] == paid) Join(transaction);
        }

        return _links;
    }

    // Whether the transaction counts; its change is known afterwards.
    private bool Look(uint transaction, int mostTransactions)
    {
        if (_changes.ContainsKey(transaction)) return !_joined.Contains(transaction);
        if (cuts.Contains(transaction) || ledger.Graph.FirstInput[transaction] == ledger.Graph.FirstInput[transaction + 1L]) return false;
        if (_changes.Count >= mostTransactions)
        {
            IsComplete = false;
            return false;
        }

        if (_guard.LeavesOut(transaction))
        {
            _changes[transaction] = null;
            _joined.Add(transaction);
            return false;
        }

        _changes[transaction] = _unique.Candidates(ChangeTransaction.Of(ledger, transaction)) is { Count: 1 } one ? ledger.Graph.FirstOutput[transaction] + one.Min : null;
        return true;
    }

    private void Join(uint transaction)
    {
        _joined.Add(transaction);
        var byChange = true;
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++)
            byChange &= !_met.Contains(ledger.InputScriptKey(input)); // no input was met: the change output led here
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++)
            if (OutputOf(input) is { } output) Meet(output, transaction, byChange ? _changes[transaction] : null);
        if (_changes[transaction] is { } change) Meet(change, transaction, change);
    }

    private void Meet(long output, uint transaction, long? change)
    {
        if (!_met.Add(ledger.ScriptKeys[output])) return;
        _links.Add(new ChangeLink(output, transaction, change));
        _queue.Enqueue(output);
    }

    private long? OutputOf(long input) =>
        ledger.Graph.Previous[input] is var previous && previous != OutputNum.NotHeld ? previous
        : ledger.OutsideOf(input).Script is { } script && ledger.FindOutputs(script) is [var output, ..] ? output
        : null;
}
