using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae pool</c> on small lists and on the recorded ones.</summary>
public sealed class PoolCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-pool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_says_what_hides_a_withdrawal_and_which_rules_lack_what()
    {
        Write("deposits_eth_1.json", Deposit(1, 0), Deposit(2, 1), Deposit(9, 2));
        Write("withdrawals_eth_1.json", Withdrawal(5, 8), Withdrawal(6, 12));
        var (exit, output, _) = await Run(_folder);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("1 ETH: 3 deposits, 2 withdrawals", output, StringComparison.Ordinal);
        Assert.Contains("Naive sets    2 to 3 deposits", output, StringComparison.Ordinal);
        Assert.Contains("address-match       not run: needs the depositor", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_is_what_its_schema_says_and_dates_lie_between_deposits()
    {
        Write("deposits_eth_1.json", Deposit(1, 0), Deposit(9, 1));
        Write("withdrawals_eth_1.json", Withdrawal(5, 8));
        var (exit, output, _) = await Run(_folder, "--json", "--withdrawal", "0x" + Hash(5, 8));
        Assert.Equal(ExitCode.Done, exit);
        var document = JsonNode.Parse(output)!;
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.pool.1.schema.json"))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(document, schema));
        var withdrawal = document["pools"]![0]!["withdrawals"]![0]!;
        Assert.Equal(("1970-01-01T00:01:40Z", "1970-01-01T00:15:00Z"), ((string?)withdrawal["notBefore"], (string?)withdrawal["notAfter"]));
        Assert.Equal(1_000_000, (int)document["candidates"]![0]!["top"]![0]!["millionths"]!);
        document["pools"]![0]!["withdrawals"]![0]!["naive"] = "1";
        Assert.NotEmpty(SchemaCheck.Errors(document, schema));
    }

    [Fact]
    public async Task Events_that_cannot_be_true_are_told_and_fail_the_check()
    {
        Write("deposits_eth_1.json", Deposit(9, 0));
        Write("withdrawals_eth_1.json", Withdrawal(5, 8));
        var (exit, output, _) = await Run(_folder);
        Assert.Equal(ExitCode.VerificationFailed, exit);
        Assert.Contains("withdrawals never above deposits: withdrawal in block 8", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_use_is_told_with_the_way_out()
    {
        Write("deposits_eth_1.json", Deposit(1, 0));
        Assert.Equal(ExitCode.NotFound, (await Run(Path.Combine(_folder, "nowhere"))).Exit);
        File.Copy(Path.Combine(_folder, "deposits_eth_1.json"), Path.Combine(_folder, "list.json"));
        Assert.Contains("deposits_eth_100.json", (await Run(Path.Combine(_folder, "list.json"))).Errors, StringComparison.Ordinal);
        Assert.Contains("read before", (await Run(_folder, Path.Combine(_folder, "deposits_eth_1.json"))).Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongUse, (await Run(_folder, "--withdrawal", "5")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run(_folder, "--top", "0")).Exit);
        Assert.Equal(ExitCode.NotFound, (await Run(_folder, "--withdrawal", Hash(5, 8))).Exit);
    }

    [SharedDataFact]
    public async Task The_recorded_pool_of_a_hundred_is_read_whole()
    {
        var folder = SharedData.Path_("ethereum", "tornado-cash");
        var (exit, output, _) = await Run(Path.Combine(folder, "deposits_eth_100.json.zip"), Path.Combine(folder, "withdrawals_eth_100.json.zip"));
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("100 ETH: 27,544 deposits, 25,608 withdrawals, 18,848 of these by a relayer", output, StringComparison.Ordinal);
        Assert.Contains("Invariants    hold", output, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Errors)> Run(params string[] words)
    {
        using StringWriter output = new(), errors = new();
        return (await HaetaeCommand.RunAsync(["pool", .. words], output, errors), output.ToString(), errors.ToString());
    }

    private void Write(string name, params string[] rows) => File.WriteAllText(Path.Combine(_folder, name), $"[{string.Join(',', rows)}]");

    private static string Deposit(int block, int leaf) =>
        $$"""{"blockNumber":{{block}},"transactionHash":"0x{{Hash(1, leaf)}}","commitment":"0x{{Hash(2, leaf)}}","leafIndex":{{leaf}},"timestamp":"{{100 * block}}"}""";

    private static string Withdrawal(int number, int block) =>
        $$"""{"blockNumber":{{block}},"transactionHash":"0x{{Hash(number, block)}}","nullifierHash":"0x{{Hash(4, number)}}","to":"0x4adF585001CDc2C408Fb14bf38D7Ad730A385F11","fee":"0"}""";

    private static string Hash(int kind, int number) => $"{kind:x2}{number:x2}".PadLeft(64, '0');
}
