using System.Globalization;
using System.Numerics;
using Haetae.Intel.Cases.Accounts;

namespace Haetae.Cli.Demo;

/// <summary>Counts over the days of a mixer's pool.</summary>
internal static class PoolFigures
{
    internal static int On(PoolRecord pool, string day) => pool.Days.First(one => one.Day == day).Deposits;

    internal static (int Deposits, int Days) Of(PoolRecord pool, PoolPeriod period)
    {
        var days = pool.Days.Where(day => string.CompareOrdinal(day.Day, period.First) >= 0 && string.CompareOrdinal(day.Day, period.Last) <= 0).ToList();
        return (days.Sum(day => day.Deposits), days.Count);
    }

    /// <summary>Deposits a day, to one decimal place, half up.</summary>
    internal static string PerDay(PoolRecord pool, PoolPeriod period)
    {
        var (deposits, days) = Of(pool, period);
        var tenths = (new BigInteger(deposits) * 20 + days) / (2 * days);
        return string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10}");
    }

    /// <summary>Whole hundreds in the transfers of 1,000 ether or more, which the assignment was made for.</summary>
    internal static int Hundreds(RoninFigures figures) => figures.Spring.Select(RoninFigures.Hundreds).Where(hundreds => hundreds >= 10).Sum();
}
