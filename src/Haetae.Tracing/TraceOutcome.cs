using Haetae.Tracing.Engine;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Links;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing;

/// <summary>Why a trace goes no further at an output.</summary>
public enum EndReason : byte
{
    /// <summary>Nothing in the ledger spends it.</summary>
    Unspent,

    /// <summary>Spent only after the last block looked at.</summary>
    Until,

    /// <summary>Its taint is below the minimum asked for.</summary>
    MinValue,

    /// <summary>The count of transactions ran out before its spender's turn came.</summary>
    MaxTransactions,

    /// <summary>Its spender has an input whose value is unknown, so the taint cannot be divided exactly.</summary>
    UnknownValue,

    /// <summary>It pays a service, whose customers' money is one pot: what leaves it is another's.</summary>
    Service,

    /// <summary>Its spender is a CoinJoin: which of its outputs is the owner's, the chain does not say.</summary>
    CoinJoin,

    /// <summary>What spends it, if anything does, was not fetched: the ledger is a case's and holds only what was asked for.</summary>
    NotFetched,
}

/// <summary>A tainted output that is not followed further, in 16 bytes.</summary>
public readonly struct TaintEnd(long output, long tainted, EndReason reason) : IEquatable<TaintEnd>
{
    // Output numbers have 40 bits (OutputNum): the reason shares their word.
    private readonly long _outputAndReason = (output << 8) | (byte)reason;

    public long Output => _outputAndReason >> 8;

    public EndReason Reason => (EndReason)(byte)_outputAndReason;

    /// <summary>Tainted satoshi of the output.</summary>
    public long Tainted { get; } = tainted;

    public bool Equals(TaintEnd other) => _outputAndReason == other._outputAndReason && Tainted == other.Tainted;

    public override bool Equals(object? obj) => obj is TaintEnd other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_outputAndReason, Tainted);

    public override string ToString() => FormattableString.Invariant($"{Output}: {Tainted} ({EndReasons.NameOf(Reason)})");
}

/// <summary>A tainted output and the transaction it was followed into.</summary>
public readonly record struct TaintSpend(long Output, long Tainted, uint Spender);

/// <summary>An output on a path, with its tainted satoshi.</summary>
public readonly record struct TaintStep(long Output, long Tainted);

/// <summary>A chain of outputs from a seed (first) to an end (last); each is made by a transaction that takes in the one before.</summary>
/// <param name="Tainted">The smallest taint on the way: what could have come along this chain at most.</param>
public sealed record TaintPath(IReadOnlyList<TaintStep> Steps, long Tainted);

/// <summary>A limit that was hit: how many ends it caused and what it left open, satoshi.</summary>
public readonly record struct LimitHit(EndReason Reason, long Ends, long Tainted);

/// <summary>The names and books of <see cref="EndReason"/>.</summary>
public static class EndReasons
{
    public static string NameOf(EndReason reason) => reason switch
    {
        EndReason.Unspent => "unspent",
        EndReason.Until => "until",
        EndReason.MinValue => "min-value",
        EndReason.MaxTransactions => "max-transactions",
        EndReason.UnknownValue => "unknown-value",
        EndReason.Service => "service",
        EndReason.CoinJoin => "coinjoin",
        EndReason.NotFetched => "not-fetched",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

/// <summary>Where the money is under one policy, in the ledger's numbers.</summary>
public sealed class TraceOutcome
{
    private readonly TaintFlow? _flow;
    private readonly int _pathsToEnds;

    internal TraceOutcome(Policy policy, TraceBooks books, long visited, IReadOnlyList<TaintEnd> ends, IReadOnlyList<LimitHit> limits, TaintFlow? flow, int paths)
    {
        Policy = policy;
        Books = books;
        TransactionsVisited = visited;
        Ends = ends;
        Limits = limits;
        _flow = flow;
        _pathsToEnds = paths;
    }

    public Policy Policy { get; }

    /// <summary>For poison: Held, Cut sum the whole value of the ends, Fees those of every transaction reached; nothing adds up, by its nature.</summary>
    public TraceBooks Books { get; }

    /// <summary>Transactions that had a tainted input and were followed.</summary>
    public long TransactionsVisited { get; }

    /// <summary>Every open end, in chain order.</summary>
    public IReadOnlyList<TaintEnd> Ends { get; }

    /// <summary>The explicit links of the trace, in the order of their outputs, with what went over each.</summary>
    public IReadOnlyList<LinkFlow> Links { get; private init; } = [];

    /// <summary>Every limit that left an end open, in the order of <see cref="EndReason"/>.</summary>
    public IReadOnlyList<LimitHit> Limits { get; }

    /// <summary>Whether every stolen satoshi is in exactly one book. Must hold where <see cref="PolicyNames.Conserves"/> says so; cannot for poison and haircut-blocksci.</summary>
    public bool Conserves => Books.Seeds == Books.Held + Books.Parked + Books.Fees + Books.Absorbed + Books.Cut;

    /// <summary>The tainted outputs that were followed, in chain order. Worked out on each call.</summary>
    public IEnumerable<TaintSpend> Spends() => Flow.Spends(Ends);

    /// <summary>To each of the largest ends one chain from a seed, chosen backward: at every transaction the tainted input with the most taint (ties: the first).</summary>
    /// <remarks>A chain that leads back into a coinbase begins there: fees have no single input. Worked out on each call.</remarks>
    public IReadOnlyList<TaintPath> Paths() => PathFinder.Find(Flow, Ends, _pathsToEnds);

    /// <summary>The same outcome with what went over links taken from where it was parked; their outputs were seeds of this run and are none of the theft's.</summary>
    /// <param name="taken">By parked output, what links took of it.</param>
    internal TraceOutcome WithLinks(IReadOnlyList<LinkFlow> links, IReadOnlyDictionary<long, long> taken)
    {
        var linked = links.Sum(flow => flow.Amount);
        var ends = taken.Count == 0 ? Ends
            : [.. Ends.Select(end => new TaintEnd(end.Output, end.Tainted - taken.GetValueOrDefault(end.Output), end.Reason)).Where(end => end.Tainted > 0)];
        return new TraceOutcome(Policy, Books with { Seeds = Books.Seeds - linked, Parked = Books.Parked - linked }, TransactionsVisited, ends, Limits, _flow, _pathsToEnds)
        {
            Links = links,
        };
    }

    private TaintFlow Flow => _flow ?? throw new InvalidOperationException("The flow was not kept: ask with TraceQuery.RecordFlow.");
}
