using System.Text.Json;
using System.Text.Json.Nodes;

namespace Haetae.Tests.Tron;

/// <summary>Fills a <see cref="TronServer"/> from GraphSense's rows, in the form that TRON's interface gives: hexadecimal with 0x41 before addresses, notes as hexadecimal.</summary>
/// <remarks>
/// The rows lack what the interface has, which is made up here without moving money: transactions of which there are only internal transfers become calls without value,
/// transactions without a receiver become stakes.
/// </remarks>
internal static class TronRowServer
{
    internal static List<uint> Fill(TronServer server, string folder)
    {
        var fees = Lines(folder, "tx_fee.json").ToDictionary(row => Text(row, "txHash"));
        var traces = Lines(folder, "traces.json").GroupBy(row => Text(row, "txHash")).ToDictionary(group => group.Key, group => group.ToList());
        var transactions = new SortedDictionary<uint, List<(long Index, JsonObject Transaction, JsonObject Result)>>();
        var blocks = new SortedDictionary<uint, (string Hash, string Parent, long Milliseconds)>();
        foreach (var row in Lines(folder, "blocks.json")) blocks[Block(row)] = (Hex(row, "blockHash"), Hex(row, "parentHash"), 1000 * row.GetProperty("timestamp").GetInt64());
        foreach (var row in Lines(folder, "transactions.json"))
        {
            var hash = Text(row, "txHash");
            blocks.TryAdd(Block(row), (Hex(row, "blockHash"), new string('0', 64), 1000 * row.GetProperty("blockTimestamp").GetInt64()));
            var value = new JsonObject { ["owner_address"] = "41" + Hex(row, "fromAddress") };
            var pays = row.TryGetProperty("toAddress", out var to) && to.GetString() is { Length: > 0 };
            if (pays) (value["to_address"], value["amount"]) = ("41" + Hex(row, "toAddress"), row.GetProperty("value").GetInt64());
            else value["frozen_balance"] = row.GetProperty("value").GetInt64();
            Add(Block(row), row.GetProperty("transactionIndex").GetInt64(), Transaction(Hex(row, "txHash"), pays ? "TransferContract" : "FreezeBalanceContract", value), Result(Hex(row, "txHash"), fees[hash], traces.GetValueOrDefault(hash)));
        }

        foreach (var (_, rows) in traces.Where(one => !fees.ContainsKey(one.Key)))
        {
            var value = new JsonObject { ["owner_address"] = "41" + new string('1', 40), ["contract_address"] = "41" + Hex(rows[0], "callerAddress"), ["data"] = "a9059cbb" };
            Add(Block(rows[0]), rows[0].GetProperty("internalIndex").GetInt64(), Transaction(Hex(rows[0], "txHash"), "TriggerSmartContract", value), Result(Hex(rows[0], "txHash"), null, rows));
        }

        foreach (var (number, (hash, parent, time)) in blocks)
            server.Add(number, hash, parent, time, transactions.TryGetValue(number, out var list) ? list.OrderBy(one => one.Index).Select(one => (one.Transaction, one.Result)) : []);
        return [.. blocks.Keys];

        void Add(uint block, long index, JsonObject transaction, JsonObject result)
        {
            if (!transactions.TryGetValue(block, out var list)) transactions[block] = list = [];
            list.Add((index, transaction, result));
        }
    }

    internal static JsonObject Transaction(string id, string type, JsonObject value, string ret = "SUCCESS", string? memo = null)
    {
        var raw = new JsonObject { ["contract"] = new JsonArray(new JsonObject { ["parameter"] = new JsonObject { ["value"] = value, ["type_url"] = "type.googleapis.com/protocol." + type }, ["type"] = type }) };
        if (memo is not null) raw["data"] = memo;
        return new JsonObject { ["ret"] = new JsonArray(new JsonObject { ["contractRet"] = ret }), ["txID"] = id, ["raw_data"] = raw };
    }

    private static JsonObject Result(string id, JsonElement? fee, List<JsonElement>? traces)
    {
        var result = new JsonObject { ["id"] = id, ["contractResult"] = new JsonArray("") };
        if (fee is { } told)
        {
            // The interface leaves zeros out.
            if (told.GetProperty("fee").GetInt64() is > 0 and var sun) result["fee"] = sun;
            result["receipt"] = new JsonObject { ["net_usage"] = told.GetProperty("netUsage").GetInt64(), ["net_fee"] = told.GetProperty("netFee").GetInt64() };
        }

        if (traces is null) return result;
        var inner = new JsonArray();
        foreach (var trace in traces.OrderBy(trace => trace.GetProperty("traceIndex").GetInt64()))
        {
            var info = new JsonObject();
            if (trace.GetProperty("callValue").GetInt64() is > 0 and var value) info["callValue"] = value;
            var item = new JsonObject
            {
                ["hash"] = id,
                ["caller_address"] = "41" + Hex(trace, "callerAddress"),
                ["transferTo_address"] = "41" + Hex(trace, "transfertoAddress"),
                ["callValueInfo"] = new JsonArray(info),
                ["note"] = Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(Text(trace, "note"))),
            };
            if (trace.GetProperty("rejected").GetBoolean()) item["rejected"] = true;
            inner.Add(item);
        }

        result["internal_transactions"] = inner;
        return result;
    }

    internal static IEnumerable<JsonElement> Lines(string folder, string file) => File.ReadLines(Path.Combine(folder, file)).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement);

    internal static string Hex(JsonElement row, string name) => Convert.ToHexStringLower(row.GetProperty(name).GetBytesFromBase64());

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static uint Block(JsonElement row) => row.GetProperty("blockId").GetUInt32();
}
