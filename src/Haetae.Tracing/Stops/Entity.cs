namespace Haetae.Tracing.Stops;

/// <summary>By what a name came to an address.</summary>
public enum EntityVia : byte
{
    /// <summary>The address itself is tagged.</summary>
    Address,

    /// <summary>Another address of its co-spend cluster is tagged: an inference.</summary>
    Cluster,
}

/// <summary>Who is said to be behind an address: a claim with its source, never a fact of the chain.</summary>
/// <param name="Name">The actor's name where the tag has an actor, else the tag's label.</param>
/// <param name="Confidence">The taxonomy's word for how sure the source is; null: it does not say.</param>
/// <param name="ConfidenceLevel">The same from 0 to 100; null: unknown.</param>
/// <param name="Source">Where the tag comes from.</param>
public sealed record Entity(string Name, string? Confidence, int? ConfidenceLevel, string Source)
{
    /// <summary>The actor's id in its pack; null: the tag names none.</summary>
    public string? Actor { get; init; }

    /// <summary>What the entity is, in the taxonomy's words: exchange, mixing_service, ransomware and so on; null: unknown.</summary>
    public string? Category { get; init; }

    /// <summary>Whether a trace stops here: what goes in is mixed with other customers' money.</summary>
    public bool IsService { get; init; }

    /// <summary>Whether another tag of the same address names somebody else.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>What lists of sanctions say of the address, in words; null: nothing.</summary>
    public string? Sanctions { get; init; }

    public EntityVia Via { get; init; }

    /// <summary>What entities are told apart by: the actor, else the name.</summary>
    public string Key => Actor ?? Name;
}
