using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Traces on case ledgers: the whole ledger's answer once all is fetched, and before that open ends that say so.</summary>
public sealed class CaseTraceTests(PracticeLedger practice) : IClassFixture<PracticeLedger>, IDisposable
{
    private const string Policies = "--policy fifo,lifo,haircut,tiho,tilo,dirty-first,clean-first,poison --sensitivity 0";

    private readonly string _root = Directory.CreateTempSubdirectory("haetae-casetrace-").FullName;
    private readonly BitcoinLedger _whole = BitcoinLedger.Open(practice.Folder);

    private string Stolen => string.Join(',', practice.Seeds);

    private string StolenIds => string.Join(',', practice.Seeds.Select(seed => seed[..64]).Distinct());

    [Fact]
    public async Task A_trace_has_the_whole_ledgers_ends_once_all_that_it_needs_is_fetched()
    {
        using var server = new EsploraServer(_whole, practice.Blocks);
        await Json($"fetch {StolenIds} --ledger CASE --esplora {server.Url} --hops 1");
        var few = server.Asked.Count;
        await Json($"fetch {Stolen} --ledger CASE --esplora {server.Url} --follow-trace");
        Assert.True(server.Asked.Count > few);

        var there = await Json($"trace --from {Stolen} {Policies} --ledger {practice.Folder}");
        var here = await Json($"trace --from {Stolen} {Policies} --ledger CASE");
        Assert.Equal(Ends(there), Ends(here));
        Assert.Equal(Books(there), Books(here));
        Assert.DoesNotContain("not-fetched", here.ToJsonString(), StringComparison.Ordinal);
        Assert.True((uint)(await Json("ledger info --ledger CASE"))["transactions"]! < _whole.Counts.Transactions);

        var asked = server.Asked.Count;
        await Json($"fetch {Stolen} --ledger CASE --esplora {server.Url} --follow-trace");
        Assert.Equal(asked, server.Asked.Count);
    }

    [Fact]
    public async Task What_was_not_fetched_is_an_open_end_and_never_unspent()
    {
        using var server = new EsploraServer(_whole, practice.Blocks);
        await Json($"fetch {StolenIds} --ledger CASE --esplora {server.Url} --hops 2");
        var here = await Json($"trace --from {Stolen} {Policies} --ledger CASE");
        var open = here["results"]![0]!["ends"]!.AsArray().Where(end => (string)end!["reason"]! == "not-fetched").ToList();
        Assert.NotEmpty(open);
        foreach (var end in open)
        {
            var number = (uint)_whole.FindTransaction(Hash256.Parse((string)end!["txid"]!));
            Assert.NotEqual(0U, _whole.Graph.SpenderOf(_whole.Graph.FirstOutput[number] + (int)end["vout"]!));
        }

        foreach (var end in here["results"]![0]!["ends"]!.AsArray().Where(end => (string)end!["reason"]! == "unspent"))
        {
            var number = (uint)_whole.FindTransaction(Hash256.Parse((string)end!["txid"]!));
            Assert.Equal(0U, _whole.Graph.SpenderOf(_whole.Graph.FirstOutput[number] + (int)end["vout"]!));
        }

        foreach (var result in here["results"]!.AsArray()) Assert.Equal((string)result!["policy"]! != "poison", (bool)result["conserves"]!);
        var (exit, text, _) = await FetchRuns.Run($"trace --from {Stolen} --policy fifo --ledger CASE", _root);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("The case ledger holds no further", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_denies_a_spend_which_is_held_is_found_out()
    {
        var seed = practice.Seeds[0];
        var (id, vout) = (Hash256.Parse(seed.AsSpan(0, 64)), int.Parse(seed.AsSpan(65)));
        var spender = _whole.TxIds[_whole.Graph.SpenderOf(_whole.Graph.FirstOutput[_whole.FindTransaction(id)] + vout)];
        using var server = new EsploraServer(_whole, practice.Blocks) { DeniesSpendOf = (id, vout) };
        var said = $"{id}:{vout} is said to be unspent, and transaction {spender}";
        var fetched = await Json($"fetch {id},{spender} --ledger CASE --esplora {server.Url}");
        Assert.Contains(fetched["notes"]!.AsArray(), note => ((string)note!).Contains(said, StringComparison.Ordinal));
        Assert.Equal($"{spender}", (string)(await Json($"tx {id} --ledger CASE"))["outputs"]![vout]!["spentBy"]!); // who spends it is held, and proven
        var (exit, output, _) = await FetchRuns.Run("ledger verify --ledger CASE", _root);
        Assert.Equal(ExitCode.VerificationFailed, exit);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_that_contradicts_what_is_held_is_left_out_and_costs_its_addresses_alone()
    {
        using var server = new EsploraServer(_whole, practice.Blocks);
        var (mine, others) = (_whole.ScriptOf(Addressed(0)), _whole.ScriptOf(Addressed(1)));
        Assert.True(Haetae.Ledger.Bitcoin.Address.TryEncode(mine, _whole.Network, out var first) & Haetae.Ledger.Bitcoin.Address.TryEncode(others, _whole.Network, out var second));
        await Json($"fetch {first},{second} --ledger CASE --esplora {server.Url}");
        var held = _whole.Graph.TransactionOf(Addressed(0));
        // A line that spends an output of a transaction that is held, which that transaction does not have.
        var lie = Path.Combine(_root, "lie.jsonl");
        await File.WriteAllTextAsync(lie, $$"""{"txid":"{{new string('1', 64)}}","time":{{_whole.Graph.BlockTime[_whole.Graph.BlockCount - 1]}},"height":{{_whole.TipHeight}},"vin":[{"txid":"{{_whole.TxIds[held]}}","vout":4000}],"vout":[{"value":1,"script":"{{Convert.ToHexStringLower(mine)}}"}]}""");
        var taken = await Json($"ingest jsonl {lie} --network {_whole.Network.Name} --ledger CASE");
        Assert.Contains(taken["notes"]!.AsArray(), note => ((string)note!).Contains($"Transaction {new string('1', 64)} is left out", StringComparison.Ordinal));
        Assert.Equal(("truncated", "complete"), ((string)(await Json($"address {first} --ledger CASE"))["coverage"]!, (string)(await Json($"address {second} --ledger CASE"))["coverage"]!));
        Assert.Equal(ExitCode.NotFound, (await FetchRuns.Run($"tx {new string('1', 64)} --ledger CASE", _root)).Exit);
    }

    /// <summary>The first output that pays an address, and the first after it that pays another.</summary>
    private long Addressed(int which)
    {
        byte[]? met = null;
        for (long output = 0; output < _whole.Graph.OutputCount; output++)
        {
            var script = _whole.ScriptOf(output);
            if (!Haetae.Ledger.Bitcoin.Address.TryEncode(script, _whole.Network, out _) || (met is not null && script.AsSpan().SequenceEqual(met))) continue;
            if (which-- == 0) return output;
            met = script;
        }

        throw new InvalidOperationException("the ledger pays fewer addresses");
    }

    [Fact]
    public async Task Files_days_and_the_way_back_go_on_a_case_ledger_too()
    {
        using var server = new EsploraServer(_whole, practice.Blocks);
        await Json($"fetch {StolenIds} --ledger CASE --esplora {server.Url} --hops 3");
        var page = Path.Combine(_root, "page");
        var (exit, _, errors) = await FetchRuns.Run($"trace --from {Stolen} --ledger CASE --html {page}.html --csv {page}.csv --graphml {page}.graphml", _root);
        Assert.True(exit == ExitCode.Done, errors);
        Assert.Contains("not fetched", File.ReadAllText(page + ".html"), StringComparison.Ordinal);
        Assert.Contains("not-fetched", File.ReadAllText(page + ".csv"), StringComparison.Ordinal);

        var height = _whole.Graph.HeightOf((uint)_whole.FindTransaction(Hash256.Parse(practice.Seeds[0].AsSpan(0, 64)))) + 2;
        var early = await Json($"trace --from {practice.Seeds[0]} --until {height} --policy fifo --ledger CASE");
        var whole = await Json($"trace --from {practice.Seeds[0]} --until {height} --policy fifo --ledger {practice.Folder}");
        Assert.Equal(Ends(whole), Ends(early));
        var end = early["results"]![0]!["ends"]![0]!;
        var back = await Json($"trace --backward --from {end["txid"]}:{end["vout"]} --policy haircut --ledger CASE");
        Assert.Equal("haircut", (string)back["results"]![0]!["policy"]!);
        Assert.Equal(ExitCode.WrongUse, (await FetchRuns.Run($"trace --from {Stolen} --fee-rule coinbase-append --ledger CASE", _root)).Exit);
    }

    [Fact]
    public async Task Of_an_address_that_was_never_asked_for_coverage_is_unknown()
    {
        using var server = new EsploraServer(_whole, practice.Blocks);
        await Json($"fetch {StolenIds} --ledger CASE --esplora {server.Url}");
        var paid = (string)(await Json($"tx {practice.Seeds[0][..64]} --ledger CASE"))["outputs"]![0]!["address"]!;
        var shown = await Json($"address {paid} --ledger CASE");
        Assert.Equal(("unknown", "its history was not fetched"), ((string)shown["coverage"]!, (string)shown["reason"]!));
        Assert.Null(shown["balance"]);
    }

    [Fact]
    public async Task The_wrong_servers_answer_does_not_stand()
    {
        using var wrong = new EtherscanServer(MadeChain.Of(1, 1, out _));
        var (exit, _, errors) = await FetchRuns.Run($"fetch {StolenIds} --ledger CASE --esplora {wrong.Url}/v0", _root);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("is it an Esplora server", errors, StringComparison.Ordinal);
        using var server = new EsploraServer(_whole, practice.Blocks);
        await Json($"fetch {StolenIds} --ledger CASE --esplora {server.Url}");
    }

    [Fact]
    public async Task Verbs_that_need_whole_blocks_say_so()
    {
        using var server = new EsploraServer(_whole, practice.Blocks);
        await Json($"fetch {StolenIds} --ledger CASE --esplora {server.Url}");
        var (exit, _, errors) = await FetchRuns.Run("ledger stats --ledger CASE", _root);
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains("is a case ledger", errors, StringComparison.Ordinal);
        (exit, _, errors) = await FetchRuns.Run($"fetch {StolenIds} --ledger {practice.Folder} --esplora {server.Url}", _root);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("another kind", errors, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task The_first_payment_of_bitcoin_is_followed_through_a_server_as_through_the_blocks()
    {
        const string firstPayment = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
        var blocks = SharedData.Path_("bitcoin", "blocks", "mainnet-000000-004312.blk.dat");
        var folder = Path.Combine(_root, "mainnet");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = blocks, Ledger = folder, Threads = 2 });
        using var ledger = BitcoinLedger.Open(folder);
        using var server = new EsploraServer(ledger, blocks) { RefuseEvery = 7 };
        var fetched = await Json($"fetch {firstPayment} --ledger CASE --esplora {server.Url} --follow-trace");
        Assert.Equal(("mainnet", 4312), ((string)fetched["network"]!, (int)fetched["tipHeight"]!));
        Assert.Equal(0, (int)(await Json("ledger info --ledger CASE"))["unknownInputs"]!);
        var there = await Json($"trace --from {firstPayment} {Policies} --ledger {folder}");
        var here = await Json($"trace --from {firstPayment} {Policies} --ledger CASE");
        Assert.Equal(Ends(there), Ends(here));
        Assert.Equal(Books(there), Books(here));
        var tx = await Json($"tx {firstPayment} --ledger CASE");
        Assert.True((bool)tx["isProven"]!);
        Assert.Equal((string)(await Json($"tx {firstPayment} --ledger {folder}"))["blockHash"]!, (string)tx["blockHash"]!);
    }

    private static List<string> Ends(JsonNode trace) =>
        [.. trace["results"]!.AsArray().SelectMany(result => result!["ends"]!.AsArray().Select(end => $"{result["policy"]} {end!["txid"]}:{end["vout"]} {end["tainted"]} {end["reason"]}")).Order(StringComparer.Ordinal)];

    private static List<string> Books(JsonNode trace) => [.. trace["results"]!.AsArray().Select(result => $"{result!["policy"]} {result["books"]!.ToJsonString()}")];

    private async Task<JsonNode> Json(string command)
    {
        var (exit, output, errors) = await FetchRuns.Run(command + " --json", _root);
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!;
    }

    public void Dispose()
    {
        _whole.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
