using Haetae.Tracing.Backward;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Reports;

/// <summary>The report of a walk back.</summary>
public sealed partial class ReportBuilder
{
    public SourcesReport Build(BackwardQuery query, IReadOnlyList<Policy> policies, SourcesParameters parameters, TraceTags? tags = null, CancellationToken cancel = default)
    {
        var tracer = new BackwardTracer(_graph, query);
        return new SourcesReport
        {
            Ledger = Ledger(),
            Tags = tags,
            Parameters = parameters,
            Outputs = [.. query.Outputs.Order().Select(Asked)],
            Results = [.. policies.Select(policy => Result(tracer.Trace(policy, cancel)))],
        };
    }

    private SourcesResult Result(BackwardOutcome outcome) => new(
        PolicyNames.NameOf(outcome.Policy),
        PolicyNames.Conserves(outcome.Policy),
        outcome.TransactionsVisited,
        outcome.TooMixed ? null : new Retold<MoneySource, TraceSource>(outcome.Sources, Source),
        [.. outcome.Sources.GroupBy(source => source.Reason).OrderBy(group => group.Key)
            .Select(group => new SourceReasonTotal(
                SourceReasons.NameOf(group.Key), group.Count(), PolicyNames.Conserves(outcome.Policy) ? group.Sum(source => source.Amount) : null))],
        [.. outcome.Paths.Select(path => new TracePath([.. path.Steps.Select(Step)], path.Tainted))]);

    private AskedOutput Asked(long output)
    {
        var (id, vout, tx) = Place(output);
        var (address, type, hex) = Holder(output);
        var block = _graph.BlockIndexOf(tx);
        return new AskedOutput(id, vout, _graph.FirstHeight + block, _graph.BlockTime[block], address, type, hex, _graph.Value[output]) { Entity = stops?.EntityOf(output) };
    }

    private TraceSource Source(MoneySource source)
    {
        var (id, vout, height, time, address, type, hex, value) = Asked(source.Output);
        return new TraceSource(id, vout, height, time, address, type, hex, value, source.Amount, SourceReasons.NameOf(source.Reason)) { Entity = stops?.EntityOf(source.Output) };
    }
}
