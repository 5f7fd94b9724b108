using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Tests.Intel.Storage;

namespace Haetae.Tests.Intel.Tags;

/// <summary><c>haetae tags</c> as a shell meets it.</summary>
public sealed class TagsCommandTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Contradicting_tags_are_shown_side_by_side()
    {
        await ImportTwo();
        var (exit, text, _) = await _home.Run("tags", "show", Archive);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("They differ   label: Library / Thief", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("forensic (50 of 100)", StringComparison.Ordinal) < text.IndexOf("web_crawl (20 of 100)", StringComparison.Ordinal));
        var json = await _home.Json("tags", "show", Archive);
        Assert.Equal(["Library", "Thief"], json["conflicts"]!["label"]!.AsArray().Select(value => value!.GetValue<string>()));
        Assert.Equal(["Ann", "Ann"], json["tags"]!.AsArray().Select(tag => tag!["importedBy"]!.GetValue<string>()));
        Assert.Equal([20, 50], json["tags"]!.AsArray().Select(tag => tag!["confidenceLevel"]!.GetValue<int>()));
    }

    [Fact]
    public async Task List_counts_what_is_held_of_each_pack()
    {
        await ImportTwo();
        var json = await _home.Json("tags", "list");
        Assert.Equal(2, json["tags"]!.GetValue<int>());
        Assert.Equal([("One", 1), ("Two", 1)], json["packs"]!.AsArray().Select(pack => (pack!["title"]!.GetValue<string>(), pack["tags"]!.GetValue<int>())));
        Assert.Contains("One (c; one.yaml)", (await _home.Run("tags", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_says_what_it_read_stored_knew_and_rejected()
    {
        var file = _home.Write("p.yaml", $"title: t\ncreator: c\nlabel: l\nsource: s\ncurrency: BTC\ntags:\n- address: {Archive}\n- address: {Archive}\n- address: 1bad\n");
        var json = await _home.Json("tags", "import", file);
        Assert.Equal((3, 1, 1, 1), (Count(json, "read"), Count(json, "stored"), Count(json, "duplicate"), Count(json, "rejected")));
        Assert.Equal(9, json["problems"]![0]!["line"]!.GetValue<int>());
        var (exit, output, errors) = await _home.Run("tags", "import", file);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("p.yaml:9: '1bad'", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("1bad", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "tags", "show", Archive)]
    [InlineData(ExitCode.NotFound, "tags", "list")]
    [InlineData(ExitCode.NotFound, "tags", "import", "nowhere-at-all")]
    [InlineData(ExitCode.WrongUse, "tags", "import")]
    [InlineData(ExitCode.WrongUse, "tags", "show")]
    public async Task What_is_not_there_is_said_and_no_database_is_made(int expected, params string[] arguments)
    {
        var (exit, output, errors) = await _home.Run(arguments);
        Assert.Equal((expected, ""), (exit, output));
        Assert.StartsWith("haetae: ", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_home.Database));
    }

    [Fact]
    public async Task An_address_without_a_tag_ends_with_3()
    {
        await ImportTwo();
        Assert.Equal(ExitCode.NotFound, (await _home.Run("tags", "show", "nobody")).Exit);
    }

    [Fact]
    [NotOnPostgres("it is about the database file")]
    public async Task A_file_that_is_no_database_is_named()
    {
        _home.Write("home/haetae.db", new string('x', 5000));
        var (exit, _, errors) = await _home.Run("tags", "list");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("haetae.db", errors, StringComparison.Ordinal);
    }

    private static int Count(JsonNode json, string name) => json[name]!.GetValue<int>();

    private async Task ImportTwo()
    {
        Pack("One", "Library", "web_crawl");
        Pack("Two", "Thief", "forensic");
        await _home.Json("tags", "import", Path.Combine(_home.Folder, "packs"), "--by", "Ann");
    }

    private void Pack(string title, string label, string confidence) =>
        _home.Write($"packs/{title.ToLowerInvariant()}.yaml", $"title: {title}\ncreator: c\nlabel: {label}\nconfidence: {confidence}\nsource: s\ncurrency: BTC\ntags:\n- address: {Archive}\n");
}
