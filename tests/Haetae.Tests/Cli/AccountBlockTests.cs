using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Ledger.Accounts.Storage;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae block</c> on account ledgers: by number, by hash, by stretches.</summary>
public sealed class AccountBlockTests : IDisposable
{
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    private string Ledger => Path.Combine(_home.Folder, "ledger");

    private AccountLedger Made(int seed)
    {
        using (var writer = AccountLedgerWriter.Open(Ledger, RandomTransfers.Chain))
        {
            new RandomTransfers(seed).Tell(60, writer);
            writer.Checkpoint();
        }

        return AccountLedger.Open(Ledger);
    }

    [Fact]
    public async Task A_block_is_found_by_its_hash_as_by_its_number()
    {
        using var ledger = Made(1);
        foreach (long place in new[] { 0, 7, 59 })
        {
            var byNumber = await _home.Json("block", $"{ledger.BlockNumbers[place]}", "--ledger", Ledger);
            Assert.Equal(($"0x{ledger.BlockHashes[place]}", (long)ledger.BlockNumbers[place]), ((string)byNumber["hash"]!, (long)byNumber["number"]!));
            Assert.True(JsonNode.DeepEquals(byNumber, await _home.Json("block", $"0x{ledger.BlockHashes[place]}", "--ledger", Ledger)));
            Assert.True(JsonNode.DeepEquals(byNumber, await _home.Json("block", $"{ledger.BlockHashes[place]}", "--ledger", Ledger)));
        }

        Assert.Equal(ExitCode.NotFound, (await _home.Run("block", new string('7', 64), "--ledger", Ledger)).Exit);
        Assert.Equal(ExitCode.NotFound, (await _home.Run("block", "99", "--ledger", Ledger)).Exit);
        Assert.Equal(ExitCode.WrongUse, (await _home.Run("block", "first", "--ledger", Ledger)).Exit);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_stretch_holds_the_blocks_that_a_look_at_each_finds(int seed)
    {
        using var ledger = Made(seed);
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var (low, high) = (random.Next(60), random.Next(60));
            var isByTime = round % 2 == 0;
            var (since, until) = isByTime ? (ledger.BlockTimes[low], ledger.BlockTimes[high]) : (ledger.BlockNumbers[low], ledger.BlockNumbers[high]);
            var answer = await _home.Json("block", "--since", Text(since), "--until", Text(until), "--ledger", Ledger);
            var expected = new List<string>();
            for (long b = 0; b < 60; b++)
            {
                var at = isByTime ? ledger.BlockTimes[b] : ledger.BlockNumbers[b];
                if (at < since || at > until) continue;
                expected.Add($"{ledger.BlockNumbers[b]} 0x{ledger.BlockHashes[b]}");
                for (uint tx = 0; tx < ledger.Graph.TransactionCount; tx++)
                    if (ledger.Graph.TxBlock[tx] == ledger.BlockNumbers[b]) expected.Add($"0x{ledger.Graph.TxId[tx]}");
            }

            Assert.Equal(expected, answer["blocks"]!.AsArray().SelectMany(block => block!["transactions"]!.AsArray().Select(id => (string)id!).Prepend($"{block["number"]} {block["hash"]}")));
            Assert.Equal((expected.Count(line => line[0] != '0'), expected.Count(line => line[0] == '0')), ((int)answer["blockCount"]!, (int)answer["transactionCount"]!));
            var lines = (await _home.Run("block", "--since", Text(since), "--until", Text(until), "--ndjson", "--ledger", Ledger)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(answer["blocks"]!.AsArray().Select(block => (string)block!["hash"]!), lines.Select(line => (string)JsonNode.Parse(line)!["hash"]!));

            string Text(uint value) => isByTime ? DateTimeOffset.FromUnixTimeSeconds(value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : $"{value}";
        }
    }

    [Fact]
    public async Task Rows_without_blocks_are_asked_for_by_their_times()
    {
        var zeros = new string('0', 39);
        var file = _home.Write("table.csv", $"t,f,o,a\n2022-03-23T10:00:00Z,0x{zeros}1,0x{zeros}2,5\n2022-03-24T10:00:00Z,0x{zeros}1,0x{zeros}2,6\n2022-03-24T10:00:00Z,0x{zeros}2,0x{zeros}1,7\n2022-03-25T00:00:00Z,0x{zeros}1,0x{zeros}2,8\n");
        Assert.Equal(ExitCode.Done, (await _home.Run("ingest", "csv", file, "--ledger", Ledger, "--map", "time=t,from=f,to=o,amount=a")).Exit);
        var day = await _home.Json("block", "--since", "2022-03-24", "--until", "2022-03-24", "--ledger", Ledger);
        var only = Assert.Single(day["blocks"]!.AsArray())!;
        Assert.Equal((2, null, "the source told no blocks: these transactions share a time"), (only["transactions"]!.AsArray().Count, only["number"], (string)only["reason"]!));
        Assert.Contains("2 times, 3 transactions", (await _home.Run("block", "--since", "2022-03-24", "--ledger", Ledger)).Output, StringComparison.Ordinal);
        var (exit, _, errors) = await _home.Run("block", "--since", "12", "--ledger", Ledger);
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Contains("name times", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_block_0_on_tokens_are_known_and_the_coin_is_not()
    {
        var (payer, paid, token) = (new AccountAddress(Enumerable.Repeat((byte)1, 20).ToArray()), new AccountAddress(Enumerable.Repeat((byte)2, 20).ToArray()), AssetName.Token(ChainName.Ethereum, new AccountAddress(Enumerable.Repeat((byte)3, 20).ToArray())));
        foreach (var first in new uint[] { 0, 5 })
        {
            var folder = Path.Combine(_home.Folder, $"{first}");
            using (var writer = AccountLedgerWriter.Open(folder, ChainName.Ethereum))
            {
                writer.AddBlock(first, RandomTransfers.IdOf(1, 1), default, 10);
                writer.AddTransaction(RandomTransfers.IdOf(1, 2), 10, first);
                writer.AddTransfer(null, payer, token, 9, TransferKind.Mint);
                writer.AddTransfer(payer, paid, token, 4, TransferKind.Token);
                writer.AddTransfer(payer, paid, AssetName.Native(ChainName.Ethereum), 4);
                writer.Checkpoint();
            }

            var assets = (await _home.Json("address", payer.ToEip55(), "--ledger", folder))["assets"]!.AsArray();
            Assert.Null(assets[0]!["balance"]);
            Assert.Equal(first == 0 ? "5" : null, (string?)assets[1]!["balance"]);
            Assert.Equal(first == 0, (await _home.Run("ledger", "info", "--ledger", folder)).Output.Contains("The ledger begins with block 0.", StringComparison.Ordinal));
        }
    }
}
