using System.Text.RegularExpressions;
using Haetae.Cli.Commands;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;

namespace Haetae.Tests.Cli;

/// <summary>The README shows what the program does today: its commands parse, and its output is the program's.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private const string FromClone = "dotnet run --project src/Haetae.Cli -c Release -- ";
    private static readonly string Readme = Repository.Read("README.md").ReplaceLineEndings("\n");
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-readme-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_command_line_parses()
    {
        var commands = Readme.Split('\n').Where(IsCommand).Select(ArgumentsOf).ToList();
        Assert.True(commands.Count >= 3);
        Assert.All(commands, arguments => Assert.Empty(HaetaeCommand.Root().Parse(arguments).Errors));
    }

    [Fact]
    public async Task The_demo_prints_what_the_readme_shows()
    {
        var home = Path.Combine(_folder, "home");
        var printed = await Run("demo", "--home", home);
        AssertShown(printed.Replace(home, "~/.local/share/haetae", StringComparison.Ordinal), Block("demo"));
    }

    [SharedDataFact]
    public async Task The_first_payments_go_where_the_readme_shows()
    {
        var blocks = SharedData.Path_("bitcoin", "blocks", "mainnet-000000-004312.blk.dat");
        var ledger = Path.Combine(_folder, "first");
        var printed = "";
        foreach (var line in Readme.Split('\n').Where(line => line.StartsWith("haetae ", StringComparison.Ordinal)))
            printed += await Run([.. ArgumentsOf(line).Select(word => word == "first" ? ledger : word == Path.GetFileName(blocks) ? blocks : word)]);
        AssertShown(printed, Block("first payments"));
    }

    /// <summary>Every line shown was printed, in this order. Where lines are broken depends on the terminal and does not count.</summary>
    private static void AssertShown(string printed, string shown)
    {
        var text = Spaces().Replace(printed, " ");
        var at = 0;
        foreach (var line in shown.Split('\n').Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line.Length > 0 && line != "..."))
        {
            var found = text.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"The README shows a line that was not printed there: {line}");
            at = found + line.Length;
        }
    }

    private static bool IsCommand(string line) => line.StartsWith(FromClone, StringComparison.Ordinal) || line.StartsWith("haetae ", StringComparison.Ordinal);

    private static string[] ArgumentsOf(string line) =>
        line.Replace(FromClone, "haetae ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    private static string Block(string name)
    {
        var start = Readme.IndexOf($"<!-- {name} -->\n```\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The README has no block '{name}'.");
        start = Readme.IndexOf("```\n", start, StringComparison.Ordinal) + 4;
        return Readme[start..Readme.IndexOf("\n```", start, StringComparison.Ordinal)];
    }

    private static async Task<string> Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(arguments, output, errors);
        Assert.True(exit == ExitCode.Done, errors.ToString());
        return output.ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
