using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>What was decoded, as rows of ethereum-etl's tables.</summary>
public static class EtlRows
{
    public static EtlRow Of(EvmBlock block) => Row(EtlKind.Blocks,
    [
        EtlValue.Of(block.Number), EtlValue.Of((Hash256?)block.Hash), EtlValue.Of((Hash256?)block.ParentHash), EtlValue.Of(block.Nonce),
        EtlValue.Of(block.Sha3Uncles), EtlValue.Of(block.LogsBloom), EtlValue.Of(block.TransactionsRoot), EtlValue.Of(block.StateRoot),
        EtlValue.Of(block.ReceiptsRoot), EtlValue.Of(block.Miner), EtlValue.Of(block.Difficulty), EtlValue.Of(block.TotalDifficulty),
        EtlValue.Of(block.Size), EtlValue.Of(block.ExtraData), EtlValue.Of(block.GasLimit), EtlValue.Of(block.GasUsed), EtlValue.Of(block.Timestamp),
        EtlValue.Of((ulong)block.TransactionCount), EtlValue.Of(block.BaseFeePerGas), EtlValue.Of(block.WithdrawalsRoot),
        EtlValue.List(block.Withdrawals.Select(EtlValue.Of)),
    ]);

    public static EtlRow Of(EvmTransaction one) => Row(EtlKind.Transactions,
    [
        EtlValue.Of((Hash256?)one.Hash), EtlValue.Of(one.Nonce), EtlValue.Of(one.BlockHash), EtlValue.Of(one.BlockNumber), EtlValue.Of(one.Index),
        EtlValue.Of((AccountAddress?)one.From), EtlValue.Of(one.To), EtlValue.Of((UInt256?)one.Value), EtlValue.Of(one.Gas), EtlValue.Of(one.GasPrice),
        EtlValue.Of(one.Input), EtlValue.Of(one.BlockTimestamp), EtlValue.Of(one.MaxFeePerGas), EtlValue.Of(one.MaxPriorityFeePerGas), EtlValue.Of(one.Type),
    ]);

    public static EtlRow Of(EvmReceipt one) => Row(EtlKind.Receipts,
    [
        EtlValue.Of((Hash256?)one.TransactionHash), EtlValue.Of(one.TransactionIndex), EtlValue.Of(one.BlockHash), EtlValue.Of(one.BlockNumber),
        EtlValue.Of(one.CumulativeGasUsed), EtlValue.Of(one.GasUsed), EtlValue.Of(one.ContractAddress), EtlValue.Of(one.Root), EtlValue.Of(one.Status),
        EtlValue.Of(one.EffectiveGasPrice), EtlValue.Of(one.L1Fee), EtlValue.Of(one.L1GasUsed), EtlValue.Of(one.L1GasPrice),
        new EtlValue(one.L1FeeScalar, IsText: false), // a number there, whose digits are kept as they are
    ]);

    public static EtlRow Of(EvmLog log) => Row(EtlKind.Logs,
    [
        EtlValue.Of(log.Index), EtlValue.Of(log.TransactionHash), EtlValue.Of(log.TransactionIndex), EtlValue.Of(log.BlockHash), EtlValue.Of(log.BlockNumber),
        EtlValue.Of((AccountAddress?)log.Address), EtlValue.Of(log.Data), EtlValue.List(log.Topics.Select(topic => EtlValue.Of((Hash256?)topic))),
    ]);

    public static EtlRow Of(EtlTokenTransfer one) => Row(EtlKind.TokenTransfers,
    [
        EtlValue.Of((AccountAddress?)one.Token), EtlValue.Of((AccountAddress?)one.From), EtlValue.Of((AccountAddress?)one.To), EtlValue.Of((UInt256?)one.Value),
        EtlValue.Of((Hash256?)one.TransactionHash), EtlValue.Of(one.LogIndex), EtlValue.Of(one.BlockNumber),
    ]);

    public static EtlRow Of(EvmTrace one) => Row(EtlKind.Traces,
    [
        EtlValue.Of(one.BlockNumber), EtlValue.Of(one.TransactionHash), EtlValue.Of(one.TransactionIndex), EtlValue.Of(one.From), EtlValue.Of(one.To),
        EtlValue.Of(one.Value), EtlValue.Of(one.Input), EtlValue.Of(one.Output), EtlValue.Of(one.TraceType), EtlValue.Of(one.CallType),
        EtlValue.Of(one.RewardType), EtlValue.Of(one.Gas), EtlValue.Of(one.GasUsed), EtlValue.Of(one.Subtraces),
        EtlValue.List(one.TraceAddress.Select(step => EtlValue.Of(step))), EtlValue.Of(one.Error), EtlValue.Of(one.Status), EtlValue.Of(one.Id),
    ]);

    private static EtlRow Row(EtlKind kind, EtlValue[] values)
    {
        var columns = EtlColumns.Of(kind);
        var fields = new (string, EtlValue)[columns.Count];
        for (var i = 0; i < fields.Length; i++) fields[i] = (columns[i], values[i]);
        return new EtlRow(fields);
    }
}
