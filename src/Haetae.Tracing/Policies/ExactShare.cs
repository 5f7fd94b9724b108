using System.Runtime.CompilerServices;

namespace Haetae.Tracing.Policies;

/// <summary>floor(tainted × value / total) in whole satoshi, without a division.</summary>
internal static class ExactShare
{
    /// <summary>The quotient and remainder of <paramref name="tainted"/> × <paramref name="value"/> / <paramref name="total"/>.</summary>
    /// <param name="ratio"><c>(double)tainted / total</c>, worked out once a transaction.</param>
    /// <remarks>
    /// Needs 0 &lt;= tainted, value &lt;= total &lt; 2^51. Proof: all three are exact as doubles. The ratio and its product with the value are
    /// each off by at most 2^-53 of themselves, together by less than 2^-52 + 2^-106; the true quotient is at most the value, below 2^51,
    /// so the estimate is off by less than 0.5 + 2^-54, and cut to a whole number it is the floor, one more or one less. The true
    /// remainder for it lies in [-total, 2 × total), within 2^53: computed modulo 2^64 it is right though the products wrap, and one
    /// step either way ends the matter.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Floor(long tainted, long value, long total, double ratio, out long remainder)
    {
        var quotient = (long)(value * ratio);
        var rest = unchecked((tainted * value) - (quotient * total));
        var tooFar = rest >> 63; // -1 when the estimate was one too high, else 0
        quotient += tooFar;
        rest += total & tooFar;
        var tooShort = ~((rest - total) >> 63); // -1 when it was one too low, else 0
        quotient -= tooShort;
        rest -= total & tooShort;
        remainder = rest;
        return quotient;
    }
}
