namespace Haetae.Tracing.Thefts;

/// <summary>Who writes down what a <see cref="TheftsRun{TTaint}"/> finds.</summary>
internal interface ITaintBook
{
    /// <summary>Whether to tell <see cref="Followed"/>, or else <see cref="Ended"/>, of an output; working out its parts costs time.</summary>
    bool Wants(long output, bool followed);

    /// <summary>A tainted output that is followed into its spender.</summary>
    /// <param name="parts">Each theft's part, by rising tag.</param>
    /// <param name="total">Tainted satoshi of any theft.</param>
    void Followed(long output, ReadOnlySpan<Tagged> parts, long total);

    /// <summary>A tainted output that is not followed further.</summary>
    void Ended(long output, ReadOnlySpan<Tagged> parts, long total, EndReason reason);

    /// <summary>What arrived at a seed that begins anew (<see cref="TheftsRun{TTaint}.SeedsBeginAnew"/>).</summary>
    void Renewed(long output, ReadOnlySpan<Tagged> parts, long total);

    /// <summary>Taint lost to a fee.</summary>
    void Lost(ReadOnlySpan<Tagged> parts, long total);

    /// <summary>Taint that came back to a seed of the same theft.</summary>
    void Absorbed(int tag, long amount);

    void Collided(Collision collision);
}
