namespace Haetae.Tracing.Policies;

/// <summary>Poison: one tainted satoshi among the inputs taints every output and the fee whole.</summary>
/// <remarks>
/// Contract: answers what can be reached, never how much; the amounts are the whole values of what was reached and do not add up.
/// Assumes: nothing, so it needs no input's value and passes through unknown ones. Errs: always too much. One deposit at an exchange
/// taints all its customers; use it as the outer bound. Source: Möser, Böhme, Breuker (2014); BlockSci's getPoisonTainted.
/// </remarks>
internal readonly struct Poison : ISharePolicy
{
    public static Policy Policy => Policy.Poison;

    public static bool TakesWhole => true;

    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch)
    {
        values.CopyTo(shares);
        return Math.Max(fee, 0);
    }
}
