using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Explorers;
using Haetae.Tests.Tracing.Bridges;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Events in case ledgers of EVM chains: real ones, served as such servers serve them, and what a trace makes of them.</summary>
public sealed class EtherscanEventTests : IDisposable
{
    private static readonly AccountAddress Friend = MadeChain.AddressOf("friend");

    // A real deposit of 0.1 ETH into Tornado Cash: block, transaction, commitment and leaf as the published list of deposits has them; who made it the event does not tell.
    private static readonly AccountAddress Pool = AccountAddress.Parse("0x12d66f87a04a9e220743712ce6d9bb1b5616b8fc");
    private static readonly MadeEvent PoolDeposit = new(
        12_911_093, 1_627_429_979, Hash256.Parse("48b8b81d1895f8f639b79301983ebadf6097c80451fb01fecac2af4b1511b06c"), 0x68, Pool,
        [PoolReading.DepositTopic, Hash256.Parse("1e8f9d67ec0cb430c1b25dbe840e8b1503feccc4864333a1e48f7d690ced303d")],
        Convert.FromHexString("0000000000000000000000000000000000000000000000000000000000003bc20000000000000000000000000000000000000000000000000000000061009c5b"));

    private readonly string _root = Directory.CreateTempSubdirectory("haetae-events-").FullName;

    private string Folder => Path.Combine(_root, "case");

    [Fact]
    public async Task A_real_crossing_is_found_in_a_case_ledger_and_a_journey_goes_into_it()
    {
        var (chain, payer, seed) = Crossing();
        using var server = new EtherscanServer(chain) { RefuseEvery = 5, TiredEvery = 7 };
        await Fetch(payer, server);
        var table = AccountCase.Open(Folder).Table;
        var said = Assert.Single(CrossChainMessages.Of(table, 0, BridgeTables.BuiltIn, BridgeNames.None));
        Assert.Equal(("across", BridgeEnd.Source, BridgeTrust.Listed, true, "eip155:1|4024312"), (said.Protocol.Name, said.End, said.Trust, said.IsVerified, said.Key));
        Assert.Equal("422866751", Assert.Single(said.Carriers).Amount.ToString());
        var text = await Text($"journey --ledger eth=CASE --from eth:0x{seed}:0");
        Assert.Contains("Into Across V3 on eth", text, StringComparison.Ordinal);
        Assert.Contains("Events were asked of the contracts", text, StringComparison.Ordinal);
        Assert.Contains("bridge", await Reasons(seed));
        Assert.DoesNotContain("bridge", await Reasons(seed, "--stops none"));
    }

    [Fact]
    public async Task A_real_deposit_into_a_pool_ends_a_trace_of_a_case_ledger_as_a_mixer()
    {
        var (chain, payer, seed) = IntoThePool();
        using var server = new EtherscanServer(chain);
        await Fetch(payer, server);
        Assert.Contains("mixer", await Reasons(seed));
        Assert.DoesNotContain("mixer", await Reasons(seed, "--stops none"));
    }

    [Fact]
    public async Task A_server_without_events_is_said_to_leave_them_unknown_and_is_asked_once()
    {
        var (chain, payer, seed) = IntoThePool();
        for (uint more = 0; more < 5; more++) chain.Rows.Add(new MadeRow("txlist", 12_911_100 + more, 1_627_430_100 + more, MadeChain.HashOf($"call {more}"), 0, payer, MadeChain.AddressOf("some contract"), 0, 30_000, 7, Input: "0x12345678"));
        using var server = new EtherscanServer(chain) { ListsEvents = false };
        await Fetch(payer, server);
        await Fetch(payer, server);
        Assert.Single(server.Asked, path => path.Contains("getLogs", StringComparison.Ordinal));
        var ledger = AccountCase.Open(Folder);
        Assert.Empty(ledger.Table.Events);
        Assert.Contains(ledger.Table.Notes, note => note.StartsWith("The coverage of events is unknown: 0 of 6 questions", StringComparison.Ordinal) && note.Contains("invalid Module name", StringComparison.Ordinal));
        Assert.Equal(Coverage.Complete, Assert.Single(ledger.Coverage).Coverage);
        Assert.DoesNotContain("mixer", await Reasons(seed));
    }

    [Fact]
    public async Task Without_events_no_contract_is_asked_and_a_later_run_asks_for_just_them()
    {
        var (chain, payer, _) = IntoThePool();
        using var server = new EtherscanServer(chain);
        await Fetch(payer, server, " --no-events");
        Assert.DoesNotContain(server.Asked, path => path.Contains("getLogs", StringComparison.Ordinal));
        Assert.Contains(AccountCase.Open(Folder).Table.Notes, note => note.StartsWith("The coverage of events is unknown: 0 of 1 questions for them are answered.", StringComparison.Ordinal));
        var before = server.Asked.Count;
        await Fetch(payer, server);
        Assert.Equal(["eth_blockNumber", "getLogs"], server.Asked.Skip(before).Select(path => path.Split("action=")[1].Split('&')[0]));
        Assert.Single(AccountCase.Open(Folder).Table.Events);
    }

    [Theory]
    [InlineData(2_345, 1_000)]
    [InlineData(1_000, 1_000)]
    [InlineData(730, 100)]
    public async Task More_events_than_an_answer_holds_come_in_pages_without_gaps(int events, int page)
    {
        var (chain, payer) = Busy(events);
        using var server = new EtherscanServer(chain) { MostEvents = page };
        await Fetch(payer, server);
        var table = AccountCase.Open(Folder).Table;
        Assert.Equal(Enumerable.Range(0, events), table.Events.Select(one => (one.Data[0] << 8) + one.Data[1]));
        Assert.Contains(table.Notes, note => note.StartsWith("Events were asked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_that_do_not_continue_each_other_are_found_and_said()
    {
        var (chain, payer) = Busy(2_345);
        using var server = new EtherscanServer(chain) { Overlap = 1 };
        await Fetch(payer, server);
        Assert.Contains(AccountCase.Open(Folder).Table.Notes, note => note.Contains("comes late or twice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_memo_in_a_payment_is_kept_as_from_a_node_and_asks_for_no_event()
    {
        var (payer, vault) = (MadeChain.AddressOf("payer"), MadeChain.AddressOf("vault"));
        var chain = new MadeChain();
        chain.Rows.Add(new MadeRow("txlist", 5, 1_600_000_000, MadeChain.HashOf("memo"), 0, payer, vault, 1_000, 21_000, 7, Input: "0x" + Convert.ToHexStringLower("=:b:bc1q80nz3hx4w6dpzwwmuddyyd0y3uwj0sjxrtmlgu"u8)));
        using var server = new EtherscanServer(chain);
        await Fetch(payer, server);
        var only = Assert.Single(AccountCase.Open(Folder).Table.Events);
        Assert.Equal((vault, true, (byte)'='), (only.Emitter, only.IsInput, only.Data[0]));
        Assert.DoesNotContain(server.Asked, path => path.Contains("getLogs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("logIndex", "0xzz", "the logIndex of an event")]
    [InlineData("data", "0x123", "the data of an event")]
    [InlineData("address", "0x12", "an event of transaction")]
    [InlineData("blockNumber", "0x1", "was not asked for")]
    [InlineData("topics", "none", "has no topics")]
    public void An_answer_that_cannot_be_is_refused_by_name(string member, string text, string said)
    {
        var (chain, payer, _) = IntoThePool();
        using var kept = Answered(chain, payer, json => json[member] = text);
        Assert.Contains(AccountCase.Read(kept, ChainName.Ethereum).Table.Notes, note => note.Contains(said, StringComparison.Ordinal));
    }

    // The real receipt of a deposit at Across on Ethereum; that a friend paid the depositor before is made up.
    private static (MadeChain Chain, AccountAddress Payer, Hash256 Seed) Crossing()
    {
        var real = RealLog.Read("across-v3-deposit");
        AccountAddress payer = AccountAddress.Parse("0x6b21bb0d79c543b13dee153700788d2c008633e5"), pool = real.Logs[1].Event.Emitter, token = real.Logs[0].Event.Emitter;
        UInt256 amount = 422_866_751;
        var (chain, seed) = (new MadeChain(), MadeChain.HashOf("tokens for the payer"));
        chain.Rows.Add(new MadeRow("txlist", real.Block - 20, real.Time - 240, MadeChain.HashOf("ether for the payer"), 0, Friend, payer, UInt256.Parse("1000000000000000000")));
        chain.Rows.Add(new MadeRow("tokentx", real.Block - 10, real.Time - 120, seed, 1, Friend, payer, amount, Contract: token));
        chain.Rows.Add(new MadeRow("txlist", real.Block, real.Time, real.Transaction, 0xc2, payer, pool, 0, 0x110e2, 0x42ba414b, Input: "0xad5425c6"));
        chain.Rows.Add(new MadeRow("tokentx", real.Block, real.Time, real.Transaction, 0xc2, payer, pool, amount, Contract: token));
        foreach (var (index, one) in real.Logs) chain.Events.Add(new MadeEvent(real.Block, real.Time, real.Transaction, index, one.Emitter, one.Topics, one.Data));
        return (chain, payer, seed);
    }

    private static (MadeChain Chain, AccountAddress Payer, Hash256 Seed) IntoThePool()
    {
        var (chain, payer, seed) = (new MadeChain(), MadeChain.AddressOf("payer"), MadeChain.HashOf("stolen"));
        chain.Rows.Add(new MadeRow("txlist", PoolDeposit.Block - 9, PoolDeposit.Time - 99, seed, 0, Friend, payer, UInt256.Parse("200000000000000000")));
        chain.Rows.Add(new MadeRow("txlist", PoolDeposit.Block, PoolDeposit.Time, PoolDeposit.Hash, 5, payer, Pool, UInt256.Parse("100000000000000000"), 900_000, 7, Input: "0xb214faa5" + PoolDeposit.Topics[1]));
        chain.Events.Add(PoolDeposit);
        return (chain, payer, seed);
    }

    private static (MadeChain Chain, AccountAddress Payer) Busy(int events)
    {
        var (chain, payer, hash, contract) = (new MadeChain(), MadeChain.AddressOf("payer"), MadeChain.HashOf("busy"), MadeChain.AddressOf("contract"));
        chain.Rows.Add(new MadeRow("txlist", 7, 1_600_000_000, MadeChain.HashOf("ether"), 0, Friend, payer, 1_000_000));
        chain.Rows.Add(new MadeRow("txlist", 9, 1_600_000_024, hash, 0, payer, contract, 0, 30_000, 7, Input: "0x12345678"));
        for (var i = 0; i < events; i++) chain.Events.Add(new MadeEvent(9, 1_600_000_024, hash, i, contract, [MadeChain.HashOf("topic")], [(byte)(i >> 8), (byte)i]));
        return (chain, payer);
    }

    // Answers as a server would give them, the event's changed.
    private KeptAnswers Answered(MadeChain chain, AccountAddress payer, Action<JsonObject> change)
    {
        var kept = KeptAnswers.OpenForWriting(Folder);
        foreach (var list in EtherscanFetch.Lists)
        {
            var rows = chain.Rows.Where(row => row.Action == EtherscanRow.Action(list) && (row.From == payer || row.To == payer)).Select(row => (JsonNode)chain.Json(row));
            Keep(EtherscanRequests.List(ChainName.Ethereum, payer, list, 0), new JsonArray([.. rows]));
        }

        var json = MadeChain.Json(PoolDeposit);
        change(json);
        Keep($"{EtherscanRequests.Prefix(ChainName.Ethereum)}logs&action=getLogs&address={Pool}&fromBlock={PoolDeposit.Block}&toBlock={PoolDeposit.Block}&page=1&offset=1000", new JsonArray(json));
        return kept;

        void Keep(string request, JsonArray result) =>
            kept.Keep(request, "test", 200, System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["status"] = "1", ["message"] = "OK", ["result"] = result }.ToJsonString()), DateTimeOffset.UnixEpoch);
    }

    private async Task Fetch(AccountAddress who, EtherscanServer server, string options = "")
    {
        var (exit, _, errors) = await FetchRuns.Run($"fetch {who} --ledger CASE --etherscan {server.Url}{options}", _root);
        Assert.True(exit == ExitCode.Done, errors);
    }

    private async Task<IReadOnlyList<string>> Reasons(Hash256 seed, string options = "")
    {
        var json = JsonNode.Parse(await Text($"trace --ledger CASE --from 0x{seed}:0 --policy poison --json{(options.Length > 0 ? " " + options : "")}"))!;
        return [.. json["results"]![0]!["ends"]!.AsArray().Select(end => (string)end!["reason"]!)];
    }

    private async Task<string> Text(string command)
    {
        var (exit, output, errors) = await FetchRuns.Run(command, _root);
        Assert.True(exit == ExitCode.Done, errors);
        return output;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
