using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Evm;

/// <summary>What one transaction moved and emitted, in the order of execution as far as its source tells it.</summary>
internal sealed class EvmSteps(ChainName chain)
{
    private readonly List<Step> _steps = [];
    private readonly List<EvmMove> _read = [];
    private readonly HashSet<AccountAddress> _made = [];
    private int _depth;

    /// <summary>A move, an event, or both: a wrapped coin's event that counts as a move only once coin is found to have moved with it.</summary>
    private readonly record struct Step(EvmMove? Move, EvmLog? Log);

    /// <summary>Self-destructs whose tracer told neither contract nor heir: what they moved is not known.</summary>
    internal int Untold { get; private set; }

    /// <summary>Whether events stand among the calls where they happened, and not after them.</summary>
    internal bool IsMerged { get; private set; }

    internal void Read(EvmActivity one, bool cancun)
    {
        _steps.Clear();
        _made.Clear();
        Untold = 0;
        IsMerged = false;
        if (one.Call is { } call)
        {
            var placed = new List<EvmCallLog>();
            Collect(call, placed);
            IsMerged = one.Logs.Count == 0 || AreSame(placed, one.Logs);
            var at = 0;
            _depth = 0;
            Walk(call, one.Logs, ref at, cancun);
        }
        else if (one.Transaction is { Value.IsZero: false } transaction)
        {
            // Whom a creation pays is told by its receipt.
            var made = transaction.To is null;
            Add(made ? TransferKind.Create : TransferKind.External, transaction.From, transaction.To ?? one.Receipt?.ContractAddress, transaction.Value);
        }

        if (one.Call is not null && IsMerged) return;
        foreach (var log in one.Logs) Take(log);
    }

    /// <summary>The events of calls that succeeded, in the order of execution.</summary>
    private static void Collect(EvmCall call, List<EvmCallLog> placed)
    {
        if (call.Error is not null) return;
        var at = 0;
        var logs = call.Logs ?? [];
        for (var i = 0; i <= call.Calls.Count; i++)
        {
            for (; at < logs.Count && (logs[at].Position <= (ulong)i || i == call.Calls.Count); at++) placed.Add(logs[at]);
            if (i < call.Calls.Count) Collect(call.Calls[i], placed);
        }
    }

    /// <summary>Whether the tracer's events, in the places it gives them, are those of the receipt: only then are the places believed.</summary>
    private static bool AreSame(List<EvmCallLog> placed, IReadOnlyList<EvmLog> logs)
    {
        if (placed.Count != logs.Count) return false;
        for (var i = 0; i < placed.Count; i++)
            if (placed[i].Address != logs[i].Address || !placed[i].Topics.SequenceEqual(logs[i].Topics) || !placed[i].Data.AsSpan().SequenceEqual(logs[i].Data)) return false;
        return true;
    }

    private void Walk(EvmCall call, IReadOnlyList<EvmLog> logs, ref int at, bool cancun)
    {
        if (call.Error is not null) return;
        Move(call, cancun);
        _depth++;
        var own = IsMerged ? call.Logs?.Count ?? 0 : 0;
        var done = 0;
        for (var i = 0; i <= call.Calls.Count; i++)
        {
            for (; done < own && (call.Logs![done].Position <= (ulong)i || i == call.Calls.Count); done++) Take(logs[at++]);
            if (i < call.Calls.Count) Walk(call.Calls[i], logs, ref at, cancun);
        }

        _depth--;
    }

    private void Move(EvmCall call, bool cancun)
    {
        switch (call.Kind)
        {
            case EvmCallKind.Call when call.Value is { IsZero: false } value:
                Add(_depth == 0 ? TransferKind.External : TransferKind.Internal, call.From, call.To, value);
                break;
            case EvmCallKind.Create or EvmCallKind.Create2:
                if (call.To is { } made) _made.Add(made);
                if (call.Value is { IsZero: false } endowment) Add(TransferKind.Create, call.From, call.To, endowment);
                break;
            case EvmCallKind.SelfDestruct when call.From is null || call.To is null || call.Value is null:
                Untold++;
                break;
            case EvmCallKind.SelfDestruct when call.Value is { IsZero: false } left:
                if (call.From != call.To) Add(TransferKind.Destruct, call.From, call.To, left);
                // One's own heir: the coin is gone, unless the contract lives on (EIP-6780).
                else if (!cancun || _made.Contains(call.From!.Value)) _steps.Add(new Step(new EvmMove(TransferKind.Destruct, call.From, null, AssetName.Native(chain), left), null));
                break;
        }
    }

    private void Add(TransferKind kind, AccountAddress? from, AccountAddress? to, UInt256 value) => _steps.Add(new Step(new EvmMove(kind, from, to, AssetName.Native(chain), value), null));

    private void Take(EvmLog log)
    {
        _read.Clear();
        if (TokenMoves.TryRead(chain, log, _read))
        {
            foreach (var move in _read) _steps.Add(new Step(move, null));
            return;
        }

        _steps.Add(new Step(WrappedCoins.Read(chain, log), log));
    }

    /// <summary>What moved, and the events that are no transfer of a token, each in order.</summary>
    internal void Settle(List<EvmMove> moves, List<EvmLog> events)
    {
        moves.Clear();
        events.Clear();
        WrapPairs? wraps = null;
        foreach (var step in _steps)
        {
            if (step.Log is null) moves.Add(step.Move!.Value);
            else if (step.Move is { } wrap && (wraps ??= new WrapPairs(chain, [.. _steps.Where(one => one.Log is null).Select(one => one.Move!.Value)])).Take(wrap, step.Log.Address)) moves.Add(wrap);
            else events.Add(step.Log);
        }
    }
}
