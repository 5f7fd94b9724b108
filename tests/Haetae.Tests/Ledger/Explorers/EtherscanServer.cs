using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Speaks the <c>account</c> API of Etherscan and its kin over a made chain, with its limits and its ways of refusing.</summary>
internal sealed class EtherscanServer(MadeChain chain) : LoopbackServer
{
    private int _count;

    /// <summary>Rows an answer has at most, whatever is asked.</summary>
    internal int MostRows { get; init; } = 10_000;

    /// <summary>Every so many requests are refused as this API does: in words, with status 200.</summary>
    internal int TiredEvery { get; init; }

    /// <summary>A key without which nothing is answered.</summary>
    internal string? Key { get; init; }

    /// <summary>Not listed; the balance still counts it.</summary>
    internal MadeRow? Hidden { get; init; }

    /// <summary>Lists that begin after block 0 lack this row.</summary>
    internal MadeRow? LostLater { get; init; }

    /// <summary>Whether it has the <c>logs</c> API.</summary>
    internal bool ListsEvents { get; init; } = true;

    /// <summary>Events an answer has at most, whatever is asked.</summary>
    internal int MostEvents { get; init; } = 1_000;

    /// <summary>Pages of events after the first begin so many events early: a list that moved between two answers.</summary>
    internal int Overlap { get; init; }

    protected override (int Status, string Body) Answer(string path)
    {
        if (!path.StartsWith('?')) return (404, "Not found");
        var query = path.TrimStart('?').Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        if (TiredEvery > 0 && Interlocked.Increment(ref _count) % TiredEvery == 0) return (200, """{"status":"0","message":"NOTOK","result":"Max rate limit reached"}""");
        if (Key is not null && query.GetValueOrDefault("apikey") != Key) return (200, """{"status":"0","message":"NOTOK","result":"Invalid API Key"}""");
        if (query["chainid"] != "1") return (200, """{"status":"0","message":"NOTOK","result":"Missing or unsupported chainid parameter"}""");
        var action = query["action"];
        if (action == "eth_blockNumber") return (200, """{"jsonrpc":"2.0","id":83,"result":"0xf4240"}""");
        var address = AccountAddress.Parse(query["address"]);
        if (action == "getLogs") return (200, Events(query, address));
        if (action == "balance") return (200, new JsonObject { ["status"] = "1", ["message"] = "OK", ["result"] = chain.BalanceOf(address).ToString() }.ToJsonString());
        var (from, to, page, size) = (uint.Parse(query["startblock"]), ulong.Parse(query["endblock"]), int.Parse(query["page"]), Math.Min(MostRows, int.Parse(query["offset"])));
        if (page * (long)size > 10_000) return (200, """{"status":"0","message":"Result window is too large, PageNo x Offset size must be less than or equal to 10000","result":null}""");
        var rows = chain.Rows.Where(row => row.Action == action && row.Block >= from && row.Block <= to && row != Hidden && !(from > 0 && row == LostLater))
            .Where(row => row.From == address || row.To == address || (row.To is null && row.Contract == address)).Skip((page - 1) * size).Take(size).ToList();
        return (200, rows.Count == 0 ? """{"status":"0","message":"No transactions found","result":[]}"""
            : new JsonObject { ["status"] = "1", ["message"] = "OK", ["result"] = new JsonArray([.. rows.Select(row => (JsonNode)chain.Json(row))]) }.ToJsonString());
    }

    private string Events(Dictionary<string, string> query, AccountAddress contract)
    {
        if (!ListsEvents) return """{"status":"0","message":"NOTOK","result":"Error! Missing Or invalid Module name"}""";
        var (from, to, page, size) = (uint.Parse(query["fromBlock"]), uint.Parse(query["toBlock"]), int.Parse(query["page"]), Math.Min(MostEvents, int.Parse(query["offset"])));
        var events = chain.Events.Where(one => one.Emitter == contract && one.Block >= from && one.Block <= to).Skip(page > 1 ? ((page - 1) * size) - Overlap : 0).Take(size).ToList();
        return events.Count == 0 ? """{"status":"0","message":"No records found","result":[]}"""
            : new JsonObject { ["status"] = "1", ["message"] = "OK", ["result"] = new JsonArray([.. events.Select(one => (JsonNode)MadeChain.Json(one))]) }.ToJsonString();
    }
}
