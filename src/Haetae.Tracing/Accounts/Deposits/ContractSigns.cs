using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts.Deposits;

/// <summary>What shows in a ledger that an account is a contract: it keeps an asset, was created, or called on with value itself. Without a sign it may be one all the same.</summary>
internal sealed class ContractSigns(IAccountView ledger)
{
    private readonly HashSet<AccountAddress> _keepers = [.. ledger.Assets.Where(asset => asset.Name.Kind is not (AssetKind.Native or AssetKind.Trc10)).Select(asset => asset.Name.Contract)];
    private readonly Dictionary<uint, bool> _known = [];

    internal bool Has(uint account)
    {
        if (!_known.TryGetValue(account, out var found)) _known[account] = found = _keepers.Contains(ledger.AddressOf(account)) || Acted(account);
        return found;
    }

    private bool Acted(uint account)
    {
        var graph = ledger.Graph;
        foreach (var transfer in ledger.TransfersOf(account))
        {
            var kind = graph.KindOf(transfer);
            if (kind is TransferKind.Internal or TransferKind.Destruct && graph.From[transfer] == account) return true;
            if (kind == TransferKind.Create && graph.To[transfer] == account) return true;
        }

        return false;
    }
}
