using System.Text;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Tests.Support;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Cli;

/// <summary>The program as a shell meets it: exit codes, what goes to which stream, and JSON a script can rely on.</summary>
public sealed class CommandTests(PracticeLedger practice) : IClassFixture<PracticeLedger>
{
    private const string Nobody = "0000000000000000000000000000000000000000000000000000000000000000";

    private string StolenTx => practice.Seeds[0][..64];

    [Theory]
    [InlineData("ledger info")]
    [InlineData("ledger stats")]
    [InlineData("ledger verify")]
    [InlineData("block 0")]
    [InlineData("tx STOLEN")]
    [InlineData("coinjoin STOLEN")]
    [InlineData("trace --policy fifo --from STOLEN")]
    public async Task What_was_asked_rightly_ends_with_0_and_says_nothing_on_the_error_stream(string command)
    {
        var (exit, output, errors) = await Run($"{command} --ledger LEDGER");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        Assert.NotEqual("", output);
    }

    [Theory]
    [InlineData("", "fifo haircut poison")]
    [InlineData("--policy lifo", "lifo")]
    [InlineData("--policy tilo,clean-first", "tilo clean-first")]
    [InlineData("--policy all", "fifo lifo haircut tiho tilo dirty-first clean-first poison")]
    public async Task A_trace_shows_the_policies_asked_for(string asked, string shown)
    {
        var results = (await Json($"trace {asked} --from STOLEN --ledger LEDGER"))["results"]!.AsArray();
        Assert.Equal(shown.Split(' '), results.Select(result => (string)result!["policy"]!));
        foreach (var result in results) Assert.Equal((string)result!["policy"]! != "poison", (bool)result["conserves"]!);
    }

    [Theory]
    [InlineData("ledger info --ledger ELSEWHERE")]
    [InlineData("ledger verify --ledger ELSEWHERE")]
    [InlineData("tx STOLEN --ledger ELSEWHERE")]
    [InlineData("coinjoin STOLEN --ledger ELSEWHERE")]
    [InlineData("ingest bitcoin --blocks ELSEWHERE --ledger ELSEWHERE")]
    public async Task What_is_not_there_ends_with_3(string command) => await Refused(command, ExitCode.NotFound);

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("ledger")]
    [InlineData("ledger info --nothing")]
    [InlineData("tx")]
    [InlineData("tx abc --ledger LEDGER")]
    [InlineData("coinjoin")]
    [InlineData("coinjoin abc --ledger LEDGER")]
    [InlineData("tx STOLEN STOLEN --ledger LEDGER")]
    [InlineData("why nobody nobody --ledger LEDGER")]
    [InlineData("why 00 --ledger LEDGER")]
    [InlineData("cluster nobody --ledger LEDGER")]
    [InlineData("cluster 00 --coinjoins guess --ledger LEDGER")]
    [InlineData("cluster 00 --max-transactions 0 --ledger LEDGER")]
    [InlineData("block -1 --ledger LEDGER")]
    [InlineData("block abc --ledger LEDGER")]
    [InlineData("block --ledger LEDGER")]
    [InlineData("block 0 --since 3 --ledger LEDGER")]
    [InlineData("block --since yesterday --ledger LEDGER")]
    [InlineData("block 0 --ndjson --ledger LEDGER")]
    [InlineData("address nobody --ledger LEDGER")]
    [InlineData("address 00 --limit -1 --ledger LEDGER")]
    [InlineData("ingest bitcoin")]
    [InlineData("ingest bitcoin --blocks BLOCKS --network atlantis")]
    [InlineData("ingest bitcoin --blocks BLOCKS --from -1")]
    [InlineData("ingest bitcoin --blocks BLOCKS --to -1")]
    [InlineData("ingest bitcoin --blocks BLOCKS --threads 0")]
    [InlineData("ingest bitcoin --blocks BLOCKS --threads many")]
    [InlineData("trace --ledger LEDGER")]
    [InlineData("trace --from nobody --ledger LEDGER")]
    [InlineData("trace --from STOLEN --policy guess --ledger LEDGER")]
    [InlineData("trace --from STOLEN --fee-rule guess --ledger LEDGER")]
    [InlineData("trace --from STOLEN --until yesterday --ledger LEDGER")]
    [InlineData("trace --from STOLEN --min-value 0 --ledger LEDGER")]
    [InlineData("trace --from STOLEN --max-transactions 0 --ledger LEDGER")]
    [InlineData("trace --from STOLEN --bounds some --ledger LEDGER")]
    [InlineData("exposure 00 --ledger LEDGER")]
    [InlineData("exposure 00 --from STOLEN --max-transactions 0 --ledger LEDGER")]
    [InlineData("trace --from STOLEN --amount 0 --ledger LEDGER")]
    [InlineData("trace --from STOLEN --amount 9000000000000000 --ledger LEDGER")]
    [InlineData("trace --from STOLEN --html ELSEWHERE/page.html --ledger LEDGER")]
    [InlineData("trace --from STOLEN --csv LEDGER --ledger LEDGER")]
    [InlineData("trace --from STOLEN --policy , --ledger LEDGER")]
    [InlineData("trace --from , --ledger LEDGER")]
    [InlineData("trace --from STOLEN --until 0 --ledger LEDGER")]
    [InlineData("trace --from STOLEN --since 0 --ledger LEDGER")]
    [InlineData("exercise new")]
    [InlineData("exercise new --out ELSEWHERE --size 3")]
    public async Task Wrong_use_ends_with_2(string command) => await Refused(command, ExitCode.WrongUse);

    [Theory]
    [InlineData("tx " + Nobody)]
    [InlineData("coinjoin " + Nobody)]
    [InlineData("block " + Nobody)]
    [InlineData("block 1000000")]
    [InlineData("address 00")]
    [InlineData("trace --from " + Nobody)]
    [InlineData("trace --from STOLEN:9999")]
    [InlineData("trace --from STOLEN --except 9999")]
    public async Task What_the_ledger_does_not_hold_ends_with_3(string command) => await Refused($"{command} --ledger LEDGER", ExitCode.NotFound);

    [Fact]
    public async Task A_flipped_byte_ends_verify_with_4_and_names_the_file()
    {
        var copy = Directory.CreateTempSubdirectory("haetae-flipped-").FullName;
        try
        {
            foreach (var path in Directory.GetFiles(practice.Folder)) File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
            var column = Path.Combine(copy, "out.value.col");
            var bytes = await File.ReadAllBytesAsync(column);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(column, bytes);
            var (exit, output, _) = await Run($"ledger verify --ledger {copy}");
            Assert.Equal(ExitCode.VerificationFailed, exit);
            Assert.Contains("out.value.col", output, StringComparison.Ordinal);
            var (jsonExit, json, _) = await Run($"ledger verify --json --ledger {copy}");
            Assert.Equal(ExitCode.VerificationFailed, jsonExit);
            Assert.False(JsonNode.Parse(json)!["whole"]!.GetValue<bool>());
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task A_misspelt_verb_is_not_called_a_missing_one()
    {
        var (_, _, errors) = await Run("nothing");
        Assert.Equal("haetae: Unrecognized command or argument 'nothing'.\nTry: haetae --help\n", errors.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_word_for_a_number_is_refused_without_type_names()
    {
        var (_, _, errors) = await Run("ingest bitcoin --blocks BLOCKS --threads many");
        Assert.DoesNotContain("System.", errors, StringComparison.Ordinal);
        Assert.Contains("--threads", errors, StringComparison.Ordinal);
    }

    /// <summary>The fields of each document. The list for stats is the contract with other programs.</summary>
    [Fact]
    public async Task Why_two_addresses_are_together_is_a_chain_of_transactions_and_cluster_lists_both()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        var graph = ledger.Graph;
        string Address(long input) => Haetae.Ledger.Bitcoin.Address.TryEncode(ledger.ScriptOf(graph.Previous[input]), ledger.Network, out var address) ? address : "";
        var coinJoins = new Haetae.Tracing.CoinJoins.Scan(ledger);
        var tx = Enumerable.Range(0, (int)graph.TransactionCount).Select(t => (uint)t)
            .First(t => graph.FirstInput[t + 1L] - graph.FirstInput[t] > 1 && !coinJoins.IsOne(t) && Address(graph.FirstInput[t]) is { Length: > 0 } one && Address(graph.FirstInput[t] + 1) is { Length: > 0 } other && one != other);
        var (a, b) = (Address(graph.FirstInput[tx]), Address(graph.FirstInput[tx] + 1));
        var why = await Json($"why {a} {b} --ledger LEDGER");
        Assert.Equal(1, why["steps"]!.GetValue<int>());
        Assert.Equal([a, b], why["witnesses"]![0]!["inputs"]!.AsArray().Select(input => input!["address"]!.GetValue<string>()));
        Assert.Contains("Joined by 1 transaction", (await Run($"why {a} {b} --ledger LEDGER")).Output, StringComparison.Ordinal);
        Assert.Contains("one and the same", (await Run($"why {a} {a} --ledger LEDGER")).Output, StringComparison.Ordinal);
        var cluster = await Json($"cluster {a} --ledger LEDGER");
        var members = cluster["addresses"]!.AsArray().Select(member => member!["address"]!.GetValue<string>()).ToList();
        Assert.Equal(a, members[0]);
        Assert.Contains(b, members);
        Assert.True(cluster["complete"]!.GetValue<bool>());
        var stranger = Enumerable.Range(0, (int)ledger.Counts.Inputs).Select(input => Address(input)).First(address => address.Length > 0 && !members.Contains(address));
        Assert.Equal(ExitCode.NotFound, (await Run($"why {a} {stranger} --ledger LEDGER")).Exit);
    }

    [Fact]
    public async Task Links_count_the_ways_to_read_a_transaction_or_say_why_not()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        var graph = ledger.Graph;
        long Inputs(uint t) => graph.FirstInput[t + 1L] - graph.FirstInput[t];
        long Outputs(uint t) => graph.FirstOutput[t + 1L] - graph.FirstOutput[t];
        var all = Enumerable.Range(0, (int)graph.TransactionCount).Select(t => (uint)t).ToList();
        var one = ledger.TxIds[all.First(t => Inputs(t) == 1 && Outputs(t) == 2)];
        var read = (await Json($"coinjoin {one} --links --ledger LEDGER"))["links"]!;
        Assert.Equal(("1", "0.0000"), (read["interpretations"]!.GetValue<string>(), read["entropyBits"]!.GetValue<string>()));
        Assert.All(read["outputs"]!.AsArray(), output => Assert.Equal("1", output!["together"]![0]!.GetValue<string>()));
        Assert.Contains("certain", (await Run($"coinjoin {one} --links --ledger LEDGER")).Output, StringComparison.Ordinal);
        var coinbase = await Json($"coinjoin {ledger.TxIds[0]} --links --ledger LEDGER");
        Assert.Null(coinbase["links"]!["interpretations"]);
        Assert.Equal("a coinbase spends nothing", coinbase["links"]!["reason"]!.GetValue<string>());
        Assert.Null((await Json($"coinjoin {one} --ledger LEDGER"))["links"]);
    }

    [Theory]
    [InlineData("--since 3 --until 5", 3, 5)]
    [InlineData("--until 2", 0, 2)]
    [InlineData("--since TIME4 --until TIME6", 4, 6)]
    [InlineData("--since 4 --until TIME6", 4, 6)]
    [InlineData("--since 2030-01-01", 0, -1)]
    public async Task The_transactions_of_a_stretch_are_those_of_its_blocks(string range, int first, int last)
    {
        for (var height = 4; height <= 6; height++)
            range = range.Replace($"TIME{height}", (await Json($"block {height} --ledger LEDGER"))["time"]!.GetValue<string>(), StringComparison.Ordinal);
        var answer = await Json($"block {range} --ledger LEDGER");
        var blocks = answer["blocks"]!.AsArray();
        Assert.Equal(Enumerable.Range(first, last - first + 1), blocks.Select(block => block!["height"]!.GetValue<int>()));
        Assert.Equal(blocks.Count, answer["blockCount"]!.GetValue<int>());
        Assert.Equal(blocks.Sum(block => block!["transactions"]!.AsArray().Count), answer["transactionCount"]!.GetValue<int>());
        foreach (var block in blocks)
        {
            var one = await Json($"block {block!["height"]} --ledger LEDGER");
            Assert.Equal(one["transactions"]!.ToJsonString(), block["transactions"]!.ToJsonString());
            Assert.Equal(one["hash"]!.ToJsonString(), block["hash"]!.ToJsonString());
        }

        var (_, lines, _) = await Run($"block {range} --ndjson --ledger LEDGER");
        Assert.Equal(blocks.Select(block => block!["hash"]!.GetValue<string>()), lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["hash"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("ledger info", "blocks chain firstHeight folder format inputs network outputs tipHash tipHeight tipTime transactions unknownInputs weakWorkBlocks")]
    [InlineData("ledger stats", "blocks coinjoins inputs maxFee outputs scripts tipHash tipHeight totalOutputValue transactions unknownInputs unspentOutputs unspentValue weakWorkBlocks")]
    [InlineData("ledger verify", "findings folder whole")]
    [InlineData("block 0", "bits chain coinbaseValue fees hash height merkleRoot nonce previousHash size time transactions version")]
    [InlineData("trace --from STOLEN --until 200", "bounds digest format ledger parameters results seeds sensitivity")]
    [InlineData("tx STOLEN", "blockHash chain coinbase fee height index inputs lockTime outputs size time txid version weight")]
    public async Task Json_is_canonical_and_has_its_fields(string command, string fields)
    {
        var json = await Json($"{command} --ledger LEDGER");
        Assert.Equal(fields, string.Join(' ', json.Select(member => member.Key)));
    }

    [Fact]
    public async Task Stats_agree_with_info_and_give_amounts_as_strings()
    {
        var stats = await Json("ledger stats --ledger LEDGER");
        var info = await Json("ledger info --ledger LEDGER");
        foreach (var field in new[] { "blocks", "transactions", "inputs", "outputs", "tipHeight", "tipHash", "unknownInputs", "weakWorkBlocks" })
            Assert.True(JsonNode.DeepEquals(info[field], stats[field]), field);
        foreach (var amount in new[] { "totalOutputValue", "unspentValue", "maxFee" }) Assert.Matches("^[0-9]+$", stats[amount]!.GetValue<string>());
        foreach (var count in new[] { "unspentOutputs", "scripts", "coinjoins" }) Assert.True(stats[count]!.GetValue<long>() >= 0, count);
        Assert.Matches("^[0-9a-f]{64}$", stats["tipHash"]!.GetValue<string>());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", info["tipTime"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_address_found_in_a_transaction_lists_that_output()
    {
        var outputs = (await Json("tx STOLEN --ledger LEDGER"))["outputs"]!.AsArray();
        var vout = int.Parse(practice.Seeds[0][65..], System.Globalization.CultureInfo.InvariantCulture);
        var asked = outputs[vout]!["script"]!.GetValue<string>();
        var json = await Json($"address {asked} --ledger LEDGER");
        Assert.Equal("address balance chain firstHeight lastHeight outputs received script scriptType unspentOutputs", string.Join(' ', json.Select(member => member.Key)));
        Assert.Contains(json["outputs"]!.AsArray(), output => $"{output!["txid"]}:{output["vout"]}" == practice.Seeds[0] && $"{output["value"]}" == $"{outputs[vout]!["value"]}");
    }

    [Fact]
    public async Task Ingest_reports_as_json_and_a_second_run_adds_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-again-").FullName;
        try
        {
            const string fields = "blocks blocksAdded blocksUndone firstHeight inputs ledger network outputs tipHash tipHeight transactions unknownInputs warnings weakWorkBlocks";
            var first = await Json($"ingest bitcoin --blocks BLOCKS --ledger {folder}");
            Assert.Equal(fields, string.Join(' ', first.Select(member => member.Key)));
            Assert.Equal(first["blocks"]!.GetValue<int>(), first["blocksAdded"]!.GetValue<int>());
            var second = await Json($"ingest bitcoin --blocks BLOCKS --ledger {folder}");
            Assert.Equal(0, second["blocksAdded"]!.GetValue<int>());
            Assert.Equal($"{first["tipHash"]}", $"{second["tipHash"]}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    [InlineData("ingest")]
    [InlineData("ingest bitcoin")]
    [InlineData("ledger")]
    [InlineData("ledger info")]
    [InlineData("ledger stats")]
    [InlineData("ledger verify")]
    [InlineData("tx")]
    [InlineData("address")]
    [InlineData("block")]
    [InlineData("trace")]
    [InlineData("exercise")]
    [InlineData("exercise new")]
    public async Task Every_verb_explains_itself(string verb)
    {
        var (exit, output, errors) = await Run($"{verb} --help");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        Assert.Contains("Description:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "haetae: Name a verb: demo, ")]
    [InlineData("ledger", "haetae: 'ledger' needs a verb: info, stats, verify, reconcile.")]
    [InlineData("ingest", "haetae: 'ingest' needs a verb: bitcoin, csv, jsonl, evm, tron.")]
    [InlineData("exercise", "haetae: 'exercise' needs a verb: new.")]
    public async Task A_command_without_its_verb_is_answered_with_the_help(string command, string says)
    {
        var (exit, output, errors) = await Run(command);
        Assert.Equal((ExitCode.WrongUse, ""), (exit, output));
        Assert.StartsWith(says, errors, StringComparison.Ordinal);
        Assert.Contains("Usage:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_digest_of_a_trace_printed_as_JSON_holds()
    {
        var json = await Json("trace --from STOLEN --ledger LEDGER");
        Assert.Equal(CanonicalJson.Digest(json), json["digest"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_trace_up_to_a_height_counts_what_was_spent_later_as_held()
    {
        var height = (await Json("tx STOLEN --ledger LEDGER"))["height"]!.GetValue<int>();
        var (_, output, _) = await Run($"trace --policy fifo --from STOLEN --until {height} --ledger LEDGER");
        var held = (await Json($"trace --policy fifo --from STOLEN --until {height} --ledger LEDGER"))["results"]![0]!;
        var text = output.ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal);
        Assert.Contains($" lie unspent at {held["addresses"]!.AsArray().Count} addresses (FIFO, as of block {height}).", text, StringComparison.Ordinal);
        Assert.Contains($"! Looked at up to height {height} only. Held at that block, spent later: FIFO {held["limits"]![0]!["ends"]} ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("eft open", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amounts_stand_below_each_other()
    {
        var (_, transaction, _) = await Run("tx STOLEN --ledger LEDGER");
        foreach (var part in transaction.Split("Outputs")) Aligned(part.Split('\n').Where(line => line.StartsWith("     ", StringComparison.Ordinal)), " BTC ");
        var script = (await Json("tx STOLEN --ledger LEDGER"))["outputs"]![0]!["script"]!.GetValue<string>();
        var (_, address, _) = await Run($"address {script} --ledger LEDGER");
        Aligned(address.Split('\n').Where(line => line.StartsWith("Balance", StringComparison.Ordinal) || line.StartsWith("Received", StringComparison.Ordinal)), " BTC in ");

        static void Aligned(IEnumerable<string> lines, string unit) => Assert.Single(lines.Select(line => line.IndexOf(unit, StringComparison.Ordinal)).Distinct());
    }

    private async Task<(int Exit, string Output, string Errors)> Run(string command)
    {
        var args = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word
            .Replace("LEDGER", practice.Folder, StringComparison.Ordinal).Replace("ELSEWHERE", practice.Elsewhere, StringComparison.Ordinal)
            .Replace("BLOCKS", practice.Blocks, StringComparison.Ordinal).Replace("STOLEN", StolenTx, StringComparison.Ordinal));
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync([.. args], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }

    private async Task Refused(string command, int expected)
    {
        var (exit, output, errors) = await Run(command);
        Assert.True(exit == expected, $"exit {exit}: {errors}");
        Assert.Equal("", output);
        Assert.StartsWith("haetae: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private async Task<JsonObject> Json(string command)
    {
        var (exit, output, errors) = await Run($"{command} --json");
        Assert.True(exit == ExitCode.Done, errors);
        var json = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Bytes(json)), output.TrimEnd());
        return json;
    }
}
