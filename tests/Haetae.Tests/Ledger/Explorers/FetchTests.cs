using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Explorers;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>A case ledger fetched from a server that serves a whole ledger of ours: what is fetched, what is said of it, and that traces agree.</summary>
public sealed class FetchTests(PracticeLedger practice) : IClassFixture<PracticeLedger>, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-fetch-").FullName;
    private readonly BitcoinLedger _whole = BitcoinLedger.Open(practice.Folder);

    private string Folder => Path.Combine(_root, "case");

    private EsploraServer Server(int refuseEvery = 0, Hash256? hidden = null, bool repeats = false, bool inflates = false, (Hash256, int)? denies = null) =>
        new(_whole, practice.Blocks) { RefuseEvery = refuseEvery, Hidden = hidden, RepeatsPages = repeats, Inflates = inflates, DeniesSpendOf = denies };

    /// <summary>The address with the longest history: it takes several pages.</summary>
    private string Busiest(EsploraServer server)
    {
        var scripts = new Dictionary<ulong, (int Count, long Output)>();
        for (long output = 0; output < _whole.Graph.OutputCount; output++)
        {
            if (!Address.TryEncode(_whole.ScriptOf(output), _whole.Network, out _)) continue;
            var key = _whole.ScriptKeys[output];
            scripts[key] = (scripts.GetValueOrDefault(key).Count + 1, output);
        }

        var script = _whole.ScriptOf(scripts.Values.OrderByDescending(one => one.Count).ThenBy(one => one.Output).First().Output);
        Assert.True(server.History(script).Count > 60, "the ledger has an address with more than two pages of history");
        Assert.True(Address.TryEncode(script, _whole.Network, out var address));
        return address;
    }

    [Fact]
    public async Task All_of_an_address_is_fetched_page_by_page_and_said_to_be_complete()
    {
        using var server = Server();
        var address = Busiest(server);
        var fetched = await Json($"fetch {address} --ledger CASE --esplora {server.Url}");
        var coverage = Assert.Single(fetched["coverage"]!.AsArray())!;
        Assert.Equal(("complete", _whole.TipHeight), ((string)coverage["coverage"]!, (int)coverage["upToHeight"]!));
        Assert.True(Address.TryParse(address, _whole.Network, out var script, out _));
        Assert.Equal(server.History(script).Select(tx => _whole.TxIds[tx]).Order(), BitcoinCase.Open(Folder).Transactions.Select(one => one.Id).Order());

        var there = await Json($"address {address} --ledger {practice.Folder}");
        var here = await Json($"address {address} --ledger CASE");
        foreach (var member in new[] { "balance", "received", "unspentOutputs" }) Assert.Equal(there[member]!.ToJsonString(), here[member]!.ToJsonString());
    }

    [Fact]
    public async Task A_server_of_the_essentials_gives_every_page_and_the_coverage_is_said_to_be_unknown()
    {
        using var server = new EsploraServer(_whole, practice.Blocks) { IsBare = true };
        var address = Busiest(server);
        var fetched = await Json($"fetch {address} --ledger CASE --esplora {server.Url}");
        Assert.Contains(fetched["notes"]!.AsArray(), note => ((string)note!).Contains("does not tell the hash of block 0", StringComparison.Ordinal));
        var coverage = Assert.Single(fetched["coverage"]!.AsArray())!;
        Assert.Equal("unknown", (string)coverage["coverage"]!);
        Assert.Contains("neither count nor sums", (string)coverage["reason"]!, StringComparison.Ordinal);
        Assert.True(Address.TryParse(address, _whole.Network, out var script, out _));
        Assert.Equal(server.History(script).Select(tx => _whole.TxIds[tx]).Order(), BitcoinCase.Open(Folder).Transactions.Select(one => one.Id).Order());
    }

    [Fact]
    public async Task What_is_kept_is_not_asked_again()
    {
        using var server = Server();
        var address = Busiest(server);
        var first = await Json($"fetch {address} --ledger CASE --esplora {server.Url}");
        var asked = server.Asked.Count;
        var second = await Json($"fetch {address} --ledger CASE --esplora {server.Url}");
        Assert.Equal((asked, 0), (server.Asked.Count, (int)second["newAnswers"]!));
        Assert.Equal((string)first["digest"]!, (string)second["digest"]!);
        Assert.Equal(asked, server.Asked.Distinct().Count());

        await Json($"fetch {address} --ledger CASE --esplora {server.Url} --refresh");
        Assert.Equal(2 * asked, server.Asked.Count);
        Assert.Equal((string)first["digest"]!, (string)(await Json("ledger info --ledger CASE"))["digest"]!);
    }

    [Fact]
    public async Task A_server_that_wants_patience_gets_it_and_the_answer_is_the_same()
    {
        using var quick = Server();
        using var slow = Server(refuseEvery: 3);
        var address = Busiest(quick);
        var expected = await Json($"fetch {address} --ledger OTHER --esplora {quick.Url}");
        var (exit, output, errors) = await Run($"fetch {address} --ledger CASE --esplora {slow.Url} --json");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("it wants to be asked less often (429); waiting", errors, StringComparison.Ordinal);
        Assert.Equal((string)expected["digest"]!, (string)JsonNode.Parse(output)!["digest"]!);
        Assert.True((int)JsonNode.Parse(output)!["requests"]! > quick.Asked.Count);
    }

    [Fact]
    public async Task A_page_that_a_machine_on_the_way_puts_in_is_asked_past_and_not_kept()
    {
        using var quick = Server();
        using var hidden = new EsploraServer(_whole, practice.Blocks) { PageEvery = 4 };
        var address = Busiest(quick);
        var expected = await Json($"fetch {address} --ledger OTHER --esplora {quick.Url}");
        Assert.Equal((string)expected["digest"]!, (string)(await Json($"fetch {address} --ledger CASE --esplora {hidden.Url}"))["digest"]!);
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, KeptAnswers.FolderName), "*.json")) Assert.DoesNotContain("browser", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_is_too_long_ends_the_run_and_says_how_long_it_is()
    {
        using var server = new EsploraServer(_whole, practice.Blocks) { RefuseEvery = 4, RetryAfter = 3600 };
        var (exit, _, errors) = await Run($"fetch {Busiest(server)} --ledger CASE --esplora {server.Url}");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("it asks for a wait of 3600 s", errors, StringComparison.Ordinal);
        Assert.Equal(4, server.Asked.Count);
    }

    [Fact]
    public async Task Blocks_that_come_while_pages_are_turned_do_not_hide_a_gap()
    {
        using var honest = Server();
        var address = Busiest(honest);
        Assert.True(Address.TryParse(address, _whole.Network, out var script, out _));
        var history = honest.History(script);
        var early = _whole.Graph.HeightOf(history[^10]) - 1;
        var older = history.Count(tx => _whole.Graph.HeightOf(tx) <= early);

        using var growing = new EsploraServer(_whole, practice.Blocks) { Tip = early, GrowsAfterStatement = true };
        var coverage = Assert.Single((await Json($"fetch {address} --ledger CASE --esplora {growing.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(("complete", early, history.Count), ((string)coverage["coverage"]!, (int)coverage["upToHeight"]!, (int)coverage["transactions"]!));

        using var lying = new EsploraServer(_whole, practice.Blocks) { Tip = early, GrowsAfterStatement = true, Hidden = _whole.TxIds[history[older / 2]] };
        coverage = Assert.Single((await Json($"fetch {address} --ledger OTHER --esplora {lying.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(("truncated", history.Count - 1), ((string)coverage["coverage"]!, (int)coverage["transactions"]!));
    }

    [Fact]
    public async Task A_server_that_dies_leaves_whole_answers_and_the_same_command_goes_on()
    {
        using var server = Server();
        var address = Busiest(server);
        server.DieAfter = 5;
        var (exit, _, errors) = await Run($"fetch {address} --ledger CASE --esplora {server.Url}");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("What was fetched is kept", errors, StringComparison.Ordinal);
        var half = Assert.Single((await Json("ledger info --ledger CASE"))["coverage"]!.AsArray())!;
        Assert.Equal(("truncated", "its pages were not all fetched"), ((string)half["coverage"]!, (string)half["reason"]!));

        server.DieAfter = 0;
        var before = server.Asked.Count;
        var whole = Assert.Single((await Json($"fetch {address} --ledger CASE --esplora {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal("complete", (string)whole["coverage"]!);
        Assert.DoesNotContain(server.Asked.Skip(before), path => path == $"/address/{address}" || path.EndsWith("/txs/chain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_torn_by_a_kill_never_counted()
    {
        using var server = Server();
        var address = Busiest(server);
        await Json($"fetch {address} --ledger CASE --esplora {server.Url}");
        var digest = (string)(await Json("ledger info --ledger CASE"))["digest"]!;
        var index = Path.Combine(Folder, KeptAnswers.FolderName, KeptAnswers.IndexName);
        var bytes = File.ReadAllBytes(index);
        File.WriteAllBytes(index, bytes[..^30]);
        Assert.NotEqual(digest, (string)(await Json("ledger info --ledger CASE"))["digest"]!);
        Assert.Equal(2, (int)(await Json($"fetch {address} --ledger CASE --esplora {server.Url}"))["newAnswers"]!); // the page, and the tip before it
        Assert.Equal(digest, (string)(await Json("ledger info --ledger CASE"))["digest"]!);
    }

    [Fact]
    public async Task Few_requests_at_a_time_lead_to_the_same_ledger()
    {
        using var server = Server();
        var address = Busiest(server);
        var expected = await Json($"fetch {address} --ledger OTHER --esplora {server.Url}");
        JsonNode last;
        var runs = 0;
        do
        {
            last = await Json($"fetch {address} --ledger CASE --esplora {server.Url} --max-requests 1");
            Assert.True(++runs < 100);
        }
        while (last["stopped"] is not null);
        Assert.True(runs > 2);
        Assert.Equal(expected["coverage"]!.ToJsonString(), last["coverage"]!.ToJsonString());
        Assert.Equal((string)expected["digest"]!, (string)last["digest"]!);
    }

    [Fact]
    public async Task A_transaction_that_the_pages_leave_out_is_missed_by_the_servers_own_count()
    {
        using var honest = Server();
        var address = Busiest(honest);
        Assert.True(Address.TryParse(address, _whole.Network, out var script, out _));
        var history = honest.History(script);
        using var server = Server(hidden: _whole.TxIds[history[history.Count / 2]]);
        var coverage = Assert.Single((await Json($"fetch {address} --ledger CASE --esplora {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal("truncated", (string)coverage["coverage"]!);
        Assert.Equal($"the server states {history.Count} transactions, its pages gave {history.Count - 1}", (string)coverage["reason"]!);
    }

    [Fact]
    public async Task A_page_that_comes_twice_is_no_end()
    {
        using var server = Server(repeats: true);
        var coverage = Assert.Single((await Json($"fetch {Busiest(server)} --ledger CASE --esplora {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal("truncated", (string)coverage["coverage"]!);
        Assert.Contains("page 2 does not continue the one before", (string)coverage["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_amount_that_was_changed_changes_the_id_and_is_refused()
    {
        using var server = Server(inflates: true);
        var coverage = Assert.Single((await Json($"fetch {Busiest(server)} --ledger CASE --esplora {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(("truncated", 0), ((string)coverage["coverage"]!, (int)coverage["transactions"]!));
        Assert.Contains("something in it was changed or left out", (string)coverage["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_was_changed_on_disk_is_found()
    {
        using var server = Server();
        await Json($"fetch {Busiest(server)} --ledger CASE --esplora {server.Url}");
        var file = Directory.GetFiles(Path.Combine(Folder, KeptAnswers.FolderName), "*.json").MaxBy(path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        var (exit, _, errors) = await Run("ledger info --ledger CASE");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains($"{file} was changed", errors, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _whole.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private async Task<JsonNode> Json(string command)
    {
        var (exit, output, errors) = await Run(command + " --json");
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!;
    }

    private Task<(int Exit, string Output, string Errors)> Run(string command) => FetchRuns.Run(command, _root);
}
