using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Node;
using Haetae.Ledger.Tron;
using Haetae.Tests.Support;

namespace Haetae.Tests.Tron;

public sealed class TronIngestTests
{
    private const string Alice = "41a614f803b6fd780986a42c78ec9c7f77e6ded13c", Bob = "41b8dd5d2f5b1e6e8d6ae6a2fb0e4b7e6f2c3d4e5f", Token = "4139dd12a54e2bab7c82aa14a1e158b34263d2d510";
    private const string Transfer = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    // As printed in the standards' own examples and in any explorer: ERC-1155's TransferSingle and TransferBatch, WETH9's Deposit and Withdrawal.
    private const string Single = "c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62", Batch = "4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb";
    private const string Deposit = "e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c", Withdrawal = "7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65";
    private static readonly TronPatience s_quick = new() { FirstWait = TimeSpan.FromMilliseconds(1), Retries = 3 };

    [SharedDataFact]
    public void The_interface_and_the_rows_give_the_same_transfers()
    {
        var folder = SharedData.Path_("ethereum", "tron");
        using var server = new TronServer { BusyEvery = 7 };
        var numbers = TronRowServer.Fill(server, folder);
        var built = new AccountTableBuilder(ChainName.Tron);
        using var client = new TronClient(server.Address, patience: s_quick);
        var ingest = new TronIngest(client, built);
        // Runs of blocks without gaps.
        for (int i = 0, j; i < numbers.Count; i = j)
        {
            for (j = i + 1; j < numbers.Count && numbers[j] == numbers[j - 1] + 1 && numbers[j] > 56_804_500; j++)
            {
            }

            ingest.Take(numbers[i], numbers[j - 1], null, null, default);
        }

        var fromNode = Told(built.Build());
        var fromRows = Told(TronRowsTests.Table(TronRows.Read(folder)));
        Assert.Equal(2_172 + 990, fromRows.Count);
        Assert.Equal(fromRows.Keys, fromNode.Keys);
        // What the server made up for transactions without a row of their own: calls without value.
        foreach (var (id, told) in fromRows) Assert.Equal(told, fromNode[id].Where(line => !line.StartsWith($"External 0x{new string('1', 40)} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_TRC20_transfer_is_read_with_addresses_that_lack_the_version_byte()
    {
        var table = Take((Call(0), new JsonObject { ["fee"] = 345_000, ["log"] = new JsonArray(Log(Transfer, Topic(Alice), Topic(Bob), data: Word(5_000_000))) }));
        Assert.Equal(
            [$"External {Hex(Alice)} {Hex(Token)} tron:0x2b6653dc/slip44:195 0", $"Token {Hex(Alice)} {Hex(Bob)} tron:0x2b6653dc/trc20:{AccountAddress.Parse(Token).ToTron()} 5000000", $"FeeBurnt {Hex(Alice)} nobody tron:0x2b6653dc/slip44:195 345000"],
            Assert.Single(Told(table)).Value);
    }

    [Fact]
    public void Tokens_come_from_nobody_when_made_and_go_to_nobody_when_burnt()
    {
        var zero = new string('0', 64);
        var table = Take((Call(0), new JsonObject { ["log"] = new JsonArray(Log(Transfer, zero, Topic(Bob), data: Word(7)), Log(Transfer, Topic(Bob), zero, data: Word(3))) }));
        var lines = Assert.Single(Told(table)).Value;
        Assert.StartsWith($"Mint nobody {Hex(Bob)} ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"Burn {Hex(Bob)} nobody ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_TRC721_transfer_moves_one_thing()
    {
        var table = Take((Call(0), new JsonObject { ["log"] = new JsonArray(Log(Transfer, Topic(Alice), Topic(Bob), Word(77), data: "")) }));
        Assert.EndsWith($"/trc721:{AccountAddress.Parse(Token).ToTron()}/77 1", Assert.Single(Told(table)).Value[1], StringComparison.Ordinal);
    }

    [Fact]
    public void TRC1155_transfers_move_so_many_of_each_kind()
    {
        var batch = Word(64) + Word(160) + Word(2) + Word(5) + Word(6) + Word(2) + Word(50) + Word(60);
        var table = Take((Call(0), new JsonObject
        {
            ["log"] = new JsonArray(
            Log(Single, Topic(Token), Topic(Alice), Topic(Bob), Word(7) + Word(3)),
            Log(Batch, Topic(Token), new string('0', 64), Topic(Bob), batch),
            Log(Batch, Topic(Token), Topic(Alice), Topic(Bob), Word(64) + Word(160) + Word(9)))
        }));
        var token = $"tron:0x2b6653dc/trc1155:{AccountAddress.Parse(Token).ToTron()}";
        Assert.Equal([$"Token {Hex(Alice)} {Hex(Bob)} {token}/7 3", $"Mint nobody {Hex(Bob)} {token}/5 50", $"Mint nobody {Hex(Bob)} {token}/6 60"], Assert.Single(Told(table)).Value[1..]);
        Assert.Single(table.Events); // a list that ends before its length is an event like any other
    }

    [Fact]
    public void TRX_wrapped_and_unwrapped_is_a_token_made_and_burnt()
    {
        var inner = new JsonObject { ["caller_address"] = Token, ["transferTo_address"] = Bob, ["callValueInfo"] = new JsonArray(new JsonObject { ["callValue"] = 4 }), ["note"] = "63616c6c" };
        var table = Take((Call(10), new JsonObject
        {
            ["internal_transactions"] = new JsonArray(inner),
            ["log"] = new JsonArray(Log(Deposit, Topic(Alice), data: Word(10)), Log(Withdrawal, Topic(Bob), data: Word(4)), Log(Deposit, Topic(Alice), data: Word(10)), Log(Withdrawal, Topic(Bob), data: Word(5))),
        }));
        var wrapped = $"tron:0x2b6653dc/trc20:{AccountAddress.Parse(Token).ToTron()}";
        Assert.Equal([$"Mint nobody {Hex(Alice)} {wrapped} 10", $"Burn {Hex(Bob)} nobody {wrapped} 4"], Assert.Single(Told(table)).Value[2..]);
        Assert.Equal(2, table.Events.Count()); // no TRX moved with these: whoever emits them, they are no transfers
    }

    [Fact]
    public void A_wrap_that_a_Transfer_tells_too_counts_once()
    {
        var table = Take((Call(10), new JsonObject { ["log"] = new JsonArray(Log(Deposit, Topic(Alice), data: Word(10)), Log(Transfer, new string('0', 64), Topic(Alice), data: Word(10))) }));
        Assert.StartsWith("Mint nobody", Assert.Single(Assert.Single(Told(table)).Value[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrapped_TRX_of_TRONs_own_applications_is_known_by_its_address()
    {
        var wrapped = AccountAddress.Parse("TNUC9Qb1rRpS5CbWLmNMxXBjyFoydXjWFR");
        Assert.Equal("0x891cdb91d149f23b1a45d9c5ca78a88d0cb44c18", wrapped.ToString());
        Assert.True(Haetae.Ledger.Evm.WrappedCoins.IsKnown(ChainName.Tron, wrapped));
        var log = Log(Deposit, Topic(Alice), data: Word(10));
        log["address"] = wrapped.ToString()[2..];
        Assert.EndsWith(" 10", Assert.Single(Assert.Single(Told(Take((Call(0), new JsonObject { ["log"] = new JsonArray(log) })))).Value[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_events_and_memos_are_kept()
    {
        var transaction = TronRowServer.Transaction(Word(1), "TransferContract", new JsonObject { ["owner_address"] = Alice, ["to_address"] = Bob, ["amount"] = 9 }, memo: Convert.ToHexStringLower("=:BTC.BTC:x"u8));
        var table = Take((transaction, new JsonObject { ["log"] = new JsonArray(Log(new string('a', 64), data: "0102")) }));
        var events = table.Events.ToList();
        Assert.Equal([1, 2], events[0].Data);
        Assert.Equal(new string('a', 64), Assert.Single(events[0].Topics).ToString());
        Assert.Equal(("=:BTC.BTC:x", AccountAddress.Parse(Bob), true), (System.Text.Encoding.ASCII.GetString(events[1].Data), events[1].Emitter, events[1].IsInput));
    }

    [Fact]
    public void Calls_move_TRX_and_TRC10_from_the_caller_and_from_contracts()
    {
        var inner = new JsonObject
        {
            ["caller_address"] = Token,
            ["transferTo_address"] = Bob,
            ["callValueInfo"] = new JsonArray(new JsonObject { ["callValue"] = 4 }, new JsonObject { ["callValue"] = 6, ["tokenId"] = "1002000" }),
            ["note"] = "63616c6c",
        };
        var refused = JsonNode.Parse(inner.ToJsonString())!.AsObject();
        refused["rejected"] = true;
        var stake = JsonNode.Parse(inner.ToJsonString())!.AsObject();
        stake["note"] = Convert.ToHexStringLower("freezeForEnergy"u8);
        var table = Take((Call(10, 20), new JsonObject { ["internal_transactions"] = new JsonArray(inner, refused, stake) }));
        const string trx = "tron:0x2b6653dc/slip44:195", coin = "tron:0x2b6653dc/trc10:1002000";
        Assert.Equal(
            [$"External {Hex(Alice)} {Hex(Token)} {trx} 10", $"External {Hex(Alice)} {Hex(Token)} {coin} 20", $"Internal {Hex(Token)} {Hex(Bob)} {trx} 4", $"Internal {Hex(Token)} {Hex(Bob)} {coin} 6"],
            Assert.Single(Told(table)).Value);
    }

    [Fact]
    public void A_TRC10_transfer_names_its_token_by_number()
    {
        var value = new JsonObject { ["owner_address"] = Alice, ["to_address"] = Bob, ["asset_name"] = Convert.ToHexStringLower("1002000"u8), ["amount"] = 12 };
        Assert.Equal([$"External {Hex(Alice)} {Hex(Bob)} tron:0x2b6653dc/trc10:1002000 12"], Assert.Single(Told(Take((TronRowServer.Transaction(Word(1), "TransferAssetContract", value), [])))).Value);
    }

    [Fact]
    public void A_failed_call_moves_nothing_and_pays()
    {
        var table = Take((Call(10, ret: "OUT_OF_ENERGY"), new JsonObject { ["fee"] = 7_000_000, ["result"] = "FAILED" }));
        Assert.Equal([$"FeeBurnt {Hex(Alice)} nobody tron:0x2b6653dc/slip44:195 7000000"], Assert.Single(Told(table)).Value);
        Assert.Equal((byte)TxMarks.Failed, table.Graph.Marks[0]);
    }

    [Theory]
    [InlineData("FreezeBalanceV2Contract", "frozen_balance")]
    [InlineData("VoteWitnessContract", "votes")]
    public void Stakes_and_votes_move_nothing_and_pay(string type, string field)
    {
        var table = Take((TronRowServer.Transaction(Word(1), type, new JsonObject { ["owner_address"] = Alice, [field] = 5_000_000 }), new JsonObject { ["fee"] = 100_000 }));
        Assert.Equal([$"FeeBurnt {Hex(Alice)} nobody tron:0x2b6653dc/slip44:195 100000"], Assert.Single(Told(table)).Value);
        Assert.DoesNotContain(table.Notes, note => note.Contains(type, StringComparison.Ordinal));
    }

    [Fact]
    public void A_reward_comes_from_nobody_when_it_is_withdrawn()
    {
        var table = Take((TronRowServer.Transaction(Word(1), "WithdrawBalanceContract", new JsonObject { ["owner_address"] = Alice }), new JsonObject { ["withdraw_amount"] = 31 }));
        Assert.Equal([$"Reward nobody {Hex(Alice)} tron:0x2b6653dc/slip44:195 31"], Assert.Single(Told(table)).Value);
    }

    [Fact]
    public void What_is_not_read_is_told() =>
        Assert.Contains(Take((TronRowServer.Transaction(Word(1), "ExchangeTransactionContract", new JsonObject { ["owner_address"] = Alice, ["quant"] = 5 }), [])).Notes, note => note.Contains("kind ExchangeTransactionContract move is not read", StringComparison.Ordinal));

    [Fact]
    public void A_block_that_does_not_follow_the_one_before_it_is_refused_by_number()
    {
        using var server = new TronServer();
        server.Add(1, Word(11), Word(10), 3_000, []);
        server.Add(2, Word(22), Word(99), 6_000, []);
        using var client = new TronClient(server.Address, patience: s_quick);
        var wrong = Assert.Throws<LedgerException>(() => new TronIngest(client, new AccountTableBuilder(ChainName.Tron)).Take(1, 2, null, null, default));
        Assert.Contains("Block 2", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_blocks_missing_results_and_a_server_that_is_gone_are_told()
    {
        using var server = new TronServer();
        server.Add(1, Word(11), Word(10), 3_000, []);
        using var client = new TronClient(server.Address, patience: s_quick);
        var ingest = new TronIngest(client, new AccountTableBuilder(ChainName.Tron));
        Assert.Contains("gives 1 of the blocks 1 to 3", Assert.Throws<LedgerException>(() => ingest.Take(1, 3, null, null, default)).Message, StringComparison.Ordinal);
        server.Add(2, Word(22), Word(11), 6_000, [(Call(0), new JsonObject { ["id"] = Word(999) })]);
        Assert.Contains($"no result of transaction {Word(1)}", Assert.Throws<LedgerException>(() => ingest.Take(1, 2, null, null, default)).Message, StringComparison.Ordinal);
        server.Dispose();
        Assert.Contains("no connection", Assert.Throws<NodeUnreachableException>(() => ingest.Take(1, 1, null, null, default)).Message, StringComparison.Ordinal);
    }

    private static AccountTable Take(params (JsonObject Transaction, JsonObject Result)[] transactions)
    {
        foreach (var (transaction, result) in transactions) result["id"] = transaction["txID"]!.GetValue<string>();
        using var server = new TronServer();
        server.Add(7, Word(7), Word(6), 1_600_000_000_000, transactions);
        var built = new AccountTableBuilder(ChainName.Tron);
        using var client = new TronClient(server.Address, patience: s_quick);
        var last = new TronIngest(client, built).Take(7, 7, Hash256.Parse(Word(6)), null, default);
        Assert.Equal((7U, 1_600_000_000U), (last!.Number, last.Time));
        return built.Build();
    }

    // Every transaction with its transfers as lines.
    private static SortedDictionary<string, string[]> Told(AccountTable table)
    {
        var graph = table.Graph;
        var told = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        for (var tx = 0U; tx < graph.TransactionCount; tx++)
        {
            var lines = new List<string>();
            for (var i = graph.TxFirstTransfer[tx]; i < graph.TxFirstTransfer[tx + 1L]; i++)
                lines.Add($"{graph.KindOf(i)} {Name(graph.From[i])} {Name(graph.To[i])} {table.Assets[(int)graph.Asset[i]].Name} {graph.Amount[i]}");
            told.Add($"{graph.TxBlock[tx]:D10} {graph.TxTime[tx]} {graph.TxId[tx]}", [.. lines]);
        }

        return told;

        string Name(uint account) => account == AccountGraph.Nobody ? "nobody" : table.AddressOf(account).ToString();
    }

    private static JsonObject Call(int sun, int tokens = 0, string ret = "SUCCESS")
    {
        var value = new JsonObject { ["owner_address"] = Alice, ["contract_address"] = Token, ["data"] = "a9059cbb" };
        if (sun > 0) value["call_value"] = sun;
        if (tokens > 0) (value["call_token_value"], value["token_id"]) = (tokens, 1_002_000);
        return TronRowServer.Transaction(Word(1), "TriggerSmartContract", value, ret);
    }

    private static JsonObject Log(string topic, string? second = null, string? third = null, string? fourth = null, string data = "") => new()
    {
        ["address"] = Token[2..],
        ["topics"] = new JsonArray([.. new[] { topic, second, third, fourth }.OfType<string>().Select(one => (JsonNode)one)]),
        ["data"] = data,
    };

    private static string Topic(string address) => new string('0', 24) + address[2..];

    private static string Word(long number) => number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private static string Hex(string address) => "0x" + address[2..];
}
