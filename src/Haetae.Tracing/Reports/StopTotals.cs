using Haetae.Ledger;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Sums what is parked: at each service, by name, and at each CoinJoin.</summary>
internal sealed class StopTotals(ILedgerView ledger, LedgerStops stops)
{
    private readonly Dictionary<string, TraceStop> _totals = new(StringComparer.Ordinal);

    /// <summary>The stops of a policy's ends, largest first; ties in the order of their text.</summary>
    public IReadOnlyList<TraceStop> Of(IEnumerable<TaintEnd> ends)
    {
        foreach (var end in ends)
        {
            if (end.Reason == EndReason.Service && stops.ServiceOf(end.Output) is { } service)
                Add("service " + service.Key, new TraceStop("service", service, null, null, 0, 0, 0, 0, 0, 0), end, ledger.Graph.TransactionOf(end.Output));
            else if (end.Reason == EndReason.CoinJoin && ledger.Graph.SpenderOf(end.Output) is var spender && stops.CoinJoinOf(spender) is { } verdict)
                Add("coinjoin " + ledger.TxIds[spender], new TraceStop("coinjoin", null, ledger.TxIds[spender].ToString(), verdict, 0, 0, 0, 0, 0, 0), end, spender);
        }

        return [.. _totals.OrderByDescending(pair => pair.Value.Tainted).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }

    private void Add(string key, TraceStop fresh, in TaintEnd end, uint when)
    {
        var block = ledger.Graph.BlockIndexOf(when);
        int height = ledger.Graph.FirstHeight + block;
        var time = ledger.Graph.BlockTime[block];
        _totals[key] = _totals.TryGetValue(key, out var known)
            ? known with
            {
                // A tag of the address itself says more than its cluster's.
                Entity = known.Entity is { Via: EntityVia.Cluster } ? stops.ServiceOf(end.Output) : known.Entity,
                Tainted = known.Tainted + end.Tainted,
                Ends = known.Ends + 1,
                FirstHeight = Math.Min(known.FirstHeight, height),
                FirstTime = height < known.FirstHeight ? time : known.FirstTime,
                LastHeight = Math.Max(known.LastHeight, height),
                LastTime = height > known.LastHeight ? time : known.LastTime,
            }
            : fresh with { Tainted = end.Tainted, Ends = 1, FirstHeight = height, FirstTime = time, LastHeight = height, LastTime = time };
    }
}
