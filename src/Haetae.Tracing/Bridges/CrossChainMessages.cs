using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Bridges;

/// <summary>The ends of crossings on any ledger that Haetae reads.</summary>
public static class CrossChainMessages
{
    public static IReadOnlyList<CrossChainMessage> Of(ILedgerView view, int ledger, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel = default) =>
        BitcoinMessages.Of(view, ledger, protocols, names, cancel);

    public static IReadOnlyList<CrossChainMessage> Of(IAccountView view, int ledger, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names) =>
        AccountMessages.Of(view, ledger, protocols, names);
}
