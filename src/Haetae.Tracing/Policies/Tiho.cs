namespace Haetae.Tracing.Policies;

/// <summary>TIHO, taint in, highest out: stolen money fills the largest output first.</summary>
/// <remarks>
/// Contract: outputs in the order of falling value (ties: the lowest output) each get taint up to their value until none is left; the fee gets
/// what no output has room for. Taint out equals taint in.
/// Assumes: the thief keeps the big part and pays with the small one, so the stolen coins go on in the largest output.
/// Errs: where the large output is the payment, as in most sales to an exchange, it follows the exchange's money. One satoshi of difference
/// between two outputs moves all of the taint, and a thief who knows the rule can choose it.
/// Source: Tironsakkul, Maarek, Eross, Just, "Probing the Mystery of Cryptocurrency Theft" (arXiv 1906.05754, 2019).
/// </remarks>
internal readonly struct Tiho : ISharePolicy
{
    public static Policy Policy => Policy.Tiho;

    public static bool TakesWhole => false;

    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch) =>
        WholeAmounts.FillByValue(values, fee, tainted, shares, scratch, highestFirst: true);
}
