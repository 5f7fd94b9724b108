using Haetae.Ledger;

namespace Haetae.Tracing.Bounds;

/// <summary>How much of a theft some outputs (an address's, say) can have to do with, under any rule that conserves value.</summary>
/// <param name="Stolen">The sum of the seeds, satoshi.</param>
/// <param name="Received">Of the stolen satoshi, those that ever came to the outputs: each is counted once, however often it comes back. At no time do the outputs hold more.</param>
/// <param name="Held">Those that lie there at the last block looked at.</param>
/// <param name="Outputs">How many of the outputs stolen money can come to.</param>
/// <param name="HeldOutputs">How many of these are unspent at the last block looked at.</param>
/// <param name="Transactions">How many transactions stolen money can enter on its way, up to the last block in which one of the outputs was made.</param>
/// <param name="IsTight">As in <see cref="ReachedGraph.IsTight"/>.</param>
public sealed record Exposure(long Stolen, TaintBounds Received, TaintBounds Held, int Outputs, int HeldOutputs, int Transactions, bool IsTight)
{
    /// <summary>Why <see cref="Received"/> can be as much as it says and no more.</summary>
    public required BoundProof ReceivedProof { get; init; }

    /// <summary>The same for <see cref="Held"/>.</summary>
    public required BoundProof HeldProof { get; init; }
}

/// <summary>The exculpatory question: how much stolen money can an address have received or hold at most?</summary>
/// <remarks>
/// For what was received, the outputs are ends, so that money which leaves and comes back counts once; for what is held, they are followed
/// when they are spent. Nothing made after the last of the outputs can change either answer, so nothing later is looked at.
/// </remarks>
public static class ExposureBounds
{
    /// <param name="query">The theft and how far to look. Its policy-bound limits (least value, count of transactions) have no part in this.</param>
    /// <param name="outputs">The outputs asked about, in chain order; none made by a transaction before a seed can matter, and they may be among the seeds.</param>
    /// <param name="notComputed">Why there is no answer, as the end of a sentence; null when there is one.</param>
    /// <param name="steps">As in <see cref="FlowBounds.Prove"/>.</param>
    public static Exposure? Of(
        UtxoGraph graph, TraceQuery query, IReadOnlyList<long> outputs, out string? notComputed,
        int mostTransactions = ReachedGraph.UsualLimit, int steps = 100_000, CancellationToken cancellation = default)
    {
        var asked = outputs.ToHashSet();
        var until = query.UntilHeight ?? int.MaxValue;
        bool IsHeld(long output) => graph.SpenderOf(output) is var spender && (spender == 0 || graph.HeightOf(spender) > until);
        var last = outputs.Concat(query.Seeds.Select(seed => seed.Output)).Max(output => graph.HeightOf(graph.TransactionOf(output)));
        var near = query with { UntilHeight = Math.Min(until, last) };
        if (ReachedGraph.Build(graph, near, out notComputed, mostTransactions, asked.Contains, cancellation) is not { } received) return null;
        var (came, cameProof, cameEnds) = Ask(received, asked.Contains, steps, cancellation);

        // Only if one of them was spent does the second network differ from the first.
        var isSpent = cameEnds.Any(end => !IsHeld(received.Ends[end].Output));
        var held = isSpent ? ReachedGraph.Build(graph, near, out notComputed, mostTransactions, cancellation: cancellation) : received;
        if (held is null) return null;
        var (lies, liesProof, liesEnds) = isSpent ? Ask(held, output => asked.Contains(output) && IsHeld(output), steps, cancellation) : (came, cameProof, cameEnds);
        return new Exposure(received.Stolen, came, lies, cameEnds.Length, liesEnds.Length, Math.Max(received.TransactionCount, held.TransactionCount), received.IsTight && held.IsTight)
        {
            ReceivedProof = cameProof,
            HeldProof = liesProof,
        };
    }

    private static (TaintBounds Bounds, BoundProof Proof, int[] Ends) Ask(ReachedGraph graph, Func<long, bool> isAsked, int steps, CancellationToken cancellation)
    {
        int[] ends = [.. graph.Ends.Index().Where(end => end.Item.IsOutput && isAsked(end.Item.Output)).Select(end => end.Index)];
        var search = new FlowBounds(graph);
        var bounds = search.Of(ends, cancellation);
        var proof = search.Prove(ends, steps, cancellation);
        return proof.Fault(graph) is { } fault ? throw new InvalidOperationException($"A proof of bounds does not re-add: {fault}.") : (bounds, proof, ends);
    }
}
