using System.Diagnostics;
using Haetae.Cli.Commands;

namespace Haetae.Tests.Cli;

/// <summary>A command the program tells its reader to type works when typed.</summary>
public sealed class OwnCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae own ").FullName;
    private readonly string _program;

    public OwnCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        _program = Path.Combine(_folder, "bin", "haetae");
        File.WriteAllText(_program, "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void From_a_clone_dotnet_runs_the_library_seen_from_there()
    {
        File.WriteAllText(Path.Combine(_folder, "bin", "haetae.dll"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "sdk"));
        File.WriteAllText(Path.Combine(_folder, "sdk", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), "");
        Assert.Equal("dotnet " + Path.Combine("bin", "haetae.dll"), Name(_program, _folder, path: Path.Combine(_folder, "sdk")));
    }

    [Fact]
    public void Without_dotnet_it_is_the_programs_file_seen_from_there() =>
        Assert.Equal(Path.Combine("bin", "haetae"), Name(_program, _folder, path: ""));

    [Fact]
    public void In_its_own_folder_it_is_not_left_to_the_path() =>
        Assert.Equal(Path.Combine(".", "haetae"), Name(_program, Path.Combine(_folder, "bin"), path: ""));

    [Fact]
    public void From_elsewhere_it_is_the_whole_path_quoted() =>
        Assert.Equal(OwnCommand.Quoted(_program), Name(_program, Path.Combine(_folder, "other"), path: ""));

    [Fact]
    public void On_the_path_it_is_its_name() =>
        Assert.Equal("haetae", Name(_program, _folder, path: Path.Combine(_folder, "bin")));

    [Fact]
    public void A_link_on_the_path_will_do()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "links"));
        File.CreateSymbolicLink(Path.Combine(_folder, "links", "haetae"), _program);
        Assert.Equal("haetae", Name(_program, _folder, path: Path.Combine(_folder, "links")));
    }

    [Fact]
    public void Another_program_of_that_name_on_the_path_will_not_do()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "other"));
        File.WriteAllText(Path.Combine(_folder, "other", "haetae"), "");
        Assert.Equal(Path.Combine("bin", "haetae"), Name(_program, _folder, path: Path.Combine(_folder, "other")));
    }

    [Fact]
    public void Run_by_dotnet_it_is_the_library() =>
        Assert.Equal("dotnet " + Path.Combine("bin", "haetae.dll"), Name(Path.Combine(_folder, "dotnet"), _folder, path: ""));

    [Theory]
    [InlineData("plain-word_1.dat", "plain-word_1.dat")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(x)", "'$(x)'")]
    [InlineData("", "''")]
    public void A_shell_reads_a_quoted_word_as_one(string word, string quoted)
    {
        if (!OperatingSystem.IsWindows()) Assert.Equal(quoted, OwnCommand.Quoted(word));
    }

    /// <summary>The built program's demo in a home with a blank in its name; what it says to try next, given to a shell.</summary>
    [Fact]
    public void What_the_demo_says_to_try_next_works_when_typed()
    {
        if (OperatingSystem.IsWindows()) return;
        var program = Path.Combine(AppContext.BaseDirectory, "haetae.dll");
        var printed = Shell($"dotnet '{program}' demo --home '{_folder}'");
        var next = printed.Split('\n').SkipWhile(line => !line.StartsWith("Try next:", StringComparison.Ordinal)).Take(2).Select(line => line[10..].Trim()).ToList();
        Assert.Equal(2, next.Count);
        Assert.StartsWith("Of ", Shell(next[0]), StringComparison.Ordinal);
        Assert.StartsWith("Transaction ", Shell(next[1]), StringComparison.Ordinal);
    }

    private string Name(string process, string current, string path) => OwnCommand.NameOf(process, Path.Combine(_folder, "bin"), current, path);

    private string Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, WorkingDirectory = _folder })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
