using Haetae.Tracing.Stops;

namespace Haetae.Tracing;

/// <summary>A stolen output; a partly stolen one holds its stolen part at the front.</summary>
/// <param name="Output">The output's number in the ledger.</param>
/// <param name="Stolen">Satoshi stolen: more than 0, at most the output's value.</param>
public readonly record struct StolenOutput(long Output, long Stolen);

/// <summary>What becomes of the tainted part of a fee.</summary>
public enum FeeRule
{
    /// <summary>Lost: it leaves the trace and is booked as fees.</summary>
    Drop,

    /// <summary>Paid into the block's coinbase, which takes in the clean subsidy first and then the fees in transaction order.</summary>
    CoinbaseAppend,

    /// <summary>Paid into the block's coinbase, which takes in the fees in transaction order first and then the clean reward.</summary>
    CoinbaseFeesFirst,
}

/// <summary>What to follow, and how far. All seeds belong to one theft.</summary>
public sealed record TraceQuery
{
    /// <summary>The stolen outputs, in any order, each once.</summary>
    public required IReadOnlyList<StolenOutput> Seeds { get; init; }

    public FeeRule FeeRule { get; init; } = FeeRule.Drop;

    /// <summary>The last block looked at; null for the ledger's last. What is spent only later is held at that height.</summary>
    public int? UntilHeight { get; init; }

    /// <summary>Outputs with less taint than this many satoshi are not followed.</summary>
    public long? MinValue { get; init; }

    /// <summary>Stop after this many transactions: a count, so the same on every machine.</summary>
    public long? MaxTransactions { get; init; }

    /// <summary>Where taint is parked, beside what the ledger does not know; null: nowhere.</summary>
    public ITraceStops? Stops { get; init; }

    /// <summary>To how many of the largest ends <see cref="TraceOutcome.Paths"/> leads.</summary>
    public int PathsToEnds { get; init; } = 10;

    /// <summary>Keep what <see cref="TraceOutcome.Spends"/> and <see cref="TraceOutcome.Paths"/> need.</summary>
    public bool RecordFlow { get; init; } = true;

    /// <summary>New coins of the block at a height, satoshi; needed by coinbase-append under FIFO and coinbase-fees-first under LIFO.</summary>
    public Func<int, long>? SubsidyAtHeight { get; init; }
}
