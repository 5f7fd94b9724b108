using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Mixers;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae pool --ledger DIR --pool ADDRESS</c>: a pool's events from a ledger on disk.</summary>
public sealed class PoolLedgerTests : IDisposable
{
    private static readonly ChainName Ethereum = ChainName.Known.First(chain => chain.Caip2 == "eip155:1");
    private static readonly AssetName Ether = AssetName.Native(Ethereum);
    private static readonly AccountAddress Pool = PoolScene.Of('P');
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-pool-ledger-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Depositors_come_from_transfers_and_link_reused_addresses()
    {
        Write();
        var (exit, output, errors) = await Run("--ledger", _folder, "--pool", Pool.ToEip55(), "--json");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        var document = JsonNode.Parse(output)!;
        Assert.Empty(SchemaCheck.Errors(document, JsonNode.Parse(Repository.Read("docs/formats/haetae.pool.1.schema.json"))!.AsObject()));
        var pool = document["pools"]![0]!;
        Assert.Equal(("1000", Pool.ToString(), 2), ((string?)pool["denomination"], (string?)pool["address"], (int)pool["deposits"]!));
        var withdrawal = Assert.Single(pool["withdrawals"]!.AsArray())!;
        Assert.Equal((2, 1, 1), ((int)withdrawal["naive"]!, (int)withdrawal["linked"]!, (int)withdrawal["links"]![0]!["leaves"]![0]!));
        Assert.Contains("The gas price is known of 0 of 3 transactions with these pools' events.", document["notes"]!.AsArray().Select(note => (string?)note));
        Assert.Equal("needs the gas price of every deposit, known of 0 of 2", (string?)document["rules"]!.AsArray().Single(rule => (string?)rule!["method"] == "gas-price")!["notRun"]);
    }

    [Fact]
    public async Task Wrong_use_is_told()
    {
        Write();
        Assert.Equal(ExitCode.WrongUse, (await Run()).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("--ledger", _folder, "--pool", "0x12")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("list.json", "--pool", Pool.ToEip55())).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("list.json", "--ledger", _folder)).Exit);
        Assert.Equal(ExitCode.NotFound, (await Run("--ledger", _folder, "--pool", PoolScene.Of('Q').ToEip55())).Exit);
        Assert.Contains("no deposit", (await Run("--ledger", _folder, "--pool", PoolScene.Of('a').ToEip55())).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mixer")]
    [InlineData("mixer", "--stops", "mixers")]
    [InlineData("held", "--stops", "services,bridges")]
    [InlineData("held", "--stops", "none")]
    [InlineData("held", "--through", "0x0000000000000000000000000000000000000050")]
    public async Task A_trace_stops_at_the_pool_unless_told_otherwise(string reason, params string[] options)
    {
        Write();
        var (exit, output, errors) = await Trace([.. options, "--json"]);
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        Assert.Equal(reason, (string?)Assert.Single(JsonNode.Parse(output)!["results"]![0]!["ends"]!.AsArray())!["reason"]);
    }

    [Fact]
    public async Task A_stop_of_another_chain_is_named_and_an_untagged_one_is_said_to_be()
    {
        Write();
        Assert.Contains("on account chains known are bridges, mixers, services", (await Trace("--stops", "coinjoins")).Errors, StringComparison.Ordinal);
        Assert.Contains("by what it emits alone", string.Join(' ', (await Trace()).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private Task<(int Exit, string Output, string Errors)> Trace(params string[] options) =>
        Invoke(["trace", "--ledger", _folder, "--home", Path.Combine(_folder, "home"), "--from", "0x" + Hash(1, 1), "--policy", "fifo", .. options]);

    private void Write()
    {
        using var writer = AccountLedgerWriter.Open(_folder, Ethereum);
        writer.DescribeAsset(Ether, "ETH", 18);
        Hash256 parent = default;
        for (byte block = 1; block <= 3; block++)
        {
            writer.AddBlock(block, Hash(100, block), parent, 1_000U + block);
            parent = Hash(100, block);
            writer.AddTransaction(Hash(1, block), 1_000U + block, block);
            var data = new byte[block == 3 ? 96 : 64];
            if (block < 3)
            {
                writer.AddTransfer(PoolScene.Of((char)('a' + block - 1)), Pool, Ether, 1_000);
                data[31] = (byte)(block - 1);
                writer.AddEvent(Pool, [PoolReading.DepositTopic, Hash(2, block)], data);
            }
            else
            {
                writer.AddTransfer(Pool, PoolScene.Of('b'), Ether, 1_000, TransferKind.Internal);
                PoolScene.Of('b').CopyTo(data.AsSpan(12));
                writer.AddEvent(Pool, [PoolReading.WithdrawalTopic, default], data);
            }
        }

        writer.Checkpoint();
    }

    private static Hash256 Hash(byte kind, byte number)
    {
        var bytes = new byte[Hash256.Size];
        (bytes[0], bytes[1]) = (kind, number);
        return new Hash256(bytes);
    }

    private static Task<(int Exit, string Output, string Errors)> Run(params string[] words) => Invoke(["pool", .. words]);

    private static async Task<(int Exit, string Output, string Errors)> Invoke(string[] words)
    {
        using StringWriter output = new(), errors = new();
        return (await HaetaeCommand.RunAsync(words, output, errors), output.ToString(), errors.ToString());
    }
}
