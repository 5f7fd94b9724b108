using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Proofs;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>Speaks Esplora's HTTP API and serves a ledger of ours; scripts of inputs come from the block files, because a ledger does not keep them.</summary>
internal sealed class EsploraServer(BitcoinLedger ledger, string blocks) : LoopbackServer
{
    private const int PageSize = 25;

    private readonly BlockBytes _bytes = BlockBytes.FromFiles(blocks, ledger.Network, null, CancellationToken.None);

    /// <summary>The height the server says its chain has; what lies above is not served.</summary>
    internal int Tip { get; set; } = ledger.TipHeight;

    /// <summary>The rest of the chain comes as soon as an address was counted.</summary>
    internal bool GrowsAfterStatement { get; init; }

    /// <summary>Left out of every list of an address; statistics still count it.</summary>
    internal Hash256? Hidden { get; init; }

    /// <summary>The second page of every list is the first once more.</summary>
    internal bool RepeatsPages { get; init; }

    /// <summary>Every amount paid is one satoshi more than on chain.</summary>
    internal bool Inflates { get; init; }

    /// <summary>Says of this output that nobody spends it.</summary>
    internal (Hash256 Id, int Vout)? DeniesSpendOf { get; init; }

    /// <summary>Neither block hashes nor statements of addresses, and of lists only the one that begins with what is in no block; what is not there is said with a page.</summary>
    internal bool IsBare { get; init; }

    protected override (int Status, string Body) Answer(string path) => path.Split('/') switch
    {
        ["", "block-height", _] or ["", "address", _] or ["", "address", _, "txs", "chain"] when IsBare => (404, "<html>Not found</html>"),
        ["", "address", var address, "txs"] => (200, Page(Script(address), null).ToJsonString()),
        ["", "blocks", "tip", "height"] => (200, $"{Tip}"),
        ["", "block-height", var height] when int.Parse(height) is var h && h >= ledger.FirstHeight && h <= Tip => (200, $"{ledger.BlockHashes[h - ledger.FirstHeight]}"),
        ["", "tx", var id] when Find(id) is { } tx => (200, Transaction(tx).ToJsonString()),
        ["", "tx", var id, "outspends"] when Find(id) is { } tx => (200, Spenders(tx).ToJsonString()),
        ["", "address", var address] => (200, Statement(Script(address)).ToJsonString()),
        ["", "address", var address, "txs", "chain"] => (200, Page(Script(address), null).ToJsonString()),
        ["", "address", var address, "txs", "chain", var last] => (200, Page(Script(address), RepeatsPages ? null : Hash256.Parse(last)).ToJsonString()),
        _ => (404, "Not found"),
    };

    private byte[] Script(string address) => Address.TryParse(address, ledger.Network, out var script, out var error) ? script : throw new InvalidOperationException(error);

    private uint? Find(string id) => ledger.FindTransaction(Hash256.Parse(id)) is >= 0 and var number && ledger.Graph.HeightOf((uint)number) <= Tip ? (uint)number : null;

    /// <summary>The transactions that pay a script or spend from it, in chain order.</summary>
    internal List<uint> History(byte[] script)
    {
        var all = new SortedSet<uint>();
        foreach (var output in ledger.FindOutputs(script))
        {
            all.Add(ledger.Graph.TransactionOf(output));
            if (ledger.Graph.SpenderOf(output) is > 0 and var spender) all.Add(spender);
        }

        return [.. all.Where(tx => ledger.Graph.HeightOf(tx) <= Tip)];
    }

    private JsonObject Statement(byte[] script)
    {
        var stated = Statistics(script);
        if (GrowsAfterStatement) Tip = ledger.TipHeight;
        return stated;
    }

    private JsonObject Statistics(byte[] script)
    {
        var paid = ledger.FindOutputs(script).Where(output => ledger.Graph.HeightOf(ledger.Graph.TransactionOf(output)) <= Tip).ToList();
        var spent = paid.Where(output => ledger.Graph.SpenderOf(output) is > 0 and var spender && ledger.Graph.HeightOf(spender) <= Tip).ToList();
        return new JsonObject
        {
            ["chain_stats"] = new JsonObject
            {
                ["funded_txo_count"] = paid.Count,
                ["funded_txo_sum"] = paid.Sum(output => ledger.Graph.Value[output]),
                ["spent_txo_count"] = spent.Count,
                ["spent_txo_sum"] = spent.Sum(output => ledger.Graph.Value[output]),
                ["tx_count"] = History(script).Count,
            },
            ["mempool_stats"] = new JsonObject { ["funded_txo_count"] = 0, ["funded_txo_sum"] = 0, ["spent_txo_count"] = 0, ["spent_txo_sum"] = 0, ["tx_count"] = 0 },
        };
    }

    private JsonArray Page(byte[] script, Hash256? after)
    {
        var newestFirst = History(script).AsEnumerable().Reverse().Where(tx => ledger.TxIds[tx] != Hidden);
        if (after is { } last) newestFirst = newestFirst.SkipWhile(tx => ledger.TxIds[tx] != last).Skip(1);
        return new JsonArray([.. newestFirst.Take(PageSize).Select(tx => (JsonNode)Transaction(tx))]);
    }

    private JsonArray Spenders(uint tx)
    {
        var graph = ledger.Graph;
        var list = new JsonArray();
        for (var output = graph.FirstOutput[tx]; output < graph.FirstOutput[tx + 1L]; output++)
        {
            var spender = graph.SpenderOf(output);
            var isDenied = DeniesSpendOf is { } denied && denied.Id == ledger.TxIds[tx] && denied.Vout == output - graph.FirstOutput[tx];
            list.Add(spender == 0 || graph.HeightOf(spender) > Tip || isDenied ? new JsonObject { ["spent"] = false }
                : new JsonObject { ["spent"] = true, ["txid"] = ledger.TxIds[spender].ToString(), ["vin"] = 0, ["status"] = Status(spender) });
        }

        return list;
    }

    private JsonObject Status(uint tx) => new()
    {
        ["confirmed"] = true,
        ["block_height"] = ledger.Graph.HeightOf(tx),
        ["block_hash"] = ledger.BlockHashes[ledger.Graph.BlockIndexOf(tx)].ToString(),
        ["block_time"] = ledger.Graph.BlockTime[ledger.Graph.BlockIndexOf(tx)],
    };

    private JsonObject Transaction(uint tx)
    {
        var graph = ledger.Graph;
        var bare = BareTransaction.WithoutWitness(_bytes.Read(ledger.BlockHashes[graph.BlockIndexOf(tx)], [ledger.Metas[tx]], CancellationToken.None)[0]);
        var inputs = new JsonArray();
        var at = 4;
        var count = Count(bare, ref at);
        for (var i = 0L; i < count; i++)
        {
            var id = new Hash256(bare.AsSpan(at, 32));
            var vout = BitConverter.ToUInt32(bare, at + 32);
            at += 36;
            var length = (int)Count(bare, ref at);
            var script = Convert.ToHexStringLower(bare.AsSpan(at, length));
            at += length;
            var isCoinbase = id == default;
            var previous = isCoinbase ? OutputNum.NotHeld : graph.Previous[graph.FirstInput[tx] + i];
            inputs.Add((JsonNode)new JsonObject
            {
                ["txid"] = id.ToString(),
                ["vout"] = vout,
                ["prevout"] = previous == OutputNum.NotHeld ? null : Output(previous, 0),
                ["scriptsig"] = script,
                ["is_coinbase"] = isCoinbase,
                ["sequence"] = BitConverter.ToUInt32(bare, at),
            });
            at += 4;
        }

        var outputs = new JsonArray();
        for (var output = graph.FirstOutput[tx]; output < graph.FirstOutput[tx + 1L]; output++) outputs.Add((JsonNode)Output(output, Inflates ? 1 : 0));
        return new JsonObject
        {
            ["txid"] = ledger.TxIds[tx].ToString(),
            ["version"] = (int)ledger.Metas[tx].Version,
            ["locktime"] = ledger.Metas[tx].LockTime,
            ["vin"] = inputs,
            ["vout"] = outputs,
            ["status"] = Status(tx),
        };
    }

    private JsonObject Output(long output, long more) => new()
    {
        ["scriptpubkey"] = Convert.ToHexStringLower(ledger.ScriptOf(output)),
        ["value"] = ledger.Graph.Value[output] + more,
    };

    private static long Count(byte[] bytes, ref int at)
    {
        var first = bytes[at++];
        if (first < 0xfd) return first;
        var length = first == 0xfd ? 2 : 4;
        var count = length == 2 ? BitConverter.ToUInt16(bytes, at) : BitConverter.ToUInt32(bytes, at);
        at += length;
        return count;
    }
}
