using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;

namespace Haetae.Cli.Commands;

/// <summary>Whether an address was under sanctions on a day, for people and as JSON, with all that the answer rests on.</summary>
internal sealed class SanctionsText(string asked, DateOnly day, SanctionAnswer answer, IReadOnlyList<SanctionFact> facts, SanctionCover? cover)
{
    private const string Caveat = "A mirror's day is the day it saw the change; the office may have acted a day earlier. Its notice says which.";

    internal void Print(TextWriter output)
    {
        output.WriteLine($"{asked} on {Text(day)}: {Words()}");
        Line(output, "Chain", ChainWords());
        Line(output, "Lists held", CoverWords());
        foreach (var fact in facts)
        {
            output.WriteLine();
            Line(output, fact.Change == SanctionChange.Listed ? "Listed" : "Removed", When(fact));
            Line(output, "Asset", fact.Asset);
            Line(output, "Entry", fact.Entry);
            Line(output, "Programmes", fact.Programmes);
            Line(output, "Source", $"{fact.Source} ({Basis(fact)})");
            Line(output, "Written", fact.Written);
        }

        if (!facts.Any(IsMirror)) return;
        output.WriteLine();
        output.WriteLine(Caveat);
    }

    internal JsonObject Json() => new()
    {
        ["subject"] = TagSubject.KeyOf(asked),
        ["asOf"] = Text(day),
        ["status"] = answer.Status switch
        {
            SanctionStatus.Sanctioned => "sanctioned",
            SanctionStatus.NotSanctioned => "notSanctioned",
            _ => "unknown",
        },
        ["unknownFrom"] = Text(answer.From),
        ["unknownUntil"] = Text(answer.Until),
        ["reason"] = answer.Status == SanctionStatus.Unknown ? Words() : null,
        ["chain"] = AddressChain.Of(TagSubject.KeyOf(asked)),
        ["listsHeldFrom"] = Text(cover?.First),
        ["listsHeldUntil"] = Text(cover?.Last),
        ["facts"] = new JsonArray([.. facts.Select(fact => (JsonNode)new JsonObject
        {
            ["change"] = fact.Change == SanctionChange.Listed ? "listed" : "removed",
            ["notBefore"] = Text(fact.NotBefore),
            ["notAfter"] = Text(fact.NotAfter),
            ["asset"] = fact.Asset,
            ["entry"] = fact.Entry,
            ["programmes"] = fact.Programmes,
            ["basis"] = Basis(fact),
            ["source"] = fact.Source,
            ["written"] = fact.Written ?? fact.Subject,
        })]),
        ["note"] = facts.Any(IsMirror) ? Caveat : null,
    };

    private string Words() => (answer.Status, answer.From, answer.Until) switch
    {
        (SanctionStatus.Sanctioned, _, _) => "sanctioned",
        (SanctionStatus.NotSanctioned, _, _) => "not sanctioned",
        (_, { } from, { } until) => $"unknown between {Text(from)} and {Text(until)}",
        (_, null, { } until) => $"unknown before {Text(until)}",
        (_, { } from, null) => $"unknown after {Text(from)}: no source held speaks of a later day",
        _ => "unknown: no source held speaks of it",
    };

    private string ChainWords() => AddressChain.Of(TagSubject.KeyOf(asked)) switch
    {
        "evm" => "every EVM chain: whoever holds the key holds the address on all of them",
        "btc" => "Bitcoin",
        "trx" => "TRON",
        _ => "not told by the address",
    };

    private string CoverWords() => cover is { } held ? $"from {Text(held.First)} to {Text(held.Last)}" : "none, only notices";

    private static string When(SanctionFact fact) =>
        fact.NotBefore is not { } first ? $"on or before {Text(fact.NotAfter)}"
        : first >= fact.NotAfter ? $"on {Text(fact.NotAfter)}"
        : $"between {Text(first)} and {Text(fact.NotAfter)}";

    private static string Basis(SanctionFact fact) => fact.Basis switch
    {
        SanctionBasis.Mirror => "mirror",
        SanctionBasis.List => "list",
        _ => "notice",
    };

    private static bool IsMirror(SanctionFact fact) => fact.Basis == SanctionBasis.Mirror;

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Line(TextWriter output, string name, string? value)
    {
        if (value is not null) output.WriteLine($"{name,-12}  {PlainText.Of(value)}");
    }
}
