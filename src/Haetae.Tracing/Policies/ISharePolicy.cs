namespace Haetae.Tracing.Policies;

/// <summary>A policy that needs to know only how much taint enters a transaction, not where in its inputs it lies.</summary>
/// <remarks>Implemented by empty structs: the walk is compiled once for each, with these members inlined.</remarks>
internal interface ISharePolicy
{
    static abstract Policy Policy { get; }

    /// <summary>True when taint reaches every output whole, whatever amount came in.</summary>
    static abstract bool TakesWhole { get; }

    /// <summary>Divides taint over a transaction's outputs and its fee.</summary>
    /// <param name="values">The outputs' values.</param>
    /// <param name="fee">The fee, known.</param>
    /// <param name="tainted">Taint that comes in, more than 0.</param>
    /// <param name="shares">Receives the taint of each output; as long as <paramref name="values"/>.</param>
    /// <param name="scratch">Room for one item more.</param>
    /// <returns>The taint of the fee; -1 when more taint comes in than the values and the fee are worth, or more than 21 million coins go out.</returns>
    static abstract long Split(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch);
}
