using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Demo;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Architecture;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Tracing.Crossings;
using Haetae.Tracing.Accounts;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae exposure</c> on an account ledger, as a shell meets it.</summary>
public sealed class AccountExposureTests : IDisposable
{
    private readonly TagFolder _home = new();
    private readonly PlantedJourney _planted = new(swap: true);
    private readonly string _ledger;

    public AccountExposureTests() => _ledger = _planted.WriteEthereum();

    public void Dispose()
    {
        _planted.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task The_json_is_what_the_rows_in_memory_say()
    {
        foreach (var who in new[] { PlantedJourney.Other, PlantedJourney.Pool, PlantedJourney.Thief })
        {
            var query = new AccountTraceRequest([Show(PlantedJourney.Thief)], []) { Asset = "eth", Stops = ["bridges", "mixers", "services"] }.Query(_planted.Ethereum);
            var twin = AccountExposures.Of(_planted.Ethereum, query, _planted.Ethereum.FindAccount(who)!.Value, out _)!;
            var json = await _home.Json(Asked(who));
            Assert.Equal((_planted.Ethereum.Chain.Caip2, Show(who)), ((string?)json["chain"], (string?)json["address"]));
            Assert.Equal(
                twin.Assets.Select(one => $"{one.Stolen} {one.Received.Least} {one.Received.Most} {one.Held.Least} {one.Held.Most} {one.Held.IsTight}"),
                json["assets"]!.AsArray().Select(one => $"{one!["stolen"]} {Of(one, "received")} {Of(one, "held")} {(bool)one["held"]!["tight"]!}"));
            Assert.True(JsonNode.DeepEquals(await _home.Json(Asked(who)), json));
        }

        static string Of(JsonNode one, string side) => $"{one[side]!["least"]} {one[side]!["most"]}";
    }

    [Fact]
    public async Task The_text_says_the_most_and_how_far_was_looked()
    {
        var (exit, text, errors) = await _home.Run(Asked(PlantedJourney.Other));
        Assert.True(exit == ExitCode.Done, errors);
        Assert.Contains($"{Show(PlantedJourney.Other)}: received at most 0.00000000000005 ETH of ", text, StringComparison.Ordinal);
        Assert.Contains("ever received", text, StringComparison.Ordinal);
        Assert.Contains("Stolen money is parked at bridges and mixers and services", text, StringComparison.Ordinal);
        Assert.Contains("Made by hand.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_answers_over_its_own_rows()
    {
        var file = Path.Combine(Repository.Root, "cases", "ronin-2022.json");
        var thief = RoninFigures.Thief;
        var json = await _home.Json("exposure", thief, "--case", file, "--theft", "A");
        var asset = Assert.Single(json["assets"]!.AsArray())!;
        Assert.Equal(("slip44:60", (string?)asset["stolen"]), (((string)asset["asset"]!).Split('/')[^1], (string?)asset["received"]!["least"]));
        await Refused(ExitCode.WrongUse, "holds A, B", "exposure", thief, "--case", file);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_a_reason()
    {
        await Refused(ExitCode.WrongUse, "is no address", ["exposure", "nonsense", .. Asked(PlantedJourney.Other)[2..]]);
        await Refused(ExitCode.NotFound, "is not in the ledger", ["exposure", "0x00000000000000000000000000000000000000aa", .. Asked(PlantedJourney.Other)[2..]]);
        await Refused(ExitCode.WrongUse, "--paths does not go with an account ledger", [.. Asked(PlantedJourney.Other), "--paths", "3"]);
        await Refused(ExitCode.WrongUse, "--fee-rule does not go with an account ledger", [.. Asked(PlantedJourney.Other), "--fee-rule", "drop"]);
        await Refused(ExitCode.WrongUse, "--max-transactions must be 1 or more", [.. Asked(PlantedJourney.Other), "--max-transactions", "0"]);
        await Refused(ExitCode.Failed, "more than 1 transfers", [.. Asked(PlantedJourney.Other), "--max-transactions", "1"]);
        await Refused(ExitCode.WrongUse, "Nothing is named", "exposure", Show(PlantedJourney.Other), "--ledger", _ledger);
    }

    private string[] Asked(AccountAddress who) => ["exposure", Show(who), "--ledger", _ledger, "--from", Show(PlantedJourney.Thief), "--asset", "eth"];

    private string Show(AccountAddress address) => _planted.Ethereum.Chain.Show(address);

    private async Task Refused(int expected, string said, params string[] words)
    {
        var (exit, output, errors) = await _home.Run(words);
        Assert.True(exit == expected, $"{string.Join(' ', words)}: {exit} {errors}");
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }
}
