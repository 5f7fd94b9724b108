using System.Globalization;

namespace Haetae.Intel.Tags;

/// <summary>Which of a tag's two dates says when it became known.</summary>
public enum KnownBy
{
    /// <summary>The day on which its pack says it was last changed.</summary>
    Pack,

    /// <summary>The day it was imported: the pack states no day, or one that lies later still.</summary>
    Import,
}

/// <summary>From which day on a tag was known.</summary>
/// <remarks>
/// A pack's day tells when the world could know; the import tells when this store did. Both are kept. The pack's day counts where there
/// is one, so that a question about a day before this store was made has an answer. It is an upper bound: packs state their last change.
/// </remarks>
public readonly record struct TagKnowledge(DateOnly Day, KnownBy By)
{
    public static TagKnowledge Of(TagFact fact)
    {
        var imported = DateOnly.FromDateTime(fact.Import.At.UtcDateTime);
        return DayOf(fact.Statement.LastModified) is { } stated && stated <= imported ? new(stated, KnownBy.Pack) : new(imported, KnownBy.Import);
    }

    /// <summary>Whether the tag was known by the end of a day and not withdrawn by then.</summary>
    public static bool StoodOn(DateOnly day, TagFact fact) => Of(fact).Day <= day && Retraction.On(day, fact.Retractions) is null;

    /// <summary>The day a pack writes, perhaps with a time behind it; null when it is none.</summary>
    public static DateOnly? DayOf(string? lastModified) =>
        lastModified is { Length: >= 10 } && (lastModified.Length == 10 || lastModified[10] is ' ' or 'T')
        && DateOnly.TryParseExact(lastModified.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
