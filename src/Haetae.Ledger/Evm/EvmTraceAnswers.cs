using System.Globalization;
using System.Text.Json;

namespace Haetae.Ledger.Evm;

/// <summary>Decodes what EVM nodes answer about the calls within transactions.</summary>
/// <remarks>callTracer: go-ethereum's documentation of built-in tracers; trace_block: OpenEthereum's trace module.</remarks>
public static class EvmTraceAnswers
{
    /// <summary>Depth of JSON that the deepest call tree needs: two levels a call, and what stands around it.</summary>
    public const int JsonDepth = 2 * EvmCall.Deepest + 16;

    /// <summary>debug_traceBlockByNumber with callTracer: the call of each transaction, in order.</summary>
    /// <exception cref="LedgerException">A field is missing or is no value of its kind, or a transaction could not be traced.</exception>
    public static List<EvmCall> Calls(JsonElement answer, string source, ulong block)
    {
        var place = new EvmPlace(source, block);
        if (answer.ValueKind != JsonValueKind.Array) throw new LedgerException($"{place}: {EvmFields.Shown(answer)} stands where the calls of its transactions are expected.");
        var calls = new List<EvmCall>();
        foreach (var one in answer.EnumerateArray())
        {
            var fields = new EvmFields(one, place.At("traced transaction", calls.Count));
            if (fields.TryGet("error", out var error) && !fields.TryGet("result", out _) && !fields.TryGet("type", out _))
                throw new LedgerException($"{fields.Place}: the node could not trace it ({EvmFields.Shown(error)}). Ask a node that keeps the state of that time, or leave calls out with --no-traces.");
            // ethereum-etl keeps the bare calls, without the wrapping of the answer.
            calls.Add(Call(fields.TryGet("result", out var result) ? result : one, fields.Place, 0));
        }

        return calls;
    }

    private static EvmCall Call(JsonElement one, EvmPlace place, int depth)
    {
        if (depth > EvmCall.Deepest) throw new LedgerException($"{place}: its calls lie deeper than the {EvmCall.Deepest} that the machine allows.");
        var fields = new EvmFields(one, place);
        var kind = fields.Text("type") switch
        {
            "CALL" => EvmCallKind.Call,
            "CALLCODE" => EvmCallKind.CallCode,
            "DELEGATECALL" => EvmCallKind.DelegateCall,
            "STATICCALL" => EvmCallKind.StaticCall,
            "CREATE" => EvmCallKind.Create,
            "CREATE2" => EvmCallKind.Create2,
            "SELFDESTRUCT" or "SUICIDE" => EvmCallKind.SelfDestruct,
            var other => throw new LedgerException($"{place}: '{other}' is no kind of call."),
        };
        List<EvmCall>? calls = null;
        foreach (var inner in fields.Items("calls")) (calls ??= []).Add(Call(inner, place, depth + 1));
        List<EvmCallLog>? logs = null;
        foreach (var log in fields.Items("logs"))
        {
            var part = new EvmFields(log, place);
            (logs ??= []).Add(new EvmCallLog(part.NeedAddress("address"), part.Topics(), part.Bytes("data") ?? [], part.Number("position") ?? 0));
        }

        return new EvmCall
        {
            Kind = kind,
            From = fields.Address("from"),
            To = fields.Address("to"),
            Value = fields.Quantity("value"),
            Gas = fields.Number("gas"),
            GasUsed = fields.Number("gasUsed"),
            Input = fields.Hex("input"),
            Output = fields.Hex("output"),
            Error = fields.Text("error"),
            Calls = calls ?? (IReadOnlyList<EvmCall>)[],
            Logs = logs,
        };
    }

    /// <summary>trace_block: every step of a block, rewards last, with the status of each worked out from the steps above it.</summary>
    /// <exception cref="LedgerException">A field is missing or is no value of its kind.</exception>
    public static List<EvmTrace> Traces(JsonElement answer, string source, ulong block)
    {
        var place = new EvmPlace(source, block);
        var traces = new List<EvmTrace>();
        if (answer.ValueKind == JsonValueKind.Null) return traces; // the genesis block, as some nodes have it
        if (answer.ValueKind != JsonValueKind.Array) throw new LedgerException($"{place}: {EvmFields.Shown(answer)} stands where its traces are expected.");
        foreach (var one in answer.EnumerateArray()) traces.Add(Trace(new EvmFields(one, place.At("trace", traces.Count)), block));
        EvmTraceTree.SetStatus(traces);
        SetIds(traces);
        return traces;
    }

    private static EvmTrace Trace(EvmFields fields, ulong block)
    {
        var type = fields.Text("type") ?? throw fields.Missing("type");
        if (!fields.TryGet("action", out var inner)) throw fields.Missing("action");
        var action = new EvmFields(inner, fields.Place);
        var result = fields.TryGet("result", out var outcome) ? new EvmFields(outcome, fields.Place) : (EvmFields?)null;
        var trace = new EvmTrace
        {
            BlockNumber = fields.Number("blockNumber") ?? block,
            TransactionHash = fields.Hash("transactionHash"),
            TransactionIndex = fields.Number("transactionPosition"),
            TraceType = type,
            Subtraces = fields.Number("subtraces") ?? 0,
            TraceAddress = Steps(fields),
            Error = fields.Text("error"),
        };
        return type switch
        {
            EvmTrace.Call => trace with
            {
                From = action.Address("from"),
                To = action.Address("to"),
                Value = action.Quantity("value"),
                Input = action.Hex("input"),
                CallType = action.Text("callType"),
                Gas = action.Number("gas"),
                Output = result?.Hex("output"),
                GasUsed = result?.Number("gasUsed"),
            },
            EvmTrace.Create => trace with
            {
                From = action.Address("from"),
                To = result?.Address("address"),
                Value = action.Quantity("value"),
                Input = action.Hex("init"),
                Gas = action.Number("gas"),
                Output = result?.Hex("code"),
                GasUsed = result?.Number("gasUsed"),
            },
            EvmTrace.Suicide => trace with { From = action.Address("address"), To = action.Address("refundAddress"), Value = action.Quantity("balance") },
            EvmTrace.Reward => trace with { To = action.Address("author"), Value = action.Quantity("value"), RewardType = action.Text("rewardType") },
            _ => throw new LedgerException($"{fields.Place}: '{type}' is no kind of trace."),
        };
    }

    private static List<ulong> Steps(EvmFields fields)
    {
        var steps = new List<ulong>();
        foreach (var step in fields.Items("traceAddress"))
        {
            if (step.ValueKind != JsonValueKind.Number || !step.TryGetUInt64(out var number)) throw new LedgerException($"{fields.Place}: '{EvmFields.Shown(step)}' is no step of a 'traceAddress'.");
            if (steps.Count == EvmCall.Deepest) throw new LedgerException($"{fields.Place}: it lies deeper than the {EvmCall.Deepest} calls that the machine allows.");
            steps.Add(number);
        }

        return steps;
    }

    /// <summary>ethereum-etl's names: type, transaction and way; what belongs to no transaction is numbered within its block by kind, receiver and value.</summary>
    private static void SetIds(List<EvmTrace> traces)
    {
        var loose = new List<int>();
        for (var i = 0; i < traces.Count; i++)
        {
            if (traces[i].TransactionHash is { } hash) traces[i] = traces[i] with { Id = $"{traces[i].TraceType}_0x{hash}_{string.Join('_', traces[i].TraceAddress)}" };
            else loose.Add(i);
        }

        foreach (var kind in loose.GroupBy(at => traces[at].TraceType).ToList())
        {
            var number = 0;
            foreach (var at in kind.OrderBy(at => traces[at].RewardType, StringComparer.Ordinal).ThenBy(at => traces[at].From).ThenBy(at => traces[at].To).ThenBy(at => traces[at].Value))
                traces[at] = traces[at] with { Id = string.Create(CultureInfo.InvariantCulture, $"{kind.Key}_{traces[at].BlockNumber}_{number++}") };
        }
    }
}
