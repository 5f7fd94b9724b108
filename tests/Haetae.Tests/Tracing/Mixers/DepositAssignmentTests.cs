using System.Numerics;
using Haetae.Ledger;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Tracing.Mixers;

public sealed class DepositAssignmentTests
{
    [Fact]
    public void An_outflow_takes_the_next_deposits_and_leaves_the_rest()
    {
        var served = DepositAssignment.Of([(100, 2), (101, 2)], [90, 100, 101, 102, 103, 250], window: 50);
        Assert.Equal([new ServedOutflow(100, 2, 2, 101, 102), new ServedOutflow(101, 2, 1, 103, 103)], served);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_equals_the_slow_list_and_no_assignment_has_more(int seed)
    {
        var random = new Random(seed);
        List<(long Time, int Units)> outflows = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => ((long)random.Next(60), random.Next(4))).OrderBy(one => one.Item1)];
        List<long> deposits = [.. Enumerable.Range(0, random.Next(0, 14)).Select(_ => (long)random.Next(80)).Order()];
        var window = random.Next(1, 30);
        var served = DepositAssignment.Of(outflows, deposits, window);

        var free = new List<long>(deposits);
        foreach (var (outflow, at) in outflows.Zip(served))
        {
            List<long> taken = [.. free.Where(deposit => deposit > outflow.Time && deposit <= outflow.Time + window).Take(outflow.Units)];
            foreach (var deposit in taken) free.Remove(deposit);
            Assert.Equal(new ServedOutflow(outflow.Time, outflow.Units, taken.Count, taken.Count > 0 ? taken[0] : null, taken.Count > 0 ? taken[^1] : null), at);
        }

        Assert.Equal(MostPairs(outflows, deposits, window), served.Sum(one => one.Assigned));
    }

    public static TheoryData<int> Seeds() => new(Enumerable.Range(1, 60));

    // Augmenting paths over single units: the obvious way to the greatest one-to-one assignment.
    private static int MostPairs(List<(long Time, int Units)> outflows, List<long> deposits, long window)
    {
        List<long> units = [.. outflows.SelectMany(outflow => Enumerable.Repeat(outflow.Time, outflow.Units))];
        var takenBy = new int?[deposits.Count];
        return units.Index().Count(unit => Place(unit.Index, new HashSet<int>()));

        bool Place(int unit, HashSet<int> tried)
        {
            for (var i = 0; i < deposits.Count; i++)
            {
                if (deposits[i] <= units[unit] || deposits[i] > units[unit] + window || !tried.Add(i)) continue;
                if (takenBy[i] is { } other && !Place(other, tried)) continue;
                takenBy[i] = unit;
                return true;
            }

            return false;
        }
    }

    [Fact]
    public void Correlation_is_rounded_once_and_ranks_share_ties()
    {
        Assert.Equal(new Correlation(3, 1_000, 1_000), Correlation.Of(Series(1, 2, 3), Series(10, 20, 30)));
        Assert.Equal(new Correlation(3, -1_000, -1_000), Correlation.Of(Series(1, 2, 3), Series(3, 2, 1)));
        // By hand: sums 10, 11, squares 30, 37, products 29: (116 - 110) / sqrt(20 x 27) = 0.2582; ranks of the second 2, 3.5, 1, 3.5: (104 - 100) / sqrt(20 x 18) = 0.2108.
        Assert.Equal(new Correlation(4, 258, 211), Correlation.Of(Series(1, 2, 3, 4), Series(2, 4, 1, 4)));
        Assert.Equal(new Correlation(2, null, null), Correlation.Of(Series(5, 5), Series(1, 2)));
    }

    [Fact]
    public void A_day_is_utc_and_a_mean_is_rounded_half_up()
    {
        Assert.Equal(new DateOnly(2022, 4, 4), DailyFlow.DayOf(1_649_116_799)); // 23:59:59
        Assert.Equal(new DateOnly(2022, 4, 5), DailyFlow.DayOf(1_649_116_800));
        Assert.Equal(1_649_116_800, DailyFlow.StartOf(new DateOnly(2022, 4, 5)));
        Assert.Equal(13, new PeriodCount(new DateOnly(2022, 1, 1), new DateOnly(2022, 1, 8), 1).PerDayHundredths); // 0.125
    }

    [Fact]
    public void Units_are_rounded_down_transfer_by_transfer()
    {
        var day = new DateOnly(2022, 1, 1);
        var days = DailyFlow.Of([], [new Outflow(DailyFlow.StartOf(day), 199), new Outflow(DailyFlow.StartOf(day) + 1, 199)], new UInt256(0, 100), day, day);
        Assert.Equal([new DayFlow(day, 0, 398, 2, 2)], days);
    }

    [Fact]
    public void Deposits_out_of_order_are_refused()
    {
        var query = new DepositTimingQuery { Deposits = [5, 4], Denomination = UInt256.One, Outflows = [] };
        Assert.Throws<ArgumentException>(() => DepositTiming.Of(query));
        Assert.Throws<ArgumentException>(() => DepositTiming.Of(query with { Deposits = [], Shifts = [] }));
    }

    private static List<BigInteger> Series(params int[] values) => [.. values.Select(value => (BigInteger)value)];
}
