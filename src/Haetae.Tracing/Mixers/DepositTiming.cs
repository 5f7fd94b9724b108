using System.Numerics;
using Haetae.Ledger;

namespace Haetae.Tracing.Mixers;

/// <summary>What to compare: money that left accounts with the deposits of a pool after it.</summary>
public sealed record DepositTimingQuery
{
    /// <summary>Times of the pool's deposits, seconds since 1970, rising.</summary>
    public required IReadOnlyList<long> Deposits { get; init; }

    /// <summary>What every deposit puts in, base units.</summary>
    public required UInt256 Denomination { get; init; }

    /// <summary>What left the accounts, in any order.</summary>
    public required IReadOnlyList<Outflow> Outflows { get; init; }

    /// <summary>Outflows below so many base units are no source of deposits. They stay in the daily sums.</summary>
    public UInt256 LeastOutflow { get; init; }

    /// <summary>Hours after an outflow in which its deposits are looked for.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [3, 6, 12, 24];

    /// <summary>Whole days by which the control moves all outflows, each once.</summary>
    public IReadOnlyList<int> Shifts { get; init; } = ShiftsBetween(-34, -2, 2, 23);

    /// <summary>From the first to the last day and from the second first to the second last, all included.</summary>
    public static IReadOnlyList<int> ShiftsBetween(int firstBack, int lastBack, int firstForward, int lastForward) =>
        [.. Enumerable.Range(firstBack, lastBack - firstBack + 1), .. Enumerable.Range(firstForward, lastForward - firstForward + 1)];
}

/// <summary>One window of the comparison.</summary>
/// <param name="Hours">After each outflow.</param>
/// <param name="Outflows">Each with what it was given, by time.</param>
/// <param name="Control">The same with the outflows moved by whole days.</param>
public sealed record TimingWindow(int Hours, IReadOnlyList<ServedOutflow> Outflows, ShiftedControl Control)
{
    /// <summary>Whole denominations that left.</summary>
    public int Units => Outflows.Sum(outflow => outflow.Units);

    /// <summary>Of these, so many have a deposit of their own.</summary>
    public int Assigned => Outflows.Sum(outflow => outflow.Assigned);

    /// <summary>Outflows with a deposit for each of their units.</summary>
    public int Full => Outflows.Count(outflow => outflow.IsFull);
}

/// <summary>Whether deposits into a pool follow money that left the accounts of a case. Evidence of timing, not proof: nothing here names a depositor.</summary>
/// <remarks>
/// Contract: one-to-one assignment (<see cref="DepositAssignment"/>) for each window, against the same with all outflows moved by whole days, which keeps the hours of the day, the bursts and the gaps. Errs: another
/// who deposits at the same hours looks the same; a thief who waits longer than the window is not seen. Version 1.
/// </remarks>
public sealed record DepositTiming
{
    /// <summary>The method's name in evidence.</summary>
    public const string Method = "deposit-timing/1";

    /// <summary>By hours.</summary>
    public required IReadOnlyList<TimingWindow> Windows { get; init; }

    /// <summary>Seconds from an outflow to the next deposit of the pool, the middle one (the later of two); null: no outflow is followed by a deposit.</summary>
    public required long? MedianWait { get; init; }

    /// <summary>Deposits in the hour that ends with an outflow, over all outflows.</summary>
    public required int HourBefore { get; init; }

    /// <summary>Deposits in the two hours that begin with an outflow, over all outflows.</summary>
    public required int TwoHoursAfter { get; init; }

    /// <summary>Compares.</summary>
    /// <exception cref="ArgumentException">Deposits do not rise, the denomination is 0, or there is no shift to compare with.</exception>
    public static DepositTiming Of(DepositTimingQuery query)
    {
        if (query.Denomination.IsZero) throw new ArgumentException("A pool's denomination is more than 0.", nameof(query));
        if (query.Shifts.Count == 0) throw new ArgumentException("Without a shift there is no control, and without a control the figure says nothing.", nameof(query));
        for (var i = 1; i < query.Deposits.Count; i++)
            if (query.Deposits[i] < query.Deposits[i - 1]) throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Deposit {i} lies before the one in front of it."), nameof(query));

        List<(long Time, int Units)> outflows =
            [.. query.Outflows.Where(outflow => outflow.Amount >= query.LeastOutflow).OrderBy(outflow => outflow.Time).Select(outflow => (outflow.Time, DailyFlow.UnitsOf(outflow.Amount, query.Denomination)))];
        return new DepositTiming
        {
            Windows = [.. query.Windows.Order().Select(hours => Window(query, outflows, hours))],
            MedianWait = MedianWaitOf(query.Deposits, outflows),
            HourBefore = outflows.Sum(outflow => Between(query.Deposits, outflow.Time - 3_600, outflow.Time)),
            TwoHoursAfter = outflows.Sum(outflow => Between(query.Deposits, outflow.Time, outflow.Time + 7_200)),
        };
    }

    /// <summary>How what left on a day goes with the deposits of that day, or of a later one.</summary>
    /// <param name="deposits">Seconds since 1970, rising.</param>
    /// <param name="outflows">In any order.</param>
    /// <param name="days">The days whose deposits are counted.</param>
    /// <param name="lag">So many days before them the money left.</param>
    public static Correlation Correlate(IReadOnlyList<long> deposits, IReadOnlyList<Outflow> outflows, IReadOnlyList<DateOnly> days, int lag = 0)
    {
        var left = new Dictionary<DateOnly, UInt256>();
        foreach (var outflow in outflows) left[DailyFlow.DayOf(outflow.Time)] = left.GetValueOrDefault(DailyFlow.DayOf(outflow.Time)) + outflow.Amount;
        return Correlation.Of([.. days.Select(day => (BigInteger)left.GetValueOrDefault(day.AddDays(-lag)))], [.. days.Select(day => (BigInteger)DailyFlow.Count(deposits, day, day).Deposits)]);
    }

    /// <summary>Deposits later than one time and not later than another.</summary>
    public static int Between(IReadOnlyList<long> deposits, long after, long until) => DepositAssignment.FirstAfter(deposits, until) - DepositAssignment.FirstAfter(deposits, after);

    private static TimingWindow Window(DepositTimingQuery query, List<(long Time, int Units)> outflows, int hours)
    {
        var window = hours * 3_600L;
        var control = query.Shifts.Distinct().Order().Select(days =>
        {
            var moved = DepositAssignment.Of(outflows, query.Deposits, window, days * 86_400L);
            return (days, moved.Sum(outflow => outflow.Assigned), moved.Count(outflow => outflow.IsFull));
        });
        return new TimingWindow(hours, DepositAssignment.Of(outflows, query.Deposits, window), new ShiftedControl([.. control]));
    }

    private static long? MedianWaitOf(IReadOnlyList<long> deposits, List<(long Time, int Units)> outflows)
    {
        var waits = new List<long>();
        foreach (var (time, _) in outflows)
            if (DepositAssignment.FirstAfter(deposits, time) is var next && next < deposits.Count) waits.Add(deposits[next] - time);
        waits.Sort();
        return waits.Count == 0 ? null : waits[waits.Count / 2];
    }
}
