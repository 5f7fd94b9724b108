using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>Which transfers an account made itself. A token's contract can write anybody's name into a transfer; who signed the transaction cannot be made up.</summary>
internal sealed class AccountActs(IAccountView ledger, NoiseTerms terms)
{
    private readonly KnownAsset?[] _known = KnownAssets(ledger, terms);
    private uint _transaction = uint.MaxValue;
    private uint _signer;

    /// <summary>The known asset of a number; null: not one of the terms.</summary>
    internal KnownAsset? KnownOf(uint asset) => _known[asset];

    /// <summary>Who signed the transaction of a transfer: the payer of its fee or of its own value; null: the ledger does not tell.</summary>
    internal uint? SignerOf(long transfer)
    {
        var graph = ledger.Graph;
        var transaction = graph.TransactionOf(transfer);
        if (transaction != _transaction)
        {
            (_transaction, _signer) = (transaction, AccountGraph.Nobody);
            for (var at = graph.TxFirstTransfer[transaction]; at < graph.TxFirstTransfer[transaction + 1L]; at++)
            {
                if (graph.KindOf(at) is not (TransferKind.External or TransferKind.Fee or TransferKind.FeeBurnt)) continue;
                _signer = graph.From[at];
                break;
            }
        }

        return _signer == AccountGraph.Nobody ? null : _signer;
    }

    /// <summary>Whether the payer of a transfer meant it: it called (with or without value), or value moved in a known asset or in a transaction that it signed.</summary>
    internal bool IsOwnAct(long transfer)
    {
        var graph = ledger.Graph;
        var kind = graph.KindOf(transfer);
        if (kind is TransferKind.External or TransferKind.Stated) return true;
        if (kind is TransferKind.Fee or TransferKind.FeeBurnt || graph.Amount[transfer].IsZero) return false;
        return KnownOf(graph.Asset[transfer]) is not null || SignerOf(transfer) == graph.From[transfer];
    }

    /// <summary>Whether a transfer moves more than dust of a known asset.</summary>
    internal bool IsAboveDust(long transfer) => KnownOf(ledger.Graph.Asset[transfer]) is { } known && ledger.Graph.Amount[transfer] > known.Dust;

    private static KnownAsset?[] KnownAssets(IAccountView ledger, NoiseTerms terms)
    {
        var byName = terms.Known.ToDictionary(known => known.Name);
        return [.. ledger.Assets.Select(asset => byName.GetValueOrDefault(asset.Name))];
    }
}
