using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Links;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Sensitivity;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Runs a trace under several policies and puts it into words: record numbers become transactions, scripts become addresses.</summary>
/// <param name="stops">Who is said to be behind addresses, and what the trace stops at; null: nothing is said. Give the query the same ones.</param>
public sealed partial class ReportBuilder(ILedgerView ledger, LedgerStops? stops = null)
{
    /// <summary>Above so many transactions the answer is not tried without its assumptions: every trial is a trace like the first.</summary>
    public const long MostTransactionsTried = 50_000;

    private readonly UtxoGraph _graph = ledger.Graph;

    /// <remarks>Ends and spends are put into words each time they are read: the report is good for as long as its ledger is open.</remarks>
    public TraceReport Build(TraceQuery query, IReadOnlyList<Policy> policies, TraceParameters parameters, TraceTags? tags = null, IReadOnlyList<TaintLink>? links = null, CancellationToken cancel = default)
    {
        var tracer = new Tracer(_graph);
        var results = new List<PolicyResult>(policies.Count);
        SensitivityResult? sensitivity = null;
        foreach (var policy in policies)
        {
            var outcome = links is { Count: > 0 } ? new LinkedTrace(_graph, stops).Trace(query, policy, links, cancel) : tracer.Trace(query, policy, cancel);
            results.Add(Result(outcome, policy, parameters, cancel));
            if (sensitivity is null && stops is not null && parameters.Sensitivity > 0 && PolicyNames.Conserves(policy) && outcome.TransactionsVisited <= MostTransactionsTried)
                sensitivity = new SensitivityTest(ledger, stops).Run(query, policy, outcome, parameters.Sensitivity, links ?? [], cancel);
        }

        return new TraceReport
        {
            Ledger = Ledger(),
            Parameters = parameters,
            Tags = tags,
            Sensitivity = sensitivity is { Effects.Count: > 0 } ? sensitivity : null,
            Seeds = [.. query.Seeds.OrderBy(seed => seed.Output).Select(Seed)],
            Results = results,
            Bounds = links is { Count: > 0 } && parameters.Bounds > 0
                ? new BoundsReport(null, null, "a link is an assertion, and no rule has to follow it", false, [])
                : BoundsOf(query, results, parameters, cancel),
        };
    }

    private TraceLedger Ledger() => new(
        ledger.Network.ChainId, ledger.Network.Name, ledger.FirstHeight, ledger.TipHeight, ledger.TipHash.ToString(),
        ledger.Counts.WeakWorkBlocks, ledger.Counts.UnknownInputs);

    private PolicyResult Result(TraceOutcome outcome, Policy policy, TraceParameters parameters, CancellationToken cancel)
    {
        var ends = new Retold<TaintEnd, TraceEnd>(outcome.Ends, End);
        var addresses = ByAddress(outcome.Ends, cancel);
        return new PolicyResult(
            PolicyNames.NameOf(policy),
            PolicyNames.Conserves(policy),
            outcome.Books,
            outcome.TransactionsVisited,
            ends,
            addresses,
            new Retold<TaintSpend, TraceSpend>([.. outcome.Spends()], Spend),
            [.. outcome.Paths().Select(path => new TracePath([.. path.Steps.Select(Step)], path.Tainted))],
            [.. outcome.Limits.Select(limit => new TraceLimit(EndReasons.NameOf(limit.Reason), Setting(limit.Reason, parameters), limit.Ends, limit.Tainted))])
        {
            Links = [.. outcome.Links.Select(Link)],
            Stops = stops is null ? [] : new StopTotals(ledger, stops).Of(outcome.Ends),
            Entities = stops is null ? [] : EntityTotals.Of(addresses),
        };
    }

    private static string? Setting(EndReason reason, TraceParameters parameters) => EndReasons.NameOf(reason) switch
    {
        "until" => FormattableString.Invariant($"height {parameters.UntilHeight}"),
        "min-value" => FormattableString.Invariant($"{parameters.MinValue} sat"),
        "max-transactions" => FormattableString.Invariant($"{parameters.MaxTransactions} transactions"),
        _ => null,
    };

    private TraceLink Link(LinkFlow flow)
    {
        var (id, vout, tx) = Place(flow.Link.Output);
        return new TraceLink(flow.Link.Name, id, vout, Holder(flow.Link.Output).Address, _graph.HeightOf(tx), flow.Amount, flow.Link.Amount);
    }

    private TraceSeed Seed(StolenOutput seed)
    {
        var (id, vout, tx) = Place(seed.Output);
        var (address, type, hex) = Holder(seed.Output);
        var block = _graph.BlockIndexOf(tx);
        return new TraceSeed(id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, _graph.Value[seed.Output], seed.Stolen)
        {
            ScriptHex = hex,
            Entity = stops?.EntityOf(seed.Output),
        };
    }

    private TraceEnd End(TaintEnd end)
    {
        var (id, vout, tx) = Place(end.Output);
        var (address, type, hex) = Holder(end.Output);
        var block = _graph.BlockIndexOf(tx);
        var spender = _graph.SpenderOf(end.Output);
        return new TraceEnd(
            id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, hex, _graph.Value[end.Output], end.Tainted,
            EndReasons.NameOf(end.Reason), spender == 0 ? null : ledger.TxIds[spender].ToString())
        {
            Entity = stops?.EntityOf(end.Output),
        };
    }

    private TraceSpend Spend(TaintSpend spend)
    {
        var (id, vout, tx) = Place(spend.Output);
        return new TraceSpend(
            id, vout, _graph.HeightOf(tx), Holder(spend.Output).Address, _graph.Value[spend.Output], spend.Tainted,
            ledger.TxIds[spend.Spender].ToString(), _graph.HeightOf(spend.Spender));
    }

    private PathStep Step(TaintStep step)
    {
        var (id, vout, tx) = Place(step.Output);
        var (address, type, hex) = Holder(step.Output);
        var block = _graph.BlockIndexOf(tx);
        return new PathStep(id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, _graph.Value[step.Output], step.Tainted)
        {
            ScriptHex = hex,
            Entity = stops?.EntityOf(step.Output),
        };
    }

    private (string Id, int Vout, uint Tx) Place(long output)
    {
        var tx = _graph.TransactionOf(output);
        return (ledger.TxIds[tx].ToString(), (int)(output - _graph.FirstOutput[tx]), tx);
    }

    /// <summary>The address an output pays, or else its script.</summary>
    private (string? Address, string Type, string? Hex) Holder(long output)
    {
        var script = ledger.ScriptOf(output);
        var type = Script.Classify(script).CoreName();
        return Address.TryEncode(script, ledger.Network, out var address) ? (address, type, null) : (null, type, Convert.ToHexStringLower(script));
    }

    private List<AddressTotal> ByAddress(IReadOnlyList<TaintEnd> ends, CancellationToken cancel)
    {
        var totals = new Dictionary<string, AddressTotal>(StringComparer.Ordinal);
        var seen = 0;
        foreach (var end in ends)
        {
            if (seen++ % 4096 == 0) cancel.ThrowIfCancellationRequested();
            var (address, type, hex) = Holder(end.Output);
            var height = _graph.HeightOf(_graph.TransactionOf(end.Output));
            var key = address ?? "script " + hex;
            totals[key] = totals.TryGetValue(key, out var known)
                ? known with
                {
                    Tainted = known.Tainted + end.Tainted,
                    Ends = known.Ends + 1,
                    FirstHeight = Math.Min(known.FirstHeight, height),
                    LastHeight = Math.Max(known.LastHeight, height),
                }
                : new AddressTotal(address, type, hex, end.Tainted, 1, height, height) { Entity = stops?.EntityOf(end.Output) };
        }

        return [.. totals.OrderByDescending(pair => pair.Value.Tainted).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }
}
