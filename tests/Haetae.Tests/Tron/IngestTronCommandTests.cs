using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Support;

namespace Haetae.Tests.Tron;

public sealed class IngestTronCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-tron-").FullName;

    [Fact]
    public async Task A_second_run_goes_on_where_the_first_one_ended_and_leaves_unsettled_blocks_out()
    {
        using var server = new TronServer();
        for (var n = 1; n <= 60; n++) server.Add((uint)n, Hash(n), Hash(n - 1), 1_600_000_000_000 + 3_000 * n, [(Payment(n), new JsonObject { ["id"] = Hash(1_000 + n), ["fee"] = 100 })]);
        var first = await Run("ingest", "tron", "--url", server.Address, "--ledger", At("parts"), "--to", "17", "--json");
        Assert.Equal((ExitCode.Done, 17, 34), (first.Exit, first.Json["blocksAdded"]!.GetValue<int>(), first.Json["transfers"]!.GetValue<int>()));
        var second = await Run("ingest", "tron", "--url", server.Address, "--ledger", At("parts"), "--json");
        Assert.Equal((18, 40, 40), (second.Json["firstBlock"]!.GetValue<int>(), second.Json["lastBlock"]!.GetValue<int>(), second.Json["transactions"]!.GetValue<int>()));
        var third = await Run("ingest", "tron", "--url", server.Address, "--ledger", At("parts"), "--json");
        Assert.Equal(0, third.Json["blocksAdded"]!.GetValue<int>());
        await Run("ingest", "tron", "--url", server.Address, "--ledger", At("whole"), "--json");
        using var parts = AccountLedger.Open(At("parts"));
        using var whole = AccountLedger.Open(At("whole"));
        Assert.Equal(whole.Digest, parts.Digest);
        Assert.Equal(80, parts.Graph.TransferCount);
    }

    [SharedDataFact]
    public async Task Rows_go_into_a_ledger_on_disk_as_into_a_table()
    {
        var run = await Run("ingest", "tron", "--rows", SharedData.Path_("ethereum", "tron"), "--ledger", At("rows"), "--json");
        Assert.Equal((ExitCode.Done, 2_172 + 990), (run.Exit, run.Json["transactions"]!.GetValue<int>()));
        using var ledger = AccountLedger.Open(At("rows"));
        var table = TronRowsTests.Table(Haetae.Ledger.Tron.TronRows.Read(SharedData.Path_("ethereum", "tron")));
        Assert.Equal(table.Graph.TransferCount, ledger.Graph.TransferCount);
        Assert.Equal(table.Notes, ledger.Notes);
        for (var i = 0L; i < table.Graph.TransferCount; i++)
            Assert.Equal((table.Graph.From[i], table.Graph.To[i], table.Graph.Kind[i], table.Graph.Amount[i]), (ledger.Graph.From[i], ledger.Graph.To[i], ledger.Graph.Kind[i], ledger.Graph.Amount[i]));
    }

    [Fact]
    public async Task What_was_taken_before_a_block_that_does_not_fit_stays()
    {
        using var server = new TronServer();
        for (var n = 1; n <= 60; n++) server.Add((uint)n, Hash(n), n == 15 ? Hash(999) : Hash(n - 1), 1_600_000_000_000 + 3_000 * n, []);
        var run = await Run("ingest", "tron", "--url", server.Address, "--ledger", At("broken"));
        Assert.Equal(ExitCode.Failed, run.Exit);
        Assert.Contains("Block 15", run.Errors, StringComparison.Ordinal);
        using var writer = AccountLedgerWriter.Open(At("broken"), Haetae.Ledger.Chains.ChainName.Tron);
        Assert.Equal(14U, writer.LastBlock!.Value.Number);
    }

    [Theory]
    [InlineData("either --url URL or --rows DIR")]
    [InlineData("no address of an HTTP server", "--url", "nonsense")]
    [InlineData("--to must not lie below --from", "--url", "http://127.0.0.1:1", "--from", "5", "--to", "4")]
    public async Task Wrong_use_is_told(string words, params string[] arguments)
    {
        var run = await Run(["ingest", "tron", "--ledger", At("none"), .. arguments]);
        Assert.Equal(ExitCode.WrongUse, run.Exit);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonObject Payment(int n) => TronRowServer.Transaction(Hash(1_000 + n), "TransferContract", new JsonObject { ["owner_address"] = "41" + Hash(n % 7)[24..], ["to_address"] = "41" + Hash(n % 5 + 50)[24..], ["amount"] = n });

    private static string Hash(int number) => number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private string At(string name) => Path.Combine(_folder, name);

    private static async Task<(int Exit, JsonObject Json, string Errors)> Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(arguments, output, errors);
        return (exit, output.ToString() is ['{', ..] text ? JsonNode.Parse(text)!.AsObject() : [], errors.ToString());
    }
}
