using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Explorers;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Case ledgers of EVM chains: every row once, in order, and what is missing is said.</summary>
public sealed class EtherscanTests : IDisposable
{
    private const string Secret = "KEYTHATMUSTNOTBEKEPT";

    private readonly string _root = Directory.CreateTempSubdirectory("haetae-etherscan-").FullName;

    private string Folder => Path.Combine(_root, "case");

    [Theory]
    [InlineData(1UL, false)]
    [InlineData(2UL, true)]
    [InlineData(3UL, true)]
    public async Task Rows_of_several_addresses_come_together_each_once_and_in_order(ulong seed, bool tellsPlaces)
    {
        var chain = MadeChain.Of(seed, 400, out var people, tellsPlaces);
        using var server = new EtherscanServer(chain) { RefuseEvery = 11, TiredEvery = 7 };
        var everybody = people.Append(MadeChain.AddressOf("faucet"));
        var fetched = await Json($"fetch {string.Join(',', everybody)} --ledger CASE --etherscan {server.Url}");
        Assert.Equal(chain.Transfers(ChainName.Ethereum), Transfers(AccountCase.Open(Folder).Table, tellsPlaces));
        foreach (var one in fetched["coverage"]!.AsArray())
        {
            var isFaucet = (string)one!["address"]! == MadeChain.AddressOf("faucet").ToEip55();
            Assert.Equal((isFaucet ? "truncated" : "complete", !isFaucet, 1_000_000), ((string)one["coverage"]!, (bool?)one["reconciled"] ?? false, (int)one["upToBlock"]!)); // the faucet's money came from nowhere
        }

        var table = AccountCase.Open(Folder).Table;
        foreach (var person in people)
        {
            var shown = await Json($"address {person} --ledger CASE");
            Assert.Equal(("complete", chain.BalanceOf(person).ToString(CultureInfo.InvariantCulture)), ((string)shown["coverage"]!, (string)shown["assets"]![0]!["balance"]!));
            var account = table.FindAccount(person)!.Value;
            Assert.Equal((Coverage.Complete, UInt256.Zero), (table.CoverageOf(account), table.OpeningOf(account, 0)!.Value));
            Assert.Equal(chain.BalanceOf(person), Balance(table, account));
        }
    }

    [Fact]
    public async Task A_failed_transaction_is_shown_to_have_moved_nothing_but_its_fee()
    {
        var chain = MadeChain.Of(8, 60, out var people);
        using var server = new EtherscanServer(chain);
        await Json($"fetch {string.Join(',', people)} --ledger CASE --etherscan {server.Url}");
        var failed = chain.Rows.First(row => row.Failed && row.Action == "txlist");
        var shown = await Json($"tx 0x{failed.Hash} --ledger CASE");
        Assert.True((bool)shown["failed"]!);
        var only = Assert.Single(shown["transfers"]!.AsArray())!;
        Assert.Equal(("fee", $"{failed.Gas * failed.GasPrice}", null), ((string)only["kind"]!, (string)only["amount"]!, (string?)only["to"]));
        Assert.Equal(ExitCode.NotFound, (await FetchRuns.Run($"tx {MadeChain.HashOf("nothing")} --ledger CASE", _root)).Exit);
    }

    [Fact]
    public async Task A_manifest_is_what_its_schema_says()
    {
        var chain = MadeChain.Of(5, 5, out var people);
        using var server = new EtherscanServer(chain);
        await Json($"fetch {people[0]} --ledger CASE --etherscan {server.Url}");
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!.AsObject();
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.caseledger.1.schema.json"))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(manifest, schema));
        manifest.Remove("chain");
        Assert.NotEmpty(SchemaCheck.Errors(manifest, schema));
    }

    [Fact]
    public async Task The_order_of_asking_does_not_matter()
    {
        var chain = MadeChain.Of(9, 200, out var people);
        using var server = new EtherscanServer(chain);
        await Json($"fetch {string.Join(',', people)} --ledger CASE --etherscan {server.Url}");
        foreach (var person in people.AsEnumerable().Reverse()) await Json($"fetch {person} --ledger OTHER --etherscan {server.Url} --max-requests 100");
        Assert.Equal(AccountCase.Open(Folder).Table.Digest, AccountCase.Open(Path.Combine(_root, "other")).Table.Digest);
    }

    [Fact]
    public async Task Interrupted_it_goes_on_and_asks_nothing_twice()
    {
        var chain = MadeChain.Of(4, 100, out var people);
        using var server = new EtherscanServer(chain) { DieAfter = 9 };
        var who = string.Join(',', people);
        Assert.Equal(ExitCode.Failed, (await FetchRuns.Run($"fetch {who} --ledger CASE --etherscan {server.Url}", _root)).Exit);
        var half = await Json("ledger info --ledger CASE");
        Assert.Contains(half["coverage"]!.AsArray(), one => (string)one!["coverage"]! == "truncated");
        server.DieAfter = 0;
        var before = server.Asked.Count;
        await Json($"fetch {who} --ledger CASE --etherscan {server.Url}");
        Assert.Equal(chain.Transfers(ChainName.Ethereum).Count(text => !text.Contains(" in ", StringComparison.Ordinal) && !text.Contains("Fee " + MadeChain.AddressOf("faucet"), StringComparison.Ordinal)), (int)AccountCase.Open(Folder).Table.Graph.TransferCount);
        Assert.Empty(server.Asked.Take(8).Intersect(server.Asked.Skip(before).Where(path => !path.Contains("eth_blockNumber", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task More_rows_than_an_answer_holds_come_in_windows_without_gaps()
    {
        var (chain, whale) = Whale(25_000, block => block / 7);
        using var server = new EtherscanServer(chain);
        var one = Assert.Single((await Json($"fetch {whale} --ledger CASE --etherscan {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(("complete", 25_000), ((string)one["coverage"]!, (int)one["rows"]!));
        Assert.Equal(25_000, AccountCase.Open(Folder).Table.Graph.TransferCount);
    }

    [Fact]
    public async Task A_server_that_caps_its_answers_in_silence_is_asked_on()
    {
        var (chain, whale) = Whale(2_300, block => block / 7);
        using var server = new EtherscanServer(chain) { MostRows = 1_000 };
        var one = Assert.Single((await Json($"fetch {whale} --ledger CASE --etherscan {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(("complete", 2_300), ((string)one["coverage"]!, (int)one["rows"]!));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(50)]
    public async Task A_low_cap_is_asked_past_and_a_block_that_it_cuts_is_said_to_be_cut(int cap)
    {
        var (chain, whale) = Whale(330, row => row / 7);
        using (var server = new EtherscanServer(chain) { MostRows = cap })
        {
            var one = Assert.Single((await Json($"fetch {whale} --ledger CASE --etherscan {server.Url}"))["coverage"]!.AsArray())!;
            Assert.Equal(("complete", 330), ((string)one["coverage"]!, (int)one["rows"]!));
        }

        (chain, whale) = Whale(200, row => row < 120 ? 5 : row);
        using (var server = new EtherscanServer(chain) { MostRows = cap })
        {
            var one = Assert.Single((await Json($"fetch {whale} --ledger OTHER --etherscan {server.Url}"))["coverage"]!.AsArray())!;
            Assert.Equal("truncated", (string)one["coverage"]!);
            Assert.Contains("no more than some rows of block 6", (string)one["reason"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_block_with_more_rows_than_an_answer_holds_is_said_to_be_cut()
    {
        var (chain, whale) = Whale(12_000, row => row < 11_000 ? 5 : row);
        using var server = new EtherscanServer(chain);
        var one = Assert.Single((await Json($"fetch {whale} --ledger CASE --etherscan {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(("truncated", 11_000), ((string)one["coverage"]!, (int)one["rows"]!));
        Assert.Contains("has 10000 rows or more", (string)one["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_lost_between_two_windows_is_found()
    {
        var (chain, whale) = Whale(15_000, block => block / 7);
        using var server = new EtherscanServer(chain) { LostLater = chain.Rows[9_998] };
        var one = Assert.Single((await Json($"fetch {whale} --ledger CASE --etherscan {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal("truncated", (string)one["coverage"]!);
        Assert.Contains("an answer does not continue the one before", (string)one["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_was_never_listed_is_missed_by_the_balance()
    {
        var chain = MadeChain.Of(6, 200, out var people);
        var hidden = chain.Rows.First(row => row.Action == "txlistinternal" && !row.Failed && row.Type == "call" && row.From != row.To && !row.Value.IsZero);
        using var server = new EtherscanServer(chain) { Hidden = hidden };
        var fetched = await Json($"fetch {string.Join(',', people)} --ledger CASE --etherscan {server.Url}");
        foreach (var one in fetched["coverage"]!.AsArray())
        {
            var isShort = (string)one!["address"]! == hidden.From.ToEip55() || (string)one["address"]! == hidden.To?.ToEip55();
            Assert.Equal((isShort ? "truncated" : "complete", !isShort), ((string)one["coverage"]!, (bool)one["reconciled"]!));
        }

        var table = AccountCase.Open(Folder).Table;
        Assert.Null(table.OpeningOf(table.FindAccount(hidden.From)!.Value, 0));
    }

    [Fact]
    public async Task A_whole_case_ledger_verifies_and_a_changed_answer_is_named()
    {
        var chain = MadeChain.Of(11, 40, out var people);
        using var server = new EtherscanServer(chain);
        await Json($"fetch {people[0]} --ledger CASE --etherscan {server.Url}");
        Assert.True((bool)(await Json("ledger verify --ledger CASE"))["whole"]!);
        var answer = Directory.GetFiles(Path.Combine(Folder, "raw"), "*.json").OrderBy(name => name, StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(answer);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(answer, bytes);
        var (exit, output, _) = await FetchRuns.Run("ledger verify --ledger CASE", _root);
        Assert.Equal(ExitCode.VerificationFailed, exit);
        Assert.Contains(Path.GetFileName(answer), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_are_printed_with_their_checksum_and_amounts_in_coins()
    {
        var (chain, whale) = Whale(3, row => row);
        using var server = new EtherscanServer(chain);
        var one = Assert.Single((await Json($"fetch {whale} --ledger CASE --etherscan {server.Url}"))["coverage"]!.AsArray())!;
        Assert.Equal(whale.ToEip55(), (string)one["address"]!);
        Assert.Equal(whale.ToEip55(), (string)(await Json($"address {whale} --ledger CASE"))["address"]!);
        var text = (await FetchRuns.Run($"address {whale} --ledger CASE", _root)).Output;
        Assert.Contains("received 0.000000000000000006", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_sent_and_neither_kept_nor_shown()
    {
        var chain = MadeChain.Of(7, 20, out var people);
        using var server = new EtherscanServer(chain) { Key = Secret };
        var (exit, _, errors) = await FetchRuns.Run($"fetch {people[0]} --ledger CASE --etherscan {server.Url}", _root);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("--api-key-env", errors, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("HAETAE_TEST_EXPLORER_KEY", Secret);
        (exit, var output, errors) = await FetchRuns.Run($"fetch {people[0]} --ledger CASE --etherscan {server.Url} --api-key-env HAETAE_TEST_EXPLORER_KEY", _root);
        Assert.True(exit == ExitCode.Done, errors);
        Assert.Contains(server.Asked, path => path.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, output + errors, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)) Assert.DoesNotContain(Secret, File.ReadAllText(file), StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task The_wallets_of_ronin_add_up_but_for_the_one_whose_receipts_stand_in_no_table()
    {
        var rows = File.ReadAllLines(SharedData.Path_("ethereum", "ronin-2022", "transactions.csv")).Skip(1).Select(line => line.Split(',')).Where(cells => cells.Length == 4)
            .Select(cells => (Time: (uint)DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds(), From: AccountAddress.Parse(cells[1]), To: AccountAddress.Parse(cells[2]), Amount: Wei(cells[3])))
            .OrderBy(row => row.Time).ToList();
        Assert.Equal(436, rows.Count);
        var chain = new MadeChain();
        foreach (var row in rows)
            chain.Rows.Add(new MadeRow("txlist", row.Time - 1_600_000_000, row.Time, MadeChain.HashOf($"ronin {chain.Rows.Count}"), chain.Rows.Count, row.From, row.To, row.Amount));
        var listed = File.ReadAllLines(SharedData.Path_("ethereum", "ronin-2022", "LazarusGroup.txt")).Select(line => line.Trim(' ', '\'', ',')).Where(text => text.Length > 40).Select(text => AccountAddress.Parse(text)).Distinct().ToList();
        using var server = new EtherscanServer(chain);
        var fetched = await Json($"fetch {string.Join(',', listed)} --ledger CASE --etherscan {server.Url}");
        Assert.Equal(listed.Count, fetched["coverage"]!.AsArray().Count);
        foreach (var one in fetched["coverage"]!.AsArray())
        {
            // The rows lack what the first wallet stole: its balance by them is below zero, which no server states and no ledger hides.
            var address = AccountAddress.Parse((string)one!["address"]!);
            Assert.Equal(chain.BalanceOf(address) < 0 ? "truncated" : "complete", (string)one["coverage"]!);
        }

        var short_ = Assert.Single(fetched["coverage"]!.AsArray(), one => (string)one!["coverage"]! == "truncated")!;
        Assert.Equal("0x098B716B8Aaf21512996dC57EB0615e2383E2f96", (string)short_["address"]!);
        var table = AccountCase.Open(Folder).Table;
        Assert.Equal(rows.Where(row => row.Amount > 0).Aggregate(BigInteger.Zero, (sum, row) => sum + row.Amount), Enumerable.Range(0, (int)table.Graph.TransferCount).Aggregate(BigInteger.Zero, (sum, i) => sum + table.Graph.Amount[i]));
    }

    private static UInt256 Wei(string text)
    {
        var parts = text.Split('e');
        var power = 18 + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) power -= parts[0].Length - point - 1;
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        for (; power < 0; power++) digits = digits % 10 == 0 ? digits / 10 : throw new FormatException(text);
        return (UInt256)(digits * BigInteger.Pow(10, power));
    }

    private static (MadeChain Chain, AccountAddress Whale) Whale(int rows, Func<uint, uint> block)
    {
        var chain = new MadeChain();
        var (whale, other) = (MadeChain.AddressOf("whale"), MadeChain.AddressOf("other"));
        for (uint i = 0; i < rows; i++) chain.Rows.Add(new MadeRow("txlist", block(i) + 1, 1_600_000_000 + block(i), MadeChain.HashOf($"whale {i}"), (int)i, other, whale, i + 1));
        return (chain, whale);
    }

    private static List<string> Transfers(AccountTable table, bool tellsPlaces)
    {
        var all = new List<string>();
        var graph = table.Graph;
        for (uint tx = 0; tx < graph.TransactionCount; tx++)
        {
            all.Add($"{graph.TxId[tx]} in {graph.TxBlock[tx]} at {graph.TxTime[tx]}{((TxMarks)graph.Marks[tx] == TxMarks.Failed ? ", failed" : "")}");
            var texts = new List<(int Rank, string Text)>();
            for (var i = graph.TxFirstTransfer[tx]; i < graph.TxFirstTransfer[tx + 1L]; i++)
            {
                var kind = graph.KindOf(i);
                var rank = kind is TransferKind.Token or TransferKind.Mint or TransferKind.Burn ? 1 : kind == TransferKind.Fee ? 2 : 0;
                texts.Add((rank, $"{graph.TxId[tx]} {kind} {Name(graph.From[i])} {Name(graph.To[i])} {table.Assets[(int)graph.Asset[i]].Name.Caip19} {graph.Amount[i]}"));
            }

            Assert.Equal(texts.Select(one => one.Rank).Order(), texts.Select(one => one.Rank));
            all.AddRange(texts.Where(one => one.Rank == 0).Select(one => one.Text));
            all.AddRange(texts.Where(one => one.Rank == 1).Select(one => one.Text).OrderBy(text => tellsPlaces ? "" : text, StringComparer.Ordinal));
            all.AddRange(texts.Where(one => one.Rank == 2).Select(one => one.Text));
        }

        return all;

        string Name(uint account) => account == AccountGraph.Nobody ? "nobody" : table.AddressOf(account).ToString();
    }

    private static BigInteger Balance(AccountTable table, uint account)
    {
        BigInteger sum = 0;
        foreach (var i in table.TransfersOf(account).ToArray().Where(i => table.Graph.Asset[i] == 0))
        {
            if (table.Graph.From[i] == account) sum -= table.Graph.Amount[i];
            if (table.Graph.To[i] == account) sum += table.Graph.Amount[i];
        }

        return sum;
    }

    private async Task<JsonNode> Json(string command)
    {
        var (exit, output, errors) = await FetchRuns.Run(command + " --json", _root);
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
