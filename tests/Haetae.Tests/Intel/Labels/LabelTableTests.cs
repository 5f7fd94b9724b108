using Haetae.Cli.Commands;
using Haetae.Intel.Tags;
using Haetae.Tests.Intel.Storage;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Labels;

/// <summary>Tables of labels: known ones by their first line, others by a map of their columns.</summary>
public sealed class LabelTableTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private const string Ronin = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";
    private const string Tron = "TMStbg5fgb4uTV7fK1gEYF9hKAzP3siPsG";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Any_table_goes_in_by_a_map_of_its_columns_and_only_once()
    {
        var file = _home.Write("mine.csv", $"Who,Where,Words,When\nThe House,{Archive},a;b,2020-01-01\n\"Smith, John\",{Ronin},,\n,{Tron},,\n{"",1}Nobody,1bad,,\n");
        string[] import = ["tags", "import", file, "--map", "address=where,label=WHO,concepts=Words", "--map", "lastmod=When", "--set", "source=https://a.example/?x=1,2&y=3,confidence=forensic,title=My list,creator=Ann"];
        var json = await _home.Json(import);
        Assert.Equal((4, 2, 2), (json["read"]!.GetValue<int>(), json["stored"]!.GetValue<int>(), json["rejected"]!.GetValue<int>()));
        Assert.Equal([4, 5], json["problems"]!.AsArray().Select(problem => problem!["line"]!.GetValue<int>()));
        Assert.Equal((0, 2), ((await _home.Json(import))["stored"]!.GetValue<int>(), (await _home.Json(import))["duplicate"]!.GetValue<int>()));
        var said = Assert.Single(_home.Find(Archive)).Statement;
        Assert.Equal(new PackHeader("My list", "Ann", null, null, null, "mine.csv"), said.Pack);
        Assert.Equal(("The House", "https://a.example/?x=1,2&y=3", "forensic", "[\"a\",\"b\"]", "2020-01-01", "BTC"), (said.Label, said.Source, said.Confidence, said.Concepts, said.LastModified, said.Network));
        Assert.Equal(("Smith, John", "ETH"), (_home.Find(Ronin.ToLowerInvariant())[0].Statement.Label, _home.Find(Ronin)[0].Statement.Network));
        // An export of a table is known again as the table.
        var folder = Path.Combine(_home.Folder, "out");
        await _home.Json("tags", "export", "--out", folder);
        Assert.True(File.Exists(Path.Combine(folder, "mine.csv.yaml")));
        Assert.Equal((2L, 0L), (_home.Import(folder).Read, _home.Import(folder).Stored));
    }

    [Theory]
    [InlineData("label=Who", "add address=COLUMN")]
    [InlineData("address=Where,mood=Who", "'mood' is no field here")]
    [InlineData("address=Where,address=Who", "stands twice")]
    [InlineData("address", "is not field=VALUE")]
    public async Task A_map_that_cannot_be_is_wrong_use(string map, string reason)
    {
        var (exit, _, errors) = await _home.Run("tags", "import", _home.Write("t.csv", "Who,Where\n"), "--map", map);
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_not_there_and_a_table_that_is_not_known_are_named()
    {
        var file = _home.Write("t.csv", "Who,Where\na,b\n");
        Assert.Contains("has no column 'Place'; its first line is 'Who,Where'", (await _home.Run("tags", "import", file, "--map", "address=Place")).Errors, StringComparison.Ordinal);
        var (exit, _, errors) = await _home.Run("tags", "import", file);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("--map address=COLUMN", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_takes_what_it_knows_and_says_what_it_passed_over()
    {
        _home.Write("d/a.yaml", $"title: t\ncreator: c\nlabel: l\nsource: s\ncurrency: BTC\ntags:\n- address: {Archive}\n");
        _home.Write("d/b/forta.csv", $"address,etherscan_tag,etherscan_labels,is_contract\n{Ronin},Fake_Phishing1,phish-hack,False\n");
        _home.Write("d/labels.json", $$$"""{"{{{Ronin}}}": {"name": "Ronin Bridge Exploiter", "labels": ["heist", "hot-wallet"]}}""");
        _home.Write("d/notices.csv", $"date,change,address,source\n2022-04-14,added,{Ronin},n\n");
        _home.Write("d/other.csv", "x,y\n1,2\n");
        _home.Write("d/package.json", """{"name": "x", "labels": []}""");
        _home.Write("d/README.md", "read me");
        _home.Write("d/page.xml", "<html/>");
        _home.Write("d/.git/config.yaml", "x: y");
        var (exit, output, errors) = await _home.Run("tags", "import", Path.Combine(_home.Folder, "d"), "--json");
        Assert.True(exit == ExitCode.Done, errors);
        var json = System.Text.Json.Nodes.JsonNode.Parse(output)!;
        Assert.Equal(
            [("a.yaml", "a TagPack"), ("forta.csv", "Forta's list of phishing addresses"), ("labels.json", "Etherscan's labels"), ("notices.csv", "notices about sanctions")],
            json["taken"]!.AsArray().Select(taken => (Path.GetFileName(taken!["file"]!.GetValue<string>()), taken["what"]!.GetValue<string>())));
        Assert.Equal(["README.md", "other.csv", "package.json", "page.xml"], json["skipped"]!.AsArray().Select(skipped => Path.GetFileName(skipped!["file"]!.GetValue<string>())).Order(StringComparer.Ordinal));
        Assert.Equal((4, 3, 1), (json["files"]!.GetValue<int>(), json["stored"]!.GetValue<int>(), json["sanctions"]!["stored"]!.GetValue<int>()));
        Assert.Contains("passed over:", (await _home.Run("tags", "import", Path.Combine(_home.Folder, "d"))).Errors, StringComparison.Ordinal);
        Assert.Equal(["phishing", "service_hack"], _home.Find(Ronin).Select(fact => fact.Statement.Abuse));
        Assert.Equal("[\"hot_wallet\"]", _home.Find(Ronin)[1].Statement.Concepts);
    }

    [Theory]
    [InlineData("""{"0x098B716B8Aaf21512996dC57EB0615e2383E2f96": {"name": "a", "labels": ["b"]}, "x": 1, "1Archive1n2C579dMsAu3iC6tWzuQJz8dN": {"name": "", "labels": []}}""", 1, 2, 0)]
    [InlineData("""{"0x098B716B8Aaf21512996dC57EB0615e2383E2f96": {"name": "a", "labels": ["b", [1], null]}, """, 1, 0, 1)]
    [InlineData("[]", 0, 0, 1)]
    [InlineData("", 0, 0, 1)]
    public void Damaged_labels_reject_what_is_bad_and_keep_the_rest(string text, int stored, int rejected, int broken)
    {
        var report = _home.Import(_home.Write("l.json", text));
        Assert.Equal((stored, rejected, broken), (report.Stored, report.Rejected, report.BrokenFiles));
    }

    /// <remarks>Of Forta's contracts, 98 rows name a deployer as well. Two addresses in the seizure orders fail their checksum.</remarks>
    [SharedDataFact]
    [NotOnPostgres("it is about reading files")]
    public void Public_lists_of_labels_go_in_whole_and_once()
    {
        var folders = new[] { "etherscan", "forta", "il-seizures" }.Select(name => SharedData.Path_("labels", name)).ToArray();
        var report = _home.Import(folders);
        Assert.Equal((5, 0), (report.Files, report.BrokenFiles));
        Assert.Equal(["LICENSE", "LICENSE", "releases.csv"], report.Skipped.Select(skipped => Path.GetFileName(skipped.File)));
        Assert.Equal((29_945 + 7_780 + 753 + 98 + 6_726 + 472, 2), (report.Read, report.Rejected));
        Assert.All(report.Problems, problem => Assert.Contains("the checksum does not match", problem.Reason, StringComparison.Ordinal));
        var again = _home.Import(folders);
        Assert.Equal((0L, report.Read - 2), (again.Stored, again.Duplicate));
    }
}
