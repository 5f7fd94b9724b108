using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tests.Tracing.Thefts;
using Haetae.Tracing;
using Haetae.Tracing.Backward;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;
using Haetae.Tracing.Thefts;

namespace Haetae.Tests.Tracing.Backward;

/// <summary>Laws of the walk back, tried on thousands of random ledgers.</summary>
public class BackwardOnRandomGraphs
{
    private const int Graphs = 1500;

    public static TheoryData<Policy> EveryConserving() => [.. PolicyNames.All.Where(PolicyNames.Conserves)];

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Lifo)]
    public void A_source_gives_what_a_forward_trace_of_it_alone_brings(Policy policy) => RandomTheft.ForEach(Graphs, ledger =>
    {
        var query = Random(ledger);
        var walk = new BackwardTracer(ledger.Graph, query);
        foreach (var source in walk.Trace(policy).Sources)
        {
            var value = ledger.Graph.Value[source.Output];
            var stops = query.Stops is { } inner ? new StopsBut(ledger.Graph, inner, source.Output) : null;
            var forward = new Tracer(ledger.Graph).Trace(new TraceQuery { Seeds = [new(source.Output, value)], Stops = stops }, policy);
            var brought = forward.Ends.Where(end => query.Outputs.Contains(end.Output)).Sum(end => end.Tainted)
                + forward.Spends().Where(spend => query.Outputs.Contains(spend.Output)).Sum(spend => spend.Tainted);
            if (source.Reason == SourceReason.Service && query.Outputs.Contains(source.Output)) brought -= value; // it has an origin of its own
            Assert.Equal(brought, source.Amount);
        }
    }, unknownValues: true);

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Lifo)]
    public void What_a_forward_trace_brings_to_an_end_the_way_back_returns_to_the_seed(Policy policy) => RandomTheft.ForEach(Graphs, ledger =>
    {
        // The seed is all that was made before the ledger's middle; what of it reaches an end must come back to it, and only that.
        var since = ledger.Graph.BlockCount / 2;
        List<StolenOutput> seeds = [.. Enumerable.Range(0, (int)ledger.Graph.OutputCount).Select(output => (long)output)
            .Where(output => ledger.Graph.Value[output] > 0 && ledger.Graph.HeightOf(ledger.Graph.TransactionOf(output)) < since
                && (ledger.Graph.SpenderOf(output) == 0 || ledger.Graph.HeightOf(ledger.Graph.SpenderOf(output)) >= since))
            .Select(output => new StolenOutput(output, ledger.Graph.Value[output]))];
        if (seeds.Count == 0) return;
        foreach (var end in new Tracer(ledger.Graph).Trace(new TraceQuery { Seeds = seeds }, policy).Ends)
        {
            var sources = new BackwardTracer(ledger.Graph, new BackwardQuery { Outputs = [end.Output], SinceHeight = since }).Trace(policy).Sources;
            Assert.Equal(end.Tainted, sources.Where(source => seeds.Any(seed => seed.Output == source.Output)).Sum(source => source.Amount));
        }
    });

    [Theory]
    [MemberData(nameof(EveryConserving))]
    public void The_sources_give_as_much_as_the_outputs_hold(Policy policy)
    {
        foreach (var large in new[] { false, true })
        {
            RandomTheft.ForEach(Graphs, ledger =>
            {
                var query = Random(ledger);
                var walk = new BackwardTracer(ledger.Graph, query);
                var outcome = walk.Trace(policy);
                Assert.Equal(query.Outputs.Sum(output => ledger.Graph.Value[output]), outcome.Sources.Sum(source => source.Amount));
                Assert.All(outcome.Sources, source => Assert.True(source.Amount > 0));
                Assert.True(outcome.TransactionsVisited <= query.MaxTransactions);
                if (outcome.TransactionsVisited == query.MaxTransactions) return; // some go further back than others
                var all = walk.Trace(Policy.Poison);
                Assert.True(outcome.TransactionsVisited <= all.TransactionsVisited);
                if (all.TransactionsVisited < query.MaxTransactions)
                    Assert.All(outcome.Sources, source => Assert.Contains(source with { Amount = null }, all.Sources));
            }, unknownValues: true, large);
        }
    }

    [Theory]
    [MemberData(nameof(EveryConserving))]
    public void Sources_are_told_apart_as_by_the_slow_twin(Policy policy) => RandomTheft.ForEach(Graphs / 3, ledger =>
    {
        var query = Random(ledger) with { Stops = null }; // the twin's seeds do not begin anew
        var walk = new BackwardTracer(ledger.Graph, query);
        var found = walk.Trace(policy).Sources;
        var sources = policy is Policy.Fifo or Policy.Lifo ? [.. found.OrderBy(source => source.Output)] : walk.Trace(Policy.Poison).Sources;
        var twin = new SlowThefts(ledger.Graph, new TraceQuery { Seeds = [] }, [.. sources.Select(Whole)], policy);
        twin.Run();
        var expected = query.Outputs.SelectMany(output => twin.Coins[output]).GroupBy(tag => tag)
            .Select(coins => sources[coins.Key] with { Amount = coins.Count() })
            .OrderByDescending(source => source.Amount).ThenBy(source => source.Output);
        Assert.Equal(expected, found);

        Theft Whole(MoneySource source) => new($"{source.Output}", [new StolenOutput(source.Output, ledger.Graph.Value[source.Output])]);
    }, unknownValues: true);

    [Theory]
    [MemberData(nameof(EveryConserving))]
    public void Paths_lead_from_a_source_to_an_output_asked_about(Policy policy) => RandomTheft.ForEach(Graphs / 3, ledger =>
    {
        var query = Random(ledger) with { PathsFromSources = 3 };
        var outcome = new BackwardTracer(ledger.Graph, query).Trace(policy);
        Assert.Equal(outcome.Sources.Take(3).Select(source => source.Output), outcome.Paths.Select(path => path.Steps[0].Output));
        foreach (var path in outcome.Paths)
        {
            Assert.Contains(path.Steps[^1].Output, query.Outputs);
            Assert.Equal(path.Steps.Min(step => step.Tainted), path.Tainted);
            Assert.True(path.Tainted > 0);
            for (var i = 0; i + 1 < path.Steps.Count; i++)
                Assert.Equal(ledger.Graph.TransactionOf(path.Steps[i + 1].Output), ledger.Graph.SpenderOf(path.Steps[i].Output));
        }
    }, unknownValues: true);

    [Fact]
    public void Poison_names_every_coinbase_that_can_have_reached_the_outputs() => RandomTheft.ForEach(Graphs, ledger =>
    {
        var query = Random(ledger) with { SinceHeight = null, MaxTransactions = long.MaxValue, Stops = null };
        var found = new BackwardTracer(ledger.Graph, query).Trace(Policy.Poison);
        Assert.All(found.Sources, source => Assert.Null(source.Amount));
        var expected = Enumerable.Range(0, (int)ledger.Graph.OutputCount).Select(output => (long)output).Where(output =>
        {
            if (ledger.Graph.Value[output] == 0 || !IsCoinbase(ledger.Graph, output)) return false;
            var reached = new Tracer(ledger.Graph).Trace(new TraceQuery { Seeds = [new(output, ledger.Graph.Value[output])] }, Policy.Poison);
            return query.Outputs.Any(asked => reached.Ends.Any(end => end.Output == asked) || reached.Spends().Any(spend => spend.Output == asked));
        });
        Assert.Equal(expected, found.Sources.Select(source => source.Output));
    });

    /// <summary>Stops that let one output out of the service it paid, for a trace that begins at it; but not into a CoinJoin.</summary>
    private sealed class StopsBut(UtxoGraph graph, ITraceStops inner, long output) : ITraceStops
    {
        public EndReason? At(long asked, uint spender)
        {
            if (asked != output) return inner.At(asked, spender);
            if (spender == 0) return null;
            for (var input = graph.FirstInput[spender]; input < graph.FirstInput[spender + 1L]; input++)
            {
                if (inner.At(graph.Previous[input], spender) == EndReason.CoinJoin) return EndReason.CoinJoin;
            }

            return null;
        }
    }

    private static bool IsCoinbase(UtxoGraph graph, long output)
    {
        var transaction = graph.TransactionOf(output);
        return graph.BlockFirstTx[graph.BlockIndexOf(transaction)] == transaction;
    }

    /// <summary>Some outputs, one of them mostly late, with limits that bite now and then.</summary>
    /// <remarks>Limits go with one output: of several, one might lie beyond the limit and yet on the way to another.</remarks>
    private static BackwardQuery Random(RandomTheft ledger)
    {
        var dice = new Dice(ledger.Seed ^ 0xBAC0);
        long[] full = [.. Enumerable.Range(0, (int)ledger.Graph.OutputCount).Select(output => (long)output).Where(output => ledger.Graph.Value[output] > 0)];
        var asked = new HashSet<long> { full[^(1 + (int)dice.Below(Math.Min(full.Length, 10)))] };
        while (dice.OneIn(3)) asked.Add(full[dice.Below(full.Length)]);
        return new BackwardQuery
        {
            Outputs = [.. asked],
            SinceHeight = asked.Count == 1 && dice.OneIn(3) ? (int)dice.Below(ledger.Graph.BlockCount) : null,
            Stops = dice.OneIn(3) ? new RandomStops(ledger.Seed) : null,
            MaxTransactions = asked.Count == 1 && dice.OneIn(3) ? 1 + dice.Below(8) : BackwardQuery.UsualTransactions,
        };
    }
}
