using Haetae.Ledger;

namespace Haetae.Tracing.Policies;

/// <summary>What the policies have in common that give outputs taint up to their value, one after the other.</summary>
internal static class WholeAmounts
{
    /// <summary>The outputs and the fee together; -1 when more taint comes in than that, or it is more than 21 million coins.</summary>
    internal static long Total(ReadOnlySpan<long> values, long fee, long tainted)
    {
        var total = fee;
        foreach (var value in values) total += value;
        return (ulong)tainted > (ulong)total || total > Satoshi.Maximum ? -1 : total;
    }

    /// <summary>Fills outputs in the order of their values, among equal ones in their own order, until the taint runs out; the rest is the fee's.</summary>
    /// <remarks>
    /// The values alone are sorted: which of them the taint runs out at says of every other output whether it is full or empty, and those
    /// of that value are filled in their order. A transaction of very many outputs costs one sort.
    /// </remarks>
    internal static long FillByValue(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch, bool highestFirst)
    {
        if (Total(values, fee, tainted) < 0) return -1;
        var sorted = scratch[..values.Length];
        values.CopyTo(sorted);
        sorted.Sort();
        if (highestFirst) sorted.Reverse();
        var left = tainted;
        var full = 0;
        while (full < sorted.Length && sorted[full] <= left) left -= sorted[full++];
        if (full == sorted.Length)
        {
            values.CopyTo(shares);
            return left;
        }

        var last = sorted[full];
        for (; full > 0 && sorted[full - 1] == last; full--) left += last;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (value == last) left -= shares[i] = Math.Min(last, left);
            else shares[i] = value > last == highestFirst ? value : 0;
        }

        return left;
    }
}
