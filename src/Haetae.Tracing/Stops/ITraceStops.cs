namespace Haetae.Tracing.Stops;

/// <summary>Where a trace stops because following on would accuse the wrong people: at services, and at the doors of mixers.</summary>
/// <remarks>
/// The answer for an output must be the same whenever it is asked within one trace; traces on several threads may ask at once. A stop parks the
/// taint whole, under every policy, so a conserving policy's books still add up.
/// </remarks>
public interface ITraceStops
{
    /// <summary>Why the taint of an output goes no further; null: nothing stops it here.</summary>
    /// <param name="spender">The transaction that spends it within the blocks looked at; 0: none.</param>
    EndReason? At(long output, uint spender);
}
