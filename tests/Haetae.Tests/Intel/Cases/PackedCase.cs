using Haetae.Cli.Commands;
using Haetae.Intel.Cases;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Cases;

/// <summary>A case of a practice heist, made and packed through the commands once for all tests of a class.</summary>
public sealed class PackedCase : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-case-").FullName;

    public PackedCase()
    {
        Run("case", "new", File, "--title", "Practice heist", "--tlp", "green", "--by", "tester", "--from", string.Join(',', Practice.Seeds), "--ledger", Practice.Folder);
        Run("case", "add", File, "fact", "--name", "victim", "--value", "the exchange", "--source", "its own notice", "--status", "published");
        Run("case", "add", File, "link", "--from", Practice.Seeds[0], "--to", Practice.Seeds[1], "--method", "by eye", "--evidence", "same hour", "--probability", "0.5");
        Run("case", "add", File, "tag", Practice.Seeds[0][..64], "--label", "the theft", "--source", "its own notice", "--category", "thief");
        Run("case", "add", File, "note", "the peel chain is the interesting part");
        Run(["tags", "import", .. Directory.GetFiles(Practice.Blocks, "*.yaml"), "--home", Home]);
        Run("case", "add", File, "trace", "--ledger", Practice.Folder, "--home", Home);
        Run("case", "add", File, "trace", "--ledger", Practice.Folder, "--policy", "lifo", "--until", "200", "--stops", "none", "--tags-as-of", "2001-01-01", "--home", Home);
        Run("case", "pack", File, "--blocks", Practice.Blocks, "--ledger", Practice.Folder, "--home", Home);
        Pack = System.IO.File.ReadAllBytes(PackFileName);
    }

    public PracticeLedger Practice { get; } = new();

    /// <summary>The case, a JSON file.</summary>
    public string File => Path.Combine(_root, "heist.json");

    /// <summary>A home with the tags of the practice world.</summary>
    public string Home => Path.Combine(_root, "home");

    public string PackFileName => Path.Combine(_root, "heist.haetae");

    public byte[] Pack { get; }

    /// <summary>A path in the fixture's own folder.</summary>
    public string Path_(string name) => Path.Combine(_root, name);

    /// <summary>Runs a command that must succeed.</summary>
    internal static string Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = HaetaeCommand.RunAsync(arguments, output, errors).GetAwaiter().GetResult();
        Assert.True(exit == ExitCode.Done, $"{string.Join(' ', arguments)}: {exit} {errors}");
        return output.ToString();
    }

    /// <summary>The sections of a pack, to be changed and put together anew.</summary>
    internal static List<(string Name, byte[] Bytes)> Sections(byte[] pack)
    {
        var faults = new List<PackFault>();
        var sections = PackFile.Read(pack, faults);
        Assert.Empty(faults);
        return [.. sections!.Select(section => (section.Name, section.Bytes.ToArray()))];
    }

    public void Dispose()
    {
        Practice.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
