using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Transactions one a line: taken in byte for byte, followed as far as they go, and open where they end.</summary>
public sealed class JsonLinesTests(PracticeLedger practice) : IClassFixture<PracticeLedger>, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-jsonl-").FullName;

    [Fact]
    public async Task All_transactions_of_a_ledger_as_lines_trace_as_the_ledger_does_but_that_nothing_is_known_to_be_unspent()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        var file = Path.Combine(_root, "all.jsonl");
        File.WriteAllLines(file, Enumerable.Range(0, (int)ledger.Counts.Transactions).Reverse().Select(tx => Line(ledger, (uint)tx)));
        var taken = await Json($"ingest jsonl {file} --network regtest --ledger CASE");
        Assert.Equal((ledger.Counts.Transactions, ledger.Counts.Outputs), ((uint)taken["transactions"]!, (long)taken["outputs"]!));
        Assert.True((bool)(await Json($"ingest jsonl {file} --network regtest --ledger CASE"))["wasThere"]!);

        var seeds = string.Join(',', practice.Seeds);
        const string policies = "--policy fifo,haircut,poison --sensitivity 0";
        var there = await Json($"trace --from {seeds} {policies} --ledger {practice.Folder}");
        var here = await Json($"trace --from {seeds} {policies} --ledger CASE");
        Assert.Equal(Ends(there).Select(end => end.Replace(" unspent", " not-fetched", StringComparison.Ordinal)).Order(StringComparer.Ordinal), Ends(here).Order(StringComparer.Ordinal));
    }

    [SharedDataFact]
    public async Task Real_coinjoins_without_heights_are_taken_in_and_what_they_pay_stays_open()
    {
        var taken = await Json($"ingest jsonl {SharedData.Path_("bitcoin", "coinjoin", "mainnet-coinjoins.jsonl.gz")} --ledger CASE");
        Assert.Equal((5_346, 0L), ((int)taken["read"]!, (long)taken["unknownInputs"]!));
        Assert.Contains(taken["notes"]!.AsArray(), note => ((string)note!).Contains("state no heights", StringComparison.Ordinal));
        Assert.True((long)taken["openOutputs"]! > 0);
        var tx = await Json("tx 395f787497c158f7782549783965dba305591940cf0beabd027fb47c1591ac96 --ledger CASE");
        Assert.Equal((false, "20000"), ((bool)tx["isProven"]!, (string)tx["fee"]!));
        Assert.Equal("unknown", (string)tx["outputs"]![1]!["known"]!);
        Assert.Equal("unspent", (string)tx["outputs"]![0]!["known"]!); // OP_RETURN: nobody can ever spend it
    }

    [SharedDataFact]
    public async Task Inputs_that_name_no_output_are_refused_with_their_line()
    {
        var (exit, _, errors) = await FetchRuns.Run($"ingest jsonl {SharedData.Path_("bitcoin", "coinjoin", "emulated-wabisabi-owned.jsonl.gz")} --network regtest --ledger CASE", _root);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("emulated-wabisabi-owned.jsonl.gz, line 1: it has no 'vin'", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_root, "case")));
    }

    [Theory]
    [InlineData("""{"txid":"ID","time":1,"vin":[{"txid":"AA","vout":0,"value":2100000000000000},{"txid":"AA","vout":1,"value":1}],"vout":[{"value":1,"script":"51"}]}""", "more than 21 million coins")]
    [InlineData("""{"txid":"ID","time":1,"vin":[{"txid":"AA","vout":0}],"vout":[{"value":2100000000000000,"script":"51"},{"value":1,"script":"51"}]}""", "line 1: it pays more than 21 million coins")]
    [InlineData("""{"txid":"ID","time":1,"vin":[{"txid":"AA","vout":0,"value":5}],"vout":[{"value":6,"script":"51"}]}""", "pays 6 satoshi and is said to take in 5")]
    [InlineData("""{"txid":"ID","time":1,"vin":[{"txid":"ID","vout":0}],"vout":[{"value":6,"script":"51"}]}""", "which stands later on chain")]
    [InlineData("""{"txid":"ID","time":1,"vin":[{"txid":"AA","vout":0}],"vout":[{"value":-1,"script":"51"}]}""", "line 1: -1 is no amount")]
    [InlineData("""{"txid":"ID","time":1,"vin":[{"txid":"AA","vout":0}],"vout":[]}""", "line 1: it has no output")]
    [InlineData("[", "line 1: ")]
    public async Task What_cannot_be_is_refused_and_said(string line, string said)
    {
        var file = Path.Combine(_root, "one.jsonl");
        File.WriteAllText(file, line.Replace("ID", new string('1', 64), StringComparison.Ordinal).Replace("AA", new string('2', 64), StringComparison.Ordinal));
        var (exit, output, errors) = await FetchRuns.Run($"ingest jsonl {file} --ledger CASE", _root);
        Assert.Equal((ExitCode.Failed, ""), (exit, output));
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_root, "case")));
    }

    [Fact]
    public async Task Transactions_as_Bitcoin_Core_prints_them_with_prevouts_are_read_exactly()
    {
        const string own = """{"txid":"ID","time":7,"block":"BB","vin":[{"txid":"AA","vout":1,"value":29000000,"script":"51","sequence":5}],"vout":[{"value":28999999,"script":"52"},{"value":1,"script":"6a"}]}""";
        const string core = """{"txid":"ID","hash":"ID","blocktime":7,"blockhash":"BB","vin":[{"txid":"AA","vout":1,"scriptSig":{"asm":"","hex":""},"sequence":5,"prevout":{"generated":false,"height":3,"value":0.29000000,"scriptPubKey":{"asm":"1","hex":"51","type":"nonstandard"}}}],"vout":[{"value":0.28999999,"n":0,"scriptPubKey":{"hex":"52"}},{"value":1e-8,"n":1,"scriptPubKey":{"hex":"6a"}}]}""";
        var answers = new List<string>();
        foreach (var (line, folder) in new[] { (own, "CASE"), (core, "OTHER") })
        {
            var file = Path.Combine(_root, "one.jsonl");
            File.WriteAllText(file, line.Replace("ID", new string('1', 64), StringComparison.Ordinal).Replace("AA", new string('2', 64), StringComparison.Ordinal).Replace("BB", new string('3', 64), StringComparison.Ordinal));
            await Json($"ingest jsonl {file} --ledger {folder}");
            answers.Add((await Json($"tx {new string('1', 64)} --ledger {folder}")).ToJsonString());
        }

        Assert.Contains("\"28999999\"", answers[0], StringComparison.Ordinal);
        Assert.Equal(answers[0], answers[1]);
    }

    private static string Line(BitcoinLedger ledger, uint tx)
    {
        var graph = ledger.Graph;
        var inputs = new JsonArray();
        for (var input = graph.FirstInput[tx]; input < graph.FirstInput[tx + 1L]; input++)
        {
            var spent = SpentOutput.Of(ledger, input);
            inputs.Add((JsonNode)new JsonObject { ["txid"] = spent.TxId.ToString(), ["vout"] = spent.Vout, ["value"] = spent.Value, ["script"] = Convert.ToHexStringLower(spent.Script!), ["sequence"] = ledger.Sequences[input] });
        }

        var outputs = new JsonArray();
        for (var output = graph.FirstOutput[tx]; output < graph.FirstOutput[tx + 1L]; output++)
            outputs.Add((JsonNode)new JsonObject { ["value"] = graph.Value[output], ["script"] = Convert.ToHexStringLower(ledger.ScriptOf(output)) });
        return new JsonObject
        {
            ["txid"] = ledger.TxIds[tx].ToString(),
            ["height"] = graph.HeightOf(tx),
            ["time"] = graph.BlockTime[graph.BlockIndexOf(tx)],
            ["version"] = ledger.Metas[tx].Version,
            ["locktime"] = ledger.Metas[tx].LockTime,
            ["vin"] = inputs,
            ["vout"] = outputs,
        }.ToJsonString();
    }

    private static List<string> Ends(JsonNode trace) =>
        [.. trace["results"]!.AsArray().SelectMany(result => result!["ends"]!.AsArray().Select(end => $"{result["policy"]} {end!["txid"]}:{end["vout"]} {end["tainted"]} {end["reason"]}"))];

    private async Task<JsonNode> Json(string command)
    {
        var (exit, output, errors) = await FetchRuns.Run(command + " --json", _root);
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
