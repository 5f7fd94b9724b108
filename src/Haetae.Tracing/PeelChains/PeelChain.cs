namespace Haetae.Tracing.PeelChains;

/// <summary>Why a peel chain was followed no further.</summary>
public enum PeelEnd
{
    /// <summary>The output it was to begin with is not spent, or the transaction has not the shape of a hop: one input, two outputs that pay.</summary>
    NoHop,

    /// <summary>Both outputs go on like the chain: nobody can tell which is the chain's.</summary>
    Ambiguous,

    /// <summary>Neither output goes on like the chain.</summary>
    NoneGoesOn,

    /// <summary>The cap on hops was reached.</summary>
    Limit,
}

/// <summary>What speaks for or against an output as the chain's next coin.</summary>
public enum PeelMark
{
    /// <summary>Its script was new, and a transaction of the same shape and fingerprint spends it.</summary>
    GoesOn,

    /// <summary>No transaction spends it.</summary>
    Unspent,

    /// <summary>Its script was paid before: change has new scripts.</summary>
    PaidBefore,

    /// <summary>It is spent by a transaction of another shape.</summary>
    OtherShape,

    /// <summary>It is spent by a transaction with another fingerprint.</summary>
    OtherFingerprint,
}

/// <summary>One transaction of a chain.</summary>
/// <param name="Transaction">Its number.</param>
/// <param name="Peeled">The output that left the chain, by number; null at a last hop where nobody can tell.</param>
/// <param name="Next">The output that goes on; null at the last hop.</param>
/// <param name="Fee">Satoshi.</param>
/// <param name="Time">The block's time, seconds since 1970.</param>
public readonly record struct PeelHop(uint Transaction, long? Peeled, long? Next, long Fee, uint Time);

/// <summary>A peel chain: a coin that pays a little and moves on, again and again. A report may show it as one edge.</summary>
/// <param name="StartValue">Satoshi that entered the first hop.</param>
/// <param name="Hops">In order; empty when there is none.</param>
/// <param name="LastOutputs">The outputs of the last hop: whoever follows the money further begins here.</param>
/// <param name="LastMarks">What was found about each of them.</param>
public sealed record PeelChain(long StartValue, IReadOnlyList<PeelHop> Hops, PeelEnd End, IReadOnlyList<long> LastOutputs, IReadOnlyList<PeelMark> LastMarks)
{
    /// <summary>Satoshi lost to fees on the way.</summary>
    public long Fees => Hops.Sum(hop => hop.Fee);

    /// <summary>The median of the seconds from one hop to the next, of the two middle ones the lower; null with fewer than two hops. Block times may run backwards a little.</summary>
    public long? MedianHopSeconds
    {
        get
        {
            if (Hops.Count < 2) return null;
            var steps = Enumerable.Range(1, Hops.Count - 1).Select(hop => (long)Hops[hop].Time - Hops[hop - 1].Time).Order().ToList();
            return steps[(steps.Count - 1) / 2];
        }
    }
}
