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
    SanctionBasis Basis, string Source, string? Entry = null, string? Programmes = null);

/// <summary>The days for which lists are held; beyond them silence says nothing.</summary>
public readonly record struct SanctionCover(DateOnly First, DateOnly Last);
