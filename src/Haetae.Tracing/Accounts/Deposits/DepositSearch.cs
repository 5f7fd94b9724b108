using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Deposits;

/// <summary>Deposit addresses of services by reuse, and the customers behind them.</summary>
/// <remarks>
/// A service gives each customer an address of his own and forwards what arrives there. d is a deposit address of service e where a payer u paid d (a_r at t_r) and d paid e
/// afterwards (a_f at t_f), in the same asset, with 0 ≤ a_r − a_f ≤ α and 0 ≤ t_f − t_r ≤ τ; of tokens a_f = a_r. Source: Victor, "Address Clustering Heuristics for
/// Ethereum", FC 2020, section 4; Wu et al., "Tutela", 2022, for the confidence. Pairs are joined by interval: no rounding of amounts loses those on the edge of a bucket.
/// Left out: receipts of α or less (any forwarding would fit), payers that are services, named or contracts, deposit addresses that are contracts or services, and crowds
/// (<see cref="DepositTerms"/>). It errs where a payer pays for others (an unknown exchange), where an address between two services looks like a deposit, and it misses
/// what a service collects from several receipts in one sum.
/// </remarks>
public sealed class DepositSearch
{
    private readonly IAccountView _ledger;
    private readonly IReadOnlySet<uint> _services;
    private readonly IReadOnlySet<uint> _known;
    private readonly DepositTerms _terms;
    private readonly ContractSigns _contracts;

    private DepositSearch(IAccountView ledger, IReadOnlySet<uint> services, IReadOnlySet<uint> known, DepositTerms terms)
    {
        (_ledger, _services, _known, _terms) = (ledger, services, known, terms);
        _contracts = new ContractSigns(ledger);
    }

    /// <summary>Finds the deposit addresses of services and the clusters of their payers.</summary>
    /// <param name="ledger">Where they are.</param>
    /// <param name="services">Main accounts of the services: where deposits are collected.</param>
    /// <param name="known">Accounts that are somebody known (other services, miners) and so neither a customer nor a deposit address.</param>
    /// <param name="terms">Null: <see cref="DepositTerms.Usual"/> of the chain.</param>
    /// <param name="cancel">Ends it between two accounts.</param>
    public static DepositFindings Of(IAccountView ledger, IReadOnlySet<uint> services, IReadOnlySet<uint>? known = null, DepositTerms? terms = null, CancellationToken cancel = default)
    {
        terms ??= DepositTerms.Usual(ledger.Chain);
        var search = new DepositSearch(ledger, services, known ?? new HashSet<uint>(), terms);
        ledger.Prefetch([.. services.Order()]);
        var candidates = search.Candidates();
        ledger.Prefetch([.. candidates]);
        var witnesses = new List<DepositWitness>();
        foreach (var candidate in candidates)
        {
            cancel.ThrowIfCancellationRequested();
            witnesses.AddRange(search.WitnessesOf(candidate));
        }

        return DepositFindings.Of(terms, witnesses);
    }

    /// <summary>The confidence in a pair, in millionths, rounded down; null: the pair does not fit.</summary>
    internal static int? Confidence(AccountGraph graph, DepositTerms terms, long receipt, long forward)
    {
        var asset = graph.Asset[receipt];
        if (receipt >= forward || graph.Asset[forward] != asset) return null;
        UInt256 got = graph.Amount[receipt], gave = graph.Amount[forward], alpha = asset == 0 ? terms.LargestLoss : UInt256.Zero;
        if (gave.IsZero || gave > got || got <= alpha || got - gave > alpha) return null;
        var (wait, most) = Wait(graph, terms, receipt, forward);
        if (wait > most) return null;
        // Rounded up what is taken off, so that the rest is rounded down.
        var loss = alpha.IsZero ? 0 : (long)RoundUp(500_000, got - gave, alpha);
        var slow = most == 0 ? 0 : (500_000L * wait + most - 1) / most;
        return (int)(1_000_000 - loss - slow);
    }

    private static (uint Wait, uint Most) Wait(AccountGraph graph, DepositTerms terms, long receipt, long forward)
    {
        uint first = graph.TransactionOf(receipt), second = graph.TransactionOf(forward);
        return graph.TxBlock[first] != AccountGraph.NoBlock && graph.TxBlock[second] != AccountGraph.NoBlock
            ? (graph.TxBlock[second] - graph.TxBlock[first], terms.MostBlocks)
            : (graph.TxTime[second] - graph.TxTime[first], terms.MostSeconds);
    }

    private static ulong RoundUp(ulong factor, UInt256 part, UInt256 whole)
    {
        var down = UInt256.MulDiv(factor, part, whole, out var rest);
        return (ulong)down.Lower + (rest.IsZero ? 0UL : 1UL);
    }

    internal static bool IsPayment(TransferKind kind) => kind is TransferKind.External or TransferKind.Internal or TransferKind.Token;

    // Whoever ever paid a service, rising.
    private List<uint> Candidates()
    {
        var graph = _ledger.Graph;
        var candidates = new SortedSet<uint>();
        foreach (var service in _services.Order())
            foreach (var transfer in _ledger.TransfersOf(service))
                if (graph.To[transfer] == service && IsPayment(graph.KindOf(transfer)) && !graph.Amount[transfer].IsZero && graph.From[transfer] is not AccountGraph.Nobody and var payer && !IsSomebody(payer)) candidates.Add(payer);
        return [.. candidates.Where(candidate => !_contracts.Has(candidate))];
    }

    private bool IsSomebody(uint account) => _services.Contains(account) || _known.Contains(account);

    // The surest pair of each payer of a candidate; of equally sure ones, the earliest.
    private IEnumerable<DepositWitness> WitnessesOf(uint candidate)
    {
        var graph = _ledger.Graph;
        var receipts = new Dictionary<uint, List<long>>();
        var forwards = new List<long>();
        foreach (var transfer in _ledger.TransfersOf(candidate))
        {
            if (!IsPayment(graph.KindOf(transfer)) || graph.From[transfer] == graph.To[transfer]) continue;
            if (graph.From[transfer] == candidate)
            {
                if (_services.Contains(graph.To[transfer])) forwards.Add(transfer);
            }
            else if (graph.From[transfer] != AccountGraph.Nobody && !IsSomebody(graph.From[transfer]))
            {
                if (!receipts.TryGetValue(graph.Asset[transfer], out var list)) receipts[graph.Asset[transfer]] = list = [];
                list.Add(transfer);
            }
        }

        // By amount, then time: what fits a forwarding stands together.
        foreach (var list in receipts.Values) list.Sort((one, other) => graph.Amount[one] == graph.Amount[other] ? one.CompareTo(other) : graph.Amount[one].CompareTo(graph.Amount[other]));
        var best = new SortedDictionary<uint, DepositWitness>();
        foreach (var forward in forwards)
        {
            if (!receipts.TryGetValue(graph.Asset[forward], out var list)) continue;
            var least = graph.Amount[forward];
            for (var at = FirstOf(graph, list, least); at < list.Count; at++)
            {
                var receipt = list[at];
                if (graph.Amount[receipt] - least > (graph.Asset[forward] == 0 ? _terms.LargestLoss : UInt256.Zero)) break;
                if (Confidence(graph, _terms, receipt, forward) is not { } confidence) continue;
                var payer = graph.From[receipt];
                if (best.TryGetValue(payer, out var other) && (other.Confidence > confidence || (other.Confidence == confidence && (other.Receipt, other.Forward).CompareTo((receipt, forward)) <= 0))) continue;
                best[payer] = new DepositWitness(payer, candidate, graph.To[forward], graph.Asset[forward], receipt, forward, confidence);
            }
        }

        return best.Values.Where(witness => !_contracts.Has(witness.Payer));
    }

    // The first receipt of an amount or more.
    private static int FirstOf(AccountGraph graph, List<long> sorted, UInt256 least)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (graph.Amount[sorted[middle]] < least) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
