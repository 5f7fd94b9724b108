using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing;

/// <summary>Laws that hold on every ledger, tried on thousands of random ones.</summary>
public class RandomGraphs
{
    private const int Graphs = 1500;

    public static TheoryData<Policy> EveryPolicy() => [.. PolicyNames.All];

    public static TheoryData<Policy, FeeRule, bool> EveryWay()
    {
        var ways = new TheoryData<Policy, FeeRule, bool>();
        foreach (var policy in PolicyNames.All)
        {
            foreach (var rule in Enum.GetValues<FeeRule>())
            {
                ways.Add(policy, rule, false);
                ways.Add(policy, rule, true);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(EveryWay))]
    public void The_engine_agrees_with_its_slow_twin(Policy policy, FeeRule rule, bool large) => RandomTheft.ForEach(Graphs, theft =>
    {
        var variants = new[]
        {
            theft.Query,
            theft.Query with { MinValue = theft.MinValue },
            theft.Query with { MaxTransactions = theft.MaxTransactions },
            theft.Query with { UntilHeight = theft.UntilHeight },
            theft.Query with { MinValue = theft.MinValue, MaxTransactions = theft.MaxTransactions, UntilHeight = theft.UntilHeight },
            theft.Query with { Stops = new RandomStops(theft.Seed) },
            theft.Query with { Stops = new RandomStops(theft.Seed), MinValue = theft.MinValue, MaxTransactions = theft.MaxTransactions, UntilHeight = theft.UntilHeight },
        };
        var query = variants[theft.Seed % 7] with { FeeRule = rule };
        var outcome = new Tracer(theft.Graph).Trace(query, policy);
        if (policy is Policy.Fifo or Policy.Lifo) Compare(new SlowLine(theft.Graph, query, fromBack: policy == Policy.Lifo), outcome);
        else Compare(new SlowShares(theft.Graph, query, policy), outcome);
        if (PolicyNames.Conserves(policy)) Assert.True(outcome.Conserves, outcome.Books.ToString());
    }, unknownValues: true, large);

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Sparse_and_dense_containers_agree(Policy policy) => RandomTheft.ForEach(Graphs, theft =>
    {
        var query = theft.Query with { FeeRule = (FeeRule)(theft.Seed % 3), MaxTransactions = theft.Seed % 2 == 0 ? theft.MaxTransactions : null, Stops = theft.Seed % 5 == 0 ? new RandomStops(theft.Seed) : null };
        var never = new Tracer(theft.Graph) { DenseAfter = long.MaxValue }.Trace(query, policy);
        foreach (var switchAt in new[] { 0, 1, 7 })
        {
            var tracer = new Tracer(theft.Graph) { DenseAfter = switchAt };
            foreach (var record in new[] { true, false, true }) // the second and third time with the containers of the first
            {
                var outcome = tracer.Trace(query with { RecordFlow = record }, policy);
                Assert.Equal(never.Ends, outcome.Ends);
                Assert.Equal(never.Books, outcome.Books);
                Assert.Equal(never.Limits, outcome.Limits);
                Assert.Equal(never.TransactionsVisited, outcome.TransactionsVisited);
                if (record) Assert.Equal(never.Spends(), outcome.Spends());
            }
        }
    }, unknownValues: true);

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Threads_that_share_a_tracer_get_what_one_alone_gets(Policy policy) => RandomTheft.ForEach(Graphs / 10, theft =>
    {
        var alone = new Tracer(theft.Graph).Trace(theft.Query, policy);
        var spends = alone.Spends().ToList(); // an outcome's flow belongs to one thread
        var shared = new Tracer(theft.Graph) { DenseAfter = 1 };
        Parallel.For(0, 8, _ =>
        {
            var outcome = shared.Trace(theft.Query, policy);
            Assert.Equal(alone.Ends, outcome.Ends);
            Assert.Equal(alone.Books, outcome.Books);
            Assert.Equal(spends, outcome.Spends());
        });
    });

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void No_output_holds_more_taint_than_its_value(Policy policy) => RandomTheft.ForEach(Graphs, theft =>
    {
        var outcome = new Tracer(theft.Graph).Trace(theft.Query, policy);
        Assert.All(outcome.Ends, end => Assert.InRange(end.Tainted, 1, theft.Graph.Value[end.Output]));
        Assert.All(outcome.Spends(), spend => Assert.InRange(spend.Tainted, 1, theft.Graph.Value[spend.Output]));
    }, large: true);

    [Fact]
    public void First_in_first_out_can_be_run_backward_satoshi_by_satoshi() => RandomTheft.ForEach(Graphs, theft =>
    {
        var graph = theft.Graph;
        var outcome = new Tracer(graph).Trace(theft.Query, Policy.Fifo);
        var found = new HashSet<(long, long)>();
        foreach (var end in outcome.Ends)
        {
            var tainted = 0;
            for (var place = 0L; place < graph.Value[end.Output]; place++)
            {
                if (Origin(end.Output, place) is not { } origin) continue;
                tainted++;
                Assert.True(found.Add(origin), $"two satoshi come from {origin}");
            }

            Assert.Equal(end.Tainted, tainted);
        }

        (long Output, long Place)? Origin(long output, long place)
        {
            if (theft.Query.Seeds.Any(seed => seed.Output == output && place < seed.Stolen)) return (output, place);
            var transaction = graph.TransactionOf(output);
            for (var before = graph.FirstOutput[transaction]; before < output; before++) place += graph.Value[before];
            for (var input = graph.FirstInput[transaction]; input < graph.FirstInput[transaction + 1L]; input++)
            {
                var previous = graph.Previous[input];
                if (place < graph.Value[previous]) return Origin(previous, place);
                place -= graph.Value[previous];
            }

            return null;
        }
    });

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Paths_lead_from_a_seed_to_an_end_through_spends(Policy policy) => RandomTheft.ForEach(Graphs, theft =>
    {
        var outcome = new Tracer(theft.Graph).Trace(theft.Query with { MinValue = theft.Seed % 2 == 0 ? theft.MinValue : null, PathsToEnds = 3, Stops = theft.Seed % 3 == 0 ? new RandomStops(theft.Seed) : null }, policy);
        var spends = outcome.Spends().ToDictionary(spend => spend.Output);
        var paths = outcome.Paths();
        Assert.Equal(Math.Min(3, outcome.Ends.Count), paths.Count);
        Assert.Equal(outcome.Ends.Select(end => end.Tainted).OrderDescending().Take(3), paths.Select(path => path.Steps[^1].Tainted));
        foreach (var path in paths)
        {
            Assert.Contains(theft.Query.Seeds, seed => seed.Output == path.Steps[0].Output);
            Assert.Contains(outcome.Ends, end => end.Output == path.Steps[^1].Output && end.Tainted == path.Steps[^1].Tainted);
            Assert.Equal(path.Steps.Min(step => step.Tainted), path.Tainted);
            for (var i = 0; i + 1 < path.Steps.Count; i++)
            {
                Assert.Equal(path.Steps[i].Tainted, spends[path.Steps[i].Output].Tainted);
                Assert.Equal(theft.Graph.TransactionOf(path.Steps[i + 1].Output), theft.Graph.SpenderOf(path.Steps[i].Output));
            }
        }
    }, unknownValues: true);

    private static void Compare<T>(SlowTrace<T> twin, TraceOutcome outcome) where T : class
    {
        twin.Run();
        Assert.Equal(twin.Ends.Values, outcome.Ends);
        Assert.Equal(twin.Fees, outcome.Books.Fees);
        Assert.Equal(twin.Absorbed, outcome.Books.Absorbed);
        Assert.Equal(twin.Visited, outcome.TransactionsVisited);
    }
}
