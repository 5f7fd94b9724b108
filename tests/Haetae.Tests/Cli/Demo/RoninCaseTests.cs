using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Demo;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Cli.Demo;

/// <summary>The built-in case against the export it restates, and its figures against the sheet of facts.</summary>
public sealed class RoninCaseTests
{
    private static readonly RoninFigures Figures = new(RoninCase.Read().Accounts);

    [SharedDataFact]
    public void Every_row_of_the_export_stands_in_the_case_to_the_wei()
    {
        var path = SharedData.Path_("ethereum", "ronin-2022", "transactions.csv");
        var lines = File.ReadAllLines(path)[1..].Select((line, i) => (Cells: line.Split(','), Line: i)).Select(row => (
            Time: DateTimeOffset.Parse(row.Cells[0], CultureInfo.InvariantCulture), From: "0x" + row.Cells[1][2..], To: "0x" + row.Cells[2][2..], Wei: Wei(row.Cells[3]), row.Line));
        var expected = lines.OrderBy(row => row.Time).ThenBy(row => row.Line).Select(row => $"{row.Time:yyyy-MM-dd'T'HH:mm:ss'Z'} {row.From} {row.To} {row.Wei}");
        Assert.Equal(expected, Figures.Sums.Rows.Select(row => $"{row.Time} {row.From} {row.To} {row.Amount}"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), Figures.Part.Rows.Sha256);

        // Its own way: digits and exponent apart, in whole numbers.
        static BigInteger Wei(string text)
        {
            var exponent = 0;
            if (text.IndexOf('e', StringComparison.OrdinalIgnoreCase) is >= 0 and var at) (text, exponent) = (text[..at], int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture));
            var point = text.IndexOf('.', StringComparison.Ordinal);
            if (point >= 0) (text, exponent) = (text.Remove(point, 1), exponent - (text.Length - point - 1));
            var digits = BigInteger.Parse(text, CultureInfo.InvariantCulture);
            exponent += 18;
            if (exponent >= 0) return digits * BigInteger.Pow(10, exponent);
            var whole = BigInteger.DivRem(digits, BigInteger.Pow(10, -exponent), out var rest);
            Assert.True(rest.IsZero, text);
            return whole;
        }
    }

    [Theory]
    [InlineData("stated", "173600")]
    [InlineData("back", "8564.6801891307459")]
    [InlineData("exchange", "1.0569")]
    [InlineData("in", "182165.90308226759764805")]
    [InlineData("out", "182163.95603")]
    [InlineData("within", "144835.99835")]
    [InlineData("march", "6250")]
    [InlineData("april", "31075.95768")]
    [InlineData("spring", "175771.81508")]
    [InlineData("stayed", "142.0918757743843726")]
    [InlineData("strangers", "0.1698666436384726")]
    [InlineData("outward", "182023.81508")]
    public void The_sums_are_those_of_the_sheet(string sum, string ether) => Assert.Equal(Ether(ether), sum switch
    {
        "stated" => Figures.StatedEther,
        "back" => RowSums.Sum(Figures.Back),
        "exchange" => RowSums.Sum(Figures.FromExchange),
        "in" => Figures.ThiefIn,
        "out" => Figures.ThiefOut,
        "within" => RowSums.Sum(Figures.Sums.Within),
        "march" => RowSums.Sum(Figures.March),
        "april" => RowSums.Sum(Figures.Paid("G3")),
        "spring" => RowSums.Sum(Figures.Spring),
        "stayed" => Figures.Stayed,
        "strangers" => RowSums.Sum(Figures.Strangers),
        _ => RowSums.Sum(Figures.Sums.Outward),
    });

    [Fact]
    public void The_counts_are_those_of_the_sheet()
    {
        Assert.Equal((436, 355, 174, 7), (Figures.Sums.Rows.Count, Figures.Strangers.Count, Figures.Strangers.Select(row => row.From).Distinct().Count(), Figures.Sums.Within.Count()));
        Assert.Equal((2, 5, 5, 8), (Figures.Calls.Count, Figures.UsdCoinCalls.Count, Figures.Back.Count, Figures.March.Count));
        Assert.Equal((51, 47, 36), (Figures.Spring.Count, Figures.SpringWallets, Figures.SpringDays));
        Assert.Equal((Ether("3003.3"), 18), Figures.Commonest);
        Assert.Equal((1750, 1750), (Figures.SpringHundreds, PoolFigures.Hundreds(Figures)));
    }

    [Theory]
    [InlineData("2022-04-14", 1, "2915.24")]
    [InlineData("2022-04-22", 9, "48360.5684")]
    [InlineData("2022-05-06", 26, "81985.27")]
    public void What_moved_after_each_listing_is_that_of_the_sheet(string day, int transfers, string ether) =>
        Assert.Equal((transfers, Ether(ether)), Figures.AfterListing(Figures.Part.Listings.Single(listing => listing.Day == day)));

    [Fact]
    public void After_the_first_listing_39_transfers_left_the_whole_set() => Assert.Equal((39, Ether("147611.0974")), Figures.AfterDay("2022-04-14"));

    [Fact]
    public void With_the_stated_receipt_no_balance_of_the_eight_falls_below_zero_and_without_it_one_does()
    {
        Assert.Null(FirstBelowZero(withStated: true));
        Assert.Equal("2022-03-23T13:49:41Z", FirstBelowZero(withStated: false));

        static string? FirstBelowZero(bool withStated)
        {
            var balances = Figures.Part.Followed.ToDictionary(address => address, _ => BigInteger.Zero, StringComparer.Ordinal);
            for (var i = 0; i < Figures.Sums.Rows.Count; i++)
            {
                var row = Figures.Sums.Rows[i];
                if (balances.ContainsKey(row.To)) balances[row.To] += row.Amount;
                if (balances.ContainsKey(row.From) && (balances[row.From] -= row.Amount) < 0) return row.Time;
                foreach (var stated in Figures.Part.Stated)
                    if (withStated && stated.After == i && stated.Asset == Figures.Part.Rows.Asset) balances[stated.To] += stated.Amount;
            }

            return null;
        }
    }

    [Fact]
    public void The_case_in_the_program_is_the_one_in_the_repository_and_every_fact_has_its_source()
    {
        var (document, _) = RoninCase.Read();
        Assert.Equal(RoninCase.Bytes(), CaseJson.Write(document));
        Assert.All(document.Facts, fact => Assert.NotEqual("", fact.Source));
        // Dates of the data that are no listing dates of these addresses; the sheet forbids them.
        var text = System.Text.Encoding.UTF8.GetString(RoninCase.Bytes());
        Assert.DoesNotContain("2019-09-13", text, StringComparison.Ordinal);
        Assert.DoesNotContain("2022-09-03", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_case_is_what_its_schema_says_and_its_traces_give_the_digests_it_states()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Haetae.slnx"))) folder = folder.Parent!;
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "docs", "formats", "haetae.case.1.schema.json")))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(JsonNode.Parse(RoninCase.Bytes())!.AsObject(), schema));
        var (document, accounts) = RoninCase.Read();
        Assert.Equal(["A", "B"], accounts.Traces.Select(trace => trace.Theft));
        Assert.Empty(RowTraces.Check(document));
        var changed = document with { Accounts = accounts with { Thefts = [accounts.Thefts[0], accounts.Thefts[1] with { Seeds = accounts.Thefts[0].Seeds }] } };
        Assert.Contains("theft 'B'", Assert.Single(RowTraces.Check(changed)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_case_is_shown_under_the_name_of_its_chain()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, RoninCase.Bytes());
            using StringWriter output = new(), errors = new();
            Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync(["case", "show", file], output, errors));
            Assert.EndsWith("   Ethereum", output.ToString().Split('\n')[0].TrimEnd('\r'), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(0, "30.6", 1040)]
    [InlineData(1, "76.2", 3507)]
    [InlineData(2, "28.9", 693)]
    public void The_pool_took_so_many_deposits_a_day(int period, string perDay, int deposits)
    {
        var pool = Figures.Part.Pool!;
        Assert.Equal(perDay, PoolFigures.PerDay(pool, pool.Periods[period]));
        Assert.Equal(deposits, PoolFigures.Of(pool, pool.Periods[period]).Deposits);
    }

    internal static UInt256 Ether(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, part) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        return UInt256.Parse((whole + part.PadRight(18, '0')).TrimStart('0').PadLeft(1, '0'));
    }
}
