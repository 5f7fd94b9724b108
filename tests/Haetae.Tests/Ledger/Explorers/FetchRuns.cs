using Haetae.Cli.Commands;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Runs the program; CASE and OTHER stand for folders of their own.</summary>
internal static class FetchRuns
{
    internal static async Task<(int Exit, string Output, string Errors)> Run(string command, string root)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var words = command.Split(' ').Select(word => word.Replace("CASE", Path.Combine(root, "case"), StringComparison.Ordinal).Replace("OTHER", Path.Combine(root, "other"), StringComparison.Ordinal)).ToList();
        if (words[0] == "fetch") words.AddRange(["--rate", "1000", "--first-wait-ms", "1"]);
        var exit = await HaetaeCommand.RunAsync([.. words, "--home", root], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
