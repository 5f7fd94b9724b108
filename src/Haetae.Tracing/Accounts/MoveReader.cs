using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>Reads what a transaction did with money, as steps that a trace takes one after the other.</summary>
/// <remarks>
/// Where exchanges are read and somebody gave one asset and received another, steps are sums over the transaction: every account then either gives or receives of an
/// asset, so their order among each other decides nothing but which of its pieces an account parts with first. Everywhere else they are the transfers.
/// </remarks>
internal sealed class MoveReader(IAccountView view, bool readConversions, IAssetValues? values)
{
    private readonly AccountGraph _graph = view.Graph;

    public List<Move> Moves { get; } = [];

    /// <summary>The exchanges of the last range, which moves name by their index.</summary>
    public List<Exchange> Exchanges { get; } = [];

    /// <summary>Whether the last range was read as sums, so that balances between its transfers mean nothing.</summary>
    public bool IsNetted { get; private set; }

    /// <summary>Reads a range of a transaction's transfers into <see cref="Moves"/>.</summary>
    public void Read(uint transaction, long first, long end)
    {
        Moves.Clear();
        Exchanges.Clear();
        var nets = readConversions && end - first > 1 ? ReadExchanges(transaction, first, end) : null;
        IsNetted = nets is not null;
        for (var transfer = first; transfer < end; transfer++)
        {
            var move = Move.Plain(_graph, transfer);
            if (move.Amount.IsZero || move.From == move.To || (nets is not null && move.Kind != MoveKind.Fee && !nets.IsLeftOut(move.Asset))) continue;
            Moves.Add(move);
        }
    }

    // Null where there are none.
    private TransactionNets? ReadExchanges(uint transaction, long first, long end)
    {
        if (TransactionNets.Of(view, first, end) is not { } nets) return null;
        var reader = new ExchangeReader(view, nets, transaction, SenderOf(transaction), values);
        if (!reader.TryRead()) return null;
        Moves.AddRange(reader.Moves);
        Exchanges.AddRange(reader.Exchanges);
        return nets;
    }

    // Rows tell it only by what it paid: the transaction's own value, or the fee.
    private uint? SenderOf(uint transaction)
    {
        var (first, end) = (_graph.TxFirstTransfer[transaction], _graph.TxFirstTransfer[transaction + 1L]);
        for (var transfer = first; transfer < end; transfer++)
        {
            if (_graph.KindOf(transfer) == TransferKind.External && _graph.From[transfer] != AccountGraph.Nobody) return _graph.From[transfer];
        }

        for (var transfer = end - 1; transfer >= first; transfer--)
        {
            if (_graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt && _graph.From[transfer] != AccountGraph.Nobody) return _graph.From[transfer];
        }

        return null;
    }
}
