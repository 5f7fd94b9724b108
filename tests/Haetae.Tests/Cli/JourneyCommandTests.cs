using System.Numerics;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Tests.Architecture;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Ledger.Explorers;
using Haetae.Tests.Tracing.Crossings;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae journey</c> as a shell meets it: Bitcoin to Ethereum and back, both ledgers on disk.</summary>
public sealed class JourneyCommandTests : IDisposable
{
    private readonly TagFolder _home = new();
    private readonly PlantedJourney _planted = new(swap: true);
    private readonly string _ethereum;

    public JourneyCommandTests() => _ethereum = _planted.WriteEthereum();

    public void Dispose()
    {
        _planted.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task The_text_tells_the_way_there_and_back()
    {
        var (exit, text, errors) = await Run("--policy", "haircut", "--bounds");
        Assert.True(exit == ExitCode.Done, errors);
        var outcome = Journey.Trace(_planted.Query(conversions: true), Policy.Haircut);
        var (there, back) = (outcome.Deposits[0], outcome.Deposits[1].Outs[0]);
        Assert.Contains("btc: Bitcoin, regtest\neth: Ethereum\n    Made by hand.\n", text, StringComparison.Ordinal);
        Assert.Contains($"    from  50 BTC, stolen: {_planted.StolenId}:0\n", text, StringComparison.Ordinal);
        Assert.Contains($"Into THORChain on btc, 2023-11-14T22:13:20Z: 85 BTC, {Amounts.Btc((long)there.Tainted.Lower)} of it stolen\n    in    {_planted.DepositId}\n", text, StringComparison.Ordinal);
        Assert.Contains($"    out   on btc: 3 BTC, {Amounts.Btc((long)back.Tainted.Lower)} of it stolen, to {_planted.LastOnBitcoin}\n", text, StringComparison.Ordinal);
        Assert.Contains("Under any conserving rule\n  Not tight: ", text, StringComparison.Ordinal);
        Assert.Contains("THORChain is partly verified: a real log matched some of its table", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_is_what_its_schema_says_and_what_the_rows_in_memory_say()
    {
        var json = await Json("--policy", "all", "--bounds");
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.journey.1.schema.json"))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(json, schema));
        Assert.Equal(CanonicalJson.Digest(json), (string)json["digest"]!);
        Assert.Equal(["clean-first", "dirty-first", "fifo", "haircut", "lifo", "poison", "tiho", "tilo"], json["results"]!.AsArray().Select(result => (string)result!["policy"]!).Order(StringComparer.Ordinal));
        foreach (var result in json["results"]!.AsArray())
        {
            Assert.True(PolicyNames.TryParse((string)result!["policy"]!, out var policy));
            var twin = Journey.Trace(_planted.Query(conversions: true), policy);
            Assert.Equal(twin.Deposits.Select(deposit => deposit.Tainted.ToString()), result["deposits"]!.AsArray().Select(deposit => (string)deposit!["tainted"]!));
            Assert.Equal(twin.Deposits.SelectMany(deposit => deposit.Outs).Select(one => one.Tainted.ToString()), Outs(result).Select(one => (string)one!["tainted"]!));
        }

        Assert.Equal(await Text("--policy", "all", "--bounds", "--json"), await Text("--policy", "all", "--bounds", "--json"));
        json["results"]![0]!["rounds"] = "1";
        Assert.NotEmpty(SchemaCheck.Errors(json, schema));
    }

    [Fact]
    public async Task Swaps_between_two_crossings_are_told_from_asset_and_amount_to_asset_and_amount()
    {
        var json = await Json("--policy", "poison");
        var there = json["results"]![0]!["legs"]!.AsArray().Single(leg => (string)leg!["ledger"]! == "eth")!;
        Assert.Equal(
            ["swap 800000 of 800000 -> 2400007 of 2400007", "swap 2400007 of 2400007 -> 790013 of 790013"],
            there["conversions"]!.AsArray().Select(one => $"{one!["manner"]} {one["givenTaint"]} of {one["given"]} -> {one["receivedTaint"]} of {one["received"]}"));
        Assert.Equal((string)there["conversions"]![0]!["receivedAsset"]!, (string)there["conversions"]![1]!["givenAsset"]!);
        Assert.Empty(SchemaCheck.Errors(json, JsonNode.Parse(Repository.Read("docs/formats/haetae.journey.1.schema.json"))!.AsObject()));
        there["conversions"]![0]!["given"] = 8;
        Assert.NotEmpty(SchemaCheck.Errors(json, JsonNode.Parse(Repository.Read("docs/formats/haetae.journey.1.schema.json"))!.AsObject()));
        var text = await Text("--policy", "poison");
        Assert.Contains("Z: 0.0000000000008 ETH of 0.0000000000008 became 2.400007 USD of 2.400007 at 0x", text, StringComparison.Ordinal);
        Assert.Null((await Json("--policy", "poison", "--no-swaps"))["results"]![0]!["legs"]![1]!["conversions"]);
        Assert.DoesNotContain(" became ", await Text("--policy", "poison", "--no-swaps"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_every_rule_the_swaps_are_those_of_the_rows_in_memory()
    {
        foreach (var result in (await Json("--policy", "all"))["results"]!.AsArray())
        {
            Assert.True(PolicyNames.TryParse((string)result!["policy"]!, out var policy));
            var twin = Journey.Trace(_planted.Query(conversions: true), policy).Legs.SelectMany(leg => leg.Accounts?.Conversions ?? []);
            Assert.Equal(
                twin.Select(one => $"{one.GivenTaint} {one.ReceivedTaint}"),
                result["legs"]!.AsArray().SelectMany(leg => leg!["conversions"]?.AsArray() ?? []).Select(one => $"{one!["givenTaint"]} {one["receivedTaint"]}"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_conserving_policy_lies_within_the_bounds_which_are_not_tight(bool swaps)
    {
        var json = swaps ? await Json("--policy", "all", "--bounds") : await Json("--policy", "all", "--bounds", "--no-swaps");
        var bounds = json["bounds"]!;
        Assert.Equal((false, true), ((bool)bounds["tight"]!, (bool)bounds["complete"]!));
        var limits = bounds["deposits"]!.AsArray();
        Assert.Equal(2, limits.Count);
        foreach (var result in json["results"]!.AsArray().Where(result => (string)result!["policy"]! != "poison"))
        {
            foreach (var deposit in result!["deposits"]!.AsArray())
            {
                var limit = limits.Single(one => (string)one!["transaction"]! == (string)deposit!["message"]!["transaction"]!)!;
                Within(deposit!, limit, result);
                foreach (var (one, at) in deposit!["outs"]!.AsArray().Zip(limit["outs"]!.AsArray())) Within(one!, at!, result);
            }
        }

        static void Within(JsonNode figure, JsonNode limit, JsonNode result) =>
            Assert.True(Number(figure, "tainted") >= Number(limit, "least") && Number(figure, "tainted") <= Number(limit, "most"), $"{result["policy"]}: {figure["tainted"]} is not within {limit.ToJsonString()}");
    }

    [Fact]
    public async Task Both_legs_stop_at_services_by_the_stores_tags()
    {
        var before = await Json("--policy", "haircut");
        Assert.Contains(Ends(before, 1), end => (string)end["holder"]! == PlantedJourney.Other.ToEip55() && (string)end["reason"]! == "held" && end["entity"] is null);
        _home.ImportText($"title: t\ncreator: c\nsource: s\nlabel: Far Exchange\ncategory: exchange\nconfidence: service_data\ncurrency: ETH\ntags:\n- address: '{PlantedJourney.Other}'\n", "far.yaml");
        _home.ImportText($"title: t\ncreator: c\nsource: s\nlabel: Near Exchange\ncategory: exchange\nconfidence: service_data\ncurrency: BTC\nnetwork: REGTEST\ntags:\n- address: {_planted.LastOnBitcoin}\n", "near.yaml");
        var tagged = await Json("--policy", "haircut");
        Assert.Empty(SchemaCheck.Errors(tagged, JsonNode.Parse(Repository.Read("docs/formats/haetae.journey.1.schema.json"))!.AsObject()));
        Assert.Contains(Ends(tagged, 0), end => (string)end["holder"]! == _planted.LastOnBitcoin && (string)end["reason"]! == "service" && (string?)end["entity"] == "Near Exchange");
        Assert.Contains(Ends(tagged, 1), end => (string)end["holder"]! == PlantedJourney.Other.ToEip55() && (string)end["reason"]! == "service" && (string?)end["entity"] == "Far Exchange");
        Assert.Equal([1, 1], tagged["ledgers"]!.AsArray().Select(ledger => (int)ledger!["tags"]!["addresses"]!));
        Assert.Contains("service Far Exchange: " + PlantedJourney.Other.ToEip55(), await Text("--policy", "haircut"), StringComparison.Ordinal);

        var through = await Json("--policy", "haircut", "--through", "eth:Far Exchange");
        Assert.Contains(Ends(through, 1), end => (string)end["holder"]! == PlantedJourney.Other.ToEip55() && (string)end["reason"]! == "held");
        Assert.Equal("Far Exchange", (string)through["ledgers"]![1]!["through"]![0]!);
        Assert.DoesNotContain(Ends(await Json("--policy", "haircut", "--stops", "none"), 0), end => (string)end["reason"]! == "service");
    }

    [Fact]
    public async Task A_case_ledger_of_Bitcoin_leads_as_far_as_the_whole_one()
    {
        using var server = new EsploraServer(_planted.Bitcoin, Path.Combine(_planted.Root, "blocks"));
        var last = _planted.Bitcoin.TxIds[_planted.Bitcoin.Graph.TransactionOf(_planted.LastOutput)];
        var (exit, _, errors) = await FetchRuns.Run($"fetch {_planted.StolenId},{last} --ledger CASE --esplora {server.Url} --hops 4", _planted.Root);
        Assert.True(exit == ExitCode.Done, errors);
        var (whole, fetched) = (await Json("--policy", "all"), await Json(Arguments(Path.Combine(_planted.Root, "case"), _ethereum, "--policy", "all")));
        Assert.NotEmpty(fetched["ledgers"]![0]!["notes"]!.AsArray());
        foreach (var (there, here) in whole["results"]!.AsArray().Zip(fetched["results"]!.AsArray()))
            Assert.Equal(Outs(there!).Select(one => (string)one["tainted"]!), Outs(here!).Select(one => (string)one["tainted"]!));
    }

    [Fact]
    public async Task A_case_ledger_of_an_account_chain_is_read_and_says_what_it_is()
    {
        var chain = MadeChain.Of(5, 40, out var people);
        using var server = new EtherscanServer(chain);
        var (exit, _, errors) = await FetchRuns.Run($"fetch {people[0]} --ledger CASE --etherscan {server.Url}", _planted.Root);
        Assert.True(exit == ExitCode.Done, errors);
        var paid = chain.Rows.First(row => row.Action == "txlist" && row.To == people[0] && !row.Failed && row.From != people[0] && !row.Value.IsZero);
        var (done, output, wrong) = await _home.Run("journey", "--ledger", "eth=" + Path.Combine(_planted.Root, "case"), "--from", $"eth:0x{paid.Hash}:0", "--json");
        Assert.True(done == ExitCode.Done, wrong);
        var json = JsonNode.Parse(output)!;
        Assert.Equal(paid.Value.ToString(), (string)json["seeds"]![0]!["stolen"]!);
        Assert.NotEmpty(json["ledgers"]![0]!["notes"]!.AsArray());
        Assert.Empty(json["results"]![0]!["deposits"]!.AsArray());
    }

    [Fact]
    public async Task Wrong_use_is_told_with_the_way_out()
    {
        var (btc, eth, seed) = ($"btc={_planted.Folder}", $"eth={_ethereum}", $"btc:{_planted.StolenId}:0");
        await Refused(ExitCode.WrongUse, "the ledgers are btc, eth", "--ledger", btc, eth, "--from", $"sol:{_planted.StolenId}:0");
        await Refused(ExitCode.WrongUse, "the name btc is given twice", "--ledger", btc, $"btc={_ethereum}", "--from", seed);
        await Refused(ExitCode.WrongUse, "each with a name: btc=DIR", "--ledger", _planted.Folder, "--from", seed);
        await Refused(ExitCode.WrongUse, "--ledger", "--from", seed);
        await Refused(ExitCode.NotFound, "There is no", "--ledger", $"btc={Path.Combine(_planted.Root, "nowhere")}", "--from", seed);
        await Refused(ExitCode.WrongUse, "it is TXID or TXID:N", "--ledger", btc, "--from", "btc:12");
        await Refused(ExitCode.NotFound, "the transaction is not in the ledger btc", "--ledger", btc, "--from", "btc:" + new string('7', 64));
        await Refused(ExitCode.NotFound, "counted from 0", "--ledger", btc, "--from", $"btc:{_planted.StolenId}:9");
        await Refused(ExitCode.WrongUse, "is no policy of a journey", "--ledger", btc, "--from", seed, "--policy", "haircut-blocksci", "nonsense");
        await Refused(ExitCode.WrongUse, "there is no protocol nobody", "--ledger", btc, "--from", seed, "--bridge", $"nobody:btc:{_planted.BitcoinVault}");
        await Refused(ExitCode.WrongUse, "is no address of regtest", "--ledger", btc, "--from", seed, "--bridge", "thorchain:btc:bcrt1qvault");
        await Refused(ExitCode.WrongUse, "such as thorchain:btc:", "--ledger", btc, "--from", seed, "--bridge", _planted.BitcoinVault);
        await Refused(ExitCode.WrongUse, "--max-rounds must be 1 or more", "--ledger", btc, "--from", seed, "--max-rounds", "0");
        await Refused(ExitCode.WrongUse, "--max-transactions must be 1 or more", "--ledger", btc, "--from", seed, "--max-transactions", "0");
        await Refused(ExitCode.WrongUse, "--stops mixers", "--ledger", btc, "--from", seed, "--stops", "mixers");
        await Refused(ExitCode.NotFound, "no tagged service goes by that name", "--ledger", btc, eth, "--from", seed, "--through", "eth:Nobody");
    }

    [Fact]
    public async Task What_is_cut_short_or_leads_nowhere_is_said()
    {
        Assert.Contains("fifo   NOT COMPLETE", await Text("--policy", "fifo", "--max-rounds", "1"), StringComparison.Ordinal);
        var (exit, text, _) = await _home.Run("journey", "--ledger", $"btc={_planted.Folder}", $"eth={_ethereum}", "--from", $"btc:{_planted.StolenId}:0", "--policy", "fifo", "--bounds");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("name the address, if it is", text, StringComparison.Ordinal);
        Assert.Contains("Nothing stolen can reach a bridge.", text, StringComparison.Ordinal);
    }

    private async Task Refused(int expected, string said, params string[] words)
    {
        var (exit, output, errors) = await _home.Run(["journey", .. words]);
        Assert.True(exit == expected, $"{string.Join(' ', words)}: {exit} {errors}");
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    private string[] Arguments(string bitcoin, string ethereum, params string[] more) =>
    [
        "--ledger", $"btc={bitcoin}", $"eth={ethereum}", "--from", $"btc:{_planted.StolenId}:0",
        "--bridge", $"thorchain:btc:{_planted.BitcoinVault}", $"thorchain:eth:{PlantedJourney.Vault}", .. more,
    ];

    private Task<(int Exit, string Output, string Errors)> Run(params string[] more) => _home.Run(["journey", .. more.Contains("--ledger") ? more : Arguments(_planted.Folder, _ethereum, more)]);

    private async Task<string> Text(params string[] more)
    {
        var (exit, output, errors) = await Run(more);
        Assert.True(exit == ExitCode.Done, errors);
        return output;
    }

    private async Task<JsonObject> Json(params string[] more) => JsonNode.Parse(await Text([.. more, "--json"]))!.AsObject();

    private static IEnumerable<JsonNode> Outs(JsonNode result) => result["deposits"]!.AsArray().SelectMany(deposit => deposit!["outs"]!.AsArray()).Select(one => one!);

    private static IEnumerable<JsonNode> Ends(JsonNode json, int leg) => json["results"]![0]!["legs"]![leg]!["ends"]!.AsArray().Select(end => end!);

    private static BigInteger Number(JsonNode node, string member) => BigInteger.Parse((string)node[member]!, System.Globalization.CultureInfo.InvariantCulture);
}
