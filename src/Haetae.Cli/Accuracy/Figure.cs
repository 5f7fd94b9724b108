namespace Haetae.Cli.Accuracy;

/// <summary>A part of docs/accuracy.md: what its rates mean.</summary>
internal enum AccuracySection
{
    /// <summary>Transactions of a kind: the share that is named so. High is good.</summary>
    Recognition,

    /// <summary>Transactions of no such kind: the share that is named all the same. Low is good.</summary>
    Silence,

    /// <summary>Sets without truth: how often Haetae and another say the same. Neither good nor bad.</summary>
    Agreement,

    /// <summary>Clusters against known owners: pairs of addresses.</summary>
    Clusters,

    /// <summary>The same on a chain of the benchmark generator, where one is named.</summary>
    Bench,

    /// <summary>Rules of change and peel chains against known owners.</summary>
    ChangeOutputs,

    /// <summary>Links through a mix against known wallets.</summary>
    Links,

    /// <summary>Links through a pool of one denomination, against simulated users.</summary>
    Pools,

    /// <summary>Payouts of bridges without a key, guessed, against generated truth.</summary>
    Bridges,

    /// <summary>Look-alikes and dust on account chains: pay-offs found and shown, ordinary transfers left alone.</summary>
    LookAlikes,

    /// <summary>Deposit addresses and their customers against known owners.</summary>
    Deposits,
}

/// <summary>One row: a method, the set it was measured on, and how often it was so.</summary>
/// <param name="Method">The detector or heuristic.</param>
/// <param name="Set">What it was measured on.</param>
/// <param name="Measure">What is counted, in a word or two: "found", "named", "precision".</param>
/// <param name="Note">What makes the row weak (few, one era, not held out), or the empty string.</param>
internal sealed record Figure(AccuracySection Section, string Method, string Set, string Measure, Rate Rate, string Note)
{
    /// <summary>Recorded transactions to look at by eye, by id and with what was said of them: those that went against the grain of the set.</summary>
    internal IReadOnlyList<(string TxId, string Said)> Examples { get; init; } = [];
}

/// <summary>Something that is measured together, by a name that <c>--only</c> takes.</summary>
/// <param name="Take">Makes the figures; reads from the data what it needs.</param>
internal sealed record Measurement(string Name, AccuracySection Section, Func<AccuracyData, CancellationToken, IEnumerable<Figure>> Take);
