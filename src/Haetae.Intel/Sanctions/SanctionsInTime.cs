namespace Haetae.Intel.Sanctions;

public enum SanctionStatus
{
    NotSanctioned,
    Sanctioned,
    Unknown,
}

/// <summary>Whether an address was under sanctions at the end of a day.</summary>
/// <param name="From">Where the answer is not known: the day from which on; null: from the beginning.</param>
/// <param name="Until">Where the answer is not known: the day by which it is known again; null: it is not.</param>
public readonly record struct SanctionAnswer(SanctionStatus Status, DateOnly? From = null, DateOnly? Until = null);

/// <summary>Answers for a day from dated facts: a pure function of them.</summary>
/// <remarks>
/// Facts that tell the same change narrow each other: the latest first day and the earliest last day hold. A first day after that last day
/// tells of something else (an entry made anew for an address that stood on the list before) and is set aside. Each asset has its own
/// history, and an address is under sanctions while it stands under any of them.
/// </remarks>
public static class SanctionsInTime
{
    /// <param name="told">All that is held about one address, in the order it came; among changes of one day that order counts. What is withdrawn is left out.</param>
    /// <param name="cover">The days for which lists are held; null: none are.</param>
    public static SanctionAnswer On(DateOnly day, IReadOnlyList<SanctionFact> told, SanctionCover? cover)
    {
        var facts = told.Where(fact => !fact.IsWithdrawn).ToList();
        if (facts.Count == 0)
            return cover is not { } held ? new(SanctionStatus.Unknown)
                : day < held.First ? new(SanctionStatus.Unknown, null, held.First)
                : day > held.Last ? new(SanctionStatus.Unknown, held.Last)
                : new(SanctionStatus.NotSanctioned);

        var assets = facts.Select(fact => fact.Asset).OfType<string>().Distinct().ToList();
        if (assets.Count == 0) return History(day, facts, cover);
        SanctionAnswer? all = null;
        foreach (var asset in assets)
        {
            var answer = History(day, facts.Where(fact => fact.Asset is null || fact.Asset == asset), cover);
            all = all is { } before ? Either(before, answer) : answer;
        }

        return all!.Value;
    }

    private static SanctionAnswer Either(SanctionAnswer one, SanctionAnswer other)
    {
        if (one.Status == SanctionStatus.Sanctioned || other.Status == SanctionStatus.NotSanctioned) return one;
        if (other.Status == SanctionStatus.Sanctioned || one.Status == SanctionStatus.NotSanctioned) return other;
        // Not known for either: the stretch that holds both.
        return new(SanctionStatus.Unknown,
            one.From is { } a && other.From is { } b ? Earlier(a, b) : null,
            one.Until is { } c && other.Until is { } d ? Later(c, d) : null);
    }

    private static SanctionAnswer History(DateOnly day, IEnumerable<SanctionFact> told, SanctionCover? cover)
    {
        var all = told.ToList();
        // Added and removed by one commit: the list only spells the address differently, and still holds it.
        var facts = all.Where(fact => fact.Change == SanctionChange.Listed || !all.Any(other => other.Change == SanctionChange.Listed && other.NotAfter == fact.NotAfter && other.Source == fact.Source)).ToList();
        var changes = Changes(facts);
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            if (day >= change.Last) continue;
            DateOnly? first = i == 0 ? change.First : Later(change.First ?? changes[i - 1].Last, changes[i - 1].Last);
            if (first is { } begin && day < begin)
            {
                if (i > 0 || change.What == SanctionChange.Listed) return Known(change.What == SanctionChange.Removed);
                // It left the list, so it stood there the day before; since when is not told.
                return day == begin.AddDays(-1) ? Known(true) : new(SanctionStatus.Unknown, null, begin.AddDays(-1));
            }

            return new(SanctionStatus.Unknown, first, change.Last);
        }

        var last = changes[^1];
        var heldUntil = facts.Max(fact => fact.NotAfter);
        if (cover is { } held) heldUntil = Later(held.Last, heldUntil);
        return day > heldUntil ? new(SanctionStatus.Unknown, heldUntil) : Known(last.What == SanctionChange.Listed);
    }

    private static SanctionAnswer Known(bool sanctioned) => new(sanctioned ? SanctionStatus.Sanctioned : SanctionStatus.NotSanctioned);

    /// <summary>The changes one after another, listed and removed by turns, each as narrow as the facts together make it.</summary>
    private static List<(SanctionChange What, DateOnly? First, DateOnly Last)> Changes(IEnumerable<SanctionFact> facts)
    {
        var changes = new List<(SanctionChange What, DateOnly? First, DateOnly Last)>();
        foreach (var fact in facts.OrderBy(fact => fact.NotAfter)) // stable: what came first stays first
        {
            if (changes.Count == 0 || changes[^1].What != fact.Change)
            {
                changes.Add((fact.Change, fact.NotBefore <= fact.NotAfter ? fact.NotBefore : null, fact.NotAfter));
                continue;
            }

            var (what, first, last) = changes[^1];
            if (fact.NotBefore is { } begin && begin <= last && (first is null || begin > first)) changes[^1] = (what, begin, last);
        }

        return changes;
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
