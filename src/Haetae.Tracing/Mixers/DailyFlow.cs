using Haetae.Ledger;

namespace Haetae.Tracing.Mixers;

/// <summary>One day beside another: what was put into a pool, and what left the accounts of a case.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Deposits">Into the pool.</param>
/// <param name="Left">Base units that left the accounts.</param>
/// <param name="Outflows">In so many transfers.</param>
/// <param name="Units">Whole denominations in these, each rounded down by itself.</param>
public readonly record struct DayFlow(DateOnly Day, int Deposits, UInt256 Left, int Outflows, int Units);

/// <summary>Deposits counted over some days.</summary>
/// <param name="First">First day, UTC.</param>
/// <param name="Last">Last day, included.</param>
public readonly record struct PeriodCount(DateOnly First, DateOnly Last, int Deposits)
{
    /// <summary>Days from the first to the last, both included.</summary>
    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>Deposits a day in hundredths, rounded half up: 3059 is 30.59.</summary>
    public int PerDayHundredths => (int)((200L * Deposits + Days) / (2L * Days));
}

/// <summary>Counts by day (UTC) and how two daily series go together.</summary>
public static class DailyFlow
{
    private const long Day = 86_400;
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The day (UTC) of a time in seconds since 1970.</summary>
    public static DateOnly DayOf(long time) => DateOnly.FromDayNumber(checked((int)(Math.DivRem(time, Day).Quotient + Epoch)));

    /// <summary>Seconds since 1970 at a day's beginning.</summary>
    public static long StartOf(DateOnly day) => (day.DayNumber - Epoch) * Day;

    /// <summary>Deposits over some days.</summary>
    /// <param name="deposits">Seconds since 1970, rising.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, included.</param>
    public static PeriodCount Count(IReadOnlyList<long> deposits, DateOnly first, DateOnly last) =>
        new(first, last, DepositAssignment.FirstAfter(deposits, StartOf(last.AddDays(1)) - 1) - DepositAssignment.FirstAfter(deposits, StartOf(first) - 1));

    /// <summary>Every day from the first to the last.</summary>
    /// <param name="deposits">Seconds since 1970, rising.</param>
    /// <param name="outflows">In any order.</param>
    /// <param name="denomination">Base units.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, included.</param>
    public static IReadOnlyList<DayFlow> Of(IReadOnlyList<long> deposits, IReadOnlyList<Outflow> outflows, UInt256 denomination, DateOnly first, DateOnly last)
    {
        var leaving = outflows.ToLookup(outflow => DayOf(outflow.Time));
        var days = new List<DayFlow>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            UInt256 left = default;
            var units = 0;
            foreach (var outflow in leaving[day])
            {
                left += outflow.Amount;
                units += UnitsOf(outflow.Amount, denomination);
            }

            days.Add(new DayFlow(day, Count(deposits, day, day).Deposits, left, leaving[day].Count(), units));
        }

        return days;
    }

    /// <summary>Whole denominations in an amount.</summary>
    /// <exception cref="OverflowException">More than an int holds.</exception>
    internal static int UnitsOf(UInt256 amount, UInt256 denomination) => checked((int)UInt256.MulDiv(amount, UInt256.One, denomination).Lower);
}
