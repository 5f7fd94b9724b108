using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Cli;

/// <summary>Several thefts at once and the walk back, as a shell meets them.</summary>
public sealed class TheftCommandTests(PracticeLedger practice) : IClassFixture<PracticeLedger>
{
    [Fact]
    public async Task Several_thefts_are_told_apart_in_one_document()
    {
        var whole = await Json("trace", "--from", string.Join(',', practice.Seeds), "--policy", "fifo");
        var split = await Json("trace", "--theft", $"first={practice.Seeds[0]}", "--theft", $"rest={string.Join(',', practice.Seeds.Skip(1))}", "--policy", "fifo,haircut,poison");
        Assert.Empty(SchemaCheck.Errors(split, Schema("haetae.trace.1")));
        Assert.Empty(SchemaCheck.Errors(whole, Schema("haetae.trace.1")));
        Assert.DoesNotContain("theft", whole.ToJsonString(), StringComparison.Ordinal);

        var (one, result) = (whole["results"]![0]!, split["results"]![0]!);
        Assert.True(JsonNode.DeepEquals(one["books"], result["books"]));
        Assert.Equal(["first", "rest"], result["thefts"]!.AsArray().Select(theft => (string)theft!["name"]!));
        foreach (var book in new[] { "held", "fees", "parked", "stolen" })
            Assert.Equal(Amount(result["books"]!, book), result["thefts"]!.AsArray().Sum(theft => Amount(theft!["books"]!, book)));
        foreach (var end in result["ends"]!.AsArray())
            Assert.Equal(Amount(end!, "tainted"), end!["thefts"]!.AsArray().Sum(part => Amount(part!, "tainted")));
        foreach (var (end, plain) in result["ends"]!.AsArray().Zip(one["ends"]!.AsArray()))
        {
            end!.AsObject().Remove("thefts");
            Assert.True(JsonNode.DeepEquals(plain, end));
        }
    }

    [Fact]
    public async Task What_two_thefts_name_is_the_earliers_and_said_to_be()
    {
        var (exit, text, errors) = await Run("trace", "--theft", $"a={practice.Seeds[0]}", "--theft", $"b={practice.Seeds[0]},{practice.Seeds[1]}", "--policy", "fifo", "--ledger", practice.Folder);
        Assert.True(exit == ExitCode.Done, errors);
        Assert.Contains("a and b both claim", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        var json = await Json("trace", "--theft", $"a={practice.Seeds[0]}", "--theft", $"b={practice.Seeds[0]},{practice.Seeds[1]}", "--policy", "haircut", "--bounds", "off", "--sensitivity", "0");
        var collision = Assert.Single(json["results"]![0]!["collisions"]!.AsArray())!;
        Assert.Equal(("a", "b", practice.Seeds[0]), ((string)collision["earlier"]!, (string)collision["later"]!, $"{collision["txid"]}:{collision["vout"]}"));
        var later = json["results"]![0]!["thefts"]![1]!;
        Assert.Equal(Amount(later, "claimed"), Amount(later["books"]!, "seeds") + Amount(later, "collided"));
    }

    [Fact]
    public async Task Table_graph_and_page_name_the_thefts()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-thefts-").FullName;
        try
        {
            string File(string name) => Path.Combine(folder, name);
            var (exit, _, errors) = await Run(
                "trace", "--theft", $"first={practice.Seeds[0]}", "--theft", $"rest={practice.Seeds[1]}", "--ledger", practice.Folder,
                "--csv", File("t.csv"), "--graphml", File("t.graphml"), "--html", File("t.html"));
            Assert.True(exit == ExitCode.Done, errors);
            var rows = System.IO.File.ReadAllLines(File("t.csv"));
            Assert.EndsWith(",thefts", rows[0], StringComparison.Ordinal);
            Assert.Contains(rows, row => row.Contains(",first=", StringComparison.Ordinal));
            Assert.Contains("rest=", System.IO.File.ReadAllText(File("t.graphml")), StringComparison.Ordinal);
            var page = System.IO.File.ReadAllText(File("t.html"));
            Assert.Contains("Each theft, FIFO", page, StringComparison.Ordinal);
            Assert.Contains("theft: rest", page, StringComparison.Ordinal);
            Assert.Contains("--theft first=", page, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Back_from_an_end_the_sources_add_up_and_forward_from_one_comes_the_same_amount()
    {
        var ends = (await Json("trace", "--from", string.Join(',', practice.Seeds), "--policy", "fifo", "--stops", "none"))["results"]![0]!["ends"]!.AsArray();
        var end = ends.MaxBy(end => Amount(end!, "tainted"))!;
        var name = $"{end["txid"]}:{end["vout"]}";
        var back = await Json("trace", "--backward", "--from", name, "--stops", "none", "--policy", "fifo,lifo,haircut,poison");
        Assert.Empty(SchemaCheck.Errors(back, Schema("haetae.sources.1")));
        foreach (var result in back["results"]!.AsArray().Where(result => (bool)result!["conserves"]!))
            Assert.Equal(Amount(end, "value"), result!["sources"]!.AsArray().Sum(source => Amount(source!, "amount")));

        var largest = back["results"]![0]!["sources"]![0]!;
        Assert.Equal("coinbase", (string)largest["reason"]!);
        var forward = await Json("trace", "--from", $"{largest["txid"]}:{largest["vout"]}", "--policy", "fifo", "--stops", "none");
        var there = forward["results"]![0]!["ends"]!.AsArray().Single(one => (string)one!["txid"]! == (string)end["txid"]! && (int)one["vout"]! == (int)end["vout"]!)!;
        Assert.Equal(Amount(largest, "amount"), Amount(there, "tainted"));
    }

    [Fact]
    public async Task Back_to_the_theft_the_stolen_part_is_found_again()
    {
        var seeds = string.Join(',', practice.Seeds);
        var seed = (await Json("trace", "--from", seeds, "--policy", "fifo"))["seeds"]![0]!;
        var ends = (await Json("trace", "--from", practice.Seeds[0], "--policy", "fifo", "--stops", "none"))["results"]![0]!["ends"]!.AsArray();
        var end = ends.MaxBy(end => Amount(end!, "tainted"))!;

        // With the blocks from the theft's next one on, its outputs are themselves sources.
        var since = ((int)seed["height"]! + 1).ToString(CultureInfo.InvariantCulture);
        var back = await Json("trace", "--backward", "--from", $"{end["txid"]}:{end["vout"]}", "--stops", "none", "--policy", "fifo", "--since", since);
        var found = back["results"]![0]!["sources"]!.AsArray().Where(source => $"{source!["txid"]}:{source["vout"]}" == practice.Seeds[0]).ToList();
        Assert.Equal(Amount(end, "tainted"), Amount(Assert.Single(found)!, "amount"));
        Assert.Equal("since", (string)found[0]!["reason"]!);
    }

    [Fact]
    public async Task The_walk_back_stops_at_its_limits_and_writes_a_table()
    {
        var table = Path.GetTempFileName();
        try
        {
            var (exit, text, errors) = await Run("trace", "--backward", "--from", practice.Seeds[0], "--max-transactions", "3", "--ledger", practice.Folder, "--csv", table);
            Assert.True(exit == ExitCode.Done, errors);
            Assert.Contains("maximum of transactions reached", text, StringComparison.Ordinal);
            Assert.Contains("; 3 transactions looked at", text, StringComparison.Ordinal);
            Assert.Contains(File.ReadAllLines(table), row => row.StartsWith("fifo,", StringComparison.Ordinal) && row.Contains(",max-transactions,", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(table);
        }
    }

    [Theory]
    [InlineData("--theft STOLEN")]
    [InlineData("--theft a=")]
    [InlineData("--theft a_b=STOLEN")]
    [InlineData("--theft a=STOLEN --theft a=STOLEN")]
    [InlineData("--theft a=STOLEN --from STOLEN")]
    [InlineData("--theft a=STOLEN --amount 5")]
    [InlineData("--theft a=nobody")]
    [InlineData("--theft a=STOLEN --policy haircut-blocksci")]
    [InlineData("--theft a=STOLEN --sensitivity 1")]
    [InlineData("--backward")]
    [InlineData("--backward --from STOLEN --sensitivity 1")]
    [InlineData("--backward --theft a=STOLEN")]
    [InlineData("--backward --from STOLEN --html page.html")]
    [InlineData("--backward --from STOLEN --fee-rule drop")]
    [InlineData("--backward --from STOLEN --min-value 5")]
    [InlineData("--backward --from STOLEN --max-transactions 0")]
    [InlineData("--backward --from STOLEN --policy haircut-blocksci")]
    public async Task What_says_nothing_is_refused_with_2(string asked)
    {
        var (exit, output, errors) = await Run([.. $"trace {asked}".Replace("STOLEN", practice.Seeds[0], StringComparison.Ordinal).Split(' '), "--ledger", practice.Folder]);
        Assert.True(exit == ExitCode.WrongUse, $"exit {exit}: {errors}");
        Assert.Equal("", output);
        Assert.StartsWith("haetae: ", errors, StringComparison.Ordinal);
    }

    private static JsonObject Schema(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", $"{name}.schema.json")))!.AsObject();

    private static long Amount(JsonNode of, string name) => long.Parse((string)of[name]!, CultureInfo.InvariantCulture);

    private async Task<JsonObject> Json(params string[] words)
    {
        var (exit, output, errors) = await Run([.. words, "--ledger", practice.Folder, "--json"]);
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static async Task<(int Exit, string Output, string Errors)> Run(params string[] words)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(words, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
