namespace Haetae.Tracing.Policies;

/// <summary>Dirty first: outputs take the stolen money before the clean, in their order.</summary>
/// <remarks>
/// Contract: each output in turn gets taint up to its value until none is left, wherever among the inputs it lay; the fee comes last. Taint out
/// equals taint in.
/// Assumes: whoever pays spends the stolen money first, and the payment is the first output. The order of inputs decides nothing.
/// Errs: wallets shuffle outputs, so the first is often the change; and the rule presumes the worst of every payment from mixed money.
/// Source: the seniority reading of tainted coins (getFifoSeniorityTainted, named in an early example of BlockSci's).
/// </remarks>
internal readonly struct DirtyFirst : ISharePolicy
{
    public static Policy Policy => Policy.DirtyFirst;

    public static bool TakesWhole => false;

    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch)
    {
        if (WholeAmounts.Total(values, fee, tainted) < 0) return -1;
        var left = tainted;
        for (var i = 0; i < values.Length; i++) left -= shares[i] = Math.Min(values[i], left);
        return left;
    }
}
