using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>What a step of money is to a trace.</summary>
internal enum MoveKind
{
    /// <summary>From one account to another; from or to nobody where it is made or destroyed.</summary>
    Payment,

    /// <summary>Paid for execution.</summary>
    Fee,

    /// <summary>Given in an exchange: what its taint becomes is said by the exchange.</summary>
    Give,

    /// <summary>Received in an exchange.</summary>
    Get,
}

/// <summary>A step of money within a transaction: a transfer, or the sum of several where only the sum says what was meant.</summary>
/// <param name="Transfer">The transfer, or the first of them.</param>
/// <param name="Last">The transfer that reaches the receiver.</param>
/// <param name="Exchange">Of an exchange, its index in the transaction; otherwise -1.</param>
internal readonly record struct Move(long Transfer, long Last, uint From, uint To, uint Asset, UInt256 Amount, MoveKind Kind, int Exchange = -1)
{
    public static Move Plain(AccountGraph graph, long transfer)
    {
        var kind = graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt ? MoveKind.Fee : MoveKind.Payment;
        return new Move(transfer, transfer, graph.From[transfer], graph.To[transfer], graph.Asset[transfer], graph.Amount[transfer], kind);
    }
}
