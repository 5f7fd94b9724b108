namespace Haetae.Ledger.Accounts;

/// <summary>A ledger of a chain's blocks that is being written: it knows where it ends, and can take blocks back.</summary>
public interface IAccountChain : IAccountSink
{
    /// <summary>Transactions, those added since the last checkpoint included.</summary>
    uint TransactionCount { get; }

    /// <summary>Transfers, those added since the last checkpoint included.</summary>
    long TransferCount { get; }

    /// <summary>The block added last; null where the source gives none.</summary>
    (uint Number, Hash256 Hash)? LastBlock { get; }

    /// <summary>The hash of a stored block; null where it is not held.</summary>
    Hash256? HashOfBlock(uint number);

    /// <summary>Takes back every block from <paramref name="block"/> on, with all its transactions.</summary>
    /// <returns>How many transactions were taken back.</returns>
    uint UndoFrom(uint block);

    /// <summary>Makes safe what was added.</summary>
    void Checkpoint(CancellationToken cancel = default);
}
