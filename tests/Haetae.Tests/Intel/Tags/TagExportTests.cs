using Haetae.Cli.Commands;
using Haetae.Intel.Tags;
using Haetae.Tests.Intel.Storage;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Tags;

/// <summary><c>haetae tags export</c>: packs that GraphSense reads, and that add nothing when they come back.</summary>
public sealed class TagExportTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private const string Segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private const string Pack = "title: A pack\ncreator: Somebody\nsource: s\ncurrency: BTC\n";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task What_all_tags_share_stands_in_the_head_and_the_rest_in_the_tags()
    {
        _home.ImportText($"{Pack}description: d\ntags:\n- address: {Archive}\n  label: One\n  lastmod: 2020-01-01\n  confidence: forensic\n- address: {Segwit}\n  label: Two\n  lastmod: 2020-01-01\n");
        Assert.Equal(
            $"""
            title: A pack
            creator: Somebody
            description: d
            source: s
            currency: BTC
            network: BTC
            lastmod: 2020-01-01
            tags:
            - address: '{Archive}'
              label: One
              confidence: forensic
            - address: {Segwit}
              label: Two

            """, (await _home.Run("tags", "export")).Output);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("0x10")]
    [InlineData("1:30")]
    [InlineData("2020-01-01")]
    [InlineData("it's: a #test")]
    [InlineData("- [a, b]")]
    [InlineData("null")]
    [InlineData("two\nlines\tand a tab")]
    [InlineData("כופר \u200b\U0001F480")]
    [InlineData("")]
    [InlineData("back\\slash \"quoted\"")]
    [InlineData("ends with:")]
    public async Task Every_text_comes_back_as_it_was(string label)
    {
        _home.ImportText($"{Pack}tags:\n- address: {Archive}\n  label: {System.Text.Json.JsonSerializer.Serialize(label)}\n  actor: {System.Text.Json.JsonSerializer.Serialize(label)}\n- tx_hash: {new string('a', 64)}\n  label: x\n");
        Assert.Equal(label, _home.Find(Archive)[0].Statement.Label);
        await ComesBack(2);
    }

    [Fact]
    public async Task Every_field_of_a_tag_and_an_actor_comes_back()
    {
        _home.ImportText($$"""
            title: A pack
            creator: Somebody
            owner: Them
            is_public: false
            tags:
            - address: {{Archive}}
              label: L
              source: s
              currency: ETH
              network: ARB
              confidence: forensic
              actor: a
              category: exchange
              abuse: scam
              concepts: [exchange, 'yes', "\U0001F480"]
              tag_type: actor
              is_cluster_definer: true
              lastmod: 2023-08-16 12:18:52.619444
              context: '{"a": 1}'
            - address: "{{Segwit}} "
              label: M
              source: s
              currency: BTC
              lastmod: spring
            """);
        _home.ImportText("title: Actors\ncreator: c\nlastmod: '2023-02-17'\nactors:\n- id: '01'\n  label: '01'\n  uri: 01.xyz\n  categories: []\n  jurisdictions: [NO]\n  aliases: [a, b]\n  context: {refs: [x, 'y: z'], legal_name: 'No'}\n- id: b\n  label: B\n  categories: [exchange]\n  context: '{\"n\": 1}'\n", "actors.yaml");
        await ComesBack(4);
    }

    [Fact]
    public async Task What_is_withdrawn_is_left_out_and_counted()
    {
        _home.ImportText($"{Pack}tags:\n- address: {Archive}\n  label: One\n- address: {Segwit}\n  label: Two\n");
        await _home.Json("tags", "retract", Archive, "--reason", "wrong");
        var folder = Path.Combine(_home.Folder, "out");
        var json = await _home.Json("tags", "export", "--out", folder);
        Assert.Equal((1, 1), (json["tags"]!.GetValue<int>(), json["leftOut"]!.GetValue<int>()));
        Assert.DoesNotContain(Archive, File.ReadAllText(Path.Combine(folder, "pack.yaml")), StringComparison.Ordinal);
        await _home.Json("tags", "retract", "--pack", "A pack", "--reason", "wrong");
        Assert.Equal(ExitCode.NotFound, (await _home.Run("tags", "export")).Exit);
    }

    [Fact]
    public async Task Packs_and_sources_are_chosen_and_files_of_one_name_lie_apart()
    {
        _home.Import(
            _home.Write("a/pack.yaml", $"{Pack}label: One\ntags:\n- address: {Archive}\n- address: {Segwit}\n  source: elsewhere\n"),
            _home.Write("b/pack.yaml", $"{Pack.Replace("A pack", "Another", StringComparison.Ordinal)}label: Two\ntags:\n- address: {Archive}\n"));
        var folder = Path.Combine(_home.Folder, "out");
        var json = await _home.Json("tags", "export", "--out", folder);
        Assert.Equal(["pack.yaml", Path.Combine("2", "pack.yaml")], json["packs"]!.AsArray().Select(pack => Path.GetRelativePath(folder, pack!["file"]!.GetValue<string>())));
        Assert.Equal(0, _home.Import(folder).Stored);
        var text = (await _home.Run("tags", "export", "--source", "ELSE")).Output;
        Assert.Contains(Segwit, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Archive, text, StringComparison.Ordinal);
        Assert.Contains("title: Another", (await _home.Run("tags", "export", "--pack", "another")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.WrongUse, "--json")]
    [InlineData(ExitCode.WrongUse)]
    [InlineData(ExitCode.WrongUse, "--out", "one.yaml")]
    [InlineData(ExitCode.NotFound, "--pack", "nothing")]
    [InlineData(ExitCode.NotFound, "--as-of", "2001-01-01")]
    public async Task What_is_not_clear_writes_nothing(int expected, params string[] arguments)
    {
        _home.Import(_home.Write("a.yaml", $"{Pack}label: One\ntags:\n- address: {Archive}\n"), _home.Write("b.yaml", $"{Pack}label: Two\ntags:\n- address: {Archive}\n"));
        var (exit, output, _) = await _home.Run(["tags", "export", .. arguments]);
        Assert.Equal((expected, ""), (exit, output));
        Assert.False(File.Exists("one.yaml"));
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_written_over()
    {
        _home.ImportText($"{Pack}tags:\n- address: {Archive}\n  label: One\n");
        var file = _home.Write("mine.yaml", "mine");
        Assert.Equal(ExitCode.WrongUse, (await _home.Run("tags", "export", "--out", file)).Exit);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void A_word_outside_the_taxonomy_is_kept_and_said_once()
    {
        var report = _home.ImportText($"{Pack}label: L\ntags:\n- address: {Archive}\n  confidence: gut_feeling\n  category: bank\n  concepts: [exchange, cloud]\n- address: {Segwit}\n  category: bank\n  abuse: scam\n");
        Assert.Equal(["the confidence 'gut_feeling'", "the category 'bank'", "the concept 'cloud'"], report.Notes.Select(note => note.Reason.Split(" is no word")[0]));
        Assert.Equal("bank", _home.Find(Archive)[0].Statement.Category);
    }

    [SharedDataFact]
    [NotOnPostgres("small packs prove the same there")]
    public async Task All_public_packs_come_back_and_add_nothing()
    {
        var first = _home.Import(SharedData.Path_("labels", "tagpacks"));
        await ComesBack(first.Stored + first.ActorsStored);
    }

    /// <summary>What is written is the same facts again, here and in an empty store.</summary>
    private async Task ComesBack(long facts)
    {
        using var other = new TagFolder();
        var folder = Path.Combine(other.Folder, "out");
        var (exit, _, errors) = await _home.Run("tags", "export", "--out", folder);
        Assert.True(exit == ExitCode.Done, errors);
        var here = _home.Import(folder);
        Assert.Equal((0L, 0L, 0L, 0L), (here.Stored, here.Rejected, here.ActorsStored, here.ActorsRejected));
        var there = other.Import(folder);
        Assert.Equal(facts, there.Stored + there.ActorsStored);
        Assert.Empty(there.Problems);
    }
}
