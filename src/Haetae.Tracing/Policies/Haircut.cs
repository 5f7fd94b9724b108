using System.Runtime.CompilerServices;
using Haetae.Ledger;

namespace Haetae.Tracing.Policies;

/// <summary>Haircut, pro rata: every output and the fee carry the same share of taint as the inputs together.</summary>
/// <remarks>
/// Contract: with taint T of inputs worth I, an output of value v gets floor(T·v / I); the satoshi still missing go one each to the largest
/// remainders, ties to the lowest output, the fee last. Taint out equals taint in, and no output gets more than its value.
/// Assumes: money in a transaction mixes evenly, as claims on a mixed fund do in the law of tracing (pari passu).
/// Errs: it thins out instead of ending. After a few busy transactions most of a chain carries a little taint, so a small share
/// is no sign of a link; and it cannot tell change from payment.
/// Source: Möser, Böhme, Breuker, "Towards Risk Scoring of Bitcoin Transactions" (2014); BlockSci's getHaircutTainted, in whole satoshi.
/// </remarks>
internal readonly struct Haircut : ISharePolicy
{
    public static Policy Policy => Policy.Haircut;

    public static bool TakesWhole => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch) =>
        values.Length == 2 ? SplitInTwo(values, fee, tainted, shares) : SplitInMany(values, fee, tainted, shares, scratch);

    // Most transactions pay one receiver and return change.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SplitInTwo(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares)
    {
        long first = values[0], second = values[1], total = first + second + fee;
        if ((ulong)tainted > (ulong)total || total > Satoshi.Maximum) return -1;
        if (tainted == total)
        {
            shares[0] = first;
            shares[1] = second;
            return fee;
        }

        var ratio = (double)tainted / total;
        var firstShare = ExactShare.Floor(tainted, first, total, ratio, out var firstRest);
        var secondShare = ExactShare.Floor(tainted, second, total, ratio, out var secondRest);
        var feeShare = ExactShare.Floor(tainted, fee, total, ratio, out var feeRest);

        // The three remainders add up to 0, 1 or 2 times the total, so at most two satoshi are missing.
        var missing = tainted - firstShare - secondShare - feeShare;
        if (missing == 1)
        {
            if (firstRest >= secondRest && firstRest >= feeRest) firstShare++;
            else if (secondRest >= feeRest) secondShare++;
            else feeShare++;
        }
        else if (missing == 2)
        {
            // All but the smallest remainder; among equals the later place goes without.
            if (feeRest <= firstRest && feeRest <= secondRest) (firstShare, secondShare) = (firstShare + 1, secondShare + 1);
            else if (secondRest <= firstRest) (firstShare, feeShare) = (firstShare + 1, feeShare + 1);
            else (secondShare, feeShare) = (secondShare + 1, feeShare + 1);
        }

        shares[0] = firstShare;
        shares[1] = secondShare;
        return feeShare;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long SplitInMany(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch)
    {
        var total = fee;
        foreach (var value in values) total += value;
        if ((ulong)tainted > (ulong)total || total > Satoshi.Maximum) return -1;
        if (tainted == total)
        {
            values.CopyTo(shares);
            return fee;
        }

        var rests = scratch[..(values.Length + 1)];
        var ratio = (double)tainted / total;
        var missing = tainted;
        for (var i = 0; i < values.Length; i++)
        {
            shares[i] = ExactShare.Floor(tainted, values[i], total, ratio, out rests[i]);
            missing -= shares[i];
        }

        var feeShare = ExactShare.Floor(tainted, fee, total, ratio, out rests[^1]);
        missing -= feeShare;
        if (missing == 0) return feeShare;

        // Above the threshold everyone gets one; at it, the lowest places get what is left.
        var sorted = scratch.Slice(rests.Length, rests.Length);
        rests.CopyTo(sorted);
        sorted.Sort();
        var threshold = sorted[^(int)missing];
        var above = 0L;
        foreach (var rest in rests) above += rest > threshold ? 1 : 0;
        var atThreshold = missing - above;
        for (var i = 0; i < rests.Length; i++)
        {
            if (rests[i] < threshold || (rests[i] == threshold && atThreshold-- <= 0)) continue;
            if (i < shares.Length) shares[i]++;
            else feeShare++;
        }

        return feeShare;
    }
}
