using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Where outputs' money comes from, as people and programs read it: format <c>haetae.sources/1</c>.</summary>
/// <remarks>A value, as <see cref="TraceReport"/> is. One made by <see cref="ReportBuilder"/> is good for as long as its ledger is open.</remarks>
public sealed record SourcesReport
{
    public const string FormatName = "haetae.sources/1";

    public required TraceLedger Ledger { get; init; }

    public required SourcesParameters Parameters { get; init; }

    /// <summary>The tags the walk went by; null: none were at hand.</summary>
    public TraceTags? Tags { get; init; }

    /// <summary>The outputs asked about, in chain order.</summary>
    public required IReadOnlyList<AskedOutput> Outputs { get; init; }

    /// <summary>One result a policy, in the order asked for.</summary>
    public required IReadOnlyList<SourcesResult> Results { get; init; }
}

/// <summary>What was asked. Absent options are null.</summary>
/// <param name="MaxTransactions">The most transactions to look at, the latest first.</param>
public sealed record SourcesParameters(
    IReadOnlyList<string> From, IReadOnlyList<string> Policies, int? SinceHeight, int? UntilHeight, long MaxTransactions, IReadOnlyList<string> Stops, IReadOnlyList<string> Through);

/// <summary>An output whose origin is asked for.</summary>
public sealed record AskedOutput(string TxId, int Vout, int Height, uint Time, string? Address, string ScriptType, string? ScriptHex, long Value)
{
    /// <summary>Who is said to be behind its address; null: nothing is said.</summary>
    public Entity? Entity { get; init; }
}

/// <summary>Where the money comes from under one policy.</summary>
/// <param name="Conserves">False for poison, which names what can have contributed and no amounts.</param>
/// <param name="TransactionsVisited">Transactions looked at on the way back: under FIFO and LIFO those that the satoshi asked about came through, else all that can have contributed; null where the policy gave up.</param>
/// <param name="Sources">The largest first (ties: chain order); under poison all, in chain order; null when the policy gave up, too many being mixed.</param>
/// <param name="Reasons">The sources summed by their reasons.</param>
/// <param name="Paths">The strongest chain from each of the largest sources to an output asked about.</param>
public sealed record SourcesResult(
    string Policy, bool Conserves, long? TransactionsVisited, IReadOnlyList<TraceSource>? Sources, IReadOnlyList<SourceReasonTotal> Reasons, IReadOnlyList<TracePath> Paths);

/// <summary>An output that money comes from.</summary>
/// <param name="Amount">Satoshi of it in the outputs asked about; null under poison.</param>
/// <param name="Reason">coinbase, since, max-transactions, unknown-value, service or coinjoin.</param>
public sealed record TraceSource(
    string TxId, int Vout, int Height, uint Time, string? Address, string ScriptType, string? ScriptHex, long Value, long? Amount, string Reason)
{
    /// <summary>Who is said to be behind its address; null: nothing is said.</summary>
    public Entity? Entity { get; init; }
}

/// <summary>The sources of one reason.</summary>
/// <param name="Amount">Satoshi of theirs in the outputs asked about; null under poison.</param>
public sealed record SourceReasonTotal(string Reason, int Sources, long? Amount);
