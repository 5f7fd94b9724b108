using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>One step as trace_block (OpenEthereum's flat form) and ethereum-etl's traces tell it.</summary>
public sealed record EvmTrace
{
    public const string Call = "call", Create = "create", Suicide = "suicide", Reward = "reward", Genesis = "genesis", DaoFork = "daofork";

    public required ulong BlockNumber { get; init; }

    /// <summary>Null for what belongs to no transaction (rewards), and where geth's tracer does not tell it.</summary>
    public Hash256? TransactionHash { get; init; }

    public ulong? TransactionIndex { get; init; }

    public AccountAddress? From { get; init; }

    public AccountAddress? To { get; init; }

    public UInt256? Value { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public required string TraceType { get; init; }

    public string? CallType { get; init; }

    /// <summary>block, uncle or external.</summary>
    public string? RewardType { get; init; }

    public ulong? Gas { get; init; }

    public ulong? GasUsed { get; init; }

    public ulong Subtraces { get; init; }

    /// <summary>The way from the transaction's own call down to this one; empty for that call itself.</summary>
    public IReadOnlyList<ulong> TraceAddress { get; init; } = [];

    public string? Error { get; init; }

    /// <summary>1: it and every call above it succeeded; 0: not; null: not worked out (geth's tracer).</summary>
    public ulong? Status { get; init; }

    /// <summary>ethereum-etl's name for it; null where it gives none.</summary>
    public string? Id { get; init; }
}
