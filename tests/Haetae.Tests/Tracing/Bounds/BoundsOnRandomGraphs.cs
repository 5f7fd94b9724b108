using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Bounds;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tests.Tracing.Bounds;

/// <summary>Laws of the bounds, tried on thousands of random ledgers and against every possible rule on small ones.</summary>
public class BoundsOnRandomGraphs
{
    private const int Graphs = 10_000;

    [Theory]
    [InlineData(FeeRule.Drop)]
    [InlineData(FeeRule.CoinbaseAppend)]
    public void Bounds_are_what_trying_every_rule_finds(FeeRule rule)
    {
        var compared = 0;
        RandomTheft.ForEach(3_000, theft =>
        {
            var query = Small(theft) with { FeeRule = rule };
            var every = new EverySplit(theft.Graph, query, 20_000);
            if (!every.Run()) return;
            compared++;
            var graph = Reached(theft, query);
            var bounds = new FlowBounds(graph);
            var dice = new Dice(theft.Seed);
            for (var tries = 0; tries < 8; tries++)
            {
                var chosen = Some(graph, dice);
                var found = every.Outcomes.Select(outcome => chosen.Sum(end => outcome.GetValueOrDefault(graph.Ends[end].Output))).ToList();
                Assert.Equal(new TaintBounds(found.Min(), found.Max()), bounds.Of(chosen));
            }
        }, unknownValues: true);
        Assert.True(compared > 1_000, $"only {compared} were small enough to try everything");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_conserving_policy_lies_inside(bool large) => RandomTheft.ForEach(Graphs, theft =>
    {
        var query = Any(theft);
        var graph = Reached(theft, query);
        var bounds = new FlowBounds(graph);
        var dice = new Dice(theft.Seed);
        var sets = Enumerable.Range(0, 6).Select(_ => Some(graph, dice)).Select(set => (set, bounds: bounds.Of(set))).ToList();
        foreach (var policy in PolicyNames.All.Where(PolicyNames.Conserves))
        {
            var outcome = new Tracer(theft.Graph).Trace(query, policy);
            var figures = outcome.Ends.ToDictionary(end => end.Output, end => end.Tainted);
            figures[ReachedEnd.Fees] = outcome.Books.Fees;
            figures[ReachedEnd.Absorbed] = outcome.Books.Absorbed;
            Assert.Equal(outcome.Books.Seeds, graph.Stolen);
            Assert.Subset(graph.Ends.ToHashSet(), outcome.Ends.Select(end => new ReachedEnd(end.Output, end.Reason)).ToHashSet());
            foreach (var (set, bound) in sets)
            {
                var figure = set.Sum(end => figures.GetValueOrDefault(graph.Ends[end].Output));
                Assert.True(bound.Holds(figure), $"{policy}: {figure} is not within {bound}");
            }
        }
    }, unknownValues: true, large);

    [Fact]
    public void Several_thefts_lie_inside_together()
    {
        var compared = 0;
        RandomTheft.ForEach(Graphs / 2, theft => compared += SeveralTheftsLieInside(theft) ? 1 : 0, unknownValues: true);
        Assert.True(compared > 2_500, $"only {compared} were clear in what was stolen");
    }

    private static bool SeveralTheftsLieInside(RandomTheft theft)
    {
        var dice = new Dice(theft.Seed + 9);
        var query = Any(theft);
        var thefts = query.Seeds.Select((seed, index) => (seed, index)).GroupBy(one => one.index % 3, one => one.seed).Select(group => new Theft($"theft-{group.Key}", [.. group])).ToList();
        if (dice.OneIn(2)) thefts.Add(new Theft("again", [query.Seeds[0] with { Stolen = 1 + dice.Below(theft.Graph.Value[query.Seeds[0].Output]) }]));
        if (TheftsTogether.Seeds(theft.Graph, thefts) is not { } together) return false;
        var graph = Reached(theft, query with { Seeds = together });
        var bounds = new FlowBounds(graph);
        var sets = Enumerable.Range(0, 4).Select(_ => Some(graph, dice).Where(end => graph.Ends[end].IsOutput).ToArray()).Select(set => (set, bounds: bounds.Of(set))).ToList();
        foreach (var policy in PolicyNames.All.Where(PolicyNames.Conserves))
        {
            var figures = new TheftsTracer(theft.Graph).Trace(query, thefts, policy).All.Ends.ToDictionary(end => end.Output, end => end.Tainted);
            Assert.Subset(graph.Ends.Select(end => end.Output).ToHashSet(), figures.Keys.ToHashSet());
            foreach (var (set, bound) in sets)
            {
                var figure = set.Sum(end => figures.GetValueOrDefault(graph.Ends[end].Output));
                Assert.True(bound.Holds(figure), $"{policy}: {figure} is not within {bound}");
            }
        }

        return true;
    }

    [Fact]
    public void Parts_add_up_to_no_less_than_the_whole() => RandomTheft.ForEach(Graphs / 2, theft =>
    {
        var graph = Reached(theft, Any(theft));
        var bounds = new FlowBounds(graph);
        var dice = new Dice(theft.Seed);
        var parts = Enumerable.Range(0, graph.Ends.Count).GroupBy(_ => dice.Below(3)).Select(part => (int[])[.. part]).ToList();
        var each = parts.Select(part => bounds.Of(part)).ToList();

        Assert.True(each.Sum(bound => bound.Least) <= graph.Stolen);
        Assert.True(each.Sum(bound => bound.Most) >= graph.Stolen);
        Assert.All(each, bound => Assert.True(bound.Least >= 0 && bound.Least <= bound.Most && bound.Most <= graph.Stolen));
        Assert.Equal(new TaintBounds(graph.Stolen, graph.Stolen), bounds.Of(Enumerable.Range(0, graph.Ends.Count)));
        Assert.Equal(default, bounds.Of([]));
        if (parts.Count < 2) return;
        var joint = bounds.Of([.. parts[0], .. parts[1]]);
        Assert.True(joint.Most <= each[0].Most + each[1].Most);
        Assert.True(joint.Least >= each[0].Least + each[1].Least);
    }, unknownValues: true, large: true);

    [Fact]
    public void Every_proof_re_adds_and_a_changed_one_does_not() => RandomTheft.ForEach(Graphs / 2, theft =>
    {
        var graph = Reached(theft, Any(theft));
        var bounds = new FlowBounds(graph);
        var dice = new Dice(theft.Seed);
        int[] set = [.. Some(graph, dice).Where(end => end != ReachedGraph.AbsorbedEnd)];
        var proof = bounds.Prove(set);

        Assert.Null(proof.Fault(graph));
        Assert.Equal(bounds.Of(set).Most, proof.Most);
        Assert.Equal(0, proof.NotShown);
        Assert.NotNull((proof with { Most = proof.Most + 1 }).Fault(graph));
        if (proof.Ways.Count == 0) return;
        Assert.NotNull((proof with { Ways = [.. proof.Ways.Skip(1)], NotShown = 0 }).Fault(graph));
        Assert.NotNull((proof with { NarrowPlaces = [.. proof.NarrowPlaces.Skip(1)] }).Fault(graph));
        var half = bounds.Prove(set, steps: 1);
        Assert.Null(half.Fault(graph));
        Assert.Equal(proof.Most, half.Ways.Sum(way => way.Amount) + half.NotShown);
    }, unknownValues: true, large: true);

    private static ReachedGraph Reached(RandomTheft theft, TraceQuery query)
    {
        var graph = ReachedGraph.Build(theft.Graph, query, out var notBuilt);
        Assert.Null(notBuilt);
        return graph!;
    }

    private static TraceQuery Any(RandomTheft theft) => theft.Query with
    {
        FeeRule = (FeeRule)(theft.Seed % 3),
        UntilHeight = theft.Seed % 2 == 0 ? theft.UntilHeight : null,
        Stops = theft.Seed % 5 == 0 ? new RandomStops(theft.Seed) : null,
    };

    /// <summary>A theft of few satoshi, so that every way to divide it can be tried.</summary>
    private static TraceQuery Small(RandomTheft theft)
    {
        var dice = new Dice(theft.Seed + 1_000_000);
        return theft.Query with
        {
            Seeds = [.. theft.Query.Seeds.Take(2).Select(seed => seed with { Stolen = Math.Min(seed.Stolen, 1 + dice.Below(4)) })],
            UntilHeight = theft.Seed % 3 == 0 ? theft.Graph.HeightOf(theft.Graph.TransactionOf(theft.Query.Seeds.Max(seed => seed.Output))) + (int)dice.Below(3) : null,
            Stops = theft.Seed % 4 == 0 ? new RandomStops(theft.Seed) : null,
        };
    }

    private static int[] Some(ReachedGraph graph, Dice dice) => [.. Enumerable.Range(0, graph.Ends.Count).Where(_ => dice.OneIn(3))];
}
