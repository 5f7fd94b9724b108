using System.Globalization;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Demo;

/// <summary>The Ronin story for a terminal. Each line says whether it is in the rows or was published.</summary>
internal sealed class RoninText(CaseDocument document, RoninFigures figures, IReadOnlyList<RoninRules> rules, TextWriter output)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    internal void Write()
    {
        Head();
        Theft();
        Books();
        March();
        Spring();
        Listings();
        Pool();
        foreach (var reading in rules.Reverse()) Rules(reading);
    }

    private void Head()
    {
        output.WriteLine($"{document.Head.Title}: told from {figures.Sums.Rows.Count} rows of the chain and from what was published.");
        output.WriteLine("[rows]: in the rows, to be recomputed. [published]: somebody printed it; who stands in the case.");
    }

    private void Theft()
    {
        output.WriteLine();
        output.WriteLine("The theft, 23 March 2022");
        foreach (var row in figures.FromExchange) Line(row.Time, $"{Eth(row.Amount)} come from Binance 20 to 0x098B…2f96: the only exchange in the rows, on the way in", "rows");
        for (var i = 0; i < figures.Calls.Count; i++)
        {
            var stated = figures.Part.Stated[i];
            Line(figures.Calls[i].Time, "it calls the Ronin bridge, with no value", "rows");
            Line("", $"and receives {Stated(stated)} in that call, {stated.TxId[..8]}…", stated.Status);
        }

        output.WriteLine("   No table of ordinary transactions holds these two receipts; they are stated, with their source:");
        output.WriteLine($"   {Fact("taken").Source}.");
        Line(figures.ToHelpers[0].Time, $"{Eth(RowSums.Sum(figures.ToHelpers))} go to two helper wallets; {figures.UsdCoinCalls.Count} calls to the USDC contract follow", "rows");
        Line(figures.Back[^1].Time, $"by now {Eth(RowSums.Sum(figures.Back))} came back from the helpers, in {figures.Back.Count} transfers", "rows");
        Line("", $"the stolen USDC turned into ETH ({Fact("the USDC on its way").Source})", "published");
    }

    private void Books()
    {
        output.WriteLine();
        output.WriteLine("The books of 0x098B…2f96 close, before gas");
        Sum("stated receipt", figures.StatedEther, "published");
        Sum("from the swap helpers", RowSums.Sum(figures.Back), "rows");
        Sum("from Binance 20", RowSums.Sum(figures.FromExchange), "rows");
        Sum("strangers' dust", figures.ThiefDust, "rows");
        Sum("in, all together", figures.ThiefIn, "");
        Sum("out, in these rows", figures.ThiefOut, "rows");
        Sum("left", figures.ThiefIn - figures.ThiefOut, "");
        output.WriteLine($"   Without the stated receipt the balance would fall below zero: strong support for it. {figures.Strangers.Count} of the {figures.Sums.Rows.Count} rows are dust");
        output.WriteLine($"   and messages of {figures.Strangers.Select(row => row.From).Distinct().Count()} strangers, {Eth(RowSums.Sum(figures.Strangers))} in all: counted, and kept out of the picture.");
    }

    private void March()
    {
        output.WriteLine();
        output.WriteLine("28 and 29 March: the theft is announced on the 29th");
        foreach (var wallet in figures.March.GroupBy(row => row.To))
            Line(wallet.First().Time[..10], $"{Eth(RowSums.Sum(wallet))} to {Short(wallet.Key)}{Label(wallet.Key)}", "rows");
        output.WriteLine($"   {Eth(RowSums.Sum(figures.March))} to {figures.March.Select(row => row.To).Distinct().Count()} wallets, none of them an exchange in any set of labels at hand: an open end. Reports name");
        output.WriteLine($"   exchanges behind them: {Fact("behind the five wallets of March").Value} [published].");
    }

    private void Spring()
    {
        var (common, times) = figures.Commonest;
        output.WriteLine();
        output.WriteLine("4 April to 19 May");
        Line("", $"{Eth(RowSums.Sum(figures.Sums.Within))} move from 0x098B to the seven other listed addresses, in {figures.Sums.Within.Count()} transfers", "rows");
        Line("", $"{Eth(RowSums.Sum(figures.Spring))} leave the eight in {figures.Spring.Count} transfers to {figures.SpringWallets} wallets, on {figures.SpringDays} of {SpringSpan} days,", "rows");
        Line("", $"{times} times exactly {Eth(common)}; {Eth(figures.Stayed)} stay on the eight, before gas", "rows");
    }

    private void Listings()
    {
        output.WriteLine();
        output.WriteLine("After they were put on the list of sanctions");
        foreach (var listing in figures.Part.Listings)
        {
            var (transfers, amount) = figures.AfterListing(listing);
            Line(listing.Day, $"{Amounts.Count(listing.Addresses.Count, "address", "addresses")} listed [{listing.Status}]; {(listing.Addresses.Count == 1 ? "it" : "they")} still sent {Eth(amount)} to outside in {Amounts.Count(transfers, "transfer", "transfers")}", "rows");
        }

        var (all, sum) = figures.AfterDay(figures.Part.Listings[0].Day);
        Line("", $"from the whole set after {figures.Part.Listings[0].Day}: {Eth(sum)} in {all} transfers", "rows");
    }

    private void Pool()
    {
        if (figures.Part.Pool is not { } pool) return;
        output.WriteLine();
        output.WriteLine($"{pool.Title}, beside it: timing evidence, not proof");
        output.WriteLine("   " + string.Join(", ", pool.Periods.Select(period => $"{PoolFigures.PerDay(pool, period)} deposits a day {period.Title}")) + ". Deposits carry no depositor.");
        var day = pool.Assignments[^1];
        output.WriteLine($"   Of the {Amounts.Count(PoolFigures.Hundreds(figures))} whole hundreds that left, {Amounts.Count(day.Assigned)} can be given one later deposit each within {day.Hours} hours; with the transfers moved");
        output.WriteLine($"   by whole days at most {Amounts.Count(day.ControlMost)}, in the median {Amounts.Count(day.ControlMedian)}.");
        foreach (var peak in pool.Peaks) output.WriteLine($"   {peak.Day}, {PoolFigures.On(pool, peak.Day)} deposits: {peak.Explanation}.");
    }

    private void Rules(RoninRules reading)
    {
        output.WriteLine();
        output.WriteLine($"Under any rule, {char.ToLowerInvariant(reading.Theft.Title[0])}{reading.Theft.Title[1..]}: {Eth(reading.Seed)}");
        output.WriteLine($"{"at least",32}{"at most, ETH",32}");
        foreach (var group in reading.Groups.Where(group => !group.Id.StartsWith('R')).Prepend(reading.Jointly))
            output.WriteLine($"{AssetAmounts.Exact(group.Least, 18),32}{AssetAmounts.Exact(group.Most, 18),32}  {group.Title}");
        output.WriteLine($"   {reading.Jointly.Title}, rule by rule:");
        foreach (var same in reading.Jointly.ByPolicy.GroupBy(one => one.Amount))
            output.WriteLine($"{AssetAmounts.Exact(same.Key, 18),32}  {string.Join(", ", same.Select(one => PolicyNames.NameOf(one.Policy)))}");
    }

    internal int SpringSpan => RowSums.Day(figures.Spring[^1]).DayNumber - RowSums.Day(figures.Spring[0]).DayNumber + 1;

    private void Line(string when, string what, string status)
    {
        var time = when.Length > 10 ? when[11..19] : when;
        output.WriteLine($"   {time,-10}  {what}{(status.Length > 0 ? $"   [{status}]" : "")}");
    }

    private void Sum(string what, UInt256 amount, string status) =>
        output.WriteLine($"   {what,-24}{AssetAmounts.Exact(amount, 18).PadLeft(32 - Fraction(amount))}{new string(' ', Fraction(amount))}{(status.Length > 0 ? $"   [{status}]" : "")}".TrimEnd());

    // Lines up the decimal points: digits behind them differ in number.
    private static int Fraction(UInt256 amount)
    {
        var text = AssetAmounts.Exact(amount, 18);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return 20 - (point < 0 ? 0 : text.Length - point);
    }

    private CaseFact Fact(string name) => document.Facts.First(fact => fact.Name == name);

    private string Label(string address) =>
        document.Tags.FirstOrDefault(tag => tag.Subject == address) is { } tag ? $", {tag.Label}" : ", no label";

    internal static string Eth(UInt256 amount) => AssetAmounts.Exact(amount, 18) + " ETH";

    internal static string Stated(StatedReceipt stated) =>
        stated.Asset.EndsWith(RoninFigures.UsdCoin, StringComparison.Ordinal) ? AssetAmounts.Exact(stated.Amount, 6) + " USDC" : Eth(stated.Amount);

    internal static string Short(string address)
    {
        var text = AccountAddress.Parse(address).ToEip55();
        return string.Create(Plain, $"{text[..6]}…{text[^4..]}");
    }
}
