namespace Haetae.Tracing.Policies;

/// <summary>Clean first: outputs take the clean money before the stolen, in their order.</summary>
/// <remarks>
/// Contract: each output in turn gets clean money up to its value until none is left, then stolen money; the fee comes last, so it is what is
/// tainted first of all. Taint out equals taint in.
/// Assumes: a wrongdoer spends his own money first and keeps the stolen money to the end, as the lowest intermediate balance rule presumes of
/// a bank account; and that payments stand before change.
/// Errs: where change stands first, it follows the payment instead; on a chain of small payments from mixed money it keeps all taint
/// with the payer. Source: the lowest intermediate balance rule of tracing in equity, brought to the outputs of one transaction.
/// </remarks>
internal readonly struct CleanFirst : ISharePolicy
{
    public static Policy Policy => Policy.CleanFirst;

    public static bool TakesWhole => false;

    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch)
    {
        var total = WholeAmounts.Total(values, fee, tainted);
        if (total < 0) return -1;
        var clean = total - tainted;
        for (var i = 0; i < values.Length; i++)
        {
            shares[i] = values[i] - Math.Min(values[i], clean);
            clean -= values[i] - shares[i];
        }

        return fee - clean;
    }
}
