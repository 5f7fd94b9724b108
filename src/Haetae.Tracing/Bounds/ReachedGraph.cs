using Haetae.Ledger;
using Haetae.Tracing.Engine;

namespace Haetae.Tracing.Bounds;

/// <summary>Where stolen money can end: an output where the trace stops, or one of the two books that hold no output.</summary>
/// <param name="Output">The output's number; <see cref="Fees"/> or <see cref="Absorbed"/> for the books.</param>
/// <param name="Reason">Why the trace ends there; means nothing for the two books.</param>
public readonly record struct ReachedEnd(long Output, EndReason Reason)
{
    /// <summary>Stands for the book of fees.</summary>
    public const long Fees = -1;

    /// <summary>Stands for the book of what came back to the stolen part of a seed.</summary>
    public const long Absorbed = -2;

    public bool IsOutput => Output >= 0;
}

/// <summary>Everything that taint can reach from a theft's seeds under any rule that conserves value, as a flow network.</summary>
/// <remarks>
/// One node for each transaction that stolen money can enter, in an order in which money only flows to later ones: chain order, but that a
/// coinbase paid by fees stands behind its block. One edge for each output (its capacity is its value) to its spender or to its end, and one
/// for each fee. The stolen amounts enter at the spenders of the seeds. A seed has two edges: what comes back to its stolen part is
/// absorbed, what comes to the rest goes on beside the stolen part; so its spender is reached by no more than its value.
/// <para>
/// A limit that cuts each rule's trace at another place (a least value, a count of transactions) has no part in it: the network is that of
/// the whole trace up to the last block looked at.
/// </para>
/// Memory: 28 bytes an edge and about 12 a node.
/// </remarks>
public sealed class ReachedGraph
{
    /// <summary>The index in <see cref="Ends"/> of the book of fees.</summary>
    public const int FeesEnd = 0;

    /// <summary>The index in <see cref="Ends"/> of the book of what came back to a seed.</summary>
    public const int AbsorbedEnd = 1;

    /// <summary>The largest network built unless asked otherwise, in transactions.</summary>
    public const int UsualLimit = 2_000_000;

    internal ReachedGraph(UtxoGraph graph, SeedList seeds, ReachedParts parts)
    {
        Graph = graph;
        Seeds = seeds;
        Stolen = seeds.Total;
        Transactions = [.. parts.Transactions];
        parts.FirstEdge.Add(parts.To.Count);
        FirstEdge = [.. parts.FirstEdge];
        From = [.. parts.From];
        To = [.. parts.To];
        Capacity = [.. parts.Capacity];
        Carrier = [.. parts.Carrier];
        Ends = [.. parts.Ends];
        SeedTargets = parts.SeedTargets;
        IsTight = parts.IsTight;
    }

    /// <summary>What entered: the sum of the seeds, satoshi. Every rule places exactly this much at <see cref="Ends"/>.</summary>
    public long Stolen { get; }

    /// <summary>The ends: fees, absorbed, then outputs.</summary>
    public IReadOnlyList<ReachedEnd> Ends { get; }

    /// <summary>How many transactions stolen money can enter.</summary>
    public int TransactionCount => Transactions.Length;

    /// <summary>How many outputs and fees stolen money can flow through.</summary>
    public int EdgeCount => To.Length;

    /// <summary>Whether some rule reaches every bound exactly. False where a coinbase's unclaimed reward is unknown: the bounds hold, but wider.</summary>
    public bool IsTight { get; }

    internal UtxoGraph Graph { get; }

    internal SeedList Seeds { get; }

    /// <summary>The transaction of each node.</summary>
    internal uint[] Transactions { get; }

    /// <summary>Per node its first edge; one item more than nodes.</summary>
    internal int[] FirstEdge { get; }

    /// <summary>Per edge, the node it leaves.</summary>
    internal int[] From { get; }

    /// <summary>Per edge, the later node it enters, or ~index of an end.</summary>
    internal int[] To { get; }

    /// <summary>Per edge, satoshi.</summary>
    internal long[] Capacity { get; }

    /// <summary>Per edge, the output whose money flows there, or ~transaction for a fee.</summary>
    internal long[] Carrier { get; }

    /// <summary>Per seed, in chain order, the node its stolen part enters, or ~index of an end.</summary>
    internal int[] SeedTargets { get; }

    /// <summary>What a coinbase on the network may have left of its block's reward; 0 where it is not on it.</summary>
    internal long UnclaimedBy(uint coinbase)
    {
        var edge = Array.IndexOf(Carrier, ~(long)coinbase);
        return edge < 0 ? 0 : Capacity[edge];
    }

    /// <summary>Builds the network; null, with the reason, where it would be too large.</summary>
    /// <param name="notBuilt">Why there is none, as the end of a sentence; null when there is one.</param>
    /// <param name="mostTransactions">Give up beyond so many transactions (or 32 times as many outputs).</param>
    /// <param name="endsHere">Outputs that are ends even if they are spent; null for none.</param>
    /// <exception cref="ArgumentException">A seed does not fit the ledger.</exception>
    /// <exception cref="LedgerCorruptException">The ledger contradicts itself.</exception>
    public static ReachedGraph? Build(
        UtxoGraph graph, TraceQuery query, out string? notBuilt, int mostTransactions = UsualLimit, Func<long, bool>? endsHere = null, CancellationToken cancellation = default)
    {
        var walk = new ReachedWalk(graph, query, mostTransactions, endsHere);
        var built = walk.Run(out notBuilt, cancellation);
        graph.KeepAlive();
        return built;
    }
}
