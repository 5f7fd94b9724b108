using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Links;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing;

/// <summary>What leaves a stop leaves it over a link, and not one satoshi otherwise.</summary>
public class LinkedTraces
{
    public static TheoryData<Policy> ConservingPolicies() => [.. PolicyNames.All.Where(PolicyNames.Conserves)];

    [Theory]
    [MemberData(nameof(ConservingPolicies))]
    public void The_books_add_up_and_nothing_is_made_or_lost(Policy policy) => RandomTheft.ForEach(1500, theft =>
    {
        var stops = new RandomStops(theft.Seed);
        var query = theft.Query with { Stops = stops };
        var before = new Tracer(theft.Graph).Trace(query, policy);
        var dice = new Dice(theft.Seed + 77);
        var links = new List<TaintLink>();
        var targets = new HashSet<long>(query.Seeds.Select(seed => seed.Output));
        foreach (var end in before.Ends.Where(end => end.Reason is EndReason.Service or EndReason.CoinJoin))
        {
            var spender = theft.Graph.SpenderOf(end.Output);
            var from = end.Reason == EndReason.CoinJoin ? spender : theft.Graph.TransactionOf(end.Output) + 1;
            if (from >= theft.Graph.TransactionCount || theft.Graph.FirstOutput[from] >= theft.Graph.OutputCount) continue;
            var target = theft.Graph.FirstOutput[from] + dice.Below(theft.Graph.OutputCount - theft.Graph.FirstOutput[from]);
            if (theft.Graph.Value[target] == 0 || !targets.Add(target)) continue;
            links.Add(new TaintLink("stop", target, dice.OneIn(2) ? 1 + dice.Below(end.Tainted) : null) { Parked = end.Output });
        }

        var after = new LinkedTrace(theft.Graph, null).Trace(query, policy, links);
        Assert.True(after.Conserves, after.Books.ToString());
        Assert.Equal(before.Books.Seeds, after.Books.Seeds);
        Assert.Equal(after.Books.Held + after.Books.Parked + after.Books.Cut, after.Ends.Sum(end => end.Tainted));
        Assert.Equal(links.Count, after.Links.Count);
        foreach (var flow in after.Links)
        {
            Assert.InRange(flow.Amount, 0, theft.Graph.Value[flow.Link.Output]);
            if (flow.Link.Amount is { } asked) Assert.InRange(flow.Amount, 0, asked);
        }

        if (links.Count == 0) Assert.Equal(before.Books, after.Books);
        var none = new LinkedTrace(theft.Graph, null).Trace(query, policy, []);
        Assert.Equal(before.Ends, none.Ends);
    });

    [Fact]
    public void A_link_takes_what_is_parked_and_fits_and_leaves_the_rest()
    {
        var builder = new GraphBuilder();
        var coinbase = builder.Block(100, 50);
        var paid = builder.Spend([coinbase], 70, 30);       // 70 to a service
        var swept = builder.Spend([paid], 70);
        var paidOut = builder.Spend([coinbase + 1], 40, 10); // the service pays 40 from elsewhere
        var onward = builder.Spend([paidOut], 40);
        var graph = builder.Build();
        var query = new TraceQuery { Seeds = [new StolenOutput(coinbase, 100)], Stops = new At(paid) };
        var outcome = new LinkedTrace(graph, null).Trace(query, Policy.Fifo, [new TaintLink("service", paidOut, null) { Parked = paid }]);
        Assert.Equal((30L, 40L), (outcome.Ends.Single(end => end.Output == paid).Tainted, outcome.Ends.Single(end => end.Output == onward).Tainted));
        Assert.Equal((100L, 30L, 70L), (outcome.Books.Seeds, outcome.Books.Parked, outcome.Books.Held));
        Assert.DoesNotContain(outcome.Ends, end => end.Output == swept);
        Assert.Throws<ArgumentException>(() => new LinkedTrace(graph, null).Trace(query, Policy.Fifo, [new TaintLink("service", coinbase, null) { Parked = paid }]));
    }

    private sealed class At(long service) : Haetae.Tracing.Stops.ITraceStops
    {
        EndReason? Haetae.Tracing.Stops.ITraceStops.At(long output, uint spender) => output == service ? EndReason.Service : null;
    }
}
