using System.Globalization;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing.Crossings;

/// <summary>How answers name an output or a transfer, whatever the ledger.</summary>
public static class PlaceNames
{
    /// <summary><c>TXID:VOUT</c>, or <c>TXID#N</c> for the transfer that is N-th in its transaction, from 0.</summary>
    public static string Of(JourneyLedger ledger, long number)
    {
        if (ledger is BitcoinJourneyLedger bitcoin)
        {
            var transaction = bitcoin.View.Graph.TransactionOf(number);
            return string.Create(CultureInfo.InvariantCulture, $"{bitcoin.View.TxIds[transaction]}:{number - bitcoin.View.Graph.FirstOutput[transaction]}");
        }

        var graph = ((AccountJourneyLedger)ledger).View.Graph;
        var holder = graph.TransactionOf(number);
        return string.Create(CultureInfo.InvariantCulture, $"0x{graph.TxId[holder]}#{number - graph.TxFirstTransfer[holder]}");
    }

    /// <summary>Who is paid: an address, or null where it has none.</summary>
    public static string? Holder(JourneyLedger ledger, long number)
    {
        if (ledger is BitcoinJourneyLedger bitcoin) return Address.TryEncode(bitcoin.View.ScriptOf(number), bitcoin.View.Network, out var address) ? address : null;
        var view = ((AccountJourneyLedger)ledger).View;
        return view.Graph.To[number] == AccountGraph.Nobody ? null : view.Chain.Show(view.AddressOf(view.Graph.To[number]));
    }
}
