using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Bridges.Abi;
using Haetae.Tracing.Bridges.ThorChain;

namespace Haetae.Tracing.Bridges;

/// <summary>Which accounts take a bridge's deposits in a transaction, by the events emitted there.</summary>
/// <remarks>
/// Contract: whoever emits the event of a source's end; the vault such an event names; and, where a contract that the table lists for this chain emits it, the other listed contracts, because a router may speak for a vault.
/// The input of a call is no event: anybody may write a memo. Errs: anybody may emit such an event too. That ends a trace early, at the bridge's look-alike, and never leads it to somebody else.
/// </remarks>
public sealed class BridgeDoors
{
    private readonly IAccountView _view;
    private readonly ILookup<Hash256, (BridgeProtocol Protocol, BridgeEvent Event)> _sources;

    /// <summary>The doors of some bridges on a ledger.</summary>
    public BridgeDoors(IAccountView view, IReadOnlyList<BridgeProtocol> protocols)
    {
        _view = view;
        _sources = protocols.SelectMany(protocol => protocol.Events.Where(one => one.End == BridgeEnd.Source).Select(one => (Protocol: protocol, Event: one))).ToLookup(pair => pair.Event.Signature.Topic);
    }

    /// <summary>The accounts that an event makes doors; none: it is no bridge's.</summary>
    public IReadOnlyCollection<AccountAddress> Of(ChainEvent one)
    {
        if (one.IsInput) return [];
        var doors = new SortedSet<AccountAddress>();
        foreach (var (protocol, table) in _sources[one.Topics[0]])
        {
            if (!EventValues.TryRead(table.Signature, one, out var values)) continue;
            if (table.With is { } with && !_view.EventsOf(one.Transaction).Any(other => EventValues.TryRead(with.Signature, other, out _))) continue;
            var said = new SaidValues(protocol, table, values, one, _view);
            if (table.Memo is { } text && (said.Bytes(text) is not { } memo || ThorMemoReader.Read(memo.Span) is not { TransactionId: null })) continue;
            doors.Add(one.Emitter);
            if (said.Address(bridge => bridge.Vault) is { } vault) doors.Add(vault);
            if (protocol.Contracts.TryGetValue(_view.Chain.Caip2, out var listed) && listed.Contains(one.Emitter)) doors.UnionWith(listed);
        }

        return doors;
    }
}
