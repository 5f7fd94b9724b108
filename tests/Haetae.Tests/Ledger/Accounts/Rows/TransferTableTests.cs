using System.IO.Compression;
using System.Text;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Ledger.Accounts.Rows;

public sealed class TransferTableTests : IDisposable
{
    private const string A = "0x00000000000000000000000000000000000000aa";
    private const string B = "0x00000000000000000000000000000000000000bb";
    private const string C = "0x00000000000000000000000000000000000000cc";
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-table-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Ledger => Path.Combine(_folder, "ledger");

    private TransferIngestOptions Options(byte[] content, int? decimals = null, string map = "time=t,from=f,to=o,amount=a", string? ledger = null, bool utc = false) => new()
    {
        File = Write(content),
        Ledger = ledger ?? Ledger,
        Table = new TransferTable
        {
            Chain = ChainName.Ethereum,
            Decimals = decimals,
            TimesAreUtc = utc,
            Map = map.Length == 0 ? TransferTable.EthereumEtl : map.Split(',').ToDictionary(pair => Enum.Parse<TransferField>(pair.Split('=')[0], ignoreCase: true), pair => pair.Split('=')[1]),
        },
    };

    private string Write(byte[] content)
    {
        var path = Path.Combine(_folder, $"table-{_files++}");
        File.WriteAllBytes(path, content);
        return path;
    }

    private TransferIngestResult Csv(string text, int? decimals = null, string map = "time=t,from=f,to=o,amount=a", bool utc = false) =>
        TransferIngest.FromCsv(Options(Encoding.UTF8.GetBytes(text), decimals, map, utc: utc), null, CancellationToken.None);

    private List<string> Amounts()
    {
        using var ledger = AccountLedger.Open(Ledger);
        return [.. Enumerable.Range(0, (int)ledger.Graph.TransferCount).Select(t => ledger.Graph.Amount[t].ToString())];
    }

    [Theory]
    [InlineData("1", 18, "1000000000000000000")]
    [InlineData("1e-18", 18, "1")]
    [InlineData("3.0031E3", 18, "3003100000000000000000")]
    [InlineData("0.0", 18, "0")]
    [InlineData("0e5", 18, "0")]
    [InlineData("-0.0", 18, "0")]
    [InlineData("-0E-18", 18, "0")]
    [InlineData(".5", 1, "5")]
    [InlineData("00012.50", 1, "125")]
    [InlineData("0x1f", 18, "31")]
    [InlineData("340282366920938463463374607431768211456", 0, "340282366920938463463374607431768211456")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639935", 0, "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457.584007913129639935", 18, "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    [InlineData("1.15792089237316195423570985008687907853269984665640564039457584007913129639935e77", 0, "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void Amounts_are_read_exactly(string text, int decimals, string units)
    {
        Csv($"t,f,o,a\n1,{A},{B},{text}\n", decimals);
        Assert.Equal([units], Amounts());
    }

    // A letter behind a closed quote once stood for the comma: two columns ran into one another and the count of fields fitted.
    [Theory]
    [InlineData("\"1\"x" + A + "," + B + ",5")]
    [InlineData("1," + A + ",\"" + B + "\" 5")]
    [InlineData("1," + A + "," + B + ",\"5\"0")]
    public void Something_behind_a_closed_quote_is_refused_and_nothing_is_stored(string row)
    {
        var wrong = Assert.Throws<LedgerException>(() => Csv($"t,f,o,a\n{row}\n"));
        Assert.Contains("line 2: something stands behind a closed quote", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(1, Csv($"t,f,o,a\r\n\"1\",\"{A}\",\"{B}\",\"5\"\r\n").TransfersAdded);
        Assert.Equal(["5"], Amounts());
    }

    [Fact]
    public async Task What_an_account_pays_itself_is_no_theft_and_is_left_out_of_a_transaction_named()
    {
        var (loop, mixed) = (new string('1', 64), new string('2', 64));
        Csv($"t,f,o,a,h\n1,{A},{A},7,{loop}\n2,{A},{A},7,{mixed}\n2,{A},{B},5,{mixed}\n", map: "time=t,from=f,to=o,amount=a,hash=h");
        using StringWriter output = new(), errors = new();
        Assert.Equal(ExitCode.NotFound, await HaetaeCommand.RunAsync(["trace", "--ledger", Ledger, "--home", _folder, "--from", loop], output, errors));
        Assert.Contains("move nothing", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync(["trace", "--ledger", Ledger, "--home", _folder, "--from", mixed], output, errors));
        Assert.Contains("0.000000000000000005 ETH stolen", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fees_are_no_theft_however_they_are_named()
    {
        var id = new string('1', 64);
        Csv($"t,f,o,a,h,k\n1,{A},{B},5,{id},external\n1,{A},{C},1,{id},fee\n", map: "time=t,from=f,to=o,amount=a,hash=h,kind=k");
        foreach (var from in new[] { id + ":1", C })
        {
            using StringWriter output = new(), errors = new();
            Assert.Equal(ExitCode.NotFound, await HaetaeCommand.RunAsync(["trace", "--ledger", Ledger, "--home", _folder, "--from", from], output, errors));
            Assert.Contains("fees", errors.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sums_beyond_256_bits_end_openly_and_the_trace_goes_on()
    {
        const string Most = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        Csv($"t,f,o,a\n1,{A},{B},{Most}\n2,{A},{B},{Most}\n3,{B},{C},5\n");
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["trace", "--ledger", Ledger, "--home", _folder, "--from", B, "--policy", "all"], output, errors);
        Assert.True(exit == ExitCode.Done, errors.ToString());
        Assert.Contains("amounts beyond 256 bits", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e-19", 18, "no whole number of base units at 18 decimal places")]
    [InlineData("0.5", null, "--decimals")]
    [InlineData("-1", 18, "below zero")]
    [InlineData("-1e-19", 18, "below zero")]
    [InlineData("--0", 18, "below zero")]
    [InlineData("\"25,500,000\"", 18, "--grouped")]
    [InlineData("1,5", 18, "5 fields where the header names 4")]
    [InlineData("1.2.3", 18, "no number")]
    [InlineData("1e", 18, "no number")]
    [InlineData("", 18, "is empty")]
    [InlineData("NaN", 18, "no number")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936", 0, "more than 2^256 - 1")]
    [InlineData("1e999", 0, "more than 2^256 - 1")]
    [InlineData("1e-999999", 0, "no whole number")]
    public void An_amount_that_cannot_be_read_is_an_error_with_line_and_column_and_nothing_is_stored(string text, int? decimals, string reason)
    {
        var wrong = Assert.Throws<LedgerException>(() => Csv($"t,f,o,a\n1,{A},{B},1\n2,{A},{B},{text}\n", decimals));
        Assert.Contains("line 3", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => AccountLedger.Open(Ledger));
    }

    [Theory]
    [InlineData("25,500,000", "25500000000000")]
    [InlineData("1,234.567891", "1234567891")]
    [InlineData("1,234e3", "1234000000000")]
    [InlineData("7", "7000000")]
    [InlineData("12,34", null)]
    [InlineData("1234,567", null)]
    [InlineData(",234", null)]
    [InlineData("1,234,56.5", null)]
    [InlineData("1,234,", null)]
    [InlineData("1,2a4", null)]
    public void Commas_between_thousands_are_read_over_where_the_table_is_said_to_have_them(string text, string? units)
    {
        var options = Options(Encoding.UTF8.GetBytes($"t,f,o,a\n1,{A},{B},\"{text}\"\n"), 6);
        options = options with { Table = options.Table with { AmountsAreGrouped = true } };
        if (units is null)
        {
            Assert.Contains("is no number", Assert.Throws<LedgerException>(() => TransferIngest.FromCsv(options, null, CancellationToken.None)).Message, StringComparison.Ordinal);
            return;
        }

        TransferIngest.FromCsv(options, null, CancellationToken.None);
        Assert.Equal([units], Amounts());
    }

    [Fact]
    public void A_failed_transaction_of_an_explorers_export_moves_nothing()
    {
        Csv($"t,f,o,a,s\n1,{A},{B},5,\n2,{A},{B},6,Error(0)\n3,{A},{B},7,Fail\n4,{A},{B},8,OK\n", map: "time=t,from=f,to=o,amount=a,status=s");
        Assert.Equal(["5", "8"], Amounts());
    }

    [Theory]
    [InlineData("1648590078", 1648590078u)]
    [InlineData("2022-03-29T21:41:18+00:00", 1648590078u)]
    [InlineData("2022-03-29T21:41:18Z", 1648590078u)]
    [InlineData("2022-03-29 21:41:18.999 UTC", 1648590078u)]
    [InlineData("2022-03-29T23:11:18+01:30", 1648590078u)]
    [InlineData("2022-03-29T16:41:18-0500", 1648590078u)]
    [InlineData("1648590078123", 1648590078u)]
    [InlineData("1648590078123456", 1648590078u)]
    [InlineData("1648590078123456789", 1648590078u)]
    [InlineData("1648590078.75", 1648590078u)]
    public void Times_are_read_with_their_offset(string text, uint seconds)
    {
        Csv($"t,f,o,a\n{text},{A},{B},1\n");
        using var ledger = AccountLedger.Open(Ledger);
        Assert.Equal(seconds, ledger.Graph.TxTime[0]);
    }

    [Fact]
    public void A_time_without_offset_is_an_error_unless_said_to_be_UTC()
    {
        var text = $"t,f,o,a\n2022-03-29 21:41:18,{A},{B},1\n";
        Assert.Contains("--utc", Assert.Throws<LedgerException>(() => Csv(text)).Message, StringComparison.Ordinal);
        Csv(text, utc: true);
        using var ledger = AccountLedger.Open(Ledger);
        Assert.Equal(1648590078u, ledger.Graph.TxTime[0]);
    }

    [Fact]
    public void Quotes_line_ends_byte_order_marks_and_gzip_change_nothing()
    {
        var plain = Csv($"t,f,o,a,note\n1,{A},{B},10,x\n2,{B},{A},20,y\n");
        foreach (var text in new[] { $"\uFEFFt,f,o,a,note\r\n1,{A},{B},10,x\r\n\r\n2,{B},{A},20,y", $"\"t\",f,o,\"a\",note\n\"1\",\"{A}\",{B},10,\"x,\n\"\"quoted\"\"\"\n2,\\x{B[2..].ToUpperInvariant()},{A[2..]},20,y\n" })
        {
            var folder = Path.Combine(_folder, $"other-{_files}");
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
            Assert.Equal(20, TransferIngest.FromCsv(Options(packed.ToArray(), ledger: folder), null, CancellationToken.None).TransactionsAdded * 10);
            using var first = AccountLedger.Open(Ledger);
            using var other = AccountLedger.Open(folder);
            Storage.SameView.Holds(first, other);
        }

        Assert.Equal(2, plain.Rows);
    }

    [Fact]
    public void Rows_are_put_in_order_of_time_and_equal_times_keep_the_order_of_the_file()
    {
        var result = Csv($"t,f,o,a\n5,{A},{B},1\n3,{A},{B},2\n5,{A},{B},3\n4,{A},{B},4\n3,{A},{B},5\n");
        Assert.Equal(["2", "5", "4", "1", "3"], Amounts());
        Assert.Equal((false, 2L, 3u, 5u), (result.WasInOrder, result.EqualTimes, result.FirstTime, result.LastTime));
    }

    [Fact]
    public void More_rows_than_memory_holds_come_back_in_order()
    {
        var random = new Random(11);
        var rows = Enumerable.Range(0, 20_000).Select(line => new TransferRow { Time = (uint)random.Next(500), Block = (uint)random.Next(3), Line = line }).ToArray();
        using var store = new RowStore(_folder, mostInMemory: 700);
        foreach (var some in rows.Chunk(333)) store.Add(some);
        var back = store.InOrder().SelectMany(some => some).Select(row => (row.Time, row.Block, row.Line)).ToList();
        Assert.Equal(rows.Select(row => (row.Time, row.Block, row.Line)).Order(), back);
    }

    [Fact]
    public void Rows_without_hash_have_ids_that_anyone_can_make_again()
    {
        Csv($"t,f,o,a\n7,{A},{B},1\n7,{A},{B},1\n7,{A},{B},2\n");
        using var ledger = AccountLedger.Open(Ledger);
        string[] said = [$"{A}\n{B}\neip155:1/slip44:60\n1\n0\n", $"{A}\n{B}\neip155:1/slip44:60\n1\n1\n", $"{A}\n{B}\neip155:1/slip44:60\n2\n0\n"];
        for (uint tx = 0; tx < 3; tx++)
        {
            var digest = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("haetae.row/1\neip155:1\n7\n" + said[tx]));
            Assert.Equal(Convert.ToHexStringLower(digest), ledger.Graph.TxId[tx].ToString());
            Assert.Equal(TxMarks.RowId | TxMarks.NoBlock, (TxMarks)ledger.Graph.Marks[tx]);
        }

        Assert.Contains(ledger.Notes, note => note.Contains("haetae.row/1", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_one_hash_are_one_transaction_whose_fee_comes_last()
    {
        var hash = new string('1', 64);
        var other = new string('2', 64);
        Csv($"t,f,o,a,h,c,g,s\n1,{A},{B},5,0x{hash},,9,1\n1,{B},{A},1,0x{other},,,\n1,{A},{C},7,{hash},{B},9,1\n2,{A},{B},3,0x{new string('3', 64)},,4,0\n", map: "time=t,from=f,to=o,amount=a,hash=h,asset=c,fee=g,status=s");
        using var ledger = AccountLedger.Open(Ledger);
        var graph = ledger.Graph;
        Assert.Equal(3u, graph.TransactionCount);
        Assert.Equal(hash, graph.TxId[0].ToString());
        Assert.Equal([TransferKind.External, TransferKind.Token, TransferKind.Fee, TransferKind.External, TransferKind.Fee], Enumerable.Range(0, 5).Select(t => graph.KindOf(t)));
        Assert.Equal(5L, graph.TransferCount);
        Assert.Equal(AccountGraph.Nobody, graph.To[2]);
        Assert.True(((TxMarks)graph.Marks[2]).HasFlag(TxMarks.Failed)); // its value did not move, its fee did
        Assert.Equal(4u, graph.Amount[4].Lower);
    }

    [Fact]
    public void Tokens_from_and_to_the_zero_address_are_made_and_destroyed()
    {
        var zero = "0x" + new string('0', 40);
        Csv($"t,f,o,a,c\n1,{zero},{A},5,{B}\n2,{A},{zero},5,{B}\n3,{zero},{A},5,\n", map: "time=t,from=f,to=o,amount=a,asset=c");
        using var ledger = AccountLedger.Open(Ledger);
        Assert.Equal([TransferKind.Mint, TransferKind.Burn, TransferKind.External], Enumerable.Range(0, 3).Select(t => ledger.Graph.KindOf(t)));
        Assert.Equal((AccountGraph.Nobody, AccountGraph.Nobody), (ledger.Graph.From[0], ledger.Graph.To[1]));
        Assert.True(ledger.AddressOf(ledger.Graph.From[2]).IsZero);
    }

    [Fact]
    public void Json_lines_are_read_as_ethereum_etl_writes_them()
    {
        var hash = "0x" + new string('a', 64);
        var text = $$"""
            {"type":"token_transfer","token_address":"{{C}}","from_address":"{{A}}","to_address":"{{B}}","value":"340282366920938463463374607431768211456","transaction_hash":"{{hash}}","log_index":3,"block_number":100,"block_timestamp":1600000000,"deep":{"value":1} }

            {"hash":"0x{{new string('b', 64)}}","block_number":101,"from_address":"{{A}}","to_address":null,"receipt_contract_address":"{{C}}","value":1000000000000000000000,"block_timestamp":"2020-09-13 12:26:41 UTC","receipt_status":1}
            """;
        TransferIngest.FromJsonLines(Options(Encoding.UTF8.GetBytes(text), map: ""), null, CancellationToken.None);
        using var ledger = AccountLedger.Open(Ledger);
        Assert.Equal(["340282366920938463463374607431768211456", "1000000000000000000000"], Amounts());
        Assert.Equal((100u, 101u, 1600000001u), (ledger.Graph.TxBlock[0], ledger.Graph.TxBlock[1], ledger.Graph.TxTime[1]));
        Assert.Equal(AccountAddress.Parse(C), ledger.AddressOf(ledger.Graph.To[1]));
        Assert.Equal((TransferKind.Token, TransferKind.External), (ledger.Graph.KindOf(0), ledger.Graph.KindOf(1)));
    }

    [Theory]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{\"value\":}", "no JSON object")]
    [InlineData("{\"value\":1}", "'block_timestamp|timestamp': is missing")]
    public void A_line_that_is_no_such_object_is_an_error_that_names_it(string line, string reason)
    {
        var wrong = Assert.Throws<LedgerException>(() => TransferIngest.FromJsonLines(Options(Encoding.UTF8.GetBytes("\n" + line + "\n"), map: ""), null, CancellationToken.None));
        Assert.Contains("line 2", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_and_json_lines_of_the_same_rows_give_the_same_ledger()
    {
        var random = new Random(12);
        var (csv, json) = (new StringBuilder("t,f,o,a\n"), new StringBuilder());
        for (var i = 0; i < 3_000; i++)
        {
            var (time, from, to, amount) = (random.Next(1000), $"0x{random.Next(50):x40}", $"0x{random.Next(50):x40}", random.Next());
            csv.Append($"{time},{from},{to},{amount}\n");
            json.Append($"{{\"a\":{amount},\"f\":\"{from}\",\"o\":\"{to}\",\"t\":{time}}}\n");
        }

        var other = Path.Combine(_folder, "json");
        Csv(csv.ToString());
        TransferIngest.FromJsonLines(Options(Encoding.UTF8.GetBytes(json.ToString()), ledger: other), null, CancellationToken.None);
        using var first = AccountLedger.Open(Ledger);
        using var second = AccountLedger.Open(other);
        Storage.SameView.Holds(first, second);
    }

    [Fact]
    public void Files_in_any_order_give_the_ledger_of_one_file_and_what_two_hold_stands_once()
    {
        var rows = Enumerable.Range(0, 300).Select(i => $"{i / 4},{(i % 3 == 0 ? A : B)},{C},{i % 5}").ToList();
        string Table(IEnumerable<string> some) => "t,f,o,a\n" + string.Join('\n', some) + "\n";
        Csv(Table(rows.Take(100)));
        Assert.False(Csv(Table(rows.Skip(200))).WasMerged);
        var merged = Csv(Table(rows.Skip(80).Take(140))); // 20 rows of the first file, 20 of the second
        Assert.True(merged.WasMerged);
        Assert.Equal(100, merged.TransactionsAdded);
        var whole = Path.Combine(_folder, "whole");
        TransferIngest.FromCsv(Options(Encoding.UTF8.GetBytes(Table(rows)), ledger: whole), null, CancellationToken.None);
        using var one = AccountLedger.Open(whole);
        using var three = AccountLedger.Open(Ledger);
        Storage.SameView.Holds(one, three);
        Assert.Equal(3, three.Statements.Sources.Count);
        Assert.Empty(AccountLedgerVerifier.Verify(Ledger, 2, null, CancellationToken.None));
    }

    [Fact]
    public void The_same_hash_at_two_times_is_an_error()
    {
        var hash = new string('1', 64);
        var wrong = Assert.Throws<LedgerException>(() => Csv($"t,f,o,a,h\n1,{A},{B},5,{hash}\n2,{A},{B},5,{hash}\n", map: "time=t,from=f,to=o,amount=a,hash=h"));
        Assert.Contains($"0x{hash} came twice", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_addresses_are_said_to_be_and_others_not()
    {
        var options = Options(Encoding.UTF8.GetBytes($"t,f,o,a\n1,{A},{B},5\n")) with { Complete = [AccountAddress.Parse(B)] };
        TransferIngest.FromCsv(options, null, CancellationToken.None);
        using var ledger = AccountLedger.Open(Ledger);
        Assert.Equal((Coverage.Unknown, Coverage.Complete), (ledger.CoverageOf(0), ledger.CoverageOf(1)));
    }
}
