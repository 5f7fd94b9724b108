namespace Haetae.Intel.Tags;

/// <summary>Whether tags of one subject name different owners, or different kinds of owner. Silence disputes nothing.</summary>
/// <remarks>
/// Narrower than <see cref="TagConflicts"/>, which lists every difference of wording: "Binance 3" and "Binance hot wallet" differ and do not
/// dispute each other. Mentions are left out: that an address was named somewhere says nothing of its owner.
/// </remarks>
public static class TagDispute
{
    public static bool In(IReadOnlyList<TagFact> facts)
    {
        var owners = facts.Where(fact => fact.Statement.TagType != "mention").Select(fact => fact.Statement).Distinct().Take(MaximumCompared).ToList();
        for (var i = 0; i < owners.Count; i++)
            for (var j = i + 1; j < owners.Count; j++)
                if (Dispute(owners[i], owners[j])) return true;
        return false;
    }

    // A subject of more statements than this has every kind of them among the first.
    private const int MaximumCompared = 200;

    private static bool Dispute(TagStatement one, TagStatement other)
    {
        if (one.Category is { } a && other.Category is { } b && !Concepts.Agree(ServiceCategories.ConceptOf(a), ServiceCategories.ConceptOf(b))) return true;
        if (one.Actor is not null && other.Actor is not null) return !string.Equals(one.Actor, other.Actor, StringComparison.OrdinalIgnoreCase);
        // An actor's id is a name as well: 'kraken' and the label "Kraken.com" are one owner.
        return !SameName(one.Label, other.Label)
            && !(one.Actor is not null && SameName(one.Actor, other.Label)) && !(other.Actor is not null && SameName(other.Actor, one.Label));
    }

    /// <summary>Whether two names are told apart only by case, signs, numbers, or words added to one of them.</summary>
    internal static bool SameName(string one, string other)
    {
        var (a, b) = (Letters(one), Letters(other));
        return a.Length == 0 || b.Length == 0 ? string.Equals(one, other, StringComparison.OrdinalIgnoreCase) : a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal);
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetter)).ToLowerInvariant();
}
