using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Crossings;

/// <summary>A ledger that a journey may lead over.</summary>
/// <param name="Name">How answers call it.</param>
public abstract record JourneyLedger(string Name)
{
    /// <summary>CAIP-2.</summary>
    public abstract string Chain { get; }

    /// <summary>What its stops rest on, for the answer.</summary>
    public JourneyStops Said { get; init; } = JourneyStops.None;

    /// <summary>What names the state that was read: height and hash of the tip, or a digest.</summary>
    public abstract string State { get; }

    /// <summary>What a reader must know of it.</summary>
    public abstract IReadOnlyList<string> Notes { get; }

    /// <summary>The ends of crossings on it.</summary>
    public abstract IReadOnlyList<CrossChainMessage> Messages(int number, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel);

    internal abstract UInt256 AmountOf(long number);
}

/// <summary>Where a leg stops besides bridges, as it was asked for.</summary>
/// <param name="Kinds">In text order: coinjoins, services; empty: nowhere.</param>
/// <param name="Through">What is followed all the same.</param>
/// <param name="Tags">The tags gone by; null: none.</param>
public sealed record JourneyStops(IReadOnlyList<string> Kinds, IReadOnlyList<string> Through, TraceTags? Tags)
{
    /// <summary>Bridges only.</summary>
    public static JourneyStops None { get; } = new([], [], null);
}

/// <summary>A ledger of outputs.</summary>
/// <param name="Stops">Where a trace stops besides bridges; null: nowhere.</param>
public sealed record BitcoinJourneyLedger(string Name, ILedgerView View, ITraceStops? Stops = null) : JourneyLedger(Name)
{
    public override string Chain => View.Network.ChainId;

    // Two case ledgers may have one tip and hold different things.
    public override string State => View is CaseLedger fetched ? fetched.Digest : $"{View.TipHeight}:{View.TipHash}";

    public override IReadOnlyList<string> Notes => View is CaseLedger fetched ? fetched.Notes : [];

    public override IReadOnlyList<CrossChainMessage> Messages(int number, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel) =>
        CrossChainMessages.Of(View, number, protocols, names, cancel);

    internal override UInt256 AmountOf(long number) => (UInt128)View.Graph.Value[number];

    /// <summary>The service that an output pays and that a trace stops at.</summary>
    public string? ServiceAt(long output) => (Stops as LedgerStops)?.ServiceOf(output)?.Name;
}

/// <summary>A ledger of accounts.</summary>
/// <param name="Stops">Where a trace stops besides bridges; null: nowhere.</param>
public sealed record AccountJourneyLedger(string Name, IAccountView View, IAccountStops? Stops = null) : JourneyLedger(Name)
{
    public override string Chain => View.Chain.Caip2;

    public override string State => View.Digest;

    public override IReadOnlyList<string> Notes => View.Notes;

    public override IReadOnlyList<CrossChainMessage> Messages(int number, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel) =>
        CrossChainMessages.Of(View, number, protocols, names);

    internal override UInt256 AmountOf(long number) => View.Graph.Amount[number];

    /// <summary>The service behind an account that a trace stops at.</summary>
    public string? ServiceOf(uint account) => Stops?.ServiceOf(account)?.Name;
}
