using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Demixing;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>Reasons to think that coins of a mix have one owner, for <c>haetae coinjoin --evidence</c>.</summary>
internal sealed record CoinJoinEvidence(BitcoinLedger Ledger, IReadOnlyList<LinkEvidence> Claims, string? Reason)
{
    private const int MostPrinted = 60;

    internal static CoinJoinEvidence Of(BitcoinLedger ledger, uint transaction, TransactionShape shape, CancellationToken cancel)
    {
        var claims = RoundEvidence.Of(ledger, transaction, cancel);
        var reason = claims.Count > 0 ? null
            : CoinJoinRules.First(CoinJoinRules.Judge(shape)) is null ? "no rule names it a mix, so there is nothing to undo"
            : shape.Inputs.Any(input => input.Value is null) ? "nothing around it tells, and what some input brings is not known" : "nothing in it or around it tells";
        return new(ledger, claims, reason);
    }

    internal void Print(TextWriter output)
    {
        output.WriteLine($"Evidence       {(Reason is null ? "reasons to think that coins have one owner; none is a fact. Rates: docs/accuracy.md" : $"none: {Reason}")}");
        if (Claims.Count > 0) output.WriteLine($"  {"rule",-18} {"coin",-8} {"score",5} {"rivals",6}  with");
        foreach (var claim in Claims.Take(MostPrinted))
        {
            output.WriteLine($"  {claim.Rule,-18} {claim.Of,-8} {claim.Score,5} {claim.Rivals,6}  {(claim.With.Count == 0 ? "" : Shown(claim.With) + ": ")}{claim.Reason}{(claim.Witness is { } witness ? $" ({Ledger.TxIds[witness]})" : "")}");
        }

        if (Claims.Count > MostPrinted) output.WriteLine($"and {Amounts.Count(Claims.Count - MostPrinted)} more: --json lists all.");
    }

    internal JsonNode Json() => new JsonObject
    {
        ["claims"] = new JsonArray([.. Claims.Select(claim => (JsonNode)new JsonObject
        {
            ["rule"] = claim.Rule,
            ["of"] = Place(claim.Of),
            ["with"] = new JsonArray([.. claim.With.Select(place => (JsonNode)Place(place))]),
            ["score"] = claim.Score,
            ["rivals"] = claim.Rivals,
            ["reason"] = claim.Reason,
            ["witness"] = claim.Witness is { } witness ? Ledger.TxIds[witness].ToString() : null,
            ["witnessReason"] = claim.Witness is null ? "the amounts of the mix itself" : null,
        })]),
        ["reason"] = Reason,
    };

    private static JsonObject Place(CoinPlace place) => new() { ["side"] = place.IsInput ? "input" : "output", ["index"] = place.Index };

    private static string Shown(IReadOnlyList<CoinPlace> places) => places.Count <= 6 ? string.Join(", ", places) : $"{string.Join(", ", places.Take(5))} and {places.Count - 5} more";
}
