using Haetae.Intel.Cases.Accounts;

namespace Haetae.Intel.Cases;

/// <summary>A case: what was stolen, what is known and by whom it was said, what was traced. Format <c>haetae.case/1</c>.</summary>
/// <remarks>A value to which things are only ever added; each addition has its entry in the history (<see cref="CaseHistory"/>).</remarks>
public sealed record CaseDocument
{
    public const string FormatName = "haetae.case/1";

    public required CaseHead Head { get; init; }

    public IReadOnlyList<CaseTheft> Thefts { get; init; } = [];

    public IReadOnlyList<CaseFact> Facts { get; init; } = [];

    public IReadOnlyList<CaseLink> Links { get; init; } = [];

    /// <summary>The tags the case rests on, as they were when they were taken in: a snapshot, not a look-up.</summary>
    public IReadOnlyList<CaseTag> Tags { get; init; } = [];

    public IReadOnlyList<CaseNote> Notes { get; init; } = [];

    public IReadOnlyList<CaseTrace> Traces { get; init; } = [];

    public IReadOnlyList<CaseEntry> History { get; init; } = [];

    /// <summary>What a case on an account chain rests on; null: it plays on Bitcoin.</summary>
    public AccountPart? Accounts { get; init; }

    /// <summary>The traces that stand: of those with the same question the last one.</summary>
    public IEnumerable<CaseTrace> StandingTraces() => Traces.Where((trace, i) => !Traces.Skip(i + 1).Any(later => later.AsksTheSameAs(trace)));
}

/// <summary>What a case is called, who may see it, and on which chain it plays.</summary>
/// <param name="Marking">TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN or TLP:CLEAR (FIRST, Traffic Light Protocol 2.0).</param>
/// <param name="Chain">CAIP-2 name.</param>
public sealed record CaseHead(string Title, string Marking, string Chain, string Network)
{
    public static IReadOnlyList<string> Markings { get; } = ["TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"];
}

/// <summary>One theft: the outputs it took, pinned, whatever is paid to an address later.</summary>
/// <param name="From">What was asked for, in the words it was asked in.</param>
public sealed record CaseTheft(string Name, IReadOnlyList<string> From, IReadOnlyList<CaseSeed> Seeds);

/// <summary>A stolen output, or the stolen part at its front; amounts in satoshi.</summary>
public sealed record CaseSeed(string TxId, int Vout, int Height, string? Address, long Value, long Stolen);

/// <summary>Something the case holds to be so, and why.</summary>
/// <param name="Status">data: follows from the chain; published: printed somewhere; stated: somebody says so.</param>
public sealed record CaseFact(string Name, string Value, string Source, string Status)
{
    public static IReadOnlyList<string> Statuses { get; } = ["data", "published", "stated"];
}

/// <summary>A connection that no transaction makes: through a mixer, a bridge, a service. Evidence, never fact.</summary>
/// <param name="From">An outpoint, transaction or address.</param>
/// <param name="Probability">A decimal between 0 and 1, as its finder gives it; null where nobody gives one.</param>
public sealed record CaseLink(string From, string To, string Method, string Evidence, string? Probability);

/// <summary>What somebody says about an address or transaction.</summary>
/// <param name="Subject">An address, a transaction id, or the hex of a script that has no address.</param>
/// <param name="Pack">Title of the pack it came from; null where it was given by hand.</param>
/// <param name="Creator">Who made that pack.</param>
/// <param name="Via">address: it was said of the subject itself; cluster: of another address of its cluster, so it is an inference.</param>
public sealed record CaseTag(string Subject, string Label, string Source, string? Actor, string? Category, string? Confidence, string? Pack, string? Creator, string Via)
{
    public static IReadOnlyList<string> Ways { get; } = ["address", "cluster"];
}

public sealed record CaseNote(string Text);

/// <summary>A trace by its question and the digest of its result, with what a reader wants to see of it at once.</summary>
/// <param name="Theft">The theft that was followed.</param>
/// <param name="Digest">Of the whole result, format haetae.trace/1.</param>
/// <param name="Engine">The program and version that made it.</param>
/// <param name="Transactions">The transactions it rests on, in the order they were met: those of the stolen outputs and all that were followed.</param>
public sealed record CaseTrace(
    string Theft, string Digest, string Engine, CaseQuestion Question, int TipHeight, string TipHash, IReadOnlyList<CaseBooks> Books, IReadOnlyList<string> Transactions)
{
    internal bool AsksTheSameAs(CaseTrace other) => Theft == other.Theft && Question.IsSameAs(other.Question);
}

/// <summary>The parameters of a trace but for its seeds.</summary>
/// <param name="TagsAsOf">The day (yyyy-MM-dd) whose tags it went by; null: all that stood.</param>
/// <param name="Bounds">Bounds without a rule where stolen money can reach at most so many transactions; 0: no bounds.</param>
public sealed record CaseQuestion(IReadOnlyList<string> Policies, string FeeRule, int? UntilHeight, long? MinValue, long? MaxTransactions, IReadOnlyList<string> Stops, IReadOnlyList<string> Through, string? TagsAsOf, int Bounds)
{
    internal bool IsSameAs(CaseQuestion other) =>
        Policies.SequenceEqual(other.Policies) && Stops.SequenceEqual(other.Stops) && Through.SequenceEqual(other.Through) && (FeeRule, UntilHeight, MinValue, MaxTransactions, TagsAsOf, Bounds) == (other.FeeRule, other.UntilHeight, other.MinValue, other.MaxTransactions, other.TagsAsOf, other.Bounds);
}

/// <summary>The books of a trace under one policy, satoshi.</summary>
public sealed record CaseBooks(string Policy, long Held, long Parked, long Fees, long Cut, long Stolen);

/// <summary>What was added when, and by whom.</summary>
/// <param name="At">UTC, ISO 8601, from the clock of the machine it was added on.</param>
/// <param name="Kind">case, theft, fact, link, tag, note, trace or accounts.</param>
/// <param name="Item">SHA-256 of the canonical JSON of what was added.</param>
/// <param name="Previous">SHA-256 of the canonical JSON of the entry before; zeros for the first.</param>
public sealed record CaseEntry(string At, string By, string Kind, string Item, string Previous);
