using Haetae.Cli.Commands;
using Haetae.Tests.Architecture;
using Haetae.Tests.Ledger.GeneratedChains;
using Haetae.Tests.Support;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>Clusters on a chain of the benchmark generator, whose owners are in its truth file.</summary>
public sealed class BenchAccuracyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-bench-accuracy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedChainFact]
    public async Task The_page_shows_what_the_command_prints()
    {
        var program = Path.Combine(_folder, "generate_chain");
        Generator.Run("g++", "-O2", "-w", "-o", program, Generator.Source!, "-lcrypto");
        var chain = Path.Combine(_folder, "chain");
        Generator.Run(program, "--out", chain, "--txs", "200000", "--seed", "42", "--truth", "1");
        var (exit, output, _) = await AccuracyTests.Run("accuracy", "--data", SharedData.Root!, "--bench", chain, "--only", "bench", "--markdown");
        Assert.Equal(ExitCode.Done, exit);
        var table = output[output.IndexOf('|', StringComparison.Ordinal)..].TrimEnd();
        Assert.True(Repository.Read("docs/accuracy.md").ReplaceLineEndings("\n").Contains(table.ReplaceLineEndings("\n"), StringComparison.Ordinal), $"docs/accuracy.md does not show:\n{table}");
    }

    [Fact]
    public async Task A_chain_without_its_truth_is_told()
    {
        var (exit, _, errors) = await AccuracyTests.Run("accuracy", "--data", _folder, "--bench", _folder, "--only", "bench");
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Contains("--truth 1", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongUse, (await AccuracyTests.Run("accuracy", "--data", _folder, "--only", "bench")).Exit);
        File.WriteAllText(Path.Combine(_folder, "truth.tsv"), "p2wpkh\tabc\t1\n");
        var (bad, _, said) = await AccuracyTests.Run("accuracy", "--data", _folder, "--bench", _folder, "--only", "bench");
        Assert.Equal((ExitCode.Failed, true), (bad, said.Contains("truth.tsv, line 1", StringComparison.Ordinal)));
    }
}
