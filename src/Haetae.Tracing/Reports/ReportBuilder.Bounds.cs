using Haetae.Tracing.Bounds;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Reports;

/// <summary>The report's bounds: what holds under any rule.</summary>
public sealed partial class ReportBuilder
{
    private BoundsReport? BoundsOf(TraceQuery query, IReadOnlyList<PolicyResult> results, TraceParameters parameters, CancellationToken cancel) =>
        parameters.Bounds is > 0 and var most ? new BoundsBuilder(ledger, stops).Build(query, results, most, cancel) : null;

    private BoundsReport? BoundsOf(TraceQuery query, IEnumerable<Theft> thefts, IReadOnlyList<PolicyResult> results, TraceParameters parameters, CancellationToken cancel)
    {
        if (parameters.Bounds is not > 0) return null;
        return TheftsTogether.Seeds(_graph, thefts) is { } seeds
            ? BoundsOf(query with { Seeds = seeds }, results, parameters, cancel)
            : new BoundsReport(null, null, TheftsTogether.Unclear, false, []);
    }
}
