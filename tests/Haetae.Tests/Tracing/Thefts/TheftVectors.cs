using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tests.Tracing.Thefts;

/// <summary>Two thefts in one transaction (vector V5 of the design notes on methods), collisions by hand, and the haircut's rounding.</summary>
public class TheftVectors
{
    private readonly GraphBuilder _builder = new();

    [Theory]
    [InlineData(Policy.Fifo, "3,1,0|0", "0,1,1|0")]
    [InlineData(Policy.Lifo, "0,0,3|1", "0,2,0|0")]
    [InlineData(Policy.Haircut, "1,1,1|1", "1,1,0|0")]
    [InlineData(Policy.Tiho, "3,1,0|0", "0,2,0|0")]
    [InlineData(Policy.Tilo, "3,1,0|0", "0,2,0|0")]
    [InlineData(Policy.DirtyFirst, "3,1,0|0", "0,2,0|0")]
    [InlineData(Policy.CleanFirst, "0,2,2|0", "0,0,1|1")]
    [InlineData(Policy.Poison, "3,3,3|1", "3,3,3|1")]
    public void Two_thefts_in_one_transaction(Policy policy, string first, string second)
    {
        long t1 = _builder.Block(4), c1 = _builder.Block(1), t2 = _builder.Block(2), c2 = _builder.Block(3);
        var spent = new[] { _builder.Spend([t1, c1], 5), _builder.Spend([t2, c2], 5) };
        var paid = _builder.Spend(spent, 3, 3, 3);
        var outcome = Trace(policy, [new("second", [new(t2, 2)]), new("first", [new(t1, 4)])]);

        Assert.Equal([first, second], outcome.Thefts.Select(Figures));
        Assert.Equal(["first", "second"], outcome.Thefts.Select(theft => theft.Theft.Name));

        string Figures(TheftOutcome theft) =>
            string.Join(',', Enumerable.Range(0, 3).Select(i => theft.Outcome.Ends.Where(end => end.Output == paid + i).Sum(end => end.Tainted))) + $"|{theft.Outcome.Books.Fees}";
    }

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Lifo)]
    [InlineData(Policy.Haircut)]
    [InlineData(Policy.Tiho)]
    [InlineData(Policy.Tilo)]
    [InlineData(Policy.DirtyFirst)]
    [InlineData(Policy.CleanFirst)]
    public void The_earlier_theft_keeps_what_reaches_a_seed_of_the_later(Policy policy)
    {
        long stolen = _builder.Block(6), clean = _builder.Block(4);
        var mixed = _builder.Spend([stolen, clean], 10);
        var outcome = Trace(policy, [new("early", [new(stolen, 6)]), new("late", [new(mixed, 10)])]);

        Assert.Equal([new Collision(0, 1, mixed, 6)], outcome.Collisions);
        Assert.Equal([6, 4], outcome.Thefts.Select(theft => theft.Outcome.Books.Held));
        Assert.Equal([0, 6], outcome.Thefts.Select(theft => theft.Collided));
    }

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Haircut)]
    public void The_later_theft_gives_way_where_it_reaches_a_seed_of_the_earlier(Policy policy)
    {
        long first = _builder.Block(5), second = _builder.Block(10);
        var paid = _builder.Spend([second], 10);
        var outcome = Trace(policy, [new("early", [new(first, 5), new(paid, 10)]), new("late", [new(second, 10)])]);

        Assert.Equal([new Collision(0, 1, paid, 10)], outcome.Collisions);
        Assert.Equal([15, 0], outcome.Thefts.Select(theft => theft.Outcome.Books.Held));
        Assert.Equal([15, 0], outcome.Thefts.Select(theft => theft.Outcome.Books.Seeds));
    }

    [Fact]
    public void An_output_that_two_thefts_name_is_the_earliers()
    {
        long first = _builder.Block(5), both = _builder.Block(10);
        var outcome = Trace(Policy.Fifo, [new("late", [new(both, 10)]), new("early", [new(first, 5), new(both, 4)])]);

        Assert.Equal([new Collision(0, 1, both, 4)], outcome.Collisions);
        Assert.Equal([9, 6], outcome.Thefts.Select(theft => theft.Outcome.Books.Held));
    }

    [Fact]
    public void The_haircut_of_several_thefts_never_fills_an_output_beyond_its_value()
    {
        var dice = new Dice(12);
        var independent = 0;
        for (var n = 0; n < 200_000; n++)
        {
            var values = Enumerable.Range(0, 1 + (int)dice.Below(4)).Select(_ => dice.Below(8)).Append(dice.Below(3)).ToArray();
            var total = values.Sum();
            if (total == 0) continue;
            var brought = Enumerable.Range(0, (int)total).Select(_ => (int)dice.Below(4) - 1).ToArray();
            Tagged[] taints = [.. Enumerable.Range(0, 3).Select(tag => new Tagged(tag, brought.Count(t => t == tag))).Where(taint => taint.Amount > 0)];
            var shares = new PlaceShares();
            shares.Begin(values.Length);
            PartHaircut.Split(values, taints, brought.Count(tag => tag < 0), shares);
            var expected = SlowThefts.Haircut(brought, values, 3);
            for (var place = 0; place < values.Length; place++)
            {
                var parts = shares.At(place) ?? [];
                if (parts.Sum(part => part.Amount) > values[place]) Assert.Fail($"{string.Join(',', values)} of {string.Join(',', taints)}: place {place} is filled beyond its value");
                if (!expected[place].SequenceEqual(Enumerable.Range(0, 3).Select(tag => parts.Where(part => part.Tag == tag).Sum(part => part.Amount))))
                    Assert.Fail($"{string.Join(',', values)} of {string.Join(',', taints)}: place {place} differs from the twin");
            }

            foreach (var taint in taints) Assert.Equal(taint.Amount, Enumerable.Range(0, values.Length).Sum(place => (shares.At(place) ?? []).Where(part => part.Tag == taint.Tag).Sum(part => part.Amount)));
            independent += RoundedAloneOverflows(values, taints) ? 1 : 0;
        }

        Assert.True(independent > 1000, "the cases are not such that rounding each theft alone goes wrong");
    }

    [Fact]
    public void Many_outputs_are_shared_out_as_few_are()
    {
        var dice = new Dice(5);
        for (var n = 0; n < 200; n++)
        {
            var values = Enumerable.Range(0, 17 + (int)dice.Below(30)).Select(_ => dice.Below(30)).Append(dice.Below(5)).ToArray();
            var brought = Enumerable.Range(0, (int)values.Sum()).Select(_ => (int)dice.Below(6) - 1).ToArray();
            Tagged[] taints = [.. Enumerable.Range(0, 5).Select(tag => new Tagged(tag, brought.Count(t => t == tag))).Where(taint => taint.Amount > 0)];
            var shares = new PlaceShares();
            shares.Begin(values.Length);
            PartHaircut.Split(values, taints, brought.Count(tag => tag < 0), shares);
            var expected = SlowThefts.Haircut(brought, values, 5);
            for (var place = 0; place < values.Length; place++)
                Assert.Equal(expected[place], Enumerable.Range(0, 5).Select(tag => (shares.At(place) ?? []).Where(part => part.Tag == tag).Sum(part => part.Amount)));
        }
    }

    [Fact]
    public void What_cannot_be_followed_is_refused()
    {
        var stolen = _builder.Block(5);
        var theft = new Theft("a", [new(stolen, 5)]);
        Assert.Throws<ArgumentException>(() => Trace(Policy.Fifo, []));
        Assert.Throws<ArgumentException>(() => Trace(Policy.Fifo, [theft, theft]));
        Assert.Throws<ArgumentException>(() => Trace(Policy.HaircutBlockSci, [theft]));
        Assert.Throws<ArgumentException>(() => Trace(Policy.Fifo, [theft, new Theft("empty", [])]));
        Assert.Throws<ArgumentException>(() => Trace(Policy.Fifo, [.. Enumerable.Range(0, 65).Select(n => theft with { Name = $"t{n}" })]));
    }

    private TheftsOutcome Trace(Policy policy, Theft[] thefts) => new TheftsTracer(_builder.Build()).Trace(new TraceQuery { Seeds = [] }, thefts, policy);

    private static bool RoundedAloneOverflows(long[] values, Tagged[] taints)
    {
        var filled = new long[values.Length];
        foreach (var taint in taints)
        {
            var shares = new PlaceShares();
            shares.Begin(values.Length);
            PartHaircut.Split(values, [taint], values.Sum() - taint.Amount, shares);
            for (var place = 0; place < values.Length; place++) filled[place] += (shares.At(place) ?? []).Sum(part => part.Amount);
        }

        return Enumerable.Range(0, values.Length).Any(place => filled[place] > values[place]);
    }
}
