using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tests.Tracing.Thefts;

/// <summary>Laws of several thefts at once, tried on thousands of random ledgers.</summary>
public class TheftsOnRandomGraphs
{
    private const int Graphs = 1000;

    public static TheoryData<Policy, FeeRule> EveryWay()
    {
        var ways = new TheoryData<Policy, FeeRule>();
        foreach (var policy in PolicyNames.All.Where(policy => policy != Policy.HaircutBlockSci))
        {
            foreach (var rule in Enum.GetValues<FeeRule>()) ways.Add(policy, rule);
        }

        return ways;
    }

    public static IEnumerable<object[]> EveryConservingWay() => [.. EveryWay().Where(way => PolicyNames.Conserves((Policy)way[0]))];

    [Theory]
    [MemberData(nameof(EveryWay))]
    public void One_theft_is_traced_as_by_the_run_for_one(Policy policy, FeeRule rule)
    {
        foreach (var large in new[] { false, true })
        {
            RandomTheft.ForEach(Graphs, theft =>
            {
                var query = SeveralThefts.Limits(theft, [new Theft("one", theft.Query.Seeds)], rule);
                var single = new Tracer(theft.Graph).Trace(query with { Seeds = theft.Query.Seeds }, policy);
                var several = new TheftsTracer(theft.Graph).Trace(query, [new Theft("one", theft.Query.Seeds)], policy);
                foreach (var outcome in new[] { several.All, several.Thefts[0].Outcome })
                {
                    Assert.Equal(single.Ends, outcome.Ends);
                    Assert.Equal(single.Books, outcome.Books);
                    Assert.Equal(single.Limits, outcome.Limits);
                    Assert.Equal(single.TransactionsVisited, outcome.TransactionsVisited);
                    Assert.Equal(single.Spends(), outcome.Spends());
                    Assert.Equal(single.Paths().Select(path => (path.Tainted, string.Join(' ', path.Steps))), outcome.Paths().Select(path => (path.Tainted, string.Join(' ', path.Steps))));
                }

                Assert.Empty(several.Collisions);
            }, unknownValues: true, large);
        }
    }

    [Theory]
    [MemberData(nameof(EveryConservingWay))]
    public void Several_thefts_are_traced_as_by_the_slow_twin(Policy policy, FeeRule rule) => RandomTheft.ForEach(Graphs, ledger =>
    {
        var thefts = SeveralThefts.On(ledger);
        var query = SeveralThefts.Limits(ledger, thefts, rule);
        var outcome = new TheftsTracer(ledger.Graph).Trace(query, thefts, policy);
        var twin = new SlowThefts(ledger.Graph, query, [.. outcome.Thefts.Select(theft => theft.Theft)], policy);
        twin.Run();
        Assert.Equal(twin.Ends.Select(end => (end.Key.Tag, end.Value)), outcome.Thefts.SelectMany((theft, tag) => theft.Outcome.Ends.Select(end => (tag, end))).OrderBy(end => (end.end.Output, end.tag)));
        Assert.Equal(twin.Collisions.Select(c => new Collision(c.Key.Earlier, c.Key.Later, c.Key.Output, c.Value)), outcome.Collisions);
        Assert.Equal(twin.Fees, outcome.Thefts.Select(theft => theft.Outcome.Books.Fees));
        Assert.Equal(twin.Absorbed, outcome.Thefts.Select(theft => theft.Outcome.Books.Absorbed));
        Assert.Equal(twin.Visited, outcome.All.TransactionsVisited);
    }, unknownValues: true);

    [Theory]
    [MemberData(nameof(EveryConservingWay))]
    public void The_books_of_every_theft_close(Policy policy, FeeRule rule)
    {
        foreach (var large in new[] { false, true })
        {
            RandomTheft.ForEach(Graphs, ledger =>
            {
                var thefts = SeveralThefts.On(ledger);
                var outcome = new TheftsTracer(ledger.Graph).Trace(SeveralThefts.Limits(ledger, thefts, rule), thefts, policy);
                Assert.True(outcome.All.Conserves, outcome.All.Books.ToString());
                foreach (var (theft, claimed, collided, of) in outcome.Thefts)
                {
                    Assert.True(of.Conserves, $"{theft.Name}: {of.Books}");
                    Assert.Equal(claimed, theft.Seeds.Sum(seed => seed.Stolen));
                    Assert.Equal(claimed, of.Books.Seeds + collided);
                }

                foreach (var end in outcome.All.Ends)
                {
                    Assert.InRange(end.Tainted, 1, ledger.Graph.Value[end.Output]);
                    Assert.Equal(end.Tainted, outcome.Thefts.Sum(theft => theft.Outcome.Ends.Where(own => own.Output == end.Output).Sum(own => own.Tainted)));
                }

                for (var tag = 0; tag < thefts.Count; tag++)
                    Assert.Equal(outcome.Thefts[tag].Collided, outcome.Collisions.Where(collision => collision.Later == tag).Sum(collision => collision.Value));
                Assert.All(outcome.Collisions, collision => Assert.True(collision.Earlier < collision.Later && collision.Value > 0));
            }, unknownValues: true, large);
        }
    }

    [Theory]
    [InlineData(Policy.Fifo, true)]
    [InlineData(Policy.Lifo, true)]
    [InlineData(Policy.Tiho, false)]
    [InlineData(Policy.Tilo, false)]
    [InlineData(Policy.DirtyFirst, false)]
    [InlineData(Policy.CleanFirst, false)]
    public void All_thefts_together_hold_what_their_union_holds(Policy policy, bool partly) => RandomTheft.ForEach(Graphs, ledger =>
    {
        // Where only amounts count, a partly stolen seed has no place for the part, so the union of two parts is a matter of convention.
        List<Theft> thefts = [.. SeveralThefts.On(ledger).Select(theft => theft with
        {
            Seeds = [.. theft.Seeds.Select(seed => partly ? seed : seed with { Stolen = ledger.Graph.Value[seed.Output] })],
        })];
        foreach (var rule in Enum.GetValues<FeeRule>())
        {
            var query = SeveralThefts.Limits(ledger, thefts, rule);
            var together = new TheftsTracer(ledger.Graph).Trace(query, thefts, policy).All;
            var union = thefts.SelectMany(theft => theft.Seeds).GroupBy(seed => seed.Output, (output, seeds) => new StolenOutput(output, seeds.Max(seed => seed.Stolen)));
            var single = new Tracer(ledger.Graph).Trace(query with { Seeds = [.. union] }, policy);
            Assert.Equal(single.Ends, together.Ends);
            Assert.Equal(single.Books.Fees, together.Books.Fees);
            Assert.Equal(single.Books.Stolen, together.Books.Stolen);
            Assert.Equal(single.Spends(), together.Spends());
        }
    }, unknownValues: true);

    [Fact]
    public void Under_poison_every_theft_reaches_what_it_reaches_alone() => RandomTheft.ForEach(Graphs, ledger =>
    {
        var thefts = SeveralThefts.On(ledger);
        var query = SeveralThefts.Limits(ledger, thefts, (FeeRule)(ledger.Seed % 3)) with { MaxTransactions = null };
        var outcome = new TheftsTracer(ledger.Graph).Trace(query, thefts, Policy.Poison);
        foreach (var (theft, _, _, of) in outcome.Thefts)
        {
            var alone = new Tracer(ledger.Graph).Trace(query with { Seeds = theft.Seeds }, Policy.Poison);
            Assert.Equal(alone.Ends, of.Ends);
            Assert.Equal(alone.Books, of.Books);
        }

        var union = thefts.SelectMany(theft => theft.Seeds).DistinctBy(seed => seed.Output);
        var all = new Tracer(ledger.Graph).Trace(query with { Seeds = [.. union] }, Policy.Poison);
        Assert.Equal(all.Ends, outcome.All.Ends);
        Assert.Equal(all.Books.Fees, outcome.All.Books.Fees);
        Assert.Empty(outcome.Collisions);
    }, unknownValues: true);
}
