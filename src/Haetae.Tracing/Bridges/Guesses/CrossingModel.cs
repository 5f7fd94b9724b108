namespace Haetae.Tracing.Bridges.Guesses;

/// <summary>What is assumed of a bridge that shares no key: how long it takes, what it keeps.</summary>
/// <remarks>
/// Weights are likelihood ratios in whole numbers: how much more often a true payout falls into the class than a chance one does. They are assumptions
/// (a latency around ten minutes that falls off on a logarithmic scale, a fee below one per cent), not measurements: real payouts with their
/// times were not at hand. Integers, so that the same guess comes out on every machine.
/// </remarks>
public sealed record CrossingModel
{
    /// <summary>The usual longest time from deposit to payout.</summary>
    public int WindowSeconds { get; init; } = 1_800;

    /// <summary>The window grows by a tenth until something is in it, to so many times itself at most.</summary>
    public int MostWidening { get; init; } = 2;

    /// <summary>The usual most that is kept, in millionths of the deposit.</summary>
    public int FeeMillionths { get; init; } = 30_000;

    /// <summary>The fee doubles until something fits, so often at most.</summary>
    public int MostDoublings { get; init; } = 2;

    /// <summary>By time, the class's end in seconds and its weight; beyond the last: <see cref="LateWeight"/>.</summary>
    public IReadOnlyList<(int UpTo, int Weight)> TimeWeights { get; init; } = [(60, 4), (180, 12), (600, 20), (1_200, 10), (1_800, 4), (3_600, 2)];

    public int LateWeight { get; init; } = 1;

    /// <summary>By what is kept, in millionths, the class's end and its weight; beyond the last: <see cref="DearWeight"/>.</summary>
    public IReadOnlyList<(int UpTo, int Weight)> FeeWeights { get; init; } = [(100, 12), (1_000, 30), (4_000, 20), (10_000, 8), (30_000, 2)];

    public int DearWeight { get; init; } = 1;

    /// <summary>How much more a payout to the named receiver weighs than one whose receiver cannot be compared.</summary>
    public int ReceiverWeight { get; init; } = 500;

    /// <summary>The weight of "none of these": the true payout is not on the rows.</summary>
    public int NoneWeight { get; init; } = 60;

    internal long Weight(long seconds, long feeMillionths, bool isNamed) =>
        (long)Of(TimeWeights, seconds, LateWeight) * Of(FeeWeights, feeMillionths, DearWeight) * (isNamed ? ReceiverWeight : 1);

    private static int Of(IReadOnlyList<(int UpTo, int Weight)> classes, long value, int beyond)
    {
        foreach (var (upTo, weight) in classes)
            if (value <= upTo) return weight;
        return beyond;
    }
}
