using System.Text.Json;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>Decodes what EVM nodes answer about blocks and receipts.</summary>
/// <remarks>Fields: Ethereum execution-apis; l1Fee and its like: OP Stack receipts.</remarks>
public static class EvmAnswers
{
    /// <summary>eth_getBlockByNumber, with transactions or with their hashes only.</summary>
    /// <param name="source">What messages call the source: a node or a file.</param>
    /// <exception cref="LedgerException">A field is missing or is no value of its kind.</exception>
    public static EvmBlock Block(JsonElement answer, string source)
    {
        var fields = new EvmFields(answer, new EvmPlace(source));
        var number = fields.Need("number");
        fields = new EvmFields(answer, new EvmPlace(source, number));
        var transactions = new List<EvmTransaction>();
        var count = 0;
        var hash = fields.NeedHash("hash");
        foreach (var one in fields.Items("transactions"))
        {
            if (one.ValueKind != JsonValueKind.String) transactions.Add(Transaction(one, fields.Place.At("transaction", count), number, hash));
            count++;
        }

        var withdrawals = new List<EvmWithdrawal>();
        foreach (var one in fields.Items("withdrawals"))
        {
            var part = new EvmFields(one, fields.Place.At("withdrawal", withdrawals.Count));
            withdrawals.Add(new EvmWithdrawal(part.Need("index"), part.Need("validatorIndex"), part.NeedAddress("address"), part.Need("amount")));
        }

        return new EvmBlock
        {
            Number = number,
            Hash = hash,
            ParentHash = fields.NeedHash("parentHash"),
            Nonce = fields.Hex("nonce"),
            Sha3Uncles = fields.Hex("sha3Uncles"),
            LogsBloom = fields.Hex("logsBloom"),
            TransactionsRoot = fields.Hex("transactionsRoot"),
            StateRoot = fields.Hex("stateRoot"),
            ReceiptsRoot = fields.Hex("receiptsRoot"),
            Miner = fields.Address("miner"),
            Difficulty = fields.Quantity("difficulty"),
            TotalDifficulty = fields.Quantity("totalDifficulty"),
            Size = fields.Number("size"),
            ExtraData = fields.Hex("extraData"),
            GasLimit = fields.Number("gasLimit"),
            GasUsed = fields.Number("gasUsed"),
            Timestamp = fields.Need("timestamp"),
            TransactionCount = count,
            BaseFeePerGas = fields.Quantity("baseFeePerGas"),
            WithdrawalsRoot = fields.Hex("withdrawalsRoot"),
            Withdrawals = withdrawals,
            HasBlobGas = fields.TryGet("blobGasUsed", out _),
            Transactions = [.. transactions.Select(one => one with { BlockTimestamp = fields.Need("timestamp") })],
        };
    }

    private static EvmTransaction Transaction(JsonElement one, EvmPlace place, ulong block, Hash256 blockHash)
    {
        var fields = new EvmFields(one, place);
        return new EvmTransaction
        {
            Hash = fields.NeedHash("hash"),
            Nonce = fields.Number("nonce") ?? 0,
            BlockHash = fields.Hash("blockHash") ?? blockHash,
            BlockNumber = fields.Number("blockNumber") ?? block,
            Index = fields.Number("transactionIndex") ?? (ulong)place.Index,
            From = fields.NeedAddress("from"),
            To = fields.Address("to"),
            Value = fields.NeedQuantity("value"),
            Gas = fields.Number("gas") ?? 0,
            GasPrice = fields.Quantity("gasPrice"),
            Input = fields.Bytes("input") ?? fields.Bytes("data") ?? [],
            MaxFeePerGas = fields.Quantity("maxFeePerGas"),
            MaxPriorityFeePerGas = fields.Quantity("maxPriorityFeePerGas"),
            Type = fields.Number("type") ?? 0,
        };
    }

    /// <summary>eth_getBlockReceipts: the receipts of a block in the order of its transactions.</summary>
    /// <exception cref="LedgerException">A field is missing or is no value of its kind.</exception>
    public static List<EvmReceipt> Receipts(JsonElement answer, string source, ulong block)
    {
        if (answer.ValueKind != JsonValueKind.Array) throw new LedgerException($"{new EvmPlace(source, block)}: {EvmFields.Shown(answer)} stands where its receipts are expected.");
        var receipts = new List<EvmReceipt>();
        foreach (var one in answer.EnumerateArray()) receipts.Add(Receipt(one, new EvmPlace(source, block, "receipt", receipts.Count)));
        return receipts;
    }

    /// <summary>eth_getTransactionReceipt.</summary>
    /// <exception cref="LedgerException">A field is missing or is no value of its kind.</exception>
    public static EvmReceipt Receipt(JsonElement answer, string source) => Receipt(answer, new EvmPlace(source));

    internal static EvmReceipt Receipt(JsonElement answer, EvmPlace place)
    {
        var fields = new EvmFields(answer, place);
        var logs = new List<EvmLog>();
        var hash = fields.NeedHash("transactionHash");
        var (index, block, blockHash) = (fields.Need("transactionIndex"), fields.Need("blockNumber"), fields.Hash("blockHash"));
        foreach (var one in fields.Items("logs")) logs.Add(Log(one, place.At($"receipt {index}, log", logs.Count)));
        return new EvmReceipt
        {
            TransactionHash = hash,
            TransactionIndex = index,
            BlockHash = blockHash,
            BlockNumber = block,
            CumulativeGasUsed = fields.Number("cumulativeGasUsed") ?? 0,
            GasUsed = fields.Need("gasUsed"),
            ContractAddress = fields.Address("contractAddress"),
            Root = fields.Hex("root"),
            Status = fields.Number("status"),
            EffectiveGasPrice = fields.Quantity("effectiveGasPrice"),
            BlobGasUsed = fields.Number("blobGasUsed") ?? 0,
            BlobGasPrice = fields.Quantity("blobGasPrice") ?? UInt256.Zero,
            L1Fee = fields.Quantity("l1Fee"),
            L1GasUsed = fields.Quantity("l1GasUsed"),
            L1GasPrice = fields.Quantity("l1GasPrice"),
            L1FeeScalar = fields.Text("l1FeeScalar"),
            Logs = logs,
        };
    }

    /// <summary>The answer of eth_getLogs and eth_getFilterLogs.</summary>
    /// <exception cref="LedgerException">A field is missing or is no value of its kind.</exception>
    public static List<EvmLog> Logs(JsonElement answer, string source)
    {
        if (answer.ValueKind != JsonValueKind.Array) throw new LedgerException($"{source}: {EvmFields.Shown(answer)} stands where logs are expected.");
        var logs = new List<EvmLog>();
        foreach (var one in answer.EnumerateArray()) logs.Add(Log(one, new EvmPlace(source, Part: "log", Index: logs.Count)));
        return logs;
    }

    private static EvmLog Log(JsonElement one, EvmPlace place)
    {
        var fields = new EvmFields(one, place);
        return new EvmLog(
            fields.Need("logIndex"), fields.Hash("transactionHash"), fields.Need("transactionIndex"), fields.Hash("blockHash"), fields.Need("blockNumber"),
            fields.NeedAddress("address"), fields.Bytes("data") ?? [], fields.Topics());
    }
}
