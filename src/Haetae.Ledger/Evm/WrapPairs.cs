using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Evm;

/// <summary>Finds the coin that moved with a wrapped coin's event, within one transaction: an event alone proves nothing, as anyone may emit it.</summary>
/// <param name="moves">All else that the transaction moved.</param>
internal sealed class WrapPairs(ChainName chain, IReadOnlyList<EvmMove> moves)
{
    private readonly AssetName _native = AssetName.Native(chain);
    private readonly HashSet<int> _spent = [];

    /// <summary>Whether as much coin moved to or from the contract, each movement counted once; and its own Transfer does not say the same again.</summary>
    internal bool Take(EvmMove wrap, AccountAddress contract)
    {
        var found = -1;
        for (var i = 0; i < moves.Count; i++)
        {
            var move = moves[i];
            if (move == wrap) return false; // some contracts emit both
            if (found < 0 && move.Amount == wrap.Amount && move.Asset == _native && (wrap.Kind == TransferKind.Mint ? move.To : move.From) == contract && !_spent.Contains(i)) found = i;
        }

        if (found >= 0) _spent.Add(found);
        return found >= 0 || WrappedCoins.IsKnown(chain, contract);
    }
}
