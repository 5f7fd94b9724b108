using System.Text.Json.Nodes;
using Haetae.Cli.Commands;

namespace Haetae.Tests.Intel.Tags;

/// <summary><c>haetae tags show</c> on a day, with withdrawals and sanctions, and <c>haetae tags retract</c>.</summary>
public sealed class TagsShowTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private const string Ronin = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task On_a_day_the_tags_known_by_then_are_shown_with_the_date_that_says_so()
    {
        Tags("label: Old\n  lastmod: 2020-01-01", "label: Undated");
        var json = await _home.Json("tags", "show", Archive, "--as-of", "2025-06-01");
        Assert.Equal([("Old", "2020-01-01", "lastModified")], Known(json));
        Assert.Equal((1, 0), (json["notYetKnown"]!.GetValue<int>(), json["withdrawn"]!.GetValue<int>()));
        Assert.Equal([("Old", "2020-01-01", "lastModified"), ("Undated", "2026-01-02", "import")], Known(await _home.Json("tags", "show", Archive, "--as-of", "2026-01-02")));
        var text = (await _home.Run("tags", "show", Archive, "--as-of", "2025-06-01")).Output;
        Assert.Contains("Known of it on 2025-06-01: 1 tag; 1 came later", text, StringComparison.Ordinal);
        Assert.Contains("from 2020-01-01, the day its pack states", text, StringComparison.Ordinal);
        Assert.Contains("unknown: no list of sanctions was imported", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_withdrawn_tag_is_shown_as_withdrawn_and_left_out_of_later_days()
    {
        Tags("label: Right\n  lastmod: 2020-01-01", "label: Wrong\n  lastmod: 2020-01-01\n  confidence: forensic");
        string[] retract = ["tags", "retract", Archive, "--label", "wrong", "--reason", "mixed up", "--by", "The source", "--since", "2024-05-01"];
        Assert.Equal((1, 0), Counts(await _home.Json(retract)));
        Assert.Equal((0, 1), Counts(await _home.Json(retract)));
        var json = await _home.Json("tags", "show", Archive);
        Assert.Equal([("Right", false), ("Wrong", true)], json["tags"]!.AsArray().Select(tag => (tag!["label"]!.GetValue<string>(), tag["withdrawn"]!.GetValue<bool>())));
        Assert.Equal("mixed up", json["tags"]![1]!["retractions"]![0]!["reason"]!.GetValue<string>());
        Assert.Empty(json["conflicts"]!.AsObject());
        Assert.Contains("Withdrawn     since 2024-05-01 by The source: mixed up", (await _home.Run("tags", "show", Archive)).Output, StringComparison.Ordinal);
        Assert.Equal(["Right", "Wrong"], Labels(await _home.Json("tags", "show", Archive, "--as-of", "2024-04-30")));
        Assert.Equal(["Right"], Labels(await _home.Json("tags", "show", Archive, "--as-of", "2024-05-01")));
    }

    [Fact]
    public async Task A_withdrawal_can_be_undone_and_undone_again()
    {
        Tags("label: One\n  lastmod: 2020-01-01");
        await _home.Json("tags", "retract", Archive, "--reason", "wrong", "--since", "2024-01-01");
        Assert.Equal((1, 0), Counts(await _home.Json("tags", "retract", Archive, "--reason", "right after all", "--since", "2024-02-01", "--undo")));
        Assert.Equal((0, 1), Counts(await _home.Json("tags", "retract", Archive, "--reason", "right after all", "--since", "2024-02-01", "--undo")));
        Assert.Empty(Labels(await _home.Json("tags", "show", Archive, "--as-of", "2024-01-31")));
        Assert.Equal(["One"], Labels(await _home.Json("tags", "show", Archive, "--as-of", "2024-02-01")));
    }

    [Fact]
    public async Task A_whole_pack_is_withdrawn_and_the_list_says_so()
    {
        Tags("label: One");
        Assert.Equal((1, 0), Counts(await _home.Json("tags", "retract", "--pack", "a pack", "--reason", "all wrong", "--since", "2025-01-01")));
        Assert.True((await _home.Json("tags", "show", Archive))["tags"]![0]!["withdrawn"]!.GetValue<bool>());
        Assert.Contains("withdrawn since 2025-01-01, with its whole pack,", (await _home.Run("tags", "list")).Output, StringComparison.Ordinal);
        Assert.Equal("pack", (await _home.Json("tags", "list"))["packs"]![0]!["retractions"]![0]!["of"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_withdrawn_notice_no_longer_narrows_the_interval_and_stays_to_be_seen()
    {
        _home.Import(_home.Write("n.csv", $"date,change,address,source\n2022-04-14,added,{Ronin},the notice\n"));
        Assert.Equal("sanctioned", (await _home.Json("tags", "show", Ronin, "--as-of", "2022-04-14"))["status"]!.GetValue<string>());
        Assert.Contains("; sanctioned on 2022-04-14", (await _home.Run("tags", "show", Ronin)).Output, StringComparison.Ordinal);
        Assert.Equal((1, 0), Counts(await _home.Json("tags", "retract", Ronin, "--sanctions", "--reason", "misread")));
        var json = await _home.Json("tags", "show", Ronin, "--as-of", "2022-04-14");
        Assert.Equal("unknown", json["status"]!.GetValue<string>());
        Assert.True(json["facts"]![0]!["withdrawn"]!.GetValue<bool>());
        Assert.Equal((1L, "the notice"), ((await _home.Json("tags", "list"))["sanctionSources"]![0]!["listed"]!.GetValue<long>(), (await _home.Json("tags", "list"))["sanctionSources"]![0]!["source"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_actor_is_shown_by_id_label_or_alias()
    {
        _home.ImportText("title: Actors\ncreator: c\nactors:\n- id: archive\n  label: Internet Archive\n  uri: archive.org\n  categories: [organization]\n  jurisdictions: [US]\n  aliases: [wayback]\n", "actors.yaml");
        Tags("label: One\n  actor: archive");
        foreach (var name in new[] { "archive", "internet archive", "Wayback" })
        {
            var actor = (await _home.Json("tags", "show", "--actor", name))["actors"]![0]!;
            Assert.Equal(("archive", "archive.org", "US", 1), (actor["id"]!.GetValue<string>(), actor["uri"]!.GetValue<string>(), actor["jurisdictions"]![0]!.GetValue<string>(), actor["tags"]!.GetValue<int>()));
        }

        Assert.Contains("Jurisdictions  US", (await _home.Run("tags", "show", "--actor", "archive")).Output, StringComparison.Ordinal);
        Assert.Contains("1 actor", (await _home.Run("tags", "list", "--actors")).Output, StringComparison.Ordinal);
        Assert.Equal("Internet Archive", (await _home.Json("tags", "list", "--actors"))["actors"]![0]!["label"]!.GetValue<string>());
        Assert.Equal(ExitCode.NotFound, (await _home.Run("tags", "show", "--actor", "nobody")).Exit);
    }

    [Theory]
    [InlineData("0x098\u04128716B8Aaf21512996dC57EB0615e2383E2f96", false)] // a Cyrillic letter that no hexadecimal has
    [InlineData("0x098B716B8\u0410af21512996dC57EB0615e2383E2f96", true)]
    [InlineData("\u041e\u0445098B716B8Aaf21512996dC57EB\u041e615e2383E2f96", true)]
    [InlineData("\u200b0x098B716B8Aaf21512996dC57EB0615e2383E2f96", true)]
    public async Task A_question_in_look_alike_letters_is_mended_and_said(string written, bool isRonin)
    {
        _home.Import(_home.Write("n.csv", $"date,change,address,source\n2022-04-14,added,{Ronin},the notice\n"));
        var (exit, _, errors) = await _home.Run("tags", "show", written);
        Assert.Equal(isRonin ? ExitCode.Done : ExitCode.NotFound, exit);
        Assert.Contains("was read as", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.WrongUse, "show")]
    [InlineData(ExitCode.WrongUse, "show", Archive, "--actor", "x")]
    [InlineData(ExitCode.WrongUse, "retract", Archive)]
    [InlineData(ExitCode.WrongUse, "retract", Archive, "--reason", " ")]
    [InlineData(ExitCode.WrongUse, "retract", Archive, "--reason", "two tags, and none named")]
    [InlineData(ExitCode.WrongUse, "retract", "--reason", "nothing named")]
    [InlineData(ExitCode.WrongUse, "retract", Archive, "--label", "One", "--reason", "r", "--since", "2999-01-01")]
    [InlineData(ExitCode.NotFound, "retract", Archive, "--label", "Three", "--reason", "r")]
    [InlineData(ExitCode.NotFound, "retract", "--pack", "another", "--reason", "r")]
    [InlineData(ExitCode.NotFound, "retract", Archive, "--sanctions", "--reason", "r")]
    public async Task What_is_not_clear_or_not_there_changes_nothing(int expected, params string[] arguments)
    {
        Tags("label: One", "label: Two");
        var (exit, output, errors) = await _home.Run(["tags", .. arguments]);
        Assert.Equal((expected, ""), (exit, output));
        Assert.StartsWith("haetae: ", errors, StringComparison.Ordinal);
        Assert.All(_home.Find(Archive), fact => Assert.Empty(fact.Retractions));
    }

    private static IEnumerable<(string, string, string)> Known(JsonNode json) =>
        json["tags"]!.AsArray().Select(tag => (tag!["label"]!.GetValue<string>(), tag["knownFrom"]!.GetValue<string>(), tag["knownBy"]!.GetValue<string>()));

    private static IEnumerable<string> Labels(JsonNode json) => json["tags"]!.AsArray().Select(tag => tag!["label"]!.GetValue<string>());

    private static (int, int) Counts(JsonNode json) => (json["stored"]!.GetValue<int>(), json["duplicate"]!.GetValue<int>());

    private void Tags(params string[] rows) =>
        _home.ImportText("title: A pack\ncreator: Somebody\nsource: s\ncurrency: BTC\ntags:\n" + string.Concat(rows.Select(row => $"- address: {Archive}\n  {row}\n")));
}
