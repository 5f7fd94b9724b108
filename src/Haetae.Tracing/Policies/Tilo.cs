namespace Haetae.Tracing.Policies;

/// <summary>TILO, taint in, lowest out: stolen money fills the smallest output first.</summary>
/// <remarks>
/// Contract: outputs in the order of rising value (ties: the lowest output) each get taint up to their value until none is left; the fee gets
/// what no output has room for. Taint out equals taint in.
/// Assumes: the opposite of <see cref="Tiho"/>: what is stolen is paid away in the small output and the large one is clean change.
/// Errs: it fills dust and small payments to bystanders whole. Nobody argues for it alone: it stands beside TIHO to show how much of the
/// answer hangs on that choice. Source: the mirror image of TIHO; this project's reading.
/// </remarks>
internal readonly struct Tilo : ISharePolicy
{
    public static Policy Policy => Policy.Tilo;

    public static bool TakesWhole => false;

    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch) =>
        WholeAmounts.FillByValue(values, fee, tainted, shares, scratch, highestFirst: false);
}
