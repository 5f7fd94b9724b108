using System.Text.Json.Nodes;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;

namespace Haetae.Cli.Commands;

/// <summary>Whether an address was under sanctions on a day, for people and as JSON, with all that the answer rests on.</summary>
internal sealed class SanctionsText(string asked, DateOnly day, IReadOnlyList<SanctionFact> facts, SanctionCover? cover)
{
    private const string Caveat = "A mirror's day is the day it saw the change; the office may have acted a day earlier. Its notice says which.";
    private readonly SanctionAnswer _answer = SanctionsInTime.On(day, facts, cover);

    internal bool HasFacts => facts.Count > 0;

    internal bool HasLists => cover is not null;

    internal void Print(string whoseDay, TextWriter output)
    {
        output.WriteLine($"{whoseDay} {TagDays.Text(day)}: {Words()}{(LastHeld() is { } last ? $"; {Name(last.Status)} on {TagDays.Text(last.Day)}" : "")}");
        Line(output, "Chain", ChainWords());
        Line(output, "Lists held", cover is { } held ? $"from {TagDays.Text(held.First)} to {TagDays.Text(held.Last)}" : "none, only notices");
        foreach (var fact in facts)
        {
            output.WriteLine();
            Line(output, fact.Change == SanctionChange.Listed ? "Listed" : "Removed", When(fact));
            foreach (var said in fact.Retractions) Line(output, TagsText.Name(said), TagsText.Words(said));
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

    internal void AddTo(JsonObject json)
    {
        json["asOf"] = TagDays.Text(day);
        json["status"] = Word(_answer.Status);
        json["unknownFrom"] = TagDays.Text(_answer.From);
        json["unknownUntil"] = TagDays.Text(_answer.Until);
        json["reason"] = _answer.Status == SanctionStatus.Unknown ? Words() : null;
        json["lastHeld"] = LastHeld() is { } last ? new JsonObject { ["day"] = TagDays.Text(last.Day), ["status"] = Word(last.Status) } : null;
        json["chain"] = AddressChain.Of(TagSubject.KeyOf(asked));
        json["listsHeldFrom"] = TagDays.Text(cover?.First);
        json["listsHeldUntil"] = TagDays.Text(cover?.Last);
        json["facts"] = new JsonArray([.. facts.Select(fact => (JsonNode)new JsonObject
        {
            ["change"] = fact.Change == SanctionChange.Listed ? "listed" : "removed",
            ["notBefore"] = TagDays.Text(fact.NotBefore),
            ["notAfter"] = TagDays.Text(fact.NotAfter),
            ["asset"] = fact.Asset,
            ["entry"] = fact.Entry,
            ["programmes"] = fact.Programmes,
            ["basis"] = Basis(fact),
            ["source"] = fact.Source,
            ["written"] = fact.Written ?? fact.Subject,
            ["withdrawn"] = fact.IsWithdrawn,
            ["retractions"] = TagsJson.Of(fact.Retractions),
        })]);
        json["note"] = facts.Any(IsMirror) ? Caveat : null;
    }

    /// <summary>Where the lists end before the day: what held on their last day.</summary>
    private (DateOnly Day, SanctionStatus Status)? LastHeld()
    {
        if (_answer is not { Status: SanctionStatus.Unknown, From: { } last, Until: null }) return null;
        var then = SanctionsInTime.On(last, facts, cover);
        return then.Status == SanctionStatus.Unknown ? null : (last, then.Status);
    }

    private string Words() => (_answer.Status, _answer.From, _answer.Until) switch
    {
        (SanctionStatus.Sanctioned or SanctionStatus.NotSanctioned, _, _) => Name(_answer.Status),
        (_, { } from, { } until) => $"unknown between {TagDays.Text(from)} and {TagDays.Text(until)}",
        (_, null, { } until) => $"unknown before {TagDays.Text(until)}",
        (_, { } from, null) => $"unknown after {TagDays.Text(from)}: no source held speaks of a later day",
        _ when !HasFacts && !HasLists => "unknown: no list of sanctions was imported",
        _ => "unknown: no source held speaks of it",
    };

    private string ChainWords() => AddressChain.Of(TagSubject.KeyOf(asked)) switch
    {
        "evm" => "every EVM chain: whoever holds the key holds the address on all of them",
        "btc" => "Bitcoin",
        "trx" => "TRON",
        _ => "not told by the address",
    };

    private static string Name(SanctionStatus status) => status switch
    {
        SanctionStatus.Sanctioned => "sanctioned",
        SanctionStatus.NotSanctioned => "not sanctioned",
        _ => "unknown",
    };

    private static string Word(SanctionStatus status) => status == SanctionStatus.NotSanctioned ? "notSanctioned" : Name(status);

    private static string When(SanctionFact fact) =>
        fact.NotBefore is not { } first ? $"on or before {TagDays.Text(fact.NotAfter)}"
        : first >= fact.NotAfter ? $"on {TagDays.Text(fact.NotAfter)}"
        : $"between {TagDays.Text(first)} and {TagDays.Text(fact.NotAfter)}";

    private static string Basis(SanctionFact fact) => fact.Basis.ToString().ToLowerInvariant();

    private static bool IsMirror(SanctionFact fact) => fact.Basis == SanctionBasis.Mirror;

    private static void Line(TextWriter output, string name, string? value)
    {
        if (value is not null) output.WriteLine($"{name,-12}  {PlainText.Of(value)}");
    }
}
