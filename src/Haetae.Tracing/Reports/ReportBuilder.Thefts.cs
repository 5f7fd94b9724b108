using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Reports;

/// <summary>The report of several thefts: as that of one, with each theft's part beside the whole.</summary>
public sealed partial class ReportBuilder
{
    /// <param name="query">How far and by which rules; its own seeds are not read.</param>
    /// <param name="parameters">With the thefts in any order: the report has the earliest first.</param>
    public TraceReport Build(TraceQuery query, IReadOnlyList<Theft> thefts, IReadOnlyList<Policy> policies, TraceParameters parameters, TraceTags? tags = null, CancellationToken cancel = default)
    {
        var tracer = new TheftsTracer(_graph);
        var ordered = Theft.InOrder(thefts);
        var results = new List<PolicyResult>(policies.Count);
        foreach (var policy in policies) results.Add(Result(tracer.Trace(query, ordered, policy, cancel), policy, parameters, cancel));
        return new TraceReport
        {
            Ledger = Ledger(),
            Tags = tags,
            Parameters = parameters with { Thefts = [.. ordered.Select(theft => parameters.Thefts.First(asked => asked.Name == theft.Name))] },
            Seeds = [.. ordered.SelectMany(theft => theft.Seeds, (theft, seed) => (theft, seed)).OrderBy(one => one.seed.Output)
                .Select(one => Seed(one.seed) with { Theft = one.theft.Name })],
            Results = results,
            Bounds = BoundsOf(query, ordered, results, parameters, cancel),
        };
    }

    private PolicyResult Result(TheftsOutcome outcome, Policy policy, TraceParameters parameters, CancellationToken cancel) =>
        Result(outcome.All, policy, parameters, cancel) with
        {
            Ends = new Retold<TaintEnd, TraceEnd>(outcome.All.Ends, end => End(end) with { Thefts = PartsOf(end.Output, outcome) }),
            Thefts = [.. outcome.Thefts.Select(theft => new TheftResult(
                theft.Theft.Name, theft.Claimed, theft.Collided, theft.Outcome.Books, theft.Outcome.Ends.Count, ByAddress(theft.Outcome.Ends, cancel)))],
            Collisions = [.. outcome.Collisions.Select(collision => Collision(collision, outcome))],
        };

    private TraceCollision Collision(Collision collision, TheftsOutcome outcome)
    {
        var (id, vout, _) = Place(collision.Output);
        return new TraceCollision(id, vout, outcome.Thefts[collision.Earlier].Theft.Name, outcome.Thefts[collision.Later].Theft.Name, collision.Value);
    }

    private static List<TheftPart> PartsOf(long output, TheftsOutcome outcome)
    {
        var parts = new List<TheftPart>();
        foreach (var theft in outcome.Thefts)
        {
            var ends = theft.Outcome.Ends;
            int low = 0, high = ends.Count;
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (ends[middle].Output < output) low = middle + 1;
                else high = middle;
            }

            if (low < ends.Count && ends[low].Output == output) parts.Add(new TheftPart(theft.Theft.Name, ends[low].Tainted));
        }

        return parts;
    }
}
