using System.Text.RegularExpressions;

namespace Haetae.Tests.Architecture;

/// <summary>What a stranger who opens the clone must find, and must not.</summary>
public partial class RepositoryTests
{
    private static readonly string[] EmptyNames = ["Core", "Common", "Utils", "Utilities", "Util", "Helpers", "Helper", "Managers", "Manager", "Misc", "Shared"];

    [Fact]
    public void Folders_are_named_for_what_they_hold() => Assert.DoesNotContain(SourceFolders(), SaysNothing);

    [Theory]
    [InlineData("src/Haetae.Core")]
    [InlineData("src/Haetae.Ledger/Utils")]
    public void A_folder_name_that_says_nothing_is_seen(string folder) => Assert.True(SaysNothing(folder));

    [Fact]
    public void No_file_names_a_folder_of_one_machine() =>
        Assert.Empty(Repository.WrittenFiles().SelectMany(f => MachinePath().Matches(Repository.Read(f)).Select(m => $"{f}: {m.Value}")));

    [Theory]
    [InlineData("read from /", "home/someone/blocks", true)]
    [InlineData("\"/", "work/clone/file.cs\"", true)]
    [InlineData("C:", "\\Users\\someone", true)]
    [InlineData("see example.org/", "home/page", false)]
    [InlineData("<Folder Name=\"/", "root/\" />", false)]
    public void A_folder_of_one_machine_is_seen(string head, string tail, bool seen) => Assert.Equal(seen, MachinePath().IsMatch(head + tail));

    [Fact]
    public void Every_link_in_the_documents_leads_to_a_file() =>
        Assert.Empty(Repository.WrittenFiles().Where(f => f.EndsWith(".md", StringComparison.Ordinal)).SelectMany(f => DeadLinks(f, Repository.Read(f))));

    [Fact]
    public void A_dead_link_is_seen() => Assert.Equal(["docs/x.md -> missing.md"], DeadLinks("docs/x.md", "[a](../Haetae.slnx#top) [b](missing.md) [c](https://example.org/)"));

    [Theory]
    [InlineData("dotnet run --project src/Haetae.Cli -c Release -- demo")]
    [InlineData("./test.sh")]
    public void The_readme_gives_the_two_commands_as_lines_to_copy(string command) => Assert.Contains(command, Repository.Read("README.md").Split('\n'));

    private static IEnumerable<string> SourceFolders() =>
        Repository.WrittenFiles().Where(f => f.StartsWith("src", StringComparison.Ordinal)).Select(f => Path.GetDirectoryName(f)!).Distinct();

    private static bool SaysNothing(string folder) => folder.Split('/', '\\', '.').Any(part => EmptyNames.Contains(part, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> DeadLinks(string file, string text) =>
        Link().Matches(text).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains(':', StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target)))
            .Select(target => $"{file} -> {target}");

    [GeneratedRegex(@"(?<![\w.~])/(?:home|work|root|Users|mnt|media)/\w[^\s""'<>)]*|\b[A-Z]:\\\w[^\s""'<>)]*")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
