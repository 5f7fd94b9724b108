namespace Haetae.Intel.Tags;

/// <summary>What a tag speaks about.</summary>
public enum SubjectKind
{
    Address = 0,
    Transaction = 1,
}

/// <summary>The head of a pack: who tells, and what it is about.</summary>
/// <param name="File">The name of the file, without its folders: large collections are cut into files with the same head.</param>
public sealed record PackHeader(string Title, string Creator, string? Description, string? Owner, bool? IsPublic, string File);

/// <summary>All that a tag says but about whom: one statement is often shared by thousands of addresses.</summary>
public sealed record TagStatement
{
    public required PackHeader Pack { get; init; }

    public required string Label { get; init; }

    public required string Source { get; init; }

    /// <summary>The asset, as the pack abbreviates it.</summary>
    public required string Currency { get; init; }

    /// <summary>The chain; where the pack does not name one, the currency's.</summary>
    public required string Network { get; init; }

    /// <summary>A word of the confidence taxonomy (<see cref="Confidence"/>), or null where the pack gives none.</summary>
    public string? Confidence { get; init; }

    public string? Actor { get; init; }

    public string? Category { get; init; }

    public string? Abuse { get; init; }

    /// <summary>A JSON array of strings.</summary>
    public string? Concepts { get; init; }

    public string? TagType { get; init; }

    /// <summary>Whether it speaks for the whole cluster of the address.</summary>
    public bool? IsClusterDefiner { get; init; }

    /// <summary>When the pack says it was last changed.</summary>
    public string? LastModified { get; init; }

    /// <summary>Whatever else the pack tells, as it tells it; by convention JSON.</summary>
    public string? Context { get; init; }
}

/// <summary>A tag as a pack holds it.</summary>
/// <param name="Subject">The form that is looked up (<see cref="TagSubject"/>).</param>
/// <param name="Written">As the pack writes it, where that differs.</param>
public readonly record struct TagRow(SubjectKind Kind, string Subject, string? Written, TagStatement Statement);

/// <summary>A tag as the store holds it: what was said, and who brought it here and when.</summary>
public sealed record TagFact(long Id, SubjectKind Kind, string Subject, string? Written, TagStatement Statement, TagImportNote Import)
{
    /// <summary>What was said of this tag and of its pack since, in the order it came: withdrawn, standing again.</summary>
    public IReadOnlyList<Retraction> Retractions { get; init; } = [];

    /// <summary>Whether the address stands here for its whole cluster (GraphSense's <c>is_cluster_definer</c>).</summary>
    public bool SpeaksForCluster => Kind == SubjectKind.Address && Statement.IsClusterDefiner == true;
}

/// <summary>Who imported, and when.</summary>
public sealed record TagImportNote(string By, DateTimeOffset At);

/// <summary>An actor as an ActorPack holds it. Lists are JSON arrays of strings, the context is a JSON object.</summary>
public sealed record ActorRow(
    PackHeader Pack, string Id, string Label, string? Uri, string? LastModified,
    string? Categories, string? Jurisdictions, string? Aliases, string? Context);

/// <summary>How much of a pack the store holds.</summary>
/// <param name="Id">The pack's number in this store.</param>
public sealed record PackCount(long Id, PackHeader Pack, long Tags, long Actors, DateTimeOffset FirstImported)
{
    /// <summary>What was said of the pack as a whole since, in the order it came.</summary>
    public IReadOnlyList<Retraction> Retractions { get; init; } = [];
}
