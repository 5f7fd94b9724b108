using System.Globalization;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>Rows as ethereum-etl's <c>stream</c> prints them: with their type, an id, and what they take from their block, transaction or receipt.</summary>
public static class EtlStream
{
    public static EtlRow Of(EvmBlock block) => Finish("block", EtlRows.Of(block).Fields, [], $"block_0x{block.Hash}", block);

    /// <summary>A transaction with its receipt's fields.</summary>
    public static EtlRow Of(EvmTransaction one, EvmReceipt receipt, EvmBlock block)
    {
        var plain = EtlRows.Of(one).Fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        var told = EtlRows.Of(receipt).Fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        string[] first = ["hash", "nonce", "transaction_index", "from_address", "to_address", "value", "gas", "gas_price", "input", "block_timestamp", "block_number", "block_hash", "max_fee_per_gas", "max_priority_fee_per_gas", "transaction_type"];
        string[] then = ["cumulative_gas_used", "gas_used", "contract_address", "root", "status", "effective_gas_price"];
        string[] last = ["l1_fee", "l1_gas_used", "l1_gas_price", "l1_fee_scalar"];
        var fields = first.Select(name => (name, plain[name])).Concat(then.Select(name => ("receipt_" + name, told[name])));
        var row = Finish("transaction", fields, [], $"transaction_0x{one.Hash}", block);
        return new EtlRow([.. row.Fields, .. last.Select(name => ("receipt_" + name, told[name]))]);
    }

    public static EtlRow Of(EvmLog log, EvmBlock block) =>
        Finish("log", EtlRows.Of(log).Fields.Where(field => field.Name is not ("block_hash" or "block_number")), OfBlock(block), $"log_0x{log.TransactionHash}_{log.Index.ToString(CultureInfo.InvariantCulture)}", block);

    public static EtlRow Of(EtlTokenTransfer one, EvmBlock block) =>
        Finish("token_transfer", EtlRows.Of(one).Fields.Where(field => field.Name != "block_number"), OfBlock(block), $"token_transfer_0x{one.TransactionHash}_{one.LogIndex.ToString(CultureInfo.InvariantCulture)}", block);

    /// <param name="index">The trace's place in its block.</param>
    public static EtlRow Of(EvmTrace one, int index, EvmBlock block)
    {
        var fields = EtlRows.Of(one).Fields;
        var first = fields.Where(field => field.Name is not ("block_number" or "transaction_hash" or "trace_id"));
        var then = new[] { fields.Single(field => field.Name == "transaction_hash"), fields.Single(field => field.Name == "block_number"), fields.Single(field => field.Name == "trace_id"), ("trace_index", EtlValue.Of((ulong)index)) };
        return Finish("trace", first.Concat(then), [OfBlock(block)[1], OfBlock(block)[2]], "trace_" + one.Id, block);
    }

    private static (string, EtlValue)[] OfBlock(EvmBlock block) =>
        [("block_number", EtlValue.Of(block.Number)), ("block_timestamp", EtlValue.Of(block.Timestamp)), ("block_hash", EtlValue.Of((Hash256?)block.Hash))];

    private static EtlRow Finish(string type, IEnumerable<(string Name, EtlValue Value)> fields, IEnumerable<(string, EtlValue)> ofBlock, string id, EvmBlock block)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds((long)block.Timestamp).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new EtlRow([("type", EtlValue.Of(type)), .. fields, .. ofBlock, ("item_id", EtlValue.Of(id)), ("item_timestamp", EtlValue.Of(time))]);
    }
}
