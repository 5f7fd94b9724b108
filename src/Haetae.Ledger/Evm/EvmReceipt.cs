using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>What became of a transaction.</summary>
public sealed record EvmReceipt
{
    public required Hash256 TransactionHash { get; init; }

    public required ulong TransactionIndex { get; init; }

    public Hash256? BlockHash { get; init; }

    public ulong BlockNumber { get; init; }

    public ulong CumulativeGasUsed { get; init; }

    public ulong GasUsed { get; init; }

    public AccountAddress? ContractAddress { get; init; }

    /// <summary>State root after it; only before Byzantium, where there is no status.</summary>
    public string? Root { get; init; }

    /// <summary>1: done; 0: failed; null: not told (before Byzantium, EIP-658).</summary>
    public ulong? Status { get; init; }

    /// <summary>Wei a unit of gas that the sender paid; null where an old node or table leaves it out.</summary>
    public UInt256? EffectiveGasPrice { get; init; }

    /// <summary>Gas of blobs (EIP-4844); 0 without.</summary>
    public ulong BlobGasUsed { get; init; }

    /// <summary>Wei a unit of blob gas, all of it destroyed.</summary>
    public UInt256 BlobGasPrice { get; init; }

    /// <summary>What a rollup charges for the chain below it, in wei; null where there is none.</summary>
    public UInt256? L1Fee { get; init; }

    public UInt256? L1GasUsed { get; init; }

    public UInt256? L1GasPrice { get; init; }

    /// <summary>As the node prints it: a decimal fraction.</summary>
    public string? L1FeeScalar { get; init; }

    /// <summary>Empty where the rows are elsewhere.</summary>
    public IReadOnlyList<EvmLog> Logs { get; init; } = [];
}

/// <summary>An event that a contract emitted.</summary>
/// <param name="Index">Its place among the events of its block.</param>
/// <param name="Topics">None to four; the first is the event's signature, unless it is anonymous.</param>
public sealed record EvmLog(
    ulong Index, Hash256? TransactionHash, ulong TransactionIndex, Hash256? BlockHash, ulong BlockNumber,
    AccountAddress Address, byte[] Data, IReadOnlyList<Hash256> Topics)
{
    /// <summary>Topics there can be: LOG0 to LOG4.</summary>
    public const int MostTopics = 4;
}
