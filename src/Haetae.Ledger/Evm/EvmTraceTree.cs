namespace Haetae.Ledger.Evm;

/// <summary>Flat traces and trees of calls, each made from the other.</summary>
public static class EvmTraceTree
{
    /// <summary>Sets the status of each: 0 where it or a step above it failed.</summary>
    /// <remarks>Steps come in order, each after the one above it, and those of a transaction side by side.</remarks>
    public static void SetStatus(List<EvmTrace> traces)
    {
        Hash256? transaction = null;
        var failed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < traces.Count; i++)
        {
            var trace = traces[i];
            if (trace.TransactionHash != transaction)
            {
                transaction = trace.TransactionHash;
                failed.Clear();
            }

            var bad = !string.IsNullOrEmpty(trace.Error);
            if (!bad && failed.Count > 0)
                for (var length = 0; length < trace.TraceAddress.Count && !bad; length++) bad = failed.Contains(Key(trace.TraceAddress, length));
            if (bad) failed.Add(Key(trace.TraceAddress, trace.TraceAddress.Count));
            traces[i] = trace with { Status = bad ? 0UL : 1UL };
        }
    }

    private static string Key(IReadOnlyList<ulong> steps, int length) => string.Join('_', steps.Take(length));

    /// <summary>The tree of one transaction's traces, in any order; null where its own call is not among them.</summary>
    /// <exception cref="LedgerException">A step is there twice, or the one above it is missing.</exception>
    public static EvmCall? Tree(IReadOnlyList<EvmTrace> traces, string source)
    {
        if (traces.Count == 0) return null;
        var ordered = traces.OrderBy(trace => trace.TraceAddress, StepOrder.Instance).ToList();
        var at = 0;
        if (ordered[0].TraceAddress.Count > 0) return null;
        var root = Take(ordered, ref at, source);
        if (at == ordered.Count) return root;
        var loose = ordered[at];
        throw new LedgerException($"{source}: block {loose.BlockNumber}, transaction 0x{loose.TransactionHash}: trace {string.Join('_', loose.TraceAddress)} is there twice, or the one above it is missing.");
    }

    /// <summary>The tree of each of a block's transactions, in their order.</summary>
    /// <exception cref="LedgerException">One has no traces.</exception>
    internal static List<EvmCall> Trees(IReadOnlyList<EvmTrace> traces, EvmBlock block, string source)
    {
        var byTransaction = traces.ToLookup(trace => trace.TransactionHash);
        return [.. block.Transactions.Select(one => Tree([.. byTransaction[one.Hash]], source)
            ?? throw new LedgerException($"{source}: block {block.Number} has no traces of transaction 0x{one.Hash}. Leave calls out with --no-traces, or ask another node."))];
    }

    private static EvmCall Take(List<EvmTrace> ordered, ref int at, string source)
    {
        var trace = ordered[at++];
        var calls = new List<EvmCall>();
        while (at < ordered.Count && IsChild(trace.TraceAddress, ordered[at].TraceAddress)) calls.Add(Take(ordered, ref at, source));
        return new EvmCall
        {
            Kind = Kind(trace, source),
            From = trace.From,
            To = trace.To,
            Value = trace.Value,
            Gas = trace.Gas,
            GasUsed = trace.GasUsed,
            Input = trace.Input,
            Output = trace.Output,
            Error = string.IsNullOrEmpty(trace.Error) ? trace.Status == 0 ? "failed" : null : trace.Error,
            Calls = calls,
        };
    }

    private static bool IsChild(IReadOnlyList<ulong> above, IReadOnlyList<ulong> below)
    {
        if (below.Count != above.Count + 1) return false;
        for (var i = 0; i < above.Count; i++)
            if (above[i] != below[i]) return false;
        return true;
    }

    private static EvmCallKind Kind(EvmTrace trace, string source) => (trace.TraceType, trace.CallType) switch
    {
        (EvmTrace.Call, "callcode") => EvmCallKind.CallCode,
        (EvmTrace.Call, "delegatecall") => EvmCallKind.DelegateCall,
        (EvmTrace.Call, "staticcall") => EvmCallKind.StaticCall,
        (EvmTrace.Call, "call") => EvmCallKind.Call,
        (EvmTrace.Create, _) => EvmCallKind.Create,
        ("create2", _) => EvmCallKind.Create2,
        (EvmTrace.Suicide, _) => EvmCallKind.SelfDestruct,
        _ => throw new LedgerException($"{source}: block {trace.BlockNumber}: '{trace.TraceType}' with call type '{trace.CallType}' is no kind of call."),
    };

    /// <summary>The flat traces of a block's calls as ethereum-etl has them of geth: neither hashes nor status nor names, since geth's answer has no hashes there.</summary>
    public static List<EvmTrace> Flatten(IReadOnlyList<EvmCall> calls, ulong block)
    {
        var traces = new List<EvmTrace>();
        for (var i = 0; i < calls.Count; i++) Flatten(calls[i], block, (ulong)i, [], traces);
        return traces;
    }

    private static void Flatten(EvmCall call, ulong block, ulong transaction, List<ulong> way, List<EvmTrace> traces)
    {
        var word = call.Kind.ToString().ToLowerInvariant();
        var isCall = call.Kind is EvmCallKind.Call or EvmCallKind.CallCode or EvmCallKind.DelegateCall or EvmCallKind.StaticCall;
        traces.Add(new EvmTrace
        {
            BlockNumber = block,
            TransactionIndex = transaction,
            From = call.From,
            To = call.To,
            Value = call.Value,
            Input = call.Input,
            Output = call.Output,
            TraceType = isCall ? EvmTrace.Call : call.Kind == EvmCallKind.SelfDestruct ? EvmTrace.Suicide : word,
            CallType = isCall ? word : null,
            Gas = call.Gas,
            GasUsed = call.GasUsed,
            Subtraces = (ulong)call.Calls.Count,
            TraceAddress = [.. way],
            Error = call.Error,
        });
        for (var i = 0; i < call.Calls.Count; i++)
        {
            way.Add((ulong)i);
            Flatten(call.Calls[i], block, transaction, way, traces);
            way.RemoveAt(way.Count - 1);
        }
    }

    /// <summary>Each step before those below it, and siblings in turn.</summary>
    private sealed class StepOrder : IComparer<IReadOnlyList<ulong>>
    {
        internal static readonly StepOrder Instance = new();

        public int Compare(IReadOnlyList<ulong>? left, IReadOnlyList<ulong>? right)
        {
            for (var i = 0; i < Math.Min(left!.Count, right!.Count); i++)
                if (left[i] != right[i]) return left[i].CompareTo(right[i]);
            return left.Count.CompareTo(right.Count);
        }
    }
}
