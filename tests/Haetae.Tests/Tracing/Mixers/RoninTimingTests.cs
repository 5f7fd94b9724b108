using System.Globalization;
using System.Numerics;
using Haetae.Intel.Pools;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Support;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Tracing.Mixers;

/// <summary>The published rows of the Ronin theft beside the published deposits of Tornado Cash: every figure of the fact sheet's section on them.</summary>
public sealed class RoninTimingTests
{
    private static readonly UInt256 Hundred = new(0, 100 * UInt128.Parse("1000000000000000000", CultureInfo.InvariantCulture));
    private static readonly Lazy<IReadOnlyList<long>> Hundreds = new(() => Times("100"));
    private static readonly Lazy<IReadOnlyList<long>> Tens = new(() => Times("10"));
    private static readonly Lazy<IReadOnlyList<Outflow>> Outflows = new(ReadOutflows);
    private static readonly Lazy<DepositTiming> Timing = new(() => DepositTiming.Of(new DepositTimingQuery
    {
        Deposits = Hundreds.Value,
        Denomination = Hundred,
        Outflows = [.. Outflows.Value.Where(outflow => outflow.Time >= At("2022-04-04 00:00:00"))],
        LeastOutflow = new UInt256(0, 10 * Hundred.Lower),
    }));

    [SharedDataTheory]
    [InlineData("03-01", "04-03", 34, 1_040, 3_059, 3_013, 8_862)]
    [InlineData("04-04", "05-19", 46, 3_507, 7_624, 3_690, 8_022)]
    [InlineData("04-16", "04-21", 6, 394, 6_567, 618, 10_300)]
    [InlineData("05-20", "06-12", 24, 693, 2_888, 1_351, 5_629)]
    public void Periods_have_the_published_means(string first, string last, int days, int hundreds, int perDay, int tens, int tensPerDay)
    {
        var (count, other) = (DailyFlow.Count(Hundreds.Value, On(first), On(last)), DailyFlow.Count(Tens.Value, On(first), On(last)));
        Assert.Equal((days, hundreds, perDay), (count.Days, count.Deposits, count.PerDayHundredths));
        Assert.Equal((tens, tensPerDay), (other.Deposits, other.PerDayHundredths));
    }

    [SharedDataTheory]
    [InlineData(3, 1_236, 31, 586, 9, 351, 4)]
    [InlineData(6, 1_470, 39, 946, 19, 603, 8)]
    [InlineData(12, 1_604, 44, 1_280, 28, 890, 16)]
    [InlineData(24, 1_745, 49, 1_641, 44, 1_239, 25)]
    public void Deposits_follow_the_transfers_more_than_any_shifted_day(int hours, int assigned, int full, int most, int mostFull, int median, int medianFull)
    {
        var window = Timing.Value.Windows.Single(one => one.Hours == hours);
        Assert.Equal((50, 1_750), (window.Outflows.Count, window.Units));
        Assert.Equal((assigned, full), (window.Assigned, window.Full));
        Assert.Equal(55, window.Control.Shifts.Count);
        Assert.Equal((most, mostFull), (window.Control.MostAssigned, window.Control.MostFull));
        // The sheet's medians (352, 614, 910, 1,248; 4, 8, 16, 26) are those of 202 draws among these 55 shifts; here each shift stands once.
        Assert.Equal((median, medianFull), (window.Control.MedianAssigned, window.Control.MedianFull));
        Assert.Equal(0, window.Control.AtLeast(assigned));
    }

    [SharedDataFact]
    public void The_next_deposit_comes_within_minutes()
    {
        Assert.Equal(243, Timing.Value.MedianWait); // 4.05 minutes
        Assert.Equal(87, Timing.Value.HourBefore); // 1.74 an hour
        Assert.Equal(1_145, Timing.Value.TwoHoursAfter); // 11.45 an hour
    }

    [SharedDataTheory]
    [InlineData("03-01", "06-12", "", 104, 459, 632, 506, 650, -27)]
    [InlineData("04-04", "05-19", "", 46, 281, 642, 463, 649, -342)]
    [InlineData("04-04", "05-19", "04-17", 45, 510, 733, 737, 736, -318)]
    [InlineData("04-04", "05-19", "04-17 04-30 05-01", 43, 822, 824, 745, 702, -316)]
    public void Days_correlate_as_the_sheet_says(string first, string last, string without, int pairs, int pearson, int spearman, int nextPearson, int nextSpearman, int tens)
    {
        List<DateOnly> left = [.. without.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(On)];
        List<DateOnly> days = [.. Days(On(first), On(last)).Where(day => !left.Contains(day))];
        Assert.Equal(new Correlation(pairs, pearson, spearman), DepositTiming.Correlate(Hundreds.Value, Outflows.Value, days));
        Assert.Equal(new Correlation(pairs, nextPearson, nextSpearman), DepositTiming.Correlate(Hundreds.Value, Outflows.Value, days, lag: 1));
        Assert.Equal(tens, DepositTiming.Correlate(Tens.Value, Outflows.Value, days).Pearson);
    }

    [SharedDataFact]
    public void The_table_of_days_is_the_sheets()
    {
        var days = DailyFlow.Of(Hundreds.Value, Outflows.Value, Hundred, On("03-01"), On("06-13"));
        var rows = File.ReadLines(SharedData.Path_("ethereum", "ronin-2022", "FACTS.md")).SkipWhile(line => !line.StartsWith("| day 2022 |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(105, rows.Count);
        foreach (var (day, row) in days.Zip(rows))
        {
            var others = DailyFlow.Count(Tens.Value, day.Day, day.Day).Deposits;
            var left = row[4].Length == 0 ? default : Wei(row[4]);
            Assert.Equal((row[1], int.Parse(row[2], CultureInfo.InvariantCulture), int.Parse(row[3], CultureInfo.InvariantCulture), left),
                (day.Day.ToString("MM-dd", CultureInfo.InvariantCulture), day.Deposits, others, day.Left));
            if (row[5].Length > 0) Assert.Equal(int.Parse(row[5], CultureInfo.InvariantCulture), day.Units);
        }

        List<DayFlow> spring = [.. days.Where(day => day.Day >= On("04-04") && day.Day <= On("05-19"))];
        Assert.Equal([65, 25, 281, 21, 14, 40, 13, 53, 241, 11], spring.Where(day => day.Outflows == 0).Select(day => day.Deposits));
        List<DayFlow> moving = [.. spring.Where(day => day.Outflows > 0)];
        Assert.Equal(36, moving.Count);
        Assert.Equal([On("04-24"), On("04-29")], moving.Where(day => day.Deposits < day.Units).Select(day => day.Day));
        Assert.Equal(51, moving.Sum(day => day.Outflows));
        Assert.Equal("175771815080000000000000", moving.Aggregate(UInt256.Zero, (sum, day) => sum + day.Left).ToString());
    }

    [SharedDataTheory]
    [InlineData("2022-04-02 11:09:00", "2022-04-02 12:13:00", 51)]
    [InlineData("2022-04-02 13:59:59", "2022-04-02 15:08:00", 89)]
    [InlineData("2022-04-13 03:00:00", "2022-04-13 06:00:00", 32)]
    [InlineData("2022-04-17 12:32:48", "2022-04-17 15:32:54", 252)]
    [InlineData("2022-04-30 06:07:00", "2022-04-30 06:45:00", 96)]
    [InlineData("2022-04-30 10:06:00", "2022-04-30 10:54:00", 60)]
    [InlineData("2022-04-29 13:40:49", "2022-04-30 07:00:00", 155)]
    [InlineData("2022-05-22 08:41:00", "2022-05-22 13:29:00", 226)]
    [InlineData("2022-05-08 00:49:58", "2022-05-08 03:49:58", 42)]
    [InlineData("2022-05-08 00:49:58", "2022-05-08 06:49:58", 42)]
    [InlineData("2022-05-07 04:09:52", "2022-05-07 07:09:52", 30)]
    [InlineData("2022-05-07 04:09:52", "2022-05-07 10:09:52", 30)]
    public void Bursts_and_show_pieces_hold(string after, string until, int deposits) =>
        Assert.Equal(deposits, DepositTiming.Between(Hundreds.Value, At(after), At(until)));

    private static IReadOnlyList<long> Times(string pool)
    {
        var path = SharedData.Path_("ethereum", "tornado-cash", $"deposits_eth_{pool}.json.zip");
        using var file = File.OpenRead(path);
        return [.. PoolEventList.Read(file, path).Deposits.Select(deposit => (long)deposit.Time!.Value)];
    }

    // What the listed addresses sent to others: rows with a value, their payees not listed themselves.
    private static List<Outflow> ReadOutflows()
    {
        var listed = File.ReadLines(SharedData.Path_("ethereum", "ronin-2022", "LazarusGroup.txt")).Select(line => AccountAddress.Parse(line.Trim('\'', ','))).ToHashSet();
        Assert.Equal(8, listed.Count);
        return [.. from line in File.ReadLines(SharedData.Path_("ethereum", "ronin-2022", "transactions.csv")).Skip(1)
                   let row = line.Split(',')
                   let amount = Wei(row[3])
                   where !amount.IsZero && listed.Contains(AccountAddress.Parse(row[1])) && !listed.Contains(AccountAddress.Parse(row[2]))
                   select new Outflow(DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds(), amount)];
    }

    private static UInt256 Wei(string ether)
    {
        var parts = ether.Split('e');
        var exponent = 18 + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var number = parts[0].Split('.');
        var fraction = number.Length > 1 ? number[1].TrimEnd('0') : "";
        return (UInt256)(BigInteger.Parse(number[0] + fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, exponent - fraction.Length));
    }

    private static DateOnly On(string day) => DateOnly.ParseExact("2022-" + day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last) => Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays);

    private static long At(string time) => new DateTimeOffset(DateTime.ParseExact(time, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeSeconds();
}
