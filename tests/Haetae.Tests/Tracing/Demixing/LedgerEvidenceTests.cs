using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Tests.Architecture;
using Haetae.Tests.Cli.Accuracy;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing;
using Haetae.Tracing.Demixing;

namespace Haetae.Tests.Tracing.Demixing;

/// <summary>Evidence around the mixes of a practice heist, and the verbs that show it.</summary>
public sealed class LedgerEvidenceTests(PracticeLedger practice) : IClassFixture<PracticeLedger>
{
    [Fact]
    public void What_is_said_of_coins_spent_together_is_borne_out_by_the_ledger()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        foreach (var claim in Claims(ledger).Where(pair => pair.Claim.Rule == LedgerEvidence.Merge))
        {
            var spender = claim.Claim.Witness!.Value;
            var first = ledger.Graph.FirstOutput[claim.Mix];
            Assert.All(claim.Claim.With.Append(claim.Claim.Of), place => Assert.Equal((false, spender), (place.IsInput, ledger.Graph.SpenderOf(first + place.Index))));
            Assert.Null(CoinJoinRules.First(CoinJoinRules.Judge(TransactionShape.Of(ledger, spender))));
        }
    }

    [Fact]
    public void Every_mix_tells_its_changes_apart_and_in_the_same_order_each_time()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        var claims = Claims(ledger);
        Assert.Contains(claims, pair => pair.Claim.Rule == ChangeArithmetic.Name && pair.Claim.Rivals == 0);
        Assert.Equal(claims.Select(Text), Claims(ledger).Select(Text));

        static string Text((uint Mix, LinkEvidence Claim) pair) => $"{pair.Mix} {pair.Claim.Rule} {pair.Claim.Of} {string.Join(',', pair.Claim.With)} {pair.Claim.Score} {pair.Claim.Rivals}";
    }

    [Fact]
    public async Task The_verb_lists_claims_with_score_and_rivals()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        var mix = ledger.TxIds[Claims(ledger)[0].Mix].ToString();
        var (exit, output, errors) = await AccuracyTests.Run("coinjoin", mix, "--evidence", "--ledger", practice.Folder, "--json");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        Assert.Empty(SchemaCheck.Errors(JsonNode.Parse(output), Schema("coinjoin")));
        var evidence = JsonNode.Parse(output)!["evidence"]!;
        Assert.Null(evidence["reason"]);
        Assert.All(evidence["claims"]!.AsArray(), claim => Assert.InRange(claim!["score"]!.GetValue<int>(), 0, 1_000));
        var (_, text, _) = await AccuracyTests.Run("coinjoin", mix, "--evidence", "--ledger", practice.Folder);
        Assert.Contains("none is a fact", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_mix_no_evidence()
    {
        var (_, output, _) = await AccuracyTests.Run("coinjoin", practice.Seeds[0][..64], "--evidence", "--ledger", practice.Folder, "--json");
        Assert.Equal((0, true), (JsonNode.Parse(output)!["evidence"]!["claims"]!.AsArray().Count, output.Contains("nothing to undo", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Payouts_lie_in_the_range_and_after_the_deposit()
    {
        var (exit, output, errors) = await AccuracyTests.Run("payouts", practice.Seeds[0], "--fee", "0..40", "--within", "200", "--ledger", practice.Folder, "--json");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        var json = JsonNode.Parse(output)!;
        Assert.Empty(SchemaCheck.Errors(json, Schema("payouts")));
        long least = Amount(json["least"]!), most = Amount(json["most"]!);
        var candidates = json["candidates"]!.AsArray();
        Assert.NotEmpty(candidates);
        Assert.Equal(least, Amount(json["deposit"]!["value"]!) * 6 / 10);
        Assert.All(candidates, candidate =>
        {
            Assert.InRange(Amount(candidate!["value"]!), least, most);
            Assert.Equal(candidates.Count - 1, candidate["rivals"]!.GetValue<int>());
            Assert.True(string.CompareOrdinal(candidate["time"]!.GetValue<string>(), json["deposit"]!["time"]!.GetValue<string>()) >= 0);
        });
    }

    [Theory]
    [InlineData(ExitCode.WrongUse, "payouts", "12")]
    [InlineData(ExitCode.WrongUse, "payouts", "SEED", "--fee", "3..1")]
    [InlineData(ExitCode.WrongUse, "payouts", "SEED", "--fee", "a lot")]
    [InlineData(ExitCode.WrongUse, "payouts", "SEED", "--within", "0")]
    [InlineData(ExitCode.NotFound, "payouts", "1111111111111111111111111111111111111111111111111111111111111111:0")]
    [InlineData(ExitCode.NotFound, "payouts", "SEED9999")]
    public async Task What_cannot_be_asked_is_told(int code, params string[] args)
    {
        var (exit, output, errors) = await AccuracyTests.Run([.. args.Select(arg => arg.Replace("SEED", practice.Seeds[0], StringComparison.Ordinal)), "--ledger", practice.Folder]);
        Assert.Equal((code, ""), (exit, output));
        Assert.NotEqual("", errors);
    }

    private static JsonObject Schema(string name) => JsonNode.Parse(Repository.Read($"docs/formats/haetae.{name}.1.schema.json"))!.AsObject();

    private static long Amount(JsonNode node) => long.Parse(node.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    private static List<(uint Mix, LinkEvidence Claim)> Claims(BitcoinLedger ledger)
    {
        var claims = new List<(uint, LinkEvidence)>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++) claims.AddRange(RoundEvidence.Of(ledger, tx).Select(claim => (tx, claim)));
        return claims;
    }
}
