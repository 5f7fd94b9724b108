using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Links;

/// <summary>What an analyst asserts and the chain does not say: that money parked at a stop went on in an output.</summary>
/// <param name="Name">The stop, as it was named: a CoinJoin's transaction id, a service's name, or a parked output.</param>
/// <param name="Output">The output in which it went on, made after it was parked (or by the CoinJoin itself).</param>
/// <param name="Amount">Satoshi that went on at most; null: as much as is parked and fits.</param>
public sealed record TaintLink(string Name, long Output, long? Amount)
{
    /// <summary>The CoinJoin's transaction; 0: the stop is none.</summary>
    public uint CoinJoin { get; init; }

    /// <summary>The service's <see cref="Entity.Key"/>; null: the stop is none.</summary>
    public string? Service { get; init; }

    /// <summary>The parked output; null: every output that is parked at the stop.</summary>
    public long? Parked { get; init; }
}

/// <summary>A link and what went over it under one policy.</summary>
/// <param name="Amount">Satoshi that were parked at the stop in time and went on.</param>
public sealed record LinkFlow(TaintLink Link, long Amount);
