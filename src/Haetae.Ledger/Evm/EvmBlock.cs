using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>A block as a node or a table tells it. What nothing here computes with stays text: <c>0x</c> and lower-case hex, null where it is not told.</summary>
/// <remarks>Fields as the Ethereum JSON-RPC specification (execution-apis, "Block") names them; withdrawals: EIP-4895; base fee: EIP-1559.</remarks>
public sealed record EvmBlock
{
    public required ulong Number { get; init; }

    public required Hash256 Hash { get; init; }

    public required Hash256 ParentHash { get; init; }

    public string? Nonce { get; init; }

    public string? Sha3Uncles { get; init; }

    public string? LogsBloom { get; init; }

    public string? TransactionsRoot { get; init; }

    public string? StateRoot { get; init; }

    public string? ReceiptsRoot { get; init; }

    /// <summary>Who is paid the tips of its transactions.</summary>
    public AccountAddress? Miner { get; init; }

    public UInt256? Difficulty { get; init; }

    public UInt256? TotalDifficulty { get; init; }

    /// <summary>Bytes.</summary>
    public ulong? Size { get; init; }

    public string? ExtraData { get; init; }

    public ulong? GasLimit { get; init; }

    public ulong? GasUsed { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    public int TransactionCount { get; init; }

    /// <summary>Wei a unit of gas that are destroyed (EIP-1559); null before London.</summary>
    public UInt256? BaseFeePerGas { get; init; }

    public string? WithdrawalsRoot { get; init; }

    public IReadOnlyList<EvmWithdrawal> Withdrawals { get; init; } = [];

    /// <summary>Whether it tells of blobs, as blocks since Cancun do: from then on a contract that destroys itself keeps its code and may pay itself (EIP-6780).</summary>
    public bool HasBlobGas { get; init; }

    /// <summary>Empty where the answer holds hashes only, or the rows are elsewhere.</summary>
    public IReadOnlyList<EvmTransaction> Transactions { get; init; } = [];
}

/// <summary>Stake paid out by the beacon chain (EIP-4895).</summary>
/// <param name="Amount">Gwei: 1,000,000,000 wei each.</param>
public sealed record EvmWithdrawal(ulong Index, ulong ValidatorIndex, AccountAddress Address, ulong Amount);
