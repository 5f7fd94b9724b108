using System.Globalization;
using System.Numerics;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Demo;

/// <summary>Day by day: what left the eight addresses above the line, deposits into the mixer's pool below it, days of listing and peaks marked.</summary>
internal sealed class RoninDays(RoninFigures figures, PoolRecord pool, TextWriter html)
{
    private const int Left = 52, Step = 9, Upper = 150, Gap = 26, Lower = 150, Top = 34;
    private const int MostEther = 10_000, MostDeposits = 300;

    private const string Style = """
        .days{--d-ink:#1b1f24;--d-soft:#555e69;--d-out:#b93d08;--d-pool:#1c5d99;--d-line:#dcd9d0}
        @media screen and (prefers-color-scheme:dark){.days{--d-ink:#e8eaed;--d-soft:#a6b0bb;--d-out:#ff9a63;--d-pool:#7db8ef;--d-line:#313944}}
        .days text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--d-soft);font-variant-numeric:tabular-nums}.days .big{fill:var(--d-ink);font-weight:650;font-size:13px}
        .days .out{fill:var(--d-out)}.days .pool{fill:var(--d-pool);fill-opacity:.75}.days .line{stroke:var(--d-line);stroke-width:1}.days .mark{stroke:var(--d-soft);stroke-dasharray:3 3}.days .peak{fill:var(--d-pool)}
        """;

    internal void Write()
    {
        var days = pool.Days.Select(day => day.Day).ToList();
        var (width, height) = (Left + Step * days.Count + 16, Top + Upper + Gap + Lower + 30);
        var middle = Top + Upper;
        var below = middle + Gap;
        Put($"<svg class=\"days\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"dt dd\">\n<title id=\"dt\">ETH leaving the eight addresses and deposits into the pool of 100 ETH, by day</title><desc id=\"dd\">The same figures stand in the table below.</desc>\n<style>{Style}</style>\n");
        Put($"<text class=\"big\" x=\"{Left}\" y=\"16\">ETH that left the eight addresses, a day</text><text class=\"big\" x=\"{Left}\" y=\"{height - 4}\">Deposits into Tornado Cash's pool of 100 ETH, a day</text>\n");
        foreach (var level in new[] { 0, 2_500, 5_000, 7_500 }) Level(middle - level * Upper / MostEther, Amounts.Count(level));
        foreach (var level in new[] { 0, 100, 200 }) Level(below + level * Lower / MostDeposits, Amounts.Count(level));
        foreach (var listing in figures.Part.Listings)
            if (days.IndexOf(listing.Day) is >= 0 and var at)
                Put($"<path class=\"mark\" d=\"M{X(at) + 3} {Top - 6}V{below + Lower}\"/><text x=\"{X(at) + 6}\" y=\"{Top + 4}\">{Amounts.Count(listing.Addresses.Count)} listed</text>\n");
        for (var i = 0; i < days.Count; i++)
        {
            var left = RowSums.Sum(figures.Sums.Outward.Where(row => row.Time.StartsWith(days[i], StringComparison.Ordinal)));
            var high = (int)((BigInteger)left * Upper / ((BigInteger)MostEther * BigInteger.Pow(10, 18)));
            if (!left.IsZero) Put($"<rect class=\"out\" x=\"{X(i)}\" y=\"{middle - Math.Max(1, high)}\" width=\"{Step - 2}\" height=\"{Math.Max(1, high)}\"><title>{days[i]}: {Shown.Markup(RoninText.Eth(left))} left</title></rect>\n");
            var deposits = pool.Days[i].Deposits;
            Put($"<rect class=\"pool\" x=\"{X(i)}\" y=\"{below}\" width=\"{Step - 2}\" height=\"{deposits * Lower / MostDeposits}\"><title>{days[i]}: {deposits} deposits</title></rect>\n");
            if (pool.Peaks.Any(peak => peak.Day == days[i])) Put($"<text x=\"{X(i) - 10}\" y=\"{below + deposits * Lower / MostDeposits + 14}\">{days[i][5..]}</text>\n");
            if (days[i].EndsWith("-01", StringComparison.Ordinal) || days[i].EndsWith("-15", StringComparison.Ordinal)) Put($"<text x=\"{X(i) - 4}\" y=\"{middle + 17}\">{days[i][5..]}</text>\n");
        }

        html.Write("</svg>\n");

        void Level(int y, string label) => Put($"<path class=\"line\" d=\"M{Left} {y}H{width}\"/><text x=\"{Left - 6}\" y=\"{y + 4}\" text-anchor=\"end\">{label}</text>\n");
    }

    private static int X(int day) => Left + Step * day;

    private void Put(FormattableString text) => html.Write(text.ToString(CultureInfo.InvariantCulture));
}
