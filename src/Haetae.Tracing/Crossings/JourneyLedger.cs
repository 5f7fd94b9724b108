using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Crossings;

/// <summary>A ledger that a journey may lead over.</summary>
/// <param name="Name">How answers call it.</param>
public abstract record JourneyLedger(string Name)
{
    /// <summary>CAIP-2.</summary>
    public abstract string Chain { get; }

    /// <summary>The ends of crossings on it.</summary>
    public abstract IReadOnlyList<CrossChainMessage> Messages(int number, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel);

    internal abstract UInt256 AmountOf(long number);
}

/// <summary>A ledger of outputs.</summary>
/// <param name="Stops">Where a trace stops besides bridges; null: nowhere.</param>
public sealed record BitcoinJourneyLedger(string Name, ILedgerView View, ITraceStops? Stops = null) : JourneyLedger(Name)
{
    public override string Chain => View.Network.ChainId;

    public override IReadOnlyList<CrossChainMessage> Messages(int number, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel) =>
        CrossChainMessages.Of(View, number, protocols, names, cancel);

    internal override UInt256 AmountOf(long number) => (UInt128)View.Graph.Value[number];
}

/// <summary>A ledger of accounts.</summary>
/// <param name="Stops">Where a trace stops besides bridges; null: nowhere.</param>
public sealed record AccountJourneyLedger(string Name, IAccountView View, IAccountStops? Stops = null) : JourneyLedger(Name)
{
    public override string Chain => View.Chain.Caip2;

    public override IReadOnlyList<CrossChainMessage> Messages(int number, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel) =>
        CrossChainMessages.Of(View, number, protocols, names);

    internal override UInt256 AmountOf(long number) => View.Graph.Amount[number];
}
