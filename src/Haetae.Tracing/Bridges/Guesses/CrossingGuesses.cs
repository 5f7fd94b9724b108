using Haetae.Ledger;

namespace Haetae.Tracing.Bridges.Guesses;

/// <summary>A deposit at a bridge or a payment on another chain, as guesses compare them.</summary>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Asset">What it is, the same word on both chains: <c>usdc</c>, <c>native:eth</c>.</param>
/// <param name="Amount">In units that both chains share.</param>
/// <param name="Receiver">Who is (to be) paid; null: not known.</param>
public readonly record struct CrossingEnd(long Time, string Asset, UInt256 Amount, string? Receiver);

/// <summary>A payment that may be what a deposit came out as.</summary>
/// <param name="Payout">Its index in what was searched.</param>
/// <param name="PerMille">How probable under the model, in thousandths, rounded down.</param>
/// <param name="Rivals">Other payments that fit.</param>
public readonly record struct CrossingGuess(int Payout, int PerMille, int Rivals);

/// <summary>Guesses which payment belongs to a deposit where a bridge shares no key: receiver, asset, time, fee, and how many others fit.</summary>
/// <remarks>
/// The chain of rules is Connector's: the receiver where both are known, the same asset, paid within the window, no more than the fee less; window and
/// fee grow while nothing fits. Here each candidate then gets a probability instead of the nearest taking all: its weight (<see cref="CrossingModel"/>) of
/// the sum of all weights and of "none of these". Errs where many pay alike: then every probability is small, and the number of rivals says why.
/// Source: Connector (2024), withdrawal rules, for the chain of rules; the probabilities are Haetae's own.
/// </remarks>
public sealed class CrossingGuesses
{
    private readonly IReadOnlyList<CrossingEnd> _payouts;
    private readonly Dictionary<string, int[]> _byAsset;
    private readonly CrossingModel _model;

    public CrossingGuesses(IReadOnlyList<CrossingEnd> payouts, CrossingModel model)
    {
        (_payouts, _model) = (payouts, model);
        _byAsset = payouts.Index().GroupBy(one => one.Item.Asset).ToDictionary(group => group.Key, group => group.OrderBy(one => one.Item.Time).ThenBy(one => one.Index).Select(one => one.Index).ToArray());
    }

    /// <summary>What fits a deposit, the most probable first (ties: the earlier).</summary>
    public IReadOnlyList<CrossingGuess> Of(CrossingEnd deposit)
    {
        if (deposit.Amount.IsZero || !_byAsset.TryGetValue(deposit.Asset, out var inTime)) return [];
        var fee = _model.FeeMillionths;
        for (var doubling = 0; doubling <= _model.MostDoublings; doubling++, fee *= 2)
        {
            for (long window = _model.WindowSeconds; window <= (long)_model.WindowSeconds * _model.MostWidening; window += Math.Max(1, window / 10))
                if (Fitting(deposit, inTime, window, Math.Min(fee, 1_000_000)) is { Count: > 0 } found) return Judge(deposit, found);
        }

        return [];
    }

    private List<int> Fitting(CrossingEnd deposit, int[] inTime, long window, int fee)
    {
        var found = new List<int>();
        for (var at = FirstAfter(inTime, deposit.Time); at < inTime.Length && _payouts[inTime[at]].Time <= deposit.Time + window; at++)
        {
            var payout = _payouts[inTime[at]];
            if (deposit.Receiver is { } to && payout.Receiver is { } paid && to != paid) continue;
            if (payout.Amount <= deposit.Amount && Fee(deposit.Amount, payout.Amount) <= fee) found.Add(inTime[at]);
        }

        return found;
    }

    private List<CrossingGuess> Judge(CrossingEnd deposit, List<int> found)
    {
        long[] weights = [.. found.Select(index => _model.Weight(_payouts[index].Time - deposit.Time, Fee(deposit.Amount, _payouts[index].Amount), deposit.Receiver is not null && deposit.Receiver == _payouts[index].Receiver))];
        var sum = weights.Sum() + _model.NoneWeight;
        return [.. found.Index().OrderByDescending(one => weights[one.Index]).ThenBy(one => _payouts[one.Item].Time).ThenBy(one => one.Item)
            .Select(one => new CrossingGuess(one.Item, (int)(weights[one.Index] * 1_000 / sum), found.Count - 1))];
    }

    // What was kept, in millionths of the deposit, rounded up.
    private static long Fee(UInt256 deposit, UInt256 payout)
    {
        var whole = UInt256.MulDiv(deposit - payout, 1_000_000UL, deposit, out var remainder);
        return (long)whole.Lower + (remainder.IsZero ? 0 : 1);
    }

    // A payout of the deposit's own second would have to be known before it was asked for: 0 < time.
    private int FirstAfter(int[] inTime, long time)
    {
        int low = 0, high = inTime.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_payouts[inTime[middle]].Time <= time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
