namespace Haetae.Tracing.Mixers;

/// <summary>A reason to think that a withdrawal spends one of a few deposits. Evidence, never a fact.</summary>
/// <param name="Method">The rule that fired.</param>
/// <param name="Version">Of the rule: another number may give other links.</param>
/// <param name="Pool">Place of the pool in the book.</param>
/// <param name="Withdrawal">Place in the pool's withdrawals.</param>
/// <param name="Deposits">Places in the pool's deposits that are said to be of the withdrawal's owner, rising. The withdrawal spends one of them.</param>
/// <param name="Score">1,000 divided by how many actors fit equally well, less what luck explains where a rule tests for it: comparable among links of one rule. Measured rates stand in docs/accuracy.md.</param>
/// <param name="Rivals">How many other deposits of the pool the same rule names for this withdrawal, in other links.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record PoolLink(string Method, int Version, int Pool, int Withdrawal, IReadOnlyList<int> Deposits, int Score, int Rivals, string Reason);

/// <summary>What one rule says of a book.</summary>
/// <param name="Method">The rule.</param>
/// <param name="NotRun">Why it could not be asked, such as "needs the depositor"; null: it ran, and no link means that it found none.</param>
/// <param name="Links">By pool, withdrawal, first deposit.</param>
public sealed record HeuristicRun(string Method, string? NotRun, IReadOnlyList<PoolLink> Links)
{
    /// <summary>How many pairs were put to a test of chance; 0 where the rule has none. Times the level of the test, so many links are expected of chance alone.</summary>
    public int Tested { get; init; }

    internal static HeuristicRun Without(string method, string reason) => new(method, reason, []);

    internal static HeuristicRun Of(string method, IEnumerable<PoolLink> links, int tested = 0) =>
        new(method, null, [.. links.OrderBy(link => link.Pool).ThenBy(link => link.Withdrawal).ThenBy(link => link.Deposits[0])]) { Tested = tested };
}

/// <summary>What the rules that link withdrawals with deposits take for granted.</summary>
public sealed record PoolTerms
{
    /// <summary>Ethereum's block from which fees follow EIP-1559: a gas price is then no longer typed in by people, and equal ones mean little. Null: no such block.</summary>
    public uint? LondonBlock { get; init; } = 12_965_000;

    /// <summary>Payments between two accounts that make them belong together.</summary>
    public int MinInteractions { get; init; } = 3;

    /// <summary>Seconds that one visit of an actor to several pools may last.</summary>
    public long Visit { get; init; } = 86_400;

    /// <summary>Withdrawals of one visit that say something.</summary>
    public int LeastOfVisit { get; init; } = 3;

    /// <summary>Seconds without an event that end a burst.</summary>
    public long Pause { get; init; } = 6 * 3_600;

    /// <summary>Events of a burst that say something: fewer have too few orders for <see cref="Level"/>.</summary>
    public int LeastOfBurst { get; init; } = 6;

    /// <summary>Most of ten thousand orders of the pauses that may fit as well.</summary>
    public int Level { get; init; } = 100;

    /// <summary>Seconds from the first deposit to the last withdrawal of a burst or of a large volume.</summary>
    public long Horizon { get; init; } = 30 * 86_400;

    /// <summary>Deposits of one actor in one pool that make a large volume.</summary>
    public int LeastVolume { get; init; } = 10;
}
