using Haetae.Intel.Tags;

namespace Haetae.Intel.Sanctions;

/// <summary>What happened to an address on a list.</summary>
public enum SanctionChange
{
    Listed = 0,
    Removed = 1,
}

/// <summary>How a source comes to know a day.</summary>
public enum SanctionBasis
{
    /// <summary>A copy of the list that was taken again and again.</summary>
    Mirror,

    /// <summary>The list itself, as it stood on one day.</summary>
    List,

    /// <summary>An official notice of one act, entered by hand.</summary>
    Notice,
}

/// <summary>An address came onto a list, or left it, on a day between two days.</summary>
/// <param name="Written">As the source writes the address, where that differs from <paramref name="Subject"/>.</param>
/// <param name="Asset">The source's code. It is not the chain; null where the source names none, which then speaks of them all.</param>
/// <param name="NotBefore">The first day it can have been; null: not known.</param>
/// <param name="NotAfter">The last day it can have been: on this day's end it was done.</param>
/// <param name="Entry">The person or group under whom the address stands.</param>
public sealed record SanctionFact(
    string Subject, string? Written, string? Asset, SanctionChange Change, DateOnly? NotBefore, DateOnly NotAfter,
    SanctionBasis Basis, string Source, string? Entry = null, string? Programmes = null)
{
    /// <summary>Its number in the store; 0 while it is on its way in.</summary>
    public long Id { get; init; }

    /// <summary>What was said of it since, in the order it came: withdrawn, standing again.</summary>
    public IReadOnlyList<Retraction> Retractions { get; init; } = [];

    /// <summary>An answer is about what was the case, so a fact that is withdrawn counts for no day, however long it stood here.</summary>
    public bool IsWithdrawn => Retraction.On(DateOnly.MaxValue, Retractions) is not null;
}

/// <summary>How many facts a source gave, and the days they speak of.</summary>
/// <param name="Source">Without the commit that a mirror names.</param>
public sealed record SanctionSource(SanctionBasis Basis, string Source, long Listed, long Removed, DateOnly First, DateOnly Last);

/// <summary>The days for which lists are held; beyond them silence says nothing.</summary>
public readonly record struct SanctionCover(DateOnly First, DateOnly Last);
