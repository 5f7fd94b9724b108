namespace Haetae.Tracing.Mixers;

/// <summary>Whether the pauses between withdrawals come in the order of the pauses between deposits, tested against other orders.</summary>
/// <remarks>
/// The measure is the sum of differences between the i-th pauses. p is the share of orders of the withdrawals' pauses that measure no more, the real order among them. Up to <see cref="ExactPauses"/> pauses every order is tried.
/// Beyond, <see cref="Draws"/> orders are drawn by a fixed generator (x := 6364136223846793005 x + 1442695040888963407 modulo 2^64, begun at 1 for every test, its upper half used; the constants are Knuth's, MMIX), so the same
/// pauses give the same p everywhere; the real order counts as one more.
/// </remarks>
public static class BurstOrder
{
    /// <summary>Pauses of which every order is tried: 5,040 orders.</summary>
    public const int ExactPauses = 7;

    /// <summary>Orders drawn where there are too many.</summary>
    public const int Draws = 9_999;

    /// <summary>How many of ten thousand orders fit as well, rounded up; 10,000 as soon as it is clear that more than <paramref name="level"/> do.</summary>
    /// <param name="deposits">Times, rising.</param>
    /// <param name="withdrawals">As many times, rising.</param>
    /// <param name="level">Ten-thousandths beyond which nobody asks.</param>
    public static int Of(ReadOnlySpan<long> deposits, ReadOnlySpan<long> withdrawals, int level)
    {
        if (deposits.Length != withdrawals.Length) throw new ArgumentException("A burst is compared with one of as many events.", nameof(withdrawals));
        var (one, other) = (Pauses(deposits), Pauses(withdrawals));
        var real = Measure(one, other);
        if (one.Length > ExactPauses) return Drawn(one, other, real, level);
        long fit = 0, all = 0;
        Permute(other, 0, order =>
        {
            all++;
            if (Measure(one, order) <= real) fit++;
        });
        return Share(fit, all);
    }

    private static int Drawn(long[] one, long[] other, long real, int level)
    {
        const long all = Draws + 1;
        var state = 1UL;
        long fit = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var left = other.Length; left > 1; left--)
            {
                state = unchecked(state * 6_364_136_223_846_793_005UL + 1_442_695_040_888_963_407UL);
                var pick = (int)((state >> 32) * (ulong)left >> 32);
                (other[left - 1], other[pick]) = (other[pick], other[left - 1]);
            }

            if (Measure(one, other) <= real && Share(++fit, all) > level) return 10_000;
        }

        return Share(fit, all);
    }

    private static int Share(long fit, long all) => (int)((10_000 * fit + all - 1) / all);

    private static void Permute(long[] order, int from, Action<long[]> take)
    {
        if (from >= order.Length - 1)
        {
            take(order);
            return;
        }

        for (var i = from; i < order.Length; i++)
        {
            (order[from], order[i]) = (order[i], order[from]);
            Permute(order, from + 1, take);
            (order[from], order[i]) = (order[i], order[from]);
        }
    }

    private static long[] Pauses(ReadOnlySpan<long> times)
    {
        var pauses = new long[Math.Max(0, times.Length - 1)];
        for (var i = 0; i < pauses.Length; i++) pauses[i] = times[i + 1] - times[i];
        return pauses;
    }

    private static long Measure(long[] one, long[] other)
    {
        long sum = 0;
        for (var i = 0; i < one.Length; i++) sum += Math.Abs(one[i] - other[i]);
        return sum;
    }
}
