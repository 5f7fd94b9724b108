namespace Haetae.Ledger.Evm.Etl;

/// <summary>The tables of ethereum-etl that are read and written here.</summary>
public enum EtlKind
{
    Blocks,
    Transactions,
    Receipts,
    Logs,
    TokenTransfers,
    Traces,
}

/// <summary>The columns of each table in their order (ethereum-etl, documentation of its schema).</summary>
public static class EtlColumns
{
    public static IReadOnlyList<string> Of(EtlKind kind) => kind switch
    {
        EtlKind.Blocks => Blocks,
        EtlKind.Transactions => Transactions,
        EtlKind.Receipts => Receipts,
        EtlKind.Logs => Logs,
        EtlKind.TokenTransfers => TokenTransfers,
        _ => Traces,
    };

    private static readonly string[] Blocks =
    [
        "number", "hash", "parent_hash", "nonce", "sha3_uncles", "logs_bloom", "transactions_root", "state_root", "receipts_root", "miner", "difficulty",
        "total_difficulty", "size", "extra_data", "gas_limit", "gas_used", "timestamp", "transaction_count", "base_fee_per_gas", "withdrawals_root", "withdrawals",
    ];

    private static readonly string[] Transactions =
    [
        "hash", "nonce", "block_hash", "block_number", "transaction_index", "from_address", "to_address", "value", "gas", "gas_price", "input",
        "block_timestamp", "max_fee_per_gas", "max_priority_fee_per_gas", "transaction_type",
    ];

    private static readonly string[] Receipts =
    [
        "transaction_hash", "transaction_index", "block_hash", "block_number", "cumulative_gas_used", "gas_used", "contract_address", "root", "status",
        "effective_gas_price", "l1_fee", "l1_gas_used", "l1_gas_price", "l1_fee_scalar",
    ];

    private static readonly string[] Logs = ["log_index", "transaction_hash", "transaction_index", "block_hash", "block_number", "address", "data", "topics"];

    private static readonly string[] TokenTransfers = ["token_address", "from_address", "to_address", "value", "transaction_hash", "log_index", "block_number"];

    private static readonly string[] Traces =
    [
        "block_number", "transaction_hash", "transaction_index", "from_address", "to_address", "value", "input", "output", "trace_type", "call_type",
        "reward_type", "gas", "gas_used", "subtraces", "trace_address", "error", "status", "trace_id",
    ];
}
