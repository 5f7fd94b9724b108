using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae coinjoin</c> on the practice heist's own CoinJoin.</summary>
public sealed class CoinJoinCommandTests(PracticeLedger practice) : IClassFixture<PracticeLedger>
{
    [Fact]
    public async Task The_rule_that_fired_first_is_named_with_every_other()
    {
        var (id, _) = Joint();
        var json = await Json(id, practice.Folder);
        Assert.True(json["coinjoin"]!.GetValue<bool>());
        Assert.Equal((9, 0), (json["first"]!["participants"]!.GetValue<int>(), json["unknownInputs"]!.GetValue<int>()));
        Assert.True(long.Parse(Assert.Single(json["first"]!["denominations"]!.AsArray())!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(
            ["whirlpool", "whirlpool-tx0", "wasabi2", "wasabi1", "joinmarket", "chipmixer-funding", "equal-outputs"],
            json["rules"]!.AsArray().Select(rule => rule!["rule"]!.GetValue<string>()));
        Assert.All(json["rules"]!.AsArray(), rule => Assert.NotEqual("", rule!["reason"]!.GetValue<string>()));
        Assert.True(json["blocksci"]!.GetValue<bool>());
        var (exit, text, _) = await Run("coinjoin", id, "--ledger", practice.Folder);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("Participants   9 places", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inputs_from_before_the_ledger_leave_it_undecided()
    {
        var (id, height) = Joint();
        var folder = Directory.CreateTempSubdirectory("haetae-range-").FullName;
        try
        {
            BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = practice.Blocks, Ledger = Path.Combine(folder, "range"), From = height, Threads = 2 });
            var json = await Json(id, Path.Combine(folder, "range"));
            Assert.Null(json["coinjoin"]);
            Assert.Null(json["first"]);
            Assert.NotEqual(0, json["unknownInputs"]!.GetValue<int>());
            Assert.Contains("would decide", json["reason"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains(json["rules"]!.AsArray(), rule => rule!["finding"]!.GetValue<string>() == "undecided");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_document_keeps_to_its_schema()
    {
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.coinjoin.1.schema.json"))!.AsObject();
        foreach (var id in new[] { Joint().Id, practice.Seeds[0][..64] })
        {
            var (exit, text, errors) = await Run("coinjoin", id, "--ledger", practice.Folder, "--links", "--json");
            Assert.True(exit == ExitCode.Done, errors);
            var json = JsonNode.Parse(text)!.AsObject();
            Assert.Empty(SchemaCheck.Errors(json, schema));
            json.Remove("rules");
            Assert.NotEmpty(SchemaCheck.Errors(json, schema));
        }
    }

    [Fact]
    public async Task An_ordinary_transaction_says_no_and_why()
    {
        var json = await Json(practice.Seeds[0][..64], practice.Folder);
        Assert.False(json["coinjoin"]!.GetValue<bool>());
        Assert.StartsWith("no CoinJoin", json["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    // The thief's round has nine seats.
    private (string Id, int Height) Joint()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
            if (CoinJoinRules.First(CoinJoinRules.Judge(TransactionShape.Of(ledger, tx))) is { Participants: 9 }) return (ledger.TxIds[tx].ToString(), ledger.Graph.HeightOf(tx));
        throw new InvalidOperationException("The practice heist has no CoinJoin of nine.");
    }

    private static async Task<JsonNode> Json(string id, string ledger)
    {
        var (exit, output, errors) = await Run("coinjoin", id, "--ledger", ledger, "--json");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        return JsonNode.Parse(output)!;
    }

    private static async Task<(int Exit, string Output, string Errors)> Run(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(args, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
