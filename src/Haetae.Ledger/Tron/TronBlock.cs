using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Tron;

/// <summary>A block of TRON as far as money is concerned, from whatever source.</summary>
/// <param name="Time">Seconds since 1970; TRON counts milliseconds, always whole seconds of them (a block every three).</param>
public sealed record TronBlock(uint Number, Hash256 Hash, Hash256 Parent, uint Time, IReadOnlyList<TronTransaction> Transactions);

/// <summary>A transaction, with what it moved already decided: nothing but its fee where it failed.</summary>
/// <param name="Payer">Who signed it and pays its fee; null where the source does not tell.</param>
/// <param name="Fee">Sun burnt for energy, bandwidth, activation and the like. What was paid with energy and bandwidth from a stake costs no TRX.</param>
public sealed record TronTransaction(Hash256 Id, bool Failed, AccountAddress? Payer, UInt256 Fee, IReadOnlyList<TronMove> Moves, IReadOnlyList<TronEvent> Events);

/// <summary>Value that moved. Null stands for nobody.</summary>
public sealed record TronMove(AccountAddress? From, AccountAddress? To, AssetName Asset, UInt256 Amount, TransferKind Kind);

/// <summary>An event kept, or (without topics) a memo.</summary>
public sealed record TronEvent(AccountAddress Emitter, IReadOnlyList<Hash256> Topics, byte[] Data);

/// <summary>Writes blocks into a ledger.</summary>
public static class TronBlocks
{
    /// <summary>What every reader of TRON tells of itself.</summary>
    public const string Note =
        "TRON: within a transaction, internal transfers stand before token transfers; the order between the two is not told by the chain's interface. Rewards of witnesses and voters are known only from the day they are withdrawn.";

    /// <summary>Adds a block with everything in it, in order; each fee last.</summary>
    /// <param name="chained">Whether the source holds the chain without gaps: then the block itself is added too.</param>
    public static void AddTo(IAccountSink sink, TronBlock block, bool chained = true)
    {
        if (chained) sink.AddBlock(block.Number, block.Hash, block.Parent, block.Time);
        foreach (var transaction in block.Transactions)
        {
            sink.AddTransaction(transaction.Id, block.Time, block.Number, transaction.Failed ? TxMarks.Failed : TxMarks.None);
            foreach (var move in transaction.Moves) sink.AddTransfer(move.From, move.To, move.Asset, move.Amount, move.Kind);
            if (!transaction.Fee.IsZero) sink.AddTransfer(transaction.Payer, null, AssetName.Native(sink.Chain), transaction.Fee, TransferKind.FeeBurnt);
            foreach (var one in transaction.Events) sink.AddEvent(one.Emitter, [.. one.Topics], one.Data);
        }
    }
}
