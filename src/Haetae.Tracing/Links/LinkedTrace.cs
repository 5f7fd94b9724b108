using Haetae.Ledger;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Links;

/// <summary>Traces with explicit links: what is parked at a stop leaves it only over them.</summary>
/// <remarks>
/// Links are taken in the order of their outputs. Each takes what was parked at its stop before its output was made, oldest first, less what
/// earlier links took, up to its amount and to the output's value. Its output then is a seed of the same theft: what the chain itself
/// brings to the linked part counts as come back to a seed. How much is parked may rest on an earlier link, so the trace
/// is repeated until nothing changes: once more than there are links, at most. Books stay those of the theft: seeds = held + parked + fees +
/// absorbed + cut, with what went over links no longer parked.
/// </remarks>
/// <param name="stops">Who the services of links are; null where links name parked outputs and CoinJoins only.</param>
public sealed class LinkedTrace(UtxoGraph graph, LedgerStops? stops)
{
    private readonly Tracer _tracer = new(graph);

    /// <exception cref="ArgumentException">A link's output is a seed of the theft, or two links share one.</exception>
    public TraceOutcome Trace(TraceQuery query, Policy policy, IReadOnlyList<TaintLink> links, CancellationToken cancel = default)
    {
        if (links.Count == 0) return _tracer.Trace(query, policy, cancel);
        TaintLink[] inOrder = [.. links.OrderBy(link => link.Output)];
        for (var i = 0; i < inOrder.Length; i++)
        {
            if (query.Seeds.Any(seed => seed.Output == inOrder[i].Output)) throw new ArgumentException($"The link from {inOrder[i].Name} leads to an output that is stolen itself.", nameof(links));
            if (i > 0 && inOrder[i - 1].Output == inOrder[i].Output) throw new ArgumentException($"Two links, from {inOrder[i - 1].Name} and {inOrder[i].Name}, lead to one output.", nameof(links));
        }

        var amounts = new long[inOrder.Length];
        while (true)
        {
            var outcome = _tracer.Trace(query with { Seeds = [.. query.Seeds, .. inOrder.Select((link, i) => new StolenOutput(link.Output, amounts[i])).Where(seed => seed.Stolen > 0)] }, policy, cancel);
            var (wanted, taken) = Allot(outcome, inOrder);
            if (amounts.AsSpan().SequenceEqual(wanted)) return outcome.WithLinks([.. inOrder.Select((link, i) => new LinkFlow(link, wanted[i]))], taken);
            amounts = wanted;
        }
    }

    /// <summary>What goes over each link, and what that takes from each parked output.</summary>
    private (long[] Amounts, Dictionary<long, long> Taken) Allot(TraceOutcome outcome, TaintLink[] links)
    {
        var taken = new Dictionary<long, long>();
        var amounts = new long[links.Length];
        var parked = outcome.Ends.Where(end => end.Reason is EndReason.Service or EndReason.CoinJoin).ToList();
        for (var i = 0; i < links.Length; i++)
        {
            var link = links[i];
            var made = graph.TransactionOf(link.Output);
            var left = Math.Min(graph.Value[link.Output], link.Amount ?? long.MaxValue);
            foreach (var end in parked)
            {
                if (left == 0) break;
                if (!Leaves(end, link, made)) continue;
                var part = Math.Min(left, end.Tainted - taken.GetValueOrDefault(end.Output));
                if (part == 0) continue;
                taken[end.Output] = taken.GetValueOrDefault(end.Output) + part;
                amounts[i] += part;
                left -= part;
            }
        }

        return (amounts, taken);
    }

    private bool Leaves(TaintEnd end, TaintLink link, uint made)
    {
        if (link.Parked is { } one && one != end.Output) return false;
        var spender = graph.SpenderOf(end.Output);
        if (end.Reason == EndReason.CoinJoin) return (link.Parked is not null || link.CoinJoin == spender) && spender <= made;
        return (link.Parked is not null || (link.Service is { } service && stops?.ServiceOf(end.Output)?.Key == service)) && graph.TransactionOf(end.Output) < made;
    }
}
