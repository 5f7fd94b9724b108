using Haetae.Tracing;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Tracing.Support;

/// <summary>Stops strewn over a random ledger: about one output in six is a service's, about one transaction in six is a CoinJoin.</summary>
internal sealed class RandomStops(ulong seed) : ITraceStops
{
    public EndReason? At(long output, uint spender) =>
        Chosen((ulong)output, 1) ? EndReason.Service : spender != 0 && Chosen(spender, 2) ? EndReason.CoinJoin : null;

    private bool Chosen(ulong number, ulong kind) => new Dice((seed * 1_000_003) + (number * 4) + kind).OneIn(6);
}
