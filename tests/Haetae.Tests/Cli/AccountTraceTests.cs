using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Demo;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Cli;

/// <summary>Traces on account ledgers as the command line asks for them, on the rows of the built-in case.</summary>
public sealed class AccountTraceTests
{
    private static readonly RowsLedger Rows = RowsLedger.Of(RoninCase.Read().Accounts, "eip155:1");
    private static readonly string[] Eight = [.. RoninCase.Read().Accounts.Followed];

    private static AccountTraceRequest Asked => new(["0xc28fad5e8d5e0ce6a2eaf67b6687be5d58113e16be590824d6cfa1a94467d0b7"], ["all"]) { Within = Eight, Bounds = 20 };

    [Fact]
    public void The_JSON_is_what_its_schema_says()
    {
        var report = Asked.Run(Rows.Table, CancellationToken.None);
        using var stream = new MemoryStream();
        var digest = AccountReportJson.Write(report, stream);
        var document = JsonNode.Parse(stream.ToArray())!.AsObject();
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Haetae.slnx"))) folder = folder.Parent!;
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "docs", "formats", "haetae.trace.1.accounts.schema.json")))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(document, schema));
        Assert.Equal(digest, CanonicalJson.Digest(document));
        document["results"]![0]!["books"]![0]!["held"] = 7;
        Assert.NotEmpty(SchemaCheck.Errors(document, schema));
    }

    [Fact]
    public void Every_file_is_the_same_bytes_each_time()
    {
        static string Of(Action<AccountReport, TextWriter> write)
        {
            using var text = new StringWriter();
            write(Asked.Run(Rows.Table, CancellationToken.None), text);
            return text.ToString();
        }

        foreach (var write in new Action<AccountReport, TextWriter>[] { AccountReportCsv.Write, AccountReportPage.Write, (report, text) => AccountReportText.Write(report, text) })
            Assert.Equal(Of(write), Of(write));
    }

    // The stated receipt is what 0x098B got in that second: 173,600 ether, the seed of the sheet's scenario A.
    [Fact]
    public void A_stretch_of_time_picks_the_transfers_that_pay_an_address()
    {
        var second = (Asked with { From = [RoninFigures.Thief], Since = "2022-03-23T13:29:09Z", Until = "2022-03-23T13:29:09Z" }).Run(Rows.Table, CancellationToken.None);
        Assert.Equal("173600000000000000000000", Assert.Single(second.Seeds).Stolen.ToString());
        var report = Asked.Run(Rows.Table, CancellationToken.None);
        Assert.Equal(second.Seeds, report.Seeds);
        var fifo = report.Results.Single(result => result.Policy == "fifo");
        Assert.Equal(UInt256.Parse("173600000000000000000000"), fifo.Books[0].Book.Held + fifo.Books[0].Book.Parked);
        Assert.NotEmpty(report.Bounds);
        Assert.All(report.Bounds, bound => Assert.All(bound.Figures.Where(figure => figure.Policy != "poison"), figure => Assert.True(figure.Amount >= bound.Least && figure.Amount <= bound.Most, $"{bound.Address} {figure.Policy}")));
    }

    // Without them nobody could ask the same again: the seeds would be other ones.
    [Fact]
    public void The_stretch_of_time_and_the_asset_asked_for_stand_in_the_answer()
    {
        var report = (Asked with { From = [RoninFigures.Thief], Since = "2022-03-23T13:29:09Z", Until = "2022-03-23T13:29:09Z", Asset = "eth", Bounds = 0 }).Run(Rows.Table, CancellationToken.None);
        using var stream = new MemoryStream();
        AccountReportJson.Write(report, stream);
        var asked = JsonNode.Parse(stream.ToArray())!["parameters"]!;
        Assert.Equal(("2022-03-23T13:29:09Z", "eth"), ((string?)asked["since"], (string?)asked["asset"]));
    }

    [Fact]
    public void A_beginning_goes_with_an_address_only()
    {
        var wrong = Assert.Throws<UsageException>(() => (Asked with { Since = "2022-03-23" }).Run(Rows.Table, CancellationToken.None));
        Assert.Contains("--since goes with --from ADDRESS", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_transfer_can_be_stolen_and_more_than_it_cannot()
    {
        var report = (Asked with { Amount = "1000" }).Run(Rows.Table, CancellationToken.None);
        Assert.Equal((UInt256)1000UL, Assert.Single(report.Seeds).Stolen);
        Assert.Contains("more than the transfers named hold", Assert.Throws<UsageException>(() => (Asked with { Amount = "173600000000000000000001" }).Run(Rows.Table, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "neither TXID, TXID:N nor an address")]
    [InlineData("0x0000000000000000000000000000000000000001", "never met that account")]
    [InlineData("0x00000000000000000000000000000000000000000000000000000000000000aa", "not in the ledger")]
    public void What_is_not_there_is_named(string from, string said)
    {
        var wrong = Assert.ThrowsAny<Exception>(() => (Asked with { From = [from] }).Run(Rows.Table, CancellationToken.None));
        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_by_tag_parks_what_arrives_and_can_be_followed_through()
    {
        var five = RoninCase.Read().Accounts.Groups.Single(group => group.Id == "G2b").Payees[0];
        var names = new AccountNames(Rows.Table);
        names.Add(AccountAddress.Parse(five), new Entity("An Exchange", null, 50, "a test") { Category = "exchange", IsService = true });
        var asked = Asked with { Within = [], Names = names, Policies = ["fifo"] };
        Assert.Contains(asked.Run(Rows.Table, CancellationToken.None).Results[0].Ends, end => end.Reason == "service" && end.Entity?.Name == "An Exchange");
        var through = (asked with { Through = ["An Exchange"] }).Run(Rows.Table, CancellationToken.None);
        Assert.DoesNotContain(through.Results[0].Ends, end => end.Reason == "service");
        Assert.Contains(AccountAnswer.Warnings(through), warning => warning.Contains("An Exchange", StringComparison.Ordinal));
    }
}
