using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;

namespace Haetae.Tests.Cli;

/// <summary>A folder that cannot be written, is a file or holds other things is named at once, with the way out.</summary>
public sealed class FolderTests(PracticeLedger practice) : IClassFixture<PracticeLedger>, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-folders-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string A(string name) => Path.Combine(_root, name);

    private static async Task<(int Exit, string Errors)> Run(params string[] words)
    {
        using StringWriter output = new(), errors = new();
        return (await HaetaeCommand.RunAsync(words, output, errors), errors.ToString());
    }

    [Fact]
    public async Task A_file_is_no_folder()
    {
        await File.WriteAllTextAsync(A("file"), "");
        foreach (var below in new[] { "file", Path.Combine("file", "below") })
        {
            foreach (var (option, words) in new (string, string[])[]
            {
                ("--ledger", ["ingest", "bitcoin", "--blocks", practice.Blocks, "--ledger", A(below)]),
                ("--out", ["exercise", "new", "--size", "1000", "--out", A(below)]),
                ("--home", ["demo", "--home", A(below)]),
            })
            {
                var (exit, errors) = await Run(words);
                Assert.Equal(ExitCode.WrongUse, exit);
                Assert.StartsWith($"haetae: {option} {A(below)}", errors, StringComparison.Ordinal);
                Assert.Contains("is a file", errors, StringComparison.Ordinal);
            }
        }

        Assert.Equal(ExitCode.WrongUse, (await Run("ledger", "info", "--ledger", A("file"))).Exit);
    }

    [Fact]
    public async Task A_ledger_does_not_go_among_other_things()
    {
        Directory.CreateDirectory(A("other"));
        await File.WriteAllTextAsync(Path.Combine(A("other"), "notes.txt"), "");
        var (exit, errors) = await Run("ingest", "bitcoin", "--blocks", practice.Blocks, "--ledger", A("other"));
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains($"{A("other")}: that folder holds other things ('notes.txt')", errors, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(A("other")));
    }

    [Theory]
    [InlineData("writer.lock")]
    [InlineData("manifest.json.new")]
    [InlineData("lost+found")]
    [InlineData(".DS_Store")]
    public async Task What_a_stopped_ingest_or_a_disk_leaves_is_nothing_foreign(string name)
    {
        Directory.CreateDirectory(A("new"));
        await File.WriteAllTextAsync(Path.Combine(A("new"), name), "");
        var (exit, errors) = await Run("ingest", "bitcoin", "--blocks", practice.Blocks, "--ledger", A("new"), "--to", "3");
        Assert.True(exit == ExitCode.Done, errors);
    }

    [Fact]
    public async Task What_a_run_killed_at_its_first_instant_leaves_is_cleared_by_the_next()
    {
        Directory.CreateDirectory(A("killed"));
        var left = Path.Combine(A("killed"), ".haetae-1.probe");
        await File.WriteAllTextAsync(left, "");
        var (exit, errors) = await Run("ingest", "bitcoin", "--blocks", practice.Blocks, "--ledger", A("killed"), "--to", "3");
        Assert.True(exit == ExitCode.Done, errors);
        Assert.Empty(Directory.GetFiles(A("killed"), ".*"));
    }

    [Fact]
    public async Task Where_nothing_can_be_written_the_folder_is_named()
    {
        if (!Directory.Exists("/proc/self")) return; // a folder that takes no file even from root; other systems have none
        foreach (var words in new string[][] { ["exercise", "new", "--out", "/proc/x/y"], ["ingest", "bitcoin", "--blocks", practice.Blocks, "--ledger", "/proc/x/y"] })
        {
            var (exit, errors) = await Run(words);
            Assert.Equal(ExitCode.Failed, exit);
            Assert.Contains(" /proc/x/y: nothing can be written to the folder '/proc' (access denied). Name another folder with ", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_a_held_lock_is_called_another_program()
    {
        Directory.CreateDirectory(A("held"));
        using (new FileStream(Path.Combine(A("held"), "writer.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            Assert.StartsWith("Another program is writing", Refusal("held"), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(A("odd"), "writer.lock"));
        Assert.StartsWith($"The ledger '{A("odd")}' cannot be written: ", Refusal("odd"), StringComparison.Ordinal);

        string Refusal(string name) => Assert.Throws<LedgerException>(() => LedgerWriter.Open(A(name), BitcoinNetwork.Regtest, 0)).Message;
    }
}
