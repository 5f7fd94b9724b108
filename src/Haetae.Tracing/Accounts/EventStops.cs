using Haetae.Ledger.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Mixers;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Accounts;

/// <summary>Stops that need no tag, because contracts tell them of themselves: pools of one denomination and bridges, known by what they emit. Before these, the stops that tags give.</summary>
/// <remarks>
/// Contract: a transfer is stopped where its receiver emits a pool's deposit or withdrawal in that very transaction, or takes a bridge's deposit there (<see cref="BridgeDoors"/>). One transaction is read, however large the ledger.
/// What a router hands on is stopped at the pool. Errs: a source without events or without the router's inner calls shows nothing, and taint waits at the router; anybody may emit such an event, which ends a trace early and is seen
/// by the name of the end. Sources: the contract interface of Tornado Cash's pools; the tables of bridges cite theirs.
/// </remarks>
/// <param name="view">The ledger.</param>
/// <param name="tags">Asked first; null: no tags.</param>
/// <param name="isThrough">Accounts that the analyst follows through; null: none.</param>
public sealed class EventStops(IAccountView view, IAccountStops? tags = null, Predicate<uint>? isThrough = null) : IAccountStops
{
    private readonly BridgeDoors _doors = new(view, BridgeTables.BuiltIn);

    // Asked transfer by transfer in chain order: the transaction at hand is kept.
    private Doors? _last;

    /// <summary>Whether pools stop a trace.</summary>
    public bool Mixers { get; init; }

    /// <summary>Whether bridges do.</summary>
    public bool Bridges { get; init; }

    /// <inheritdoc/>
    public Entity? ServiceOf(uint account) => tags?.ServiceOf(account);

    /// <inheritdoc/>
    public AccountEndReason? At(long transfer)
    {
        if (tags?.At(transfer) is { } stopped) return stopped;
        var account = view.Graph.To[transfer];
        if (account == AccountGraph.Nobody || isThrough?.Invoke(account) == true) return null;
        var transaction = view.Graph.TransactionOf(transfer);
        var here = _last;
        if (here is null || here.Transaction != transaction) _last = here = Read(transaction);
        return here.Reasons.TryGetValue(account, out var reason) ? reason : null;
    }

    private Doors Read(uint transaction)
    {
        var reasons = new Dictionary<uint, AccountEndReason>();
        foreach (var one in view.EventsOf(transaction))
        {
            if (Bridges)
                foreach (var door in _doors.Of(one))
                    if (view.FindAccount(door) is { } bridge) reasons.TryAdd(bridge, AccountEndReason.Bridge);
            if (Mixers && PoolReading.IsOfPool(one) && view.FindAccount(one.Emitter) is { } pool) reasons[pool] = AccountEndReason.Mixer;
        }

        return new Doors(transaction, reasons);
    }

    private sealed record Doors(uint Transaction, Dictionary<uint, AccountEndReason> Reasons);
}
