namespace Haetae.Tracing.Demixing;

/// <summary>A payment into or out of a service that mixes by keeping: it takes coins in and pays others out later, less a fee.</summary>
/// <param name="Value">Satoshi.</param>
/// <param name="Time">Seconds since 1970, by the block.</param>
public readonly record struct TimedPayment(long Value, long Time);

/// <summary>What a service is thought to do between a deposit and its payout.</summary>
/// <param name="LeastFee">Millionths of the deposit.</param>
/// <param name="MostFee">Millionths of the deposit.</param>
/// <param name="LeastDelay">Seconds.</param>
/// <param name="MostDelay">Seconds.</param>
public sealed record MixerTerms(int LeastFee, int MostFee, long LeastDelay, long MostDelay)
{
    /// <summary>0.5 to 3 %, paid out within a day.</summary>
    public static MixerTerms Usual { get; } = new(5_000, 30_000, 0, 86_400);
}

/// <summary>A payout that may be a deposit's.</summary>
/// <param name="Index">Its place in the list that was searched.</param>
/// <param name="Score">1,000 divided by how many fit.</param>
/// <param name="Rivals">How many others fit as well.</param>
public readonly record struct PayoutCandidate(int Index, int Score, int Rivals);

/// <summary>Deposits at a custodial mixer and the payouts whose amount and time fit.</summary>
/// <remarks>
/// Contract: a payout fits when its value lies between the deposit less the most and less the least fee, rounded outward, and its time within the delay. All that fit score alike, and the number of
/// rivals is the evidence: one candidate among a thousand payouts is a lead, one of twenty says nothing. In the order of time, then value. Errs: where the service pays in several parts, draws its fee from
/// elsewhere or lets people wait; and a wrong payout fits by luck the likelier the busier the service is. Source: the published terms of mixers (0.5 to 3 %); Elliptic and Chainalysis describe the method without figures.
/// </remarks>
public static class PayoutMatching
{
    private const int Whole = 1_000_000;

    /// <summary>The payouts that fit a deposit.</summary>
    public static IReadOnlyList<PayoutCandidate> Of(TimedPayment deposit, IReadOnlyList<TimedPayment> payouts, MixerTerms terms)
    {
        var (least, most) = Range(deposit.Value, terms);
        List<int> fits = [.. Enumerable.Range(0, payouts.Count)
            .Where(i => payouts[i].Value >= least && payouts[i].Value <= most && payouts[i].Time - deposit.Time >= terms.LeastDelay && payouts[i].Time - deposit.Time <= terms.MostDelay)
            .OrderBy(i => payouts[i].Time).ThenBy(i => payouts[i].Value).ThenBy(i => i)];
        return fits.ConvertAll(i => new PayoutCandidate(i, 1_000 / fits.Count, fits.Count - 1));
    }

    /// <summary>The least and most that a deposit's payout can be worth.</summary>
    public static (long Least, long Most) Range(long deposit, MixerTerms terms) =>
        ((long)((Int128)deposit * (Whole - terms.MostFee) / Whole), (long)(((Int128)deposit * (Whole - terms.LeastFee) + Whole - 1) / Whole));
}
