using System.Globalization;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>So many of so many, with its 95 % interval.</summary>
internal readonly record struct Rate(int Hits, int Of)
{
    /// <summary>Wilson's score interval for a share (1927), z = 1.96.</summary>
    internal (double Low, double High) Interval()
    {
        const double z = 1.959964;
        if (Of == 0) return (0, 1);
        double n = Of, p = Hits / n;
        double middle = (p + z * z / (2 * n)) / (1 + z * z / n), half = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    public override string ToString()
    {
        var (low, high) = Interval();
        return string.Create(CultureInfo.InvariantCulture, $"{Hits} of {Of} ({(Of == 0 ? 0 : 100.0 * Hits / Of):0.0} %, interval {100 * low:0.0} to {100 * high:0.0} %)");
    }
}
