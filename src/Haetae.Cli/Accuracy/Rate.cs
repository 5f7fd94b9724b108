namespace Haetae.Cli.Accuracy;

/// <summary>So many of so many, exactly, with the 95 % interval of the share.</summary>
internal readonly record struct Rate(long Hits, long Of)
{
    /// <summary>In per cent; null of none.</summary>
    internal double? Share => Of == 0 ? null : 100.0 * Hits / Of;

    /// <summary>Wilson's score interval (1927) for z = 1.96, in per cent. Of none, everything is possible.</summary>
    internal (double Low, double High) Interval()
    {
        const double z = 1.959964;
        if (Of == 0) return (0, 100);
        double n = Of, p = Hits / n;
        double middle = (p + z * z / (2 * n)) / (1 + z * z / n), half = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        // At the ends the formula gives 0 and 1 exactly; rounding errors would show as -0.0 or 99.99.
        return (Hits == 0 ? 0 : 100 * (middle - half), Hits == Of ? 100 : 100 * (middle + half));
    }
}
