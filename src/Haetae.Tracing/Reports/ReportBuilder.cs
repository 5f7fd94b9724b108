using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Reports;

/// <summary>Runs a trace under several policies and puts it into words: record numbers become transactions, scripts become addresses.</summary>
public sealed class ReportBuilder(BitcoinLedger ledger)
{
    private readonly UtxoGraph _graph = ledger.Graph;

    public TraceReport Build(TraceQuery query, IReadOnlyList<Policy> policies, TraceParameters parameters, CancellationToken cancel = default)
    {
        var tracer = new Tracer(_graph);
        var results = new List<PolicyResult>(policies.Count);
        foreach (var policy in policies) results.Add(Result(tracer.Trace(query, policy, cancel), policy, parameters, cancel));
        return new TraceReport
        {
            Ledger = new TraceLedger(
                ledger.Network.ChainId, ledger.Network.Name, ledger.Manifest.FirstHeight, ledger.TipHeight, ledger.TipHash.ToString(),
                ledger.Counts.WeakWorkBlocks, ledger.Counts.UnknownInputs),
            Parameters = parameters,
            Seeds = [.. query.Seeds.OrderBy(seed => seed.Output).Select(Seed)],
            Results = results,
        };
    }

    private PolicyResult Result(TraceOutcome outcome, Policy policy, TraceParameters parameters, CancellationToken cancel)
    {
        var ends = new List<TraceEnd>(outcome.Ends.Count);
        foreach (var end in outcome.Ends)
        {
            if (ends.Count % 4096 == 0) cancel.ThrowIfCancellationRequested();
            ends.Add(End(end));
        }

        return new PolicyResult(
            PolicyNames.NameOf(policy),
            policy is not (Policy.Poison or Policy.HaircutBlockSci),
            outcome.Books,
            outcome.TransactionsVisited,
            ends,
            ByAddress(ends),
            [.. outcome.Spends().Select(Spend)],
            [.. outcome.Paths().Select(path => new TracePath([.. path.Steps.Select(Step)], path.Tainted))],
            [.. outcome.Limits.Select(limit => new TraceLimit(EndReasons.NameOf(limit.Reason), Setting(limit.Reason, parameters), limit.Ends, limit.Tainted))]);
    }

    private static string? Setting(EndReason reason, TraceParameters parameters) => EndReasons.NameOf(reason) switch
    {
        "until" => FormattableString.Invariant($"height {parameters.UntilHeight}"),
        "min-value" => FormattableString.Invariant($"{parameters.MinValue} sat"),
        "max-transactions" => FormattableString.Invariant($"{parameters.MaxTransactions} transactions"),
        _ => null,
    };

    private TraceSeed Seed(StolenOutput seed)
    {
        var (id, vout, tx) = Place(seed.Output);
        var (address, type, _) = Holder(seed.Output);
        var block = _graph.BlockIndexOf(tx);
        return new TraceSeed(id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, _graph.Value[seed.Output], seed.Stolen);
    }

    private TraceEnd End(TaintEnd end)
    {
        var (id, vout, tx) = Place(end.Output);
        var (address, type, hex) = Holder(end.Output);
        var block = _graph.BlockIndexOf(tx);
        var spender = _graph.SpenderOf(end.Output);
        return new TraceEnd(
            id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, address is null ? hex : null, _graph.Value[end.Output], end.Tainted,
            EndReasons.NameOf(end.Reason), spender == 0 ? null : ledger.TxIds[spender].ToString());
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
        var (address, type, _) = Holder(step.Output);
        var block = _graph.BlockIndexOf(tx);
        return new PathStep(id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, _graph.Value[step.Output], step.Tainted);
    }

    private (string Id, int Vout, uint Tx) Place(long output)
    {
        var tx = _graph.TransactionOf(output);
        return (ledger.TxIds[tx].ToString(), (int)(output - _graph.FirstOutput[tx]), tx);
    }

    private (string? Address, string Type, string Hex) Holder(long output)
    {
        var script = ledger.ScriptOf(output);
        return (Address.TryEncode(script, ledger.Network, out var address) ? address : null, Script.Classify(script).CoreName(), Convert.ToHexStringLower(script));
    }

    private static List<AddressTotal> ByAddress(List<TraceEnd> ends)
    {
        var totals = new Dictionary<string, AddressTotal>(StringComparer.Ordinal);
        foreach (var end in ends)
        {
            var key = end.Address ?? "script " + end.ScriptHex;
            totals[key] = totals.TryGetValue(key, out var known)
                ? known with
                {
                    Tainted = known.Tainted + end.Tainted,
                    Ends = known.Ends + 1,
                    FirstHeight = Math.Min(known.FirstHeight, end.Height),
                    LastHeight = Math.Max(known.LastHeight, end.Height),
                }
                : new AddressTotal(end.Address, end.ScriptType, end.ScriptHex, end.Tainted, 1, end.Height, end.Height);
        }

        return [.. totals.OrderByDescending(pair => pair.Value.Tainted).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }
}
