namespace Haetae.Intel.Tags;

/// <summary>What is withdrawn.</summary>
public enum RetractionTarget
{
    Tag,

    /// <summary>A pack with all its tags and actors.</summary>
    Pack,

    /// <summary>A fact about sanctions.</summary>
    Sanction,
}

/// <summary>What happened to it.</summary>
public enum RetractionChange
{
    Withdrawn = 0,

    /// <summary>It had been withdrawn, and that was a mistake.</summary>
    StandsAgain = 1,
}

/// <summary>A fact about a fact: it is withdrawn, or stands again. What is withdrawn stays in the store and is shown as withdrawn.</summary>
/// <param name="TargetId">The number of the tag, pack or sanction fact in its store.</param>
/// <param name="Since">The first day on which it is so.</param>
/// <param name="By">Who withdraws: often the source itself, not whoever enters it here.</param>
/// <param name="Import">Who entered it, and when; null while it is on its way in.</param>
public sealed record Retraction(
    RetractionTarget Target, long TargetId, RetractionChange Change, DateOnly Since, string By, string Reason, TagImportNote? Import = null)
{
    /// <summary>The withdrawal that holds at the end of a day; null where the fact stands.</summary>
    /// <param name="all">All that was ever said about one fact and its pack, in the order it came; among words of one day the last counts.</param>
    /// <remarks>A tag stands only while its pack stands as well.</remarks>
    public static Retraction? On(DateOnly day, IReadOnlyList<Retraction> all)
    {
        foreach (var target in all.Select(one => one.Target).Distinct())
        {
            var last = all.Where(one => one.Target == target && one.Since <= day).OrderBy(one => one.Since).LastOrDefault();
            if (last is { Change: RetractionChange.Withdrawn }) return last;
        }

        return null;
    }
}
