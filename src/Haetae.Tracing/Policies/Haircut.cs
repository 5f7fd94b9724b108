using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        values.Length switch
        {
            1 => SplitInOne(values[0], fee, tainted, shares),
            2 => SplitInTwo(values, fee, tainted, shares),
            _ => SplitInMany(values, fee, tainted, shares, scratch),
        };

    private static long SplitInOne(long value, long fee, long tainted, Span<long> shares)
    {
        var total = value + fee;
        if ((ulong)tainted > (ulong)total || total > Satoshi.Maximum) return -1;

        // One satoshi is missing unless both shares are whole; the output gets it if its remainder is at least half the total.
        var share = ExactShare.Floor(tainted, value, total, (double)tainted / total, out var rest);
        shares[0] = share + (rest > 0 && rest >= total - rest ? 1 : 0);
        return tainted - shares[0];
    }

    // Most transactions pay one receiver and return change.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SplitInTwo(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares)
    {
        long first = values[0], second = values[1], total = first + second + fee;
        if ((ulong)tainted > (ulong)total || total > Satoshi.Maximum) return -1;
        var ratio = (double)tainted / total;
        var firstShare = ExactShare.Floor(tainted, first, total, ratio, out var firstRest);
        var secondShare = ExactShare.Floor(tainted, second, total, ratio, out var secondRest);
        var feeShare = ExactShare.Floor(tainted, fee, total, ratio, out var feeRest);

        // A place gets one of the missing satoshi when fewer places than these stand before it. No branch: no processor guesses remainders.
        var missing = tainted - firstShare - secondShare - feeShare;
        shares[0] = firstShare + One(One(secondRest > firstRest) + One(feeRest > firstRest) < missing);
        shares[1] = secondShare + One(One(firstRest >= secondRest) + One(feeRest > secondRest) < missing);
        return feeShare + One(One(firstRest >= feeRest) + One(secondRest >= feeRest) < missing);

        static long One(bool condition) => condition ? 1 : 0;
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

        var threshold = Threshold(rests, missing, total, out var atThreshold);
        for (var i = 0; i < shares.Length; i++) shares[i] += rests[i] > threshold ? 1 : 0;
        feeShare += rests[^1] > threshold ? 1 : 0;
        for (var i = 0; atThreshold > 0; i++)
        {
            if (rests[i] != threshold) continue;
            atThreshold--;
            if (i < shares.Length) shares[i]++;
            else feeShare++;
        }

        return feeShare;
    }

    // The remainder above which everyone gets one of the missing satoshi; at it, so many of the lowest places do. Found by halving the range
    // of remainders, which takes a few rounds for ordinary transactions and at most 51 for any: no transaction can be built to make this slow.
    private static long Threshold(ReadOnlySpan<long> rests, long missing, long total, out long atThreshold)
    {
        long low = -1, high = total; // more than are missing lie above low, fewer above high
        var above = 0L;
        var middle = total - (total / rests.Length * missing); // where it lies if remainders are spread evenly
        while (high - low > 1)
        {
            if (middle <= low || middle >= high) middle = low + ((high - low) >> 1);
            var count = CountAbove(rests, middle);
            if (count == missing)
            {
                atThreshold = 0;
                return middle;
            }

            if (count > missing) low = middle;
            else (high, above) = (middle, count);
            middle = low + ((high - low) >> 1);
        }

        atThreshold = missing - above;
        return high;
    }

    private static long CountAbove(ReadOnlySpan<long> rests, long threshold)
    {
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(rests);
        var counts = Vector<long>.Zero;
        var thresholds = new Vector<long>(threshold);
        foreach (var vector in vectors) counts -= Vector.GreaterThan(vector, thresholds);
        var count = Vector.Sum(counts);
        foreach (var rest in rests[(vectors.Length * Vector<long>.Count)..]) count += rest > threshold ? 1 : 0;
        return count;
    }
}
