using System.IO.Compression;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Evm.Etl;
using Haetae.Tests.Support;

namespace Haetae.Tests.Evm;

/// <summary>Tables of ethereum-etl become a ledger: the one their node's blocks become.</summary>
public sealed class EtlIngestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-etl").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Two blocks of May 2023 with 116 and more transactions, of which the expected rows themselves are the oracle.</summary>
    [SharedDataFact]
    public void Two_real_blocks_pay_the_fees_and_move_the_tokens_that_their_rows_say()
    {
        var name = "test_stream/blocks_17173049_17173050";
        var rows = new ChainRows(ChainName.Ethereum);
        var tables = EtlTables.Open(SharedData.Path_("ethereum", "ethereum-etl", name));
        Assert.Equal(2UL, EtlIngest.Take(tables, rows, null, CancellationToken.None));
        var transactions = Objects(name, "expected_transactions.json");
        var blocks = Objects(name, "expected_blocks.json");
        Assert.Equal(transactions.Count, rows.Transactions.Count(one => !one.Marks.HasFlag(TxMarks.RowId)));
        Assert.Equal(transactions.Count(one => (int)one["receipt_status"]! == 0), rows.Transactions.Count(one => one.Marks.HasFlag(TxMarks.Failed)));

        var transfers = rows.Transactions.SelectMany(one => one.Transfers).ToList();
        Assert.Equal(Sum(transactions.Select(one => Whole(one, "receipt_gas_used") * Whole(one, "receipt_effective_gas_price"))), Total(TransferKind.Fee, TransferKind.FeeBurnt));
        Assert.Equal(Sum(blocks.Select(one => Whole(one, "gas_used") * Whole(one, "base_fee_per_gas"))), Total(TransferKind.FeeBurnt));
        Assert.Equal(Sum(transactions.Where(one => (int)one["receipt_status"]! == 1).Select(one => Whole(one, "value"))), Total(TransferKind.External, TransferKind.Create));
        Assert.Equal(Sum(blocks.SelectMany(one => one["withdrawals"]!.AsArray()).Select(one => Whole(one!, "amount") * 1_000_000_000)), Total(TransferKind.Withdrawal));

        // Of each token: every transfer that has three topics; of those with four the value is an id.
        var logs = Objects(name, "expected_logs.json").ToDictionary(one => ((int)one["log_index"]!, (long)one["block_number"]!), one => one["topics"]!.AsArray().Count);
        var expected = Objects(name, "expected_token_transfers.json").Where(one => logs[((int)one["log_index"]!, (long)one["block_number"]!)] == 3)
            .GroupBy(one => (string)one["token_address"]!).ToDictionary(one => one.Key, one => Sum(one.Select(row => Whole(row, "value"))));
        Assert.True(expected.Count > 20);
        // Wrapped coin is made and burnt by events of its own besides.
        var weth = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2";
        Assert.Contains(transfers, one => one.Asset.Contract.ToString() == weth && one.Kind == TransferKind.Mint);
        foreach (var (token, sum) in expected)
            Assert.Equal(sum, Sum(transfers.Where(one => one.Asset.Kind == AssetKind.Token && one.Asset.Contract.ToString() == token && (token != weth || one.Kind == TransferKind.Token)).Select(one => (BigInteger)one.Amount)));
        Assert.Contains(rows.Notes, note => note.Contains("there is no table of traces", StringComparison.Ordinal));

        // Each transaction with an event that is kept has the price of its receipt, no other has one.
        var prices = transactions.ToDictionary(one => (string)one["hash"]!, one => Whole(one, "receipt_effective_gas_price"));
        Assert.True(rows.Transactions.Count(one => one.GasPrice is not null) > 50);
        Assert.All(rows.Transactions, one => Assert.Equal(one.Events.Count > 0 ? prices[$"0x{one.Id}"] : null, one.GasPrice is { } price ? (BigInteger)price : (BigInteger?)null));

        BigInteger Total(params TransferKind[] kinds) => Sum(transfers.Where(one => kinds.Contains(one.Kind)).Select(one => (BigInteger)one.Amount));
    }

    private static List<JsonNode> Objects(string name, string file) => [.. EtlOracle.Lines(name, file).Select(line => JsonNode.Parse(line)!)];

    private static BigInteger Whole(JsonNode row, string name) => BigInteger.Parse(row[name]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, (sum, one) => sum + one);

    /// <summary>The node's own blocks, once as they are and once written as tables, packed and not, out of order, and read again.</summary>
    [AnvilFact]
    public async Task Tables_written_of_a_nodes_blocks_become_the_ledger_that_the_blocks_become()
    {
        using var anvil = new Anvil();
        _ = new Bazaar(anvil);
        var direct = new ChainRows(ChainName.Evm(31337));
        using (var node = new EvmNode(anvil.Access, null, CancellationToken.None))
        {
            var blocks = EvmIngest.Fetch(node, 0, (int)anvil.Height + 1, EvmTracing.TraceBlock);
            var transfers = new EvmTransfers(direct);
            foreach (var block in blocks) transfers.Add(block);
            var traces = Enumerable.Range(0, blocks.Count).SelectMany(at => Traces(anvil, at)).ToList();
            Write("blocks.csv", blocks.Select(one => EtlRows.Of(one.Block!)));
            Write("transactions.csv.gz", blocks.SelectMany(one => one.Transactions).Select(one => EtlRows.Of(one.Transaction!)).Reverse());
            Write("receipts.json", blocks.SelectMany(one => one.Transactions).Select(one => EtlRows.Of(one.Receipt!)));
            Write("logs.json.gz", blocks.SelectMany(one => one.Transactions).SelectMany(one => one.Logs).Select(EtlRows.Of).Reverse());
            Write("traces.csv", traces.Select(EtlRows.Of));
            await File.WriteAllTextAsync(Path.Combine(_folder, "contracts.csv"), "address,bytecode\n0x00,0x00\n");
        }

        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["ingest", "evm", "--etl", _folder, "--chain", "eip155:31337", "--ledger", Path.Combine(_folder, "ledger"), "--json"], output, errors);
        Assert.True(exit == ExitCode.Done, errors.ToString());
        Assert.Contains("left out", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("contracts.csv", errors.ToString(), StringComparison.Ordinal);
        var told = JsonNode.Parse(output.ToString())!;
        Assert.Equal((direct.TransactionCount, direct.TransferCount, anvil.Height), ((uint)told["transactions"]!, (long)told["transfers"]!, (ulong)told["tipBlock"]!));

        var again = new ChainRows(ChainName.Evm(31337));
        EtlIngest.Take(EtlTables.Open(_folder), again, null, CancellationToken.None);
        Assert.Equal(Text(direct), Text(again));

        // Once more: nothing new.
        using StringWriter second = new();
        Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync(["ingest", "evm", "--etl", _folder, "--chain", "eip155:31337", "--ledger", Path.Combine(_folder, "ledger"), "--json"], second, errors));
        Assert.Equal((0, (long)told["transfers"]!), ((int)JsonNode.Parse(second.ToString())!["blocksAdded"]!, (long)JsonNode.Parse(second.ToString())!["transfers"]!));
    }

    [Theory]
    [InlineData("", "", "7", "7")]
    [InlineData("", "5", "7", null)]
    [InlineData("6", "5", "7", "6")]
    [InlineData("", "", "", null)]
    public void A_price_that_may_be_a_limit_is_not_taken_for_what_was_paid(string effective, string baseFee, string named, string? expected)
    {
        var word = new string('a', 64);
        var none = new string('0', 64);
        File.WriteAllText(Path.Combine(_folder, "blocks.csv"), $"number,hash,parent_hash,timestamp,base_fee_per_gas\n1,0x{word},0x{none},10,{baseFee}\n");
        File.WriteAllText(Path.Combine(_folder, "transactions.csv"), $"hash,block_number,transaction_index,from_address,to_address,value,gas_price\n0x{word},1,0,0x{word[..40]},0x{word[..40]},0,{named}\n");
        File.WriteAllText(Path.Combine(_folder, "receipts.csv"), $"transaction_hash,transaction_index,block_number,cumulative_gas_used,gas_used,status,effective_gas_price\n0x{word},0,1,1,1,1,{effective}\n");
        File.WriteAllText(Path.Combine(_folder, "logs.csv"), $"log_index,transaction_hash,transaction_index,block_number,address,data,topics\n0,0x{word},0,1,0x{word[..40]},0x,0x{word}\n");
        var rows = new ChainRows(ChainName.Ethereum);
        EtlIngest.Take(EtlTables.Open(_folder), rows, null, CancellationToken.None);
        var one = Assert.Single(rows.Transactions);
        Assert.Equal((1, expected), (one.Events.Count, one.GasPrice?.ToString()));
    }

    private static List<EvmTrace> Traces(Anvil anvil, int block)
    {
        using var document = JsonDocument.Parse(anvil.Ask("trace_block", $"0x{block:x}")?.ToJsonString() ?? "null");
        return EvmTraceAnswers.Traces(document.RootElement, "anvil", (ulong)block);
    }

    private static List<string> Text(ChainRows rows) =>
    [
        .. rows.Transactions.SelectMany(one => new[] { $"{one.Id} {one.Block} {one.Time} {one.Marks}" }
            .Concat(one.Transfers.Select(move => $"  {move.Kind} {move.From} {move.To} {move.Asset} {move.Amount}"))
            .Append($"  {one.GasPrice}").Concat(one.Events.Select(log => $"  {log.Emitter} {string.Join(' ', log.Topics)} {Convert.ToHexStringLower(log.Data)}"))),
    ];

    private void Write(string name, IEnumerable<EtlRow> rows)
    {
        using Stream file = File.Create(Path.Combine(_folder, name));
        using Stream packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : Stream.Null;
        using var text = new StreamWriter(packed == Stream.Null ? file : packed, new UTF8Encoding(false));
        if (name.Contains(".csv", StringComparison.Ordinal)) EtlRow.WriteCsv(text, rows);
        else EtlRow.WriteJson(text, rows);
    }

    [Theory]
    [InlineData("blocks.csv", "number,hash,parent_hash,timestamp\n1,0xHASH1,0xHASH0,10\n1,0xHASH1,0xHASH0,10\n", "block 1 is in the table of blocks twice")]
    [InlineData("blocks.csv", "number,hash,parent_hash,timestamp\n1,0xHASH1,0xHASH0,10\n2,0xHASH2,0xHASH3,11\n", "block 2 does not follow block 1")]
    [InlineData("blocks.csv", "number,hash,parent_hash,timestamp\n1,0xHASH1,0xHASH0\n", "line 2: it has 3 fields where the header names 4")]
    [InlineData("blocks.csv", "number,hash,parent_hash,timestamp\n1,0xHASH1,0xHASH0,soon\n", "line 2: 'timestamp' is 'soon', which is not a whole number of 64 bits")]
    [InlineData("blocks.csv", "number,hash,hash\n1,0xHASH1,0xHASH0\n", "the column 'hash' is there twice")]
    [InlineData("blocks.csv", "number,hash,parent_hash,timestamp\n1,\"0xHASH1,0xHASH0,10\n", "a quotation mark is opened and never closed")]
    [InlineData("blocks.json", "{\"number\":1,\"hash\":\"0xHASH1\",\"parent_hash\":\"0xHASH0\",\"timestamp\":10}\n{\"number\":2,\n", "line 2: it is not one JSON object")]
    [InlineData("blocks.json", "{\"number\":1,\"hash\":\"0xHASH1\",\"parent_hash\":\"0xHASH0\",\"timestamp\":99999999999}\n", "beyond the year 2106")]
    [InlineData("logs.csv", "log_index,transaction_hash,transaction_index,block_hash,block_number,address,data,topics\n0,0xHASH1,0,,7,0x0000000000000000000000000000000000000001,0x,0xHASH1\n", "block 7 has no time")]
    [InlineData("token_transfers.csv", "token_address,from_address,to_address,value,transaction_hash,log_index,block_number,block_timestamp\n0x01,,,,,,7,5\n", "line 2: 'token_address' is '0x01', which is not an address")]
    [InlineData("traces.csv", "block_number,block_timestamp,transaction_hash,transaction_index,trace_type,call_type,trace_address\n7,5,0xHASH1,0,call,call,\n7,5,0xHASH1,0,call,call,\"1,0\"\n", "trace 1_0 is there twice, or the one above it is missing")]
    [InlineData("words.csv", "a,b\n1,2\n", "holds no table of ethereum-etl")]
    public async Task What_is_wrong_with_a_table_is_said_by_file_and_line(string name, string content, string said)
    {
        for (var i = 0; i < 4; i++) content = content.Replace($"HASH{i}", new string((char)('a' + i), 64), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, name), content);
        using StringWriter output = new(), errors = new();
        Assert.Equal(ExitCode.Failed, await HaetaeCommand.RunAsync(["ingest", "evm", "--etl", _folder, "--ledger", Path.Combine(_folder, "ledger")], output, errors));
        Assert.Contains(said, errors.ToString(), StringComparison.Ordinal);
        Assert.Contains(_folder, errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "either --rpc URL or --etl DIR")]
    [InlineData("--rpc http://127.0.0.1:1 --etl .", "either --rpc URL or --etl DIR")]
    [InlineData("--etl . --chain btc", "is no EVM chain")]
    [InlineData("--etl . --from 3", "does not go with --etl")]
    [InlineData("--rpc http://127.0.0.1:1 --from 9 --to 8", "--to must not lie below --from")]
    [InlineData("--rpc http://127.0.0.1:1 --chain eth", "does not go with --rpc")]
    public async Task Wrong_use_is_explained(string options, string said)
    {
        using StringWriter output = new(), errors = new();
        Assert.Equal(ExitCode.WrongUse, await HaetaeCommand.RunAsync(["ingest", "evm", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--ledger", Path.Combine(_folder, "ledger")], output, errors));
        Assert.Contains(said, errors.ToString(), StringComparison.Ordinal);
    }
}
