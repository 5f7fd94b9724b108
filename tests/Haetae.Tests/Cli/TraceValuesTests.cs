using System.Numerics;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Demo;
using Haetae.Intel.Cases.Accounts;
using Haetae.Intel.Prices;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Accounts.Reports;

namespace Haetae.Tests.Cli;

/// <summary>Values at the time of transfers in traces, and noise in look-ups, as the command line gives them.</summary>
public sealed class TraceValuesTests : IDisposable
{
    private const string Friend = "0xa7B4BAC8f0f9692e56750aEFB5f6cB5516E90570";
    private const string Fake = "0xa7Bf48749D2E4aA29e3209879956b9bAa9E90570";
    private const string Victim = "0x1111111111111111111111111111111111111111", Hoard = "0x2222222222222222222222222222222222222222", Stranger = "0x3333333333333333333333333333333333333333";
    private static readonly RowsLedger Rows = RowsLedger.Of(RoninCase.Read().Accounts, "eip155:1");
    private readonly TagFolder _folder = new();

    [Fact]
    public async Task Seeds_ends_and_books_have_the_value_of_their_time_with_source_and_time_of_the_price()
    {
        await Import("date,usd\n2022-03-23,2977.34\n2022-03-28,3333.335\n");
        var report = Ronin("USD");
        var seed = Assert.Single(report.Seeds);
        Assert.Equal(("516866224", "516866224.00", "2022-03-23", "table of ours"), (seed.Worth!.Exact, seed.Worth.Cents, seed.Worth.At, seed.Worth.Source));
        Assert.Equal("516866224", Assert.Single(report.Results[0].Books).Worth!.Exact);
        foreach (var end in report.Results[0].Ends)
        {
            // By hand: the last of the two prices at or before the first transfer, if it lies back no more than two days.
            long day = Day("2022-03-28"), price = end.First.Time >= day ? 3_333_335 : 2_977_340, from = end.First.Time >= day ? day : Day("2022-03-23");
            if (end.First.Time - from > PriceSeries.UsualAge) Assert.Contains("more than 172800 seconds back", end.Worth!.Reason, StringComparison.Ordinal);
            else Assert.Equal((BigInteger)end.Tainted * price, end.Worth!.Mantissa!.Value * BigInteger.Pow(10, 21 - end.Worth.Scale));
        }

        Assert.Contains(report.Results[0].Ends, end => end.Worth!.Exact is not null);
        Assert.Contains(report.Results[0].Ends, end => end.Worth!.Exact is null);
        Assert.Empty(SchemaErrors(report));
        using var text = new StringWriter();
        AccountReportText.Write(report, text, 400);
        Assert.Contains("516,866,224.00 USD by table of ours, price of 2022-03-23", text.ToString(), StringComparison.Ordinal);
        using var page = new StringWriter();
        AccountReportPage.Write(report, page);
        Assert.Contains("516,866,224.00 USD", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_table_every_value_is_null_with_the_reason()
    {
        var report = Ronin("USD");
        Assert.All(report.Results[0].Ends.Select(end => end.Worth).Concat(report.Seeds.Select(seed => seed.Worth)), worth => Assert.Equal("no price of eip155:1/slip44:60 in USD was imported", worth!.Reason));
        var json = Json(report);
        Assert.True(json["seeds"]![0]!.AsObject().ContainsKey("value"));
        Assert.Null(json["seeds"]![0]!["value"]);
        Assert.Contains("not every stolen transfer has a value", json["results"]![0]!["books"]![0]!["valueReason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(SchemaErrors(report));
        Assert.Contains(AccountAnswer.Warnings(report), warning => warning.Contains("no value", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_no_values_were_asked_for_there_are_none_and_nothing_is_said_of_them()
    {
        var report = Ronin(null);
        Assert.False(Json(report)["seeds"]![0]!.AsObject().ContainsKey("value"));
        Assert.DoesNotContain(AccountAnswer.Warnings(report), warning => warning.Contains("Values", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sum_of_worths_is_exact_and_rounded_only_in_the_end()
    {
        Worth Cent(long thousandths, string at) => new("USD", thousandths, 3, "a", at, null);
        var sum = Worth.Sum("USD", [Cent(4, "2022-03-24"), Cent(4, "2022-03-23"), Cent(7, "2022-03-23")]);
        Assert.Equal(("0.015", "0.02", "2022-03-23/2022-03-24"), (sum.Exact, sum.Cents, sum.At));
        Assert.Equal("0.02", Cent(25, "x").Cents);
        Assert.Equal("0.04", Cent(35, "x").Cents);
        Assert.Null(Worth.Sum("USD", [Cent(4, "x"), Worth.None("USD", "because")]).Exact);
    }

    [Fact]
    public async Task The_commands_say_values_and_leave_noise_out_of_an_address_unless_all_is_asked_for()
    {
        await Import("date,usd\n2022-03-23,3000\n");
        var rows = _folder.Write("rows.csv", $"""
            time,from,to,amount
            2022-03-23T10:00:00Z,{Victim},{Friend},1
            2022-03-23T10:01:00Z,{Stranger},{Victim},0.0001
            2022-03-23T10:02:00Z,{Fake},{Victim},0.00001
            2022-03-23T10:03:00Z,{Victim},{Fake},5
            2022-03-23T10:04:00Z,{Fake},{Hoard},5

            """);
        var ledger = Path.Combine(_folder.Folder, "ledger");
        var (exit, _, errors) = await _folder.Run("ingest", "csv", rows, "--ledger", ledger, "--chain", "eth", "--map", "time=time,from=from,to=to,amount=amount", "--decimals", "18");
        Assert.True(exit == ExitCode.Done, errors);

        var trace = await _folder.Run("trace", "--ledger", ledger, "--from", Fake, "--since", "2022-03-23T10:03:00Z", "--policy", "fifo", "--values", "usd");
        Assert.True(trace.Exit == ExitCode.Done, trace.Errors);
        Assert.Contains("15,000.00 USD by table of ours", trace.Output, StringComparison.Ordinal);
        Assert.Contains("? Suspected pay-off (a stolen transfer)", trace.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongUse, (await _folder.Run("trace", "--ledger", ledger, "--from", Fake, "--values", "$")).Exit);

        var few = await _folder.Run("address", Victim, "--ledger", ledger);
        Assert.DoesNotContain("0.0001 ETH", few.Output, StringComparison.Ordinal);
        Assert.Contains("2 transfers of strangers and imitators not listed: --all lists them", few.Output, StringComparison.Ordinal);
        Assert.Contains("? Suspected pay-off", few.Output, StringComparison.Ordinal);
        var all = await _folder.Run("address", Victim, "--ledger", ledger, "--all");
        Assert.Contains("0.0001 ETH", all.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await _folder.Run("address", Victim, "--ledger", ledger, "--json")).Output)!;
        Assert.Equal(4, json["transfers"]!.AsArray().Count);
        Assert.Equal((1, 1), (json["noise"]!["dust-bait"]!.GetValue<int>(), json["noise"]!["stranger-dust"]!.GetValue<int>()));
        Assert.Equal(2, json["transfers"]!.AsArray().Count(transfer => transfer!["noise"] is not null));
        Assert.Equal(Friend, json["payOffs"]![0]!["meant"]!.GetValue<string>());
    }

    public void Dispose() => _folder.Dispose();

    private AccountReport Ronin(string? currency) => new AccountTraceRequest(["0xc28fad5e8d5e0ce6a2eaf67b6687be5d58113e16be590824d6cfa1a94467d0b7"], ["fifo"])
    {
        Within = [.. RoninCase.Read().Accounts.Followed],
        Prices = currency is null ? null : new StoredPrices(_folder.Store, currency),
    }.Run(Rows.Table, CancellationToken.None);

    private static JsonNode Json(AccountReport report)
    {
        using var stream = new MemoryStream();
        AccountReportJson.Write(report, stream);
        return JsonNode.Parse(stream.ToArray())!;
    }

    private static List<string> SchemaErrors(AccountReport report)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Haetae.slnx"))) folder = folder.Parent!;
        return SchemaCheck.Errors(Json(report), JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "docs", "formats", "haetae.trace.1.accounts.schema.json")))!.AsObject());
    }

    private async Task Import(string table)
    {
        var (exit, _, errors) = await _folder.Run("prices", "import", _folder.Write("table.csv", table), "--source", "table of ours", "--map", "day=date,price=usd", "--asset", "eth", "--currency", "USD");
        Assert.True(exit == ExitCode.Done, errors);
    }

    private static long Day(string text) => DateTimeOffset.Parse(text + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
