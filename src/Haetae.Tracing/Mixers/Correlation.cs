using System.Numerics;

namespace Haetae.Tracing.Mixers;

/// <summary>How far two series rise and fall together.</summary>
/// <param name="Pairs">So many days.</param>
/// <param name="Pearson">Thousandths, -1,000 to 1,000; null: one of the series never changes.</param>
/// <param name="Spearman">The same of the ranks: single large days weigh less.</param>
/// <remarks>
/// Sums are exact integers of any size and only the last division is rounded, so the figure is the same on every machine. Pearson 1895; Spearman 1904, equal values sharing the mean of their ranks.
/// Two series may go together because of a third thing: it is no proof of anything.
/// </remarks>
public sealed record Correlation(int Pairs, int? Pearson, int? Spearman)
{
    /// <summary>The correlation of two series of the same length.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Correlation Of(IReadOnlyList<BigInteger> one, IReadOnlyList<BigInteger> other)
    {
        if (one.Count != other.Count) throw new ArgumentException($"Series of {one.Count} and {other.Count} items have no pairs.", nameof(other));
        return new Correlation(one.Count, Thousandths(one, other), Thousandths(Ranks(one), Ranks(other)));
    }

    private static int? Thousandths(IReadOnlyList<BigInteger> one, IReadOnlyList<BigInteger> other)
    {
        BigInteger count = one.Count, sumX = 0, sumY = 0, sumXx = 0, sumYy = 0, sumXy = 0;
        for (var i = 0; i < one.Count; i++)
        {
            sumX += one[i];
            sumY += other[i];
            sumXx += one[i] * one[i];
            sumYy += other[i] * other[i];
            sumXy += one[i] * other[i];
        }

        var together = count * sumXy - sumX * sumY;
        var apart = (count * sumXx - sumX * sumX) * (count * sumYy - sumY * sumY);
        if (apart.IsZero) return null;
        // The thousandths are the whole t with (2t - 1)^2 apart <= (2000 together)^2 < (2t + 1)^2 apart: no root is taken, so nothing is rounded twice.
        var twice = BigInteger.Abs(2_000 * together);
        var low = 0;
        while (low < 1_000 && (2 * low + 1) * (2 * low + 1) * apart <= twice * twice) low++;
        return together.Sign * low;
    }

    // Twice the rank, so that shared ranks stay whole.
    private static List<BigInteger> Ranks(IReadOnlyList<BigInteger> series)
    {
        BigInteger[] sorted = [.. series.Order()];
        var ranks = new Dictionary<BigInteger, BigInteger>();
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first];) end++;
            ranks[sorted[first]] = first + end + 1;
        }

        return [.. series.Select(value => ranks[value])];
    }
}
