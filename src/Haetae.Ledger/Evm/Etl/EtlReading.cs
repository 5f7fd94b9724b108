namespace Haetae.Ledger.Evm.Etl;

/// <summary>Rows of ethereum-etl's tables as records; columns that are missing are not told, those that nothing can do without are errors.</summary>
internal static class EtlReading
{
    /// <summary>The table a row is of, by its columns; null: none of these.</summary>
    internal static EtlKind? KindOf(EtlLine line)
    {
        if (line.Has("trace_type")) return EtlKind.Traces;
        if (line.Has("token_address") && line.Has("log_index")) return EtlKind.TokenTransfers;
        if (line.Has("topics") || line.Has("topic0")) return EtlKind.Logs;
        if (line.Has("transaction_hash") && line.Has("cumulative_gas_used")) return EtlKind.Receipts;
        if (line.Has("hash") && line.Has("transaction_index") && line.Has("from_address")) return EtlKind.Transactions;
        return line.Has("hash") && line.Has("parent_hash") ? EtlKind.Blocks : null;
    }

    /// <summary>The block a row belongs to.</summary>
    internal static ulong BlockOf(EtlKind kind, EtlLine line) => line.Need(kind == EtlKind.Blocks ? "number" : "block_number");

    internal static EvmBlock Block(EtlLine line) => new()
    {
        Number = line.Need("number"),
        Hash = line.NeedHash("hash"),
        ParentHash = line.NeedHash("parent_hash"),
        Nonce = line.Hex("nonce"),
        Sha3Uncles = line.Hex("sha3_uncles"),
        LogsBloom = line.Hex("logs_bloom"),
        TransactionsRoot = line.Hex("transactions_root"),
        StateRoot = line.Hex("state_root"),
        ReceiptsRoot = line.Hex("receipts_root"),
        Miner = line.Address("miner"),
        Difficulty = line.Quantity("difficulty"),
        TotalDifficulty = line.Quantity("total_difficulty"),
        Size = line.Whole("size"),
        ExtraData = line.Hex("extra_data"),
        GasLimit = line.Whole("gas_limit"),
        GasUsed = line.Whole("gas_used"),
        Timestamp = line.Need("timestamp"),
        TransactionCount = (int)Math.Min(line.Whole("transaction_count") ?? 0, int.MaxValue),
        BaseFeePerGas = line.Quantity("base_fee_per_gas"),
        WithdrawalsRoot = line.Hex("withdrawals_root"),
        Withdrawals = line.Objects("withdrawals", one => new EvmWithdrawal(one.Need("index"), one.Need("validator_index"), one.NeedAddress("address"), one.Need("amount"))),
        HasBlobGas = line.Whole("blob_gas_used") is not null,
    };

    internal static EvmTransaction Transaction(EtlLine line) => new()
    {
        Hash = line.NeedHash("hash"),
        Nonce = line.Whole("nonce") ?? 0,
        BlockHash = line.Hash("block_hash"),
        BlockNumber = line.Need("block_number"),
        Index = line.Need("transaction_index"),
        From = line.NeedAddress("from_address"),
        To = line.Address("to_address"),
        Value = line.Quantity("value") ?? throw line.Missing("value"),
        Gas = line.Whole("gas") ?? 0,
        GasPrice = line.Quantity("gas_price"),
        Input = line.Bytes("input") ?? [],
        BlockTimestamp = line.Whole("block_timestamp"),
        MaxFeePerGas = line.Quantity("max_fee_per_gas"),
        MaxPriorityFeePerGas = line.Quantity("max_priority_fee_per_gas"),
        Type = line.Whole("transaction_type") ?? 0,
    };

    internal static EvmReceipt Receipt(EtlLine line) => Receipt(line, "transaction_hash", "");

    /// <summary>The receipt within a row of transactions, as <c>stream</c> and public data sets have it; null where there is none.</summary>
    internal static EvmReceipt? ReceiptWithin(EtlLine line) => line.Whole("receipt_gas_used") is null ? null : Receipt(line, "hash", "receipt_");

    private static EvmReceipt Receipt(EtlLine line, string hash, string prefix) => new()
    {
        TransactionHash = line.NeedHash(hash),
        TransactionIndex = line.Need("transaction_index"),
        BlockHash = line.Hash("block_hash"),
        BlockNumber = line.Need("block_number"),
        CumulativeGasUsed = line.Whole(prefix + "cumulative_gas_used") ?? 0,
        GasUsed = line.Need(prefix + "gas_used"),
        ContractAddress = line.Address(prefix + "contract_address"),
        Root = line.Hex(prefix + "root"),
        Status = line.Whole(prefix + "status"),
        EffectiveGasPrice = line.Quantity(prefix + "effective_gas_price"),
        BlobGasUsed = line.Whole(prefix + "blob_gas_used") ?? 0,
        BlobGasPrice = line.Quantity(prefix + "blob_gas_price") ?? UInt256.Zero,
        L1Fee = line.Quantity(prefix + "l1_fee"),
        L1GasUsed = line.Quantity(prefix + "l1_gas_used"),
        L1GasPrice = line.Quantity(prefix + "l1_gas_price"),
        L1FeeScalar = line.Text(prefix + "l1_fee_scalar"),
    };

    internal static EvmLog Log(EtlLine line)
    {
        var told = line.List("topics");
        if (told.Count > EvmLog.MostTopics) throw line.Wrong("topics", $"{told.Count} topics", $"at most {EvmLog.MostTopics}");
        var topics = new Hash256[told.Count];
        for (var i = 0; i < topics.Length; i++)
            if (!told[i].StartsWith("0x", StringComparison.OrdinalIgnoreCase) || !Hash256.TryParse(told[i].AsSpan(2), out topics[i])) throw line.Wrong("topics", told[i], "a topic (0x and 64 hexadecimal digits)");
        return new EvmLog(
            line.Need("log_index"), line.Hash("transaction_hash"), line.Need("transaction_index"), line.Hash("block_hash"), line.Need("block_number"),
            line.NeedAddress("address"), line.Bytes("data") ?? [], topics);
    }

    internal static EtlTokenTransfer TokenTransfer(EtlLine line) => new(
        line.NeedAddress("token_address"), line.NeedAddress("from_address"), line.NeedAddress("to_address"), line.Quantity("value") ?? throw line.Missing("value"),
        line.NeedHash("transaction_hash"), line.Need("log_index"), line.Need("block_number"));

    internal static EvmTrace Trace(EtlLine line)
    {
        var steps = line.List("trace_address");
        if (steps.Count > EvmCall.Deepest) throw line.Wrong("trace_address", $"{steps.Count} steps", $"at most {EvmCall.Deepest}");
        var way = new ulong[steps.Count];
        for (var i = 0; i < way.Length; i++)
            if (!ulong.TryParse(steps[i], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out way[i])) throw line.Wrong("trace_address", steps[i], "a whole number");
        return new EvmTrace
        {
            BlockNumber = line.Need("block_number"),
            TransactionHash = line.Hash("transaction_hash"),
            TransactionIndex = line.Whole("transaction_index"),
            From = line.Address("from_address"),
            To = line.Address("to_address"),
            Value = line.Quantity("value"),
            Input = line.Hex("input"),
            Output = line.Hex("output"),
            TraceType = line.Text("trace_type") ?? throw line.Missing("trace_type"),
            CallType = line.Text("call_type"),
            RewardType = line.Text("reward_type"),
            Gas = line.Whole("gas"),
            GasUsed = line.Whole("gas_used"),
            Subtraces = line.Whole("subtraces") ?? 0,
            TraceAddress = way,
            Error = line.Text("error"),
            Status = line.Whole("status"),
            Id = line.Text("trace_id"),
        };
    }
}
