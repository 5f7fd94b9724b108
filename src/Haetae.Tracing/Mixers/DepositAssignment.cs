using Haetae.Ledger;

namespace Haetae.Tracing.Mixers;

/// <summary>Money that left the accounts of a case, at its time.</summary>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Amount">Base units.</param>
public readonly record struct Outflow(long Time, UInt256 Amount);

/// <summary>How many deposits of a pool stand ready behind one outflow.</summary>
/// <param name="Time">The outflow's.</param>
/// <param name="Units">Whole denominations in it.</param>
/// <param name="Assigned">Deposits after it, within the window, that no earlier outflow was given.</param>
/// <param name="FirstDeposit">Time of the first of these; null: there is none.</param>
/// <param name="LastDeposit">Time of the last.</param>
public readonly record struct ServedOutflow(long Time, int Units, int Assigned, long? FirstDeposit, long? LastDeposit)
{
    /// <summary>Whether there is a deposit for each of its units.</summary>
    public bool IsFull => Assigned == Units;
}

/// <summary>Deposits of a pool given to outflows one to one.</summary>
/// <remarks>
/// Contract: outflows in order of time, each takes the earliest deposits that are later than itself, within the window, and not yet taken, at most its whole denominations. All windows are of one length, so
/// whoever begins earlier also ends earlier, and no other one-to-one assignment has more deposits in all. It says that the deposits are there, not whose they are: other people's deposits take the same places,
/// which is what the control (<see cref="ShiftedControl"/>) measures.
/// </remarks>
public static class DepositAssignment
{
    /// <summary>Gives deposits to outflows.</summary>
    /// <param name="outflows">Times and whole denominations, by time.</param>
    /// <param name="deposits">Seconds since 1970, rising.</param>
    /// <param name="window">Seconds from an outflow to its last deposit, both included.</param>
    /// <param name="shift">Seconds by which all outflows are moved.</param>
    public static IReadOnlyList<ServedOutflow> Of(IReadOnlyList<(long Time, int Units)> outflows, IReadOnlyList<long> deposits, long window, long shift = 0)
    {
        var served = new List<ServedOutflow>(outflows.Count);
        var next = 0; // what lies before was taken, or is too early for every outflow still to come
        foreach (var (time, units) in outflows)
        {
            var start = time + shift;
            next = Math.Max(next, FirstAfter(deposits, start));
            var first = next;
            while (next < deposits.Count && next - first < units && deposits[next] - start <= window) next++;
            served.Add(next == first ? new ServedOutflow(start, units, 0, null, null) : new ServedOutflow(start, units, next - first, deposits[first], deposits[next - 1]));
        }

        return served;
    }

    /// <summary>The place of the first deposit later than a time; the count of deposits when there is none.</summary>
    internal static int FirstAfter(IReadOnlyList<long> deposits, long time)
    {
        int low = 0, high = deposits.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (deposits[middle] <= time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

/// <summary>The same assignment with all outflows moved by whole days: what chance alone gives at the same hours of the day, in the same bursts.</summary>
/// <param name="Shifts">Days, assigned deposits, and outflows fully served, by days.</param>
/// <remarks>Shifts that fall into the time of the real outflows are among them, so it is harder to beat than a quiet time would be.</remarks>
public sealed record ShiftedControl(IReadOnlyList<(int Days, int Assigned, int Full)> Shifts)
{
    /// <summary>The most deposits that any shift was given.</summary>
    public int MostAssigned => Shifts.Max(shift => shift.Assigned);

    /// <summary>The most outflows that any shift served in full; it need not be the same shift.</summary>
    public int MostFull => Shifts.Max(shift => shift.Full);

    /// <summary>Half of the shifts have at most so many deposits.</summary>
    public int MedianAssigned => Median(Shifts.Select(shift => shift.Assigned));

    /// <summary>Half of the shifts serve at most so many outflows.</summary>
    public int MedianFull => Median(Shifts.Select(shift => shift.Full));

    /// <summary>How many shifts reach at least so many deposits. With 0 of n, chance is under 1 in n + 1 as far as shifts can tell.</summary>
    public int AtLeast(int assigned) => Shifts.Count(shift => shift.Assigned >= assigned);

    private static int Median(IEnumerable<int> values)
    {
        List<int> sorted = [.. values.Order()];
        return sorted[sorted.Count / 2];
    }
}
