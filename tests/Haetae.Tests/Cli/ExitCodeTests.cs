using Haetae.Cli.Commands;

namespace Haetae.Tests.Cli;

/// <summary>One rule for every verb: 3 what is not there, 2 a folder for a file or a file for a folder, 1 what is there and cannot be used, 4 what was to be verified and is not so.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private const string Tx = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Account = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-exits-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Verbs that read a file, at the place marked PATH.</summary>
    public static TheoryData<string> ReadFiles =>
    [
        "ingest csv PATH --ledger NEW", "ingest jsonl PATH --ledger NEW", "prices import PATH --source x --map day=d,price=p --asset eth --currency USD",
        "case show PATH", "case add PATH note x", "case pack PATH", "case verify PATH", "trace --case PATH --theft x",
    ];

    /// <summary>Verbs that read a folder of data.</summary>
    public static TheoryData<string> ReadFolders =>
        ["ingest evm --etl PATH --ledger NEW", "ingest tron --rows PATH --ledger NEW", "accuracy --data PATH", "accuracy --only clusters --data HERE --bench PATH"];

    /// <summary>Verbs that take either.</summary>
    public static TheoryData<string> ReadEither => ["ingest bitcoin --blocks PATH --ledger NEW", "tags import PATH", "pool PATH"];

    /// <summary>Verbs that read a ledger.</summary>
    public static TheoryData<string> ReadLedgers =>
    [
        "ledger info --ledger PATH", "ledger stats --ledger PATH", "ledger verify --ledger PATH", $"ledger reconcile {Account} --rpc http://127.0.0.1:1 --ledger PATH",
        $"tx {Tx} --ledger PATH", $"address {Account} --ledger PATH", "block 1 --ledger PATH", $"trace --from {Tx} --ledger PATH", $"trace --backward --from {Tx} --ledger PATH",
        $"peel {Tx}:0 --ledger PATH", $"change {Tx} --ledger PATH", $"coinjoin {Tx} --ledger PATH", $"payouts {Tx} --ledger PATH", $"deposits --service {Account} --ledger PATH",
        "cluster build --ledger PATH", $"cluster {Account} --ledger PATH", $"cluster cut {Tx} --ledger PATH", $"why {Account} {Account} --ledger PATH",
        $"journey --from eth:{Tx} --ledger eth=PATH", $"exposure {Account} --from {Tx}:0 --ledger PATH", $"case new NEW.json --title x --from {Tx}:0 --ledger PATH",
        $"pool --pool {Account} --ledger PATH",
    ];

    private async Task<(int Exit, string Output, string Errors)> Run(string line, string path)
    {
        using StringWriter output = new(), errors = new();
        var words = line.Split(' ').Select(word => word.Replace("PATH", path, StringComparison.Ordinal).Replace("NEW", Path.Combine(_root, "new"), StringComparison.Ordinal).Replace("HERE", _root, StringComparison.Ordinal));
        var exit = await HaetaeCommand.RunAsync([.. words, "--home", Path.Combine(_root, "home")], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }

    private string Folder() => Directory.CreateDirectory(Path.Combine(_root, "folder")).FullName;

    private async Task<string> File_(string name, string content)
    {
        var path = Path.Combine(_root, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    [Theory]
    [MemberData(nameof(ReadFiles))]
    [MemberData(nameof(ReadFolders))]
    [MemberData(nameof(ReadEither))]
    [MemberData(nameof(ReadLedgers))]
    public async Task What_is_not_there_is_not_found(string line)
    {
        var path = Path.Combine(_root, "nothing");
        var (exit, _, errors) = await Run(line, path);
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Contains(path, errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReadLedgers))]
    public async Task A_folder_without_a_ledger_is_a_ledger_not_found(string line)
    {
        var path = Folder();
        var (exit, _, errors) = await Run(line, path);
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Contains(path, errors, StringComparison.Ordinal);
        Assert.Contains("Make one with", errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReadFolders))]
    [MemberData(nameof(ReadLedgers))]
    public async Task A_file_is_the_wrong_word_for_a_folder(string line)
    {
        var path = await File_("file", "");
        var (exit, _, errors) = await Run(line, path);
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains(path, errors, StringComparison.Ordinal);
        Assert.Contains("that is a file", errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReadFiles))]
    public async Task A_folder_is_the_wrong_word_for_a_file(string line)
    {
        var (exit, _, errors) = await Run(line, Folder());
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains("is a folder; name a file", errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReadFiles))]
    [MemberData(nameof(ReadEither))]
    public async Task What_is_empty_or_something_else_fails(string line)
    {
        foreach (var (name, content) in new[] { ("empty", ""), ("strange", "strange {\n") })
        {
            var path = await File_(name, content);
            var (exit, output, errors) = await Run(line, path);
            Assert.Equal(line.StartsWith("case verify", StringComparison.Ordinal) ? ExitCode.VerificationFailed : ExitCode.Failed, exit);
            Assert.Contains(path, output + errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ingest evm --etl PATH --ledger NEW")]
    [InlineData("ingest tron --rows PATH --ledger NEW")]
    [InlineData("ingest bitcoin --blocks PATH --ledger NEW")]
    [InlineData("tags import PATH")]
    [InlineData("pool PATH")]
    public async Task A_folder_with_nothing_of_the_kind_fails(string line)
    {
        var (exit, _, errors) = await Run(line, Folder());
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains(Folder(), errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReadLedgers))]
    public async Task A_manifest_that_cannot_be_read_fails(string line)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder(), "manifest.json"), "strange {");
        Assert.Equal(line.StartsWith("ledger verify", StringComparison.Ordinal) ? ExitCode.VerificationFailed : ExitCode.Failed, (await Run(line, Folder())).Exit);
    }
}

/// <summary>What is there and cannot be read is no reason to say that it is not there.</summary>
public sealed class UnreadableFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-unreadable-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_file_that_cannot_be_read_fails()
    {
        if (OperatingSystem.IsWindows()) return; // rights are set another way there
        var file = Path.Combine(_root, "table.csv");
        await File.WriteAllTextAsync(file, "t,f,o,a\n");
        File.SetUnixFileMode(file, UnixFileMode.None);
        if (Environment.IsPrivilegedProcess) file = "/proc/self/mem"; // the system's rights do not bind root, but nobody reads the page at address 0
        foreach (var line in ExitCodeTests.ReadFiles)
        {
            using StringWriter output = new(), errors = new();
            var words = line.Replace("PATH", file, StringComparison.Ordinal).Replace("NEW", Path.Combine(_root, "new"), StringComparison.Ordinal).Split(' ');
            var exit = await HaetaeCommand.RunAsync([.. words, "--home", Path.Combine(_root, "home")], output, errors);
            Assert.True(exit == ExitCode.Failed, $"{line}: {exit} {errors}");
        }
    }
}
