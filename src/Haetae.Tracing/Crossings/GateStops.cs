using Haetae.Tracing.Accounts;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Crossings;

/// <summary>Parks taint at deposits of bridges, then wherever else a ledger's own stops say.</summary>
internal sealed class GateStops(IReadOnlySet<long> gates, ITraceStops? outputs, IAccountStops? accounts) : ITraceStops, IAccountStops
{
    // A bridge is a service to the engine of outputs; the journey's report calls it by its name.
    public EndReason? At(long output, uint spender) => gates.Contains(output) ? EndReason.Service : outputs?.At(output, spender);

    public AccountEndReason? At(long transfer) => gates.Contains(transfer) ? AccountEndReason.Bridge : accounts?.At(transfer);
}
