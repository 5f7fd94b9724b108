using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Bounds without a rule: for the largest destinations, what no rule that conserves value can leave.</summary>
/// <param name="Stolen">The sum of the seeds, satoshi: every rule places exactly this much. Null where there are no bounds.</param>
/// <param name="Transactions">Transactions that stolen money can enter under some rule; null: not counted.</param>
/// <param name="NotComputed">Why there are no bounds, as the end of a sentence; null when there are.</param>
/// <param name="Tight">Whether some rule reaches each bound exactly. False: they hold, but could be narrower.</param>
/// <param name="Destinations">By kind: entities, categories, addresses, fees; within a kind the largest first, by the policies asked for.</param>
public sealed record BoundsReport(long? Stolen, int? Transactions, string? NotComputed, bool Tight, IReadOnlyList<DestinationBounds> Destinations)
{
    /// <summary>The bounds of addresses and scripts, by address and script hex.</summary>
    internal static Dictionary<(string? Address, string? ScriptHex), DestinationBounds> ByHolder(BoundsReport? bounds) =>
        (bounds?.Destinations ?? []).Where(item => item.Holder is not null).ToDictionary(item => (item.Holder!.Address, item.Holder.ScriptHex));
}

/// <summary>The least and the most of the theft that any conserving rule can place at a destination, and what each policy places there.</summary>
/// <param name="Kind">entity, category, address or fees.</param>
/// <param name="Name">The entity's name or the category; null for addresses and fees.</param>
/// <param name="Ends">How many outputs of it stolen money can reach and rest at.</param>
/// <param name="Least">Satoshi that every rule places there.</param>
/// <param name="Most">Satoshi that no rule exceeds.</param>
public sealed record DestinationBounds(string Kind, string? Name, int Ends, long Least, long Most, IReadOnlyList<PolicyFigure> Figures)
{
    /// <summary>Of an address or a script: who holds it; null for other kinds.</summary>
    public AddressTotal? Holder { get; init; }

    /// <summary>Of an entity: who it is said to be; null for other kinds.</summary>
    public Entity? Entity { get; init; }
}

/// <summary>What a policy places at a destination.</summary>
/// <param name="Bounded">Whether the bounds speak of it: not of poison, which conserves nothing, nor of a trace that a limit cut short.</param>
public sealed record PolicyFigure(string Policy, long Tainted, bool Bounded);
