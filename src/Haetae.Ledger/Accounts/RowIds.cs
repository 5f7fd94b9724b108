using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts;

/// <summary>Stable ids for rows that come without a transaction's hash, one after the other: the rule that tables of transfers are ingested by.</summary>
/// <remarks>Not a hash of the chain: evidence must say so (<see cref="TxMarks.RowId"/>). The rule is drawn in docs/ledger-format.md.</remarks>
public sealed class RowIds(ChainName chain)
{
    private readonly Dictionary<(uint Time, AccountAddress? From, AccountAddress? To, AssetName Asset, UInt256 Amount), long> _seen = [];

    /// <summary>The id of the next row. Null stands for nobody.</summary>
    public Hash256 Next(uint time, AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount)
    {
        var said = (time, from, to, asset, amount);
        var before = _seen.GetValueOrDefault(said);
        _seen[said] = before + 1;
        var row = new TransferRow { Time = time, From = from ?? default, To = to ?? default, Amount = amount, Has = (from is null ? 0 : RowHas.From) | (to is null ? 0 : RowHas.To) };
        return RowId.Of(chain, row, asset.Caip19, before);
    }
}
