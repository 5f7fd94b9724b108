using Haetae.Ledger;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Engine;

/// <summary>Divides a transaction's taint by a policy, with room that is used again from one transaction to the next.</summary>
internal sealed class ShareDivision<TPolicy>(UtxoGraph graph) where TPolicy : struct, ISharePolicy
{
    public long[] Shares { get; private set; } = new long[64];

    public long[] Scratch { get; private set; } = new long[65];

    /// <summary>Makes room for so many outputs and returns <see cref="Shares"/>.</summary>
    public long[] Grow(int outputs)
    {
        var room = Math.Max(outputs, 2 * Shares.Length);
        Scratch = new long[room + 1];
        return Shares = new long[room];
    }

    /// <summary>The taint of each output, in room that the next call overwrites.</summary>
    /// <param name="arrived">False when no taint entered: all shares are 0.</param>
    /// <param name="feeShare">The taint of the fee; negative when the amounts disagree.</param>
    public Span<long> Divide(uint transaction, bool arrived, long tainted, out long feeShare)
    {
        var first = graph.FirstOutput[transaction];
        var count = (int)(graph.FirstOutput[transaction + 1L] - first);
        if (Shares.Length < count) Grow(count);
        var shares = Shares.AsSpan(0, count);
        feeShare = 0;
        if (arrived) feeShare = TPolicy.Split(graph.Value.Slice(first, count), graph.Fee[transaction], tainted, shares, Scratch);
        else shares.Clear();
        return shares;
    }

    /// <summary>Lays the seeds of a transaction over the taint that reached its outputs, and returns what is absorbed.</summary>
    /// <remarks>
    /// Where taint comes back to a seed of the same theft, the part both claim is counted once: the output holds the larger of the two
    /// and the smaller is absorbed. For an output stolen whole that is all that came back.
    /// </remarks>
    public long LayOver(SeedList seeds, long firstOutput, Span<long> shares)
    {
        var absorbed = 0L;
        for (var i = 0; i < shares.Length; i++)
        {
            var stolen = seeds.StolenOf(firstOutput + i);
            if (stolen == 0) continue;
            if (!TPolicy.TakesWhole) absorbed += Math.Min(stolen, shares[i]);
            shares[i] = TPolicy.TakesWhole ? graph.Value[firstOutput + i] : Math.Max(stolen, shares[i]);
        }

        return absorbed;
    }
}
