namespace Haetae.Intel.Tags;

/// <summary>What became of an import.</summary>
public sealed class TagImportReport
{
    /// <summary>So many problems and notes are kept with their place; all are counted.</summary>
    public const int MaximumListed = 10_000;

    /// <summary>Files that were read, whole or in part.</summary>
    public int Files { get; internal set; }

    public int Packs { get; internal set; }

    public long Read => Stored + Duplicate + Rejected;

    public long Stored { get; internal set; }

    public long Duplicate { get; internal set; }

    public long Rejected { get; internal set; }

    /// <summary>Tags whose address was mended before it was taken; they are in the other counts as well.</summary>
    public long Normalised { get; internal set; }

    public long ActorsRead => ActorsStored + ActorsDuplicate + ActorsRejected;

    public long ActorsStored { get; internal set; }

    public long ActorsDuplicate { get; internal set; }

    public long ActorsRejected { get; internal set; }

    public long SanctionsRead => SanctionsStored + SanctionsDuplicate + SanctionsRejected;

    public long SanctionsStored { get; internal set; }

    public long SanctionsDuplicate { get; internal set; }

    public long SanctionsRejected { get; internal set; }

    /// <summary>Files that could not be read to their end.</summary>
    public int BrokenFiles { get; internal set; }

    /// <summary>What each file was taken for, in order.</summary>
    public List<(string File, string What)> Taken { get; } = [];

    /// <summary>Files in folders that were passed over, and why.</summary>
    public List<TagProblem> Skipped { get; } = [];

    public List<TagProblem> Problems { get; } = [];

    public List<TagProblem> Notes { get; } = [];

    /// <summary>Problems and notes that were counted and not listed.</summary>
    public long NotListed { get; internal set; }
}
