using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Backward;

/// <summary>Whose origin is asked for, and how far back to look.</summary>
public sealed record BackwardQuery
{
    /// <summary>Transactions looked at unless another number is asked for.</summary>
    public const long UsualTransactions = 100_000;

    /// <summary>The outputs asked about: numbers in the ledger, each once, none of value 0.</summary>
    public required IReadOnlyList<long> Outputs { get; init; }

    /// <summary>Look no further back than this block: what was made before it is a source.</summary>
    public int? SinceHeight { get; init; }

    /// <summary>Look at this many transactions, the latest first: a count, so the same on every machine.</summary>
    public long MaxTransactions { get; init; } = UsualTransactions;

    /// <summary>Where the walk stops, beside what the ledger does not know: at outputs that paid a service, and at CoinJoins; null: nowhere.</summary>
    public ITraceStops? Stops { get; init; }

    /// <summary>Told now and then what is being done, how many transactions are done, and of how many at most.</summary>
    public Action<string, long, long>? Progress { get; init; }

    /// <summary>From how many of the largest sources a path is shown.</summary>
    public int PathsFromSources { get; init; } = 10;

    /// <summary>The most parts a policy may move, and a quarter as many it may hold at once, before it gives up.</summary>
    public long MostWork { get; init; } = 200_000_000;
}

/// <summary>Why a walk back goes no further than an output.</summary>
public enum SourceReason : byte
{
    /// <summary>New coins and fees, paid to a miner.</summary>
    Coinbase,

    /// <summary>Made before the first block looked at.</summary>
    Since,

    /// <summary>The count of transactions ran out before its own turn came.</summary>
    MaxTransactions,

    /// <summary>An input of its transaction has an unknown value.</summary>
    UnknownValue,

    /// <summary>It paid a service, whose customers' money is one pot: what the service sent on is not its money.</summary>
    Service,

    /// <summary>A CoinJoin made it: which of the inputs are its owner's, the chain does not say.</summary>
    CoinJoin,
}

/// <summary>The names of <see cref="SourceReason"/>.</summary>
public static class SourceReasons
{
    public static string NameOf(SourceReason reason) => reason switch
    {
        SourceReason.Coinbase => "coinbase",
        SourceReason.Since => "since",
        SourceReason.MaxTransactions => "max-transactions",
        SourceReason.UnknownValue => "unknown-value",
        SourceReason.Service => "service",
        SourceReason.CoinJoin => "coinjoin",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

/// <summary>An output that money comes from.</summary>
/// <param name="Output">Its number in the ledger.</param>
/// <param name="Amount">Satoshi of it in the outputs asked about; null under poison, which says only that some may be.</param>
public readonly record struct MoneySource(long Output, SourceReason Reason, long? Amount);
