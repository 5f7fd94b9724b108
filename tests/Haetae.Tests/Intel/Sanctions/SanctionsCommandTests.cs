using Haetae.Cli.Commands;
using Haetae.Intel.Sanctions;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Sanctions;

/// <summary><c>haetae tags show A --as-of DATE</c> from files to answers.</summary>
public sealed class SanctionsCommandTests : IDisposable
{
    private const string Ronin = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";
    private const string Tornado = "0x610B717796ad172B316836AC95a2ffad065CeaB4";
    private const string Notice = "date,change,address,source\n2022-04-14,added," + Ronin + ",https://ofac.treasury.gov/recent-actions/20220414\n";

    private const string Changes =
        $"""
        mirror,date,change,asset,address,commit
        0xB10C,2022-09-01,added,ETH,{Ronin},aa
        brave,2022-09-03,added,ETH,{Ronin},aa
        brave,2022-11-10,added,ETH,{Tornado},bb
        brave,2022-11-31,added,ETH,{Tornado},bb
        brave,2023-01-01,added,XBT,12VRYqUh{"\u200b"}2g3TqwW5ZXbZ2xbNnq4tkhQcqU,bb
        brave,2023-01-01,swapped,ETH,{Tornado},bb
        brave,2023-01-01
        brave,2025-03-21,removed,ETH,{Tornado},cc
        brave,2025-11-19,added,USDT,0xb6f5ec1a0a9cd1526536d3f0426c429529471f40,dd

        """;

    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Importing_again_adds_nothing_and_bad_rows_are_named()
    {
        var file = _home.Write("ofac_address_changes.csv", Changes);
        var report = _home.Import(file);
        Assert.Equal((5L, 0L, 3L, 1L, 0), (report.SanctionsStored, report.SanctionsDuplicate, report.SanctionsRejected, report.Normalised, report.BrokenFiles));
        Assert.Equal([5L, 7L, 8L], report.Problems.Select(problem => problem.Line));
        Assert.Contains(report.Notes, note => note.Line == 6 && note.Reason.Contains("<U+200B>", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Reason.Contains("1 rows of the mirror '0xB10C'", StringComparison.Ordinal));
        var again = _home.Import(file);
        Assert.Equal((0L, 5L, 3L), (again.SanctionsStored, again.SanctionsDuplicate, again.SanctionsRejected));
    }

    [Fact]
    public void A_table_with_another_head_and_an_endless_line_are_refused()
    {
        Assert.Equal(1, _home.Import(_home.Write("other.csv", "a,b\n1,2\n")).BrokenFiles);
        var report = _home.Import(_home.Write("long.csv", "date,change,address,source\n" + new string('x', 100_000) + "\n2022-04-14,added,0xaa,so\0\n2022-04-14,added," + Ronin + ",s\n"));
        Assert.Equal((1L, 2L), (report.SanctionsStored, report.SanctionsRejected));
    }

    [Fact]
    public async Task An_answer_names_its_interval_and_a_notice_narrows_it()
    {
        await _home.Run("tags", "import", _home.Write("c.csv", Changes));
        await Is("unknown", Ronin, "2022-04-01");
        Assert.Contains("unknown before 2022-09-03", (await _home.Run("tags", "show", Ronin, "--as-of", "2022-04-01")).Output, StringComparison.Ordinal);
        await _home.Run("tags", "import", _home.Write("n.csv", Notice));
        await Is("notSanctioned", Ronin.ToLowerInvariant(), "2022-04-01");
        await Is("sanctioned", Ronin, "2022-04-14");
        await Is("sanctioned", Tornado, "2025-03-20");
        await Is("notSanctioned", Tornado, "2025-03-22");
        var text = (await _home.Run("tags", "show", Ronin, "--as-of", "2022-04-20")).Output;
        Assert.Contains("recent-actions/20220414 (notice)", text, StringComparison.Ordinal);
        Assert.Contains("every EVM chain", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-3-1")]
    [InlineData("yesterday")]
    public async Task A_day_that_is_none_is_wrong_use(string day)
    {
        var (exit, _, errors) = await _home.Run("tags", "show", Ronin, "--as-of", day);
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains("yyyy-MM-dd", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Ronin, "evm")]
    [InlineData("0x098B", null)]
    [InlineData("1Archive1n2C579dMsAu3iC6tWzuQJz8dN", "btc")]
    [InlineData("TMStbg5fgb4uTV7fK1gEYF9hKAzP3siPsG", "trx")]
    [InlineData("XnPFsRWTaSgiVauosEwQ6dEitGYXgwznz2", null)]
    public void The_address_tells_its_chain(string address, string? chain) => Assert.Equal(chain, AddressChain.Of(address));

    [SharedDataFact]
    public async Task The_ninety_removals_of_Tornado_Cash_are_dated()
    {
        var file = SharedData.Path_("incidents", "ofac", "ofac_address_changes.csv");
        var report = _home.Import(file);
        Assert.Equal((946L, 0L, 0L), (report.SanctionsStored, report.SanctionsDuplicate, report.SanctionsRejected));
        Assert.Equal(946, _home.Import(file).SanctionsDuplicate);
        var removed = File.ReadLines(file).Select(line => line.Split(',')).Where(row => row is ["brave", "2025-03-21", "removed", ..]).Select(row => row[4]).ToList();
        Assert.Equal(90, removed.Count);
        foreach (var address in removed)
        {
            await Is("sanctioned", address, "2025-03-20");
            await Is("notSanctioned", address, "2025-03-22");
        }

        await Is("unknown", Ronin, "2022-04-01");
        await _home.Run("tags", "import", _home.Write("n.csv", Notice));
        await Is("notSanctioned", Ronin, "2022-04-01");
    }

    private async Task Is(string expected, string address, string day) =>
        Assert.Equal(expected, (await _home.Json("tags", "show", address, "--as-of", day))["status"]!.GetValue<string>());
}
