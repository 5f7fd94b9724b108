using System.Text.Json.Nodes;
using Haetae.Cli.Commands;

namespace Haetae.Tests.Node;

/// <summary><c>haetae ingest bitcoin --rpc</c> as a shell meets it: exit codes, streams, and no secret on either.</summary>
public sealed class NodeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-node-command").FullName;
    private readonly TestChain _chain;

    public NodeCommandTests() => _chain = TestChain.Heist(Path.Combine(_folder, "heist"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--rpc URL --rpc-user someone --rpc-password secret-word")]
    [InlineData("--rpc WITH-PASSWORD")]
    [InlineData("--rpc URL --rpc-cookie COOKIE")]
    [InlineData("--rpc WITH-PASSWORD --follow --to 20")]
    [InlineData("--rpc WITH-PASSWORD --network regtest --strict-work --to 20")]
    public async Task A_node_is_taken_in_with_0_and_its_secret_is_nowhere(string options)
    {
        var (exit, output, errors) = await Run(options + " --json");
        Assert.True(exit == ExitCode.Done, errors);
        Assert.Equal(options.Contains("20", StringComparison.Ordinal) ? 21 : _chain.Blocks.Count, (int)JsonNode.Parse(output)!["blocks"]!);
    }

    [Theory]
    [InlineData("--rpc URL --rpc-user someone --rpc-password other-secret-word", ExitCode.Failed, "refuses the credentials (401)")]
    [InlineData("--rpc URL", ExitCode.Failed, "refuses the credentials (401)")]
    [InlineData("--rpc URL --rpc-cookie FOLDER", ExitCode.Failed, "is a folder")]
    [InlineData("--rpc WITH-PASSWORD --network mainnet", ExitCode.Failed, "--network says mainnet")]
    [InlineData("--rpc WITH-PASSWORD --network atlantis", ExitCode.WrongUse, "is no network")]
    [InlineData("--rpc WITH-PASSWORD --from 10000000", ExitCode.Failed, "No block lies between --from and --to")]
    [InlineData("--rpc WITH-PASSWORD --from 9 --to 8", ExitCode.WrongUse, "--to must not lie below --from")]
    [InlineData("--blocks FOLDER --from 9 --to 8", ExitCode.WrongUse, "--to must not lie below --from")]
    [InlineData("--rpc WITH-PASSWORD --rpc-cookie COOKIE", ExitCode.WrongUse, "not both")]
    [InlineData("--rpc URL --rpc-password secret-word --rpc-cookie COOKIE", ExitCode.WrongUse, "not both")]
    [InlineData("--rpc WITH-PASSWORD --blocks FOLDER", ExitCode.WrongUse, "either --blocks DIR or --rpc URL")]
    [InlineData("--rpc WITH-PASSWORD --poll 0", ExitCode.WrongUse, "--poll must lie between")]
    [InlineData("--blocks FOLDER --rpc-cookie COOKIE", ExitCode.WrongUse, "name it with --rpc URL")]
    [InlineData("--rpc http://someone:secret-word/x@127.0.0.1:1", ExitCode.WrongUse, "address")]
    public async Task What_cannot_be_is_refused_by_its_exit_code_and_the_secret_is_nowhere(string options, int exit, string said)
    {
        var (ended, output, errors) = await Run(options);
        Assert.Equal((exit, ""), (ended, output));
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Errors)> Run(string options)
    {
        var cookie = Path.Combine(_folder, ".cookie");
        await File.WriteAllTextAsync(cookie, $"someone:{NodeDouble.Secret}");
        using var node = new NodeDouble(_chain);
        var args = options.Replace("WITH-PASSWORD", node.Address.Replace("//", $"//someone:{NodeDouble.Secret}@", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("URL", node.Address, StringComparison.Ordinal).Replace("COOKIE", cookie, StringComparison.Ordinal).Replace("FOLDER", _folder, StringComparison.Ordinal);
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["ingest", "bitcoin", .. args.Split(' '), "--ledger", Path.Combine(_folder, "ledger")], output, errors);
        Assert.DoesNotContain(NodeDouble.Secret, output.ToString() + errors, StringComparison.Ordinal);
        return (exit, output.ToString(), errors.ToString());
    }
}
