using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Bridges;

/// <summary>Finds the transfers of a transaction by which value went into a bridge or came out of it.</summary>
/// <remarks>
/// In: what outsiders pay to the bridge's accounts, or burn. Out: what the receiver gets; where none is named, what the bridge's accounts pay to
/// outsiders or is made. Of these, those of the asset and amount the event names, where there are such. A transfer serves one message.
/// </remarks>
internal sealed class AccountCarriers(IAccountView view)
{
    private readonly HashSet<long> _used = [];

    internal IReadOnlyList<BridgeCarrier> In(uint transaction, IReadOnlySet<uint> bridge, string? asset, UInt256? amount) =>
        Choose(transaction, transfer => view.Graph.From[transfer] != AccountGraph.Nobody && !bridge.Contains(view.Graph.From[transfer])
            && (bridge.Contains(view.Graph.To[transfer]) || (view.Graph.KindOf(transfer) == TransferKind.Burn && view.Graph.Amount[transfer] == amount)), asset, amount);

    internal IReadOnlyList<BridgeCarrier> Out(uint transaction, IReadOnlySet<uint> bridge, uint? recipient, string? asset, UInt256? amount) =>
        Choose(transaction, transfer => view.Graph.To[transfer] != AccountGraph.Nobody && (recipient is { } paid
            ? view.Graph.To[transfer] == paid && view.Graph.From[transfer] != paid
            : !bridge.Contains(view.Graph.To[transfer]) && (view.Graph.From[transfer] == AccountGraph.Nobody || bridge.Contains(view.Graph.From[transfer]))), asset, amount);

    /// <summary>The carriers, and what the bridge's accounts pay each other behind them: a router hands on to its vault.</summary>
    internal IReadOnlyList<long> Gates(uint transaction, IReadOnlySet<uint> bridge, IReadOnlyList<BridgeCarrier> carriers)
    {
        var gates = new SortedSet<long>(carriers.Select(carrier => carrier.Number));
        for (long transfer = view.Graph.TxFirstTransfer[transaction]; transfer < view.Graph.TxFirstTransfer[transaction + 1L]; transfer++)
        {
            if (bridge.Contains(view.Graph.To[transfer]) && bridge.Contains(view.Graph.From[transfer]) && carriers.Any(carrier => carrier.Asset == view.Graph.Asset[transfer])) gates.Add(transfer);
        }

        return [.. gates];
    }

    private BridgeCarrier[] Choose(uint transaction, Func<long, bool> fits, string? asset, UInt256? amount)
    {
        var graph = view.Graph;
        var found = new List<long>();
        for (long transfer = graph.TxFirstTransfer[transaction]; transfer < graph.TxFirstTransfer[transaction + 1L]; transfer++)
            if (graph.KindOf(transfer) is not (TransferKind.Fee or TransferKind.FeeBurnt) && !graph.Amount[transfer].IsZero && !_used.Contains(transfer) && fits(transfer)) found.Add(transfer);
        if (asset is not null) found = Narrow(found, transfer => view.Assets[(int)graph.Asset[transfer]].Name.Caip19 == asset);
        var exact = amount is null ? [] : found.Where(transfer => graph.Amount[transfer] == amount).Take(1).ToList();
        if (exact.Count > 0) found = exact;
        foreach (var transfer in found) _used.Add(transfer);
        return [.. found.Select(transfer => new BridgeCarrier(transfer, graph.Asset[transfer], graph.Amount[transfer], graph.To[transfer] == AccountGraph.Nobody ? null : view.AddressOf(graph.To[transfer]).ToString()))];
    }

    private static List<long> Narrow(List<long> all, Func<long, bool> fits) => all.Where(fits).ToList() is { Count: > 0 } some ? some : all;
}
