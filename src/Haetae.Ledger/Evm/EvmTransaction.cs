using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>A transaction of any type: legacy (0), access list (1, EIP-2930), dynamic fee (2, EIP-1559), blobs (3, EIP-4844), set code (4, EIP-7702), and what rollups add.</summary>
public sealed record EvmTransaction
{
    public required Hash256 Hash { get; init; }

    public ulong Nonce { get; init; }

    public Hash256? BlockHash { get; init; }

    public required ulong BlockNumber { get; init; }

    public required ulong Index { get; init; }

    public required AccountAddress From { get; init; }

    /// <summary>Null: it makes a contract.</summary>
    public AccountAddress? To { get; init; }

    /// <summary>Wei.</summary>
    public UInt256 Value { get; init; }

    public ulong Gas { get; init; }

    /// <summary>Wei a unit of gas; for type 2 and above what it came to, where told.</summary>
    public UInt256? GasPrice { get; init; }

    public byte[] Input { get; init; } = [];

    public ulong? BlockTimestamp { get; init; }

    public UInt256? MaxFeePerGas { get; init; }

    public UInt256? MaxPriorityFeePerGas { get; init; }

    public ulong Type { get; init; }
}
