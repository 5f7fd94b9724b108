using System.Text.Json;
using Haetae.Intel.Sanctions;

namespace Haetae.Intel.Tags;

/// <summary>Whose an address is said to be, once all that is known of it is put together.</summary>
/// <param name="Subject">The address, in the form that is looked up.</param>
/// <param name="Label">Of the tag to be believed most; for an address that only a sanctions list names, the entry's name.</param>
/// <param name="Actor">The actor's id; null: no tag names one.</param>
/// <param name="ActorLabel">The actor's name; null: no actor, or no ActorPack tells of it.</param>
/// <param name="Category">A concept, from the tag, its concepts, its actor or another tag of that actor; null: none says.</param>
/// <param name="Confidence">A word of the taxonomy; <c>unknown</c> where the tag gives none.</param>
/// <param name="ConfidenceLevel">0 to 100; a word outside the taxonomy counts as <c>unknown</c>.</param>
/// <param name="Disputed">Whether tags name different owners or kinds; <see cref="Attributions.Of"/> gives one answer all the same.</param>
/// <param name="Sanctioned">Null: not sanctioned on that day, or nothing is known (<see cref="Sanctions"/> tells which); else words.</param>
public sealed record Attribution(
    string Subject, string Label, string? Actor, string? ActorLabel, string? Category, string Confidence, int ConfidenceLevel, string Source, bool Disputed, string? Sanctioned)
{
    /// <summary>The answer about sanctions on the day that was asked.</summary>
    public SanctionAnswer Sanctions { get; init; }

    /// <summary>Whether the tag speaks for the whole cluster of the address.</summary>
    public bool SpeaksForCluster { get; init; }

    /// <summary>How many tags stood on the day that was asked.</summary>
    public int Tags { get; init; }

    /// <summary>Whether it is a service at which a trace parks what arrives.</summary>
    public bool IsService => ServiceCategories.Holds(Category);
}

/// <summary>Merges tags, actors and sanctions into one answer for each address. The answer depends on the store and the day alone.</summary>
/// <remarks>
/// The tag to be believed most has the highest level, then the latest day, then came first. Mentions tell that an address was named somewhere
/// and not whose it is: they count only where there is nothing else. Withdrawn tags do not count.
/// </remarks>
public static class Attributions
{
    private const string SanctionsCategory = "sanction";
    private const string SanctionsConfidence = "authority_data";
    private const string NoConfidence = "unknown";

    /// <param name="addresses">Addresses or transaction ids, thousands at once.</param>
    /// <param name="asOf">Tags known and not withdrawn by this day, and sanctions at its end; null: all tags that stand, and the newest day the lists speak of.</param>
    /// <returns>An answer for each address, in order; null where nothing is known.</returns>
    public static Attribution?[] Of(ITagStore store, IReadOnlyList<string> addresses, DateOnly? asOf)
    {
        var tags = store.FindTags(addresses);
        var sanctions = store.FindSanctions(addresses);
        var cover = store.SanctionCover();
        var standing = tags.Select(facts => Standing(facts, asOf)).ToList();
        var actorIds = standing.SelectMany(facts => facts).Select(fact => fact.Statement.Actor).OfType<string>().Distinct().ToList();
        var actors = actorIds.Zip(store.FindActors(actorIds)).ToDictionary(pair => pair.First, pair => pair.Second.LastOrDefault());
        var answers = new Attribution?[addresses.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = standing[i].Count == 0 && sanctions[i].Count == 0 ? default : Sanctioned(sanctions[i], cover, asOf);
            if (standing[i].Count > 0) answers[i] = Merge(standing[i], actors, Words(answer, sanctions[i]), answer);
            else if (answer.Status != SanctionStatus.NotSanctioned) answers[i] = OfList(sanctions[i], answer);
        }

        return answers;
    }

    private static List<TagFact> Standing(IReadOnlyList<TagFact> facts, DateOnly? asOf) =>
        [.. facts.Where(fact => asOf is { } day ? TagKnowledge.StoodOn(day, fact) : Retraction.On(DateOnly.MaxValue, fact.Retractions) is null)
            .OrderBy(fact => fact.Statement.TagType == "mention")
            .ThenByDescending(fact => Level(fact))
            .ThenByDescending(fact => TagKnowledge.Of(fact).Day)
            .ThenBy(fact => fact.Id)];

    private static Attribution Merge(List<TagFact> facts, Dictionary<string, ActorRow?> actors, string? sanctioned, SanctionAnswer answer)
    {
        var best = facts[0];
        var said = best.Statement;
        // Another tag may know the actor of which the best one is silent, but only one that names the same owner.
        var actor = said.Actor ?? facts.FirstOrDefault(fact => fact.Statement.Actor is not null && TagDispute.SameName(fact.Statement.Label, said.Label))?.Statement.Actor;
        var known = actor is null ? null : actors.GetValueOrDefault(actor);
        return new Attribution(
            best.Subject, said.Label, actor, known?.Label, Category(facts, actor, known), Word(said), Level(best), said.Source, TagDispute.In(facts), sanctioned)
        {
            Sanctions = answer,
            SpeaksForCluster = best.SpeaksForCluster,
            Tags = facts.Count,
        };
    }

    /// <summary>The first that says what kind it is: the best tag, its concepts, its actor, then the other tags of the same actor.</summary>
    private static string? Category(List<TagFact> facts, string? actor, ActorRow? known)
    {
        var best = facts[0].Statement;
        return best.Category ?? KindIn(best.Concepts) ?? KindIn(known?.Categories)
            ?? facts.Where(fact => actor is not null && fact.Statement.Actor == actor).Select(fact => fact.Statement.Category ?? KindIn(fact.Statement.Concepts)).FirstOrDefault(kind => kind is not null)
            ?? best.Abuse;
    }

    /// <summary>Of a list of concepts a service, else the first that tells a kind of owner.</summary>
    private static string? KindIn(string? concepts)
    {
        var all = List(concepts);
        return all.FirstOrDefault(ServiceCategories.Holds) ?? all.FirstOrDefault(concept => Concepts.IsWithin(concept, "entity"));
    }

    private static IReadOnlyList<string> List(string? json)
    {
        if (json is null) return [];
        try
        {
            using var list = JsonDocument.Parse(json);
            return list.RootElement.ValueKind != JsonValueKind.Array ? []
                : [.. list.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static Attribution OfList(IReadOnlyList<SanctionFact> facts, SanctionAnswer answer)
    {
        var last = facts.LastOrDefault(fact => !fact.IsWithdrawn && fact.Change == SanctionChange.Listed) ?? facts[^1];
        return new Attribution(
            last.Subject, EntryOf(facts) ?? "on a list of sanctions", null, null, SanctionsCategory, SanctionsConfidence, Confidence.LevelOf(SanctionsConfidence)!.Value, last.Source, false, Words(answer, facts))
        {
            Sanctions = answer,
        };
    }

    private static SanctionAnswer Sanctioned(IReadOnlyList<SanctionFact> facts, SanctionCover? cover, DateOnly? asOf)
    {
        var day = asOf ?? facts.Select(fact => fact.NotAfter).Append(cover?.Last ?? DateOnly.MinValue).Max();
        return SanctionsInTime.On(day, facts, cover);
    }

    private static string? Words(SanctionAnswer answer, IReadOnlyList<SanctionFact> facts) => (answer.Status, answer.From, answer.Until) switch
    {
        (SanctionStatus.Sanctioned, _, _) => EntryOf(facts) is { } entry ? $"sanctioned: {entry}" : "sanctioned",
        (SanctionStatus.NotSanctioned, _, _) => null,
        _ when facts.Count == 0 => null,
        (_, { } from, { } until) => $"unknown between {from:yyyy-MM-dd} and {until:yyyy-MM-dd}",
        (_, null, { } until) => $"unknown before {until:yyyy-MM-dd}",
        (_, { } from, null) => $"unknown after {from:yyyy-MM-dd}",
        _ => "unknown",
    };

    private static string? EntryOf(IReadOnlyList<SanctionFact> facts) => facts.LastOrDefault(fact => fact.Entry is not null && !fact.IsWithdrawn)?.Entry;

    private static string Word(TagStatement said) => said.Confidence ?? NoConfidence;

    private static int Level(TagFact fact) => Confidence.LevelOf(Word(fact.Statement)) ?? Confidence.LevelOf(NoConfidence)!.Value;
}
