using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts;

/// <summary>Where the reader of a source puts what it read, in chain order: a ledger being written, or a table in memory.</summary>
/// <remarks>
/// Order: blocks rising; in a block, its transactions in order; in a transaction, transfers in the order of execution and its fee last. Rewards
/// and withdrawals belong to a transaction of their own at the end of their block, whose id the source makes (<see cref="TxMarks.RowId"/>).
/// </remarks>
public interface IAccountSink
{
    ChainName Chain { get; }

    /// <summary>Begins a block. Sources without blocks never call it.</summary>
    void AddBlock(uint number, Hash256 hash, Hash256 parent, uint time);

    /// <summary>Begins a transaction; transfers and events added from now on are its own.</summary>
    /// <returns>Its number.</returns>
    uint AddTransaction(Hash256 id, uint time, uint block = AccountGraph.NoBlock, TxMarks marks = TxMarks.None);

    /// <summary>Adds a transfer to the transaction begun last. Null stands for nobody.</summary>
    /// <returns>Its number.</returns>
    long AddTransfer(AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount, TransferKind kind = TransferKind.External);

    /// <summary>Adds an event or a call's input to the transaction begun last.</summary>
    /// <param name="emitter">The contract that emitted it; for an input, the account called.</param>
    /// <param name="topics">Up to four; none for an input.</param>
    /// <param name="data">What else it says.</param>
    void AddEvent(AccountAddress emitter, ReadOnlySpan<Hash256> topics, ReadOnlySpan<byte> data);

    /// <summary>Says what a unit of gas cost the sender of the transaction begun last: once at most, and behind its events, for a transaction without any has no price.</summary>
    /// <param name="price">Wei, or the like of another chain.</param>
    /// <remarks>Rules that ask for the price ask about pools and bridges; kept for every payment it would cost more than it tells.</remarks>
    /// <exception cref="InvalidOperationException">The transaction has no event, or its price already.</exception>
    void AddGasPrice(UInt256 price);

    /// <summary>Says what an asset is called and how many decimal places people show.</summary>
    void DescribeAsset(AssetName asset, string? symbol, int? decimals);

    /// <summary>Adds a sentence that readers of every answer from this ledger must know.</summary>
    void AddNote(string sentence);
}

/// <summary>An event that a contract emitted, or (without topics) the input of a call with text in it, as bridges and pools leave them.</summary>
/// <param name="Emitter">The contract; for an input, the account called.</param>
/// <param name="Topics">The first is the Keccak-256 of the event's signature. Printed as nodes print them.</param>
public sealed record ChainEvent(uint Transaction, AccountAddress Emitter, IReadOnlyList<Hash256> Topics, byte[] Data)
{
    public bool IsInput => Topics.Count == 0;
}
