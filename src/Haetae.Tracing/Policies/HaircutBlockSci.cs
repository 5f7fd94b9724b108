namespace Haetae.Tracing.Policies;

/// <summary>Haircut with BlockSci's arithmetic, to compare figures with it. Not for casework: it loses satoshi.</summary>
/// <remarks>
/// Contract: an output's part of the transaction is a double, its taint is that part of T cut to whole satoshi, at most its value and at
/// most what is left; all that rounding leaves over goes to the fee up to its size, and what exceeds the fee is gone.
/// Assumes: as <see cref="Haircut"/>. Errs: as <see cref="Haircut"/>; besides, taint vanishes where a fee is smaller than the rounding.
/// Source: BlockSci 0.7, taint with taint_fee = false (Kalodner et al., "BlockSci", USENIX Security 2020).
/// </remarks>
internal readonly struct HaircutBlockSci : ISharePolicy
{
    public static Policy Policy => Policy.HaircutBlockSci;

    public static bool TakesWhole => false;

    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch)
    {
        var total = fee;
        foreach (var value in values) total += value;
        if ((ulong)tainted > (ulong)total) return -1;
        double asDouble = total;
        var left = tainted;
        for (var i = 0; i < values.Length; i++)
        {
            var share = (long)(values[i] / asDouble * tainted);
            share = Math.Min(Math.Min(share, values[i]), left);
            shares[i] = share;
            left -= share;
        }

        return Math.Min(left, fee);
    }
}
