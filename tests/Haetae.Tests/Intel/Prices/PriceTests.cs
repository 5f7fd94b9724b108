using System.Numerics;
using Haetae.Cli.Commands;
using Haetae.Intel.Prices;
using Haetae.Ledger;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Tracing.Support;

namespace Haetae.Tests.Intel.Prices;

public sealed class PriceTests : IDisposable
{
    private const string Ether = "eip155:1/slip44:60";
    private readonly TagFolder _folder = new();

    [Theory]
    [InlineData("2977.34", "297734", 2, "2977.34")]
    [InlineData("0.50", "50", 2, "0.50")]
    [InlineData("3", "3", 0, "3")]
    [InlineData("1.5e-7", "15", 8, "0.00000015")]
    [InlineData("2.5E3", "2500", 0, "2500")]
    public void A_price_is_kept_as_it_was_written(string text, string mantissa, int scale, string told)
    {
        Assert.True(Price.TryParse(text, out var read, out var places));
        Assert.Equal((BigInteger.Parse(mantissa, System.Globalization.CultureInfo.InvariantCulture), scale), (read, places));
        Assert.Equal(told, new Price(0, true, read, places, "x").Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1,000.5")]
    [InlineData("1e999999999")]
    [InlineData("1.2.3")]
    [InlineData("NaN")]
    public void What_is_no_price_is_refused(string text) => Assert.False(Price.TryParse(text, out _, out _));

    [Fact]
    public async Task The_last_price_at_or_before_counts_and_is_named()
    {
        await Import("date,usd\n2022-03-22,2960.10\n2022-03-23,2977.34\n2022-03-29,3401.00\n", "day=date,price=usd");
        var series = PriceSeries.Load(_folder.Store, Ether, "usd");
        var value = series.ValueOf(UInt256.Parse("173600000000000000000000"), 18, Time("2022-03-23T13:29:09Z"));
        Assert.Equal(("516866224.00", "USD", "2977.34", "2022-03-23", "table of ours"), (value.Amount, value.Currency, value.Price!.Text, value.Price.When, value.Price.Source));
        Assert.Equal("2960.10", series.ValueOf(UInt256.Parse("1000000000000000000"), 18, Time("2022-03-22T23:59:59Z")).Amount);
        Assert.Equal("2977.34", series.ValueOf(UInt256.Parse("1000000000000000000"), 18, Time("2022-03-25T00:00:00Z")).Amount);
    }

    [Fact]
    public async Task Without_a_price_that_is_near_enough_there_is_no_value_but_a_reason()
    {
        await Import("date,usd\n2022-03-22,2960.10\n", "day=date,price=usd");
        var series = PriceSeries.Load(_folder.Store, Ether, "USD");
        Assert.Contains("known so early", series.ValueOf(1UL, 18, Time("2022-03-21T00:00:00Z")).Reason, StringComparison.Ordinal);
        Assert.Contains("more than 172800 seconds back", series.ValueOf(1UL, 18, Time("2022-03-24T00:00:01Z")).Reason, StringComparison.Ordinal);
        Assert.Contains("decimal places", series.ValueOf(1UL, null, Time("2022-03-22T00:00:01Z")).Reason, StringComparison.Ordinal);
        var none = PriceSeries.Load(_folder.Store, Ether, "EUR").ValueOf(1UL, 18, Time("2022-03-22T00:00:01Z"));
        Assert.Equal((null, "no price of eip155:1/slip44:60 in EUR was imported"), (none.Amount, none.Reason));
    }

    [Theory]
    [InlineData(1, "0.00")]  // half a cent, to the even 0
    [InlineData(3, "0.02")]  // a cent and a half, to the even 2
    [InlineData(5, "0.02")]  // two and a half, to the even 2
    [InlineData(6, "0.03")]
    public async Task Halves_go_to_the_even_cent(int amount, string value)
    {
        await Import("date,usd\n2022-03-22,0.005\n", "day=date,price=usd");
        Assert.Equal(value, PriceSeries.Load(_folder.Store, Ether, "USD").ValueOf((ulong)amount, 0, Time("2022-03-22T00:00:01Z")).Amount);
    }

    [Fact]
    public async Task Values_equal_those_counted_in_whole_fractions()
    {
        var dice = new Dice(9);
        await Import("t,p\n1000,0.00012345\n2000,31415.926\n", "time=t,price=p");
        var series = PriceSeries.Load(_folder.Store, Ether, "USD");
        for (var run = 0; run < 300; run++)
        {
            var amount = (BigInteger)dice.Below(long.MaxValue) * dice.Below(1_000_000);
            var early = dice.OneIn(2);
            var value = series.ValueOf((UInt256)amount, 18, early ? 1_999 : 2_000).Amount!;
            // |value − exact| ≤ half a cent, in units of 10^-26 / 10^-21.
            BigInteger scale = BigInteger.Pow(10, 18 + (early ? 8 : 3)), exact = amount * (early ? 12_345 : 31_415_926) * 100, told = BigInteger.Parse(value.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) * scale;
            Assert.True(2 * BigInteger.Abs(told - exact) <= scale, $"run {run}");
        }
    }

    [Fact]
    public async Task The_same_table_twice_adds_nothing_and_a_later_word_of_a_source_counts()
    {
        var table = _folder.Write("prices.csv", "date,usd\n2022-03-22,2960.10\n2022-03-23,2977.34\n");
        Assert.Equal(2, (await Command(table)).GetProperty("stored").GetInt32());
        Assert.Equal(0, (await Command(table)).GetProperty("stored").GetInt32());
        await Command(_folder.Write("mended.csv", "date,usd\n2022-03-22,2961\n"));
        Assert.Equal("2961", PriceSeries.Load(_folder.Store, Ether, "USD").At(Time("2022-03-22T12:00:00Z"), 86_400, out _)!.Text);
        await Command(table, "another");
        Assert.Equal("another", PriceSeries.Load(_folder.Store, Ether, "USD").At(Time("2022-03-22T12:00:00Z"), 86_400, out _)!.Source);
        Assert.Equal("2961", PriceSeries.Load(_folder.Store, Ether, "USD", "table of ours").At(Time("2022-03-22T12:00:00Z"), 86_400, out _)!.Text);
    }

    [Theory]
    [InlineData("date,usd\n2022-03-22,1\n2022-3-23,2\n", "line 3: '2022-3-23' is no day")]
    [InlineData("date,usd\n2022-03-22,1\n2022-03-22,2\n", "line 3: another price")]
    [InlineData("date,usd\n2022-03-22,$5\n", "line 2: '$5' is no price")]
    [InlineData("day,usd\n2022-03-22,5\n", "there is no column 'date'")]
    public async Task A_row_that_cannot_be_read_is_named_and_nothing_is_stored(string table, string words)
    {
        var (exit, _, errors) = await _folder.Run("prices", "import", _folder.Write("wrong.csv", table), "--source", "x", "--map", "day=date,price=usd", "--asset", "eth", "--currency", "USD");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Equal(0, PriceSeries.Load(_folder.Store, Ether, "USD").Count);
    }

    [Fact]
    public async Task The_command_shows_a_value_with_its_price_and_source()
    {
        await Import("date,usd\n2022-03-23,2977.34\n", "day=date,price=usd");
        var (_, output, _) = await _folder.Run("prices", "show", "eth", "--at", "2022-03-23T13:29:09Z", "--currency", "usd", "--amount", "500000000000000000");
        Assert.Equal("1488.67 USD, at 2977.34 of 2022-03-23 (table of ours)", output.TrimEnd());
        Assert.Equal(ExitCode.NotFound, (await _folder.Run("prices", "show", "eth", "--at", "2022-04-23T13:29:09Z", "--currency", "usd")).Exit);
    }

    public void Dispose() => _folder.Dispose();

    private async Task Import(string table, string map)
    {
        var (exit, _, errors) = await _folder.Run("prices", "import", _folder.Write("table.csv", table), "--source", "table of ours", "--map", map, "--asset", "eth", "--currency", "USD");
        Assert.True(exit == ExitCode.Done, errors);
    }

    private async Task<System.Text.Json.JsonElement> Command(string file, string source = "table of ours")
    {
        var (exit, output, errors) = await _folder.Run("prices", "import", file, "--source", source, "--map", "day=date,price=usd", "--asset", "eth", "--currency", "USD", "--json");
        Assert.True(exit == ExitCode.Done, errors);
        return System.Text.Json.JsonDocument.Parse(output).RootElement;
    }

    private static long Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
