using System.IO.Compression;
using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>Real blocks that come with a list of the outputs they spend, in the order of their inputs.</summary>
internal static class SpentLists
{
    internal static (byte[] Block, List<(long Value, byte[] Script)> Spent) Load(string name)
    {
        if (name == "277647") return LoadBtcd();
        if (name == "866342") return LoadJson();
        var block = File.ReadAllBytes(RealBlocksTest.Data("with-undo", $"block{name}.raw"));
        var spent = new List<(long, byte[])>();
        var reader = new BlockReader(File.ReadAllBytes(RealBlocksTest.Data("with-undo", $"block{name}-undo.raw")));
        while (reader.Left > 0) spent.Add((reader.Int64(), reader.Bytes(reader.Count(1)).ToArray()));
        return (block, spent);
    }

    private static (byte[] Block, List<(long Value, byte[] Script)> Spent) LoadJson()
    {
        using var packed = new GZipStream(File.OpenRead(RealBlocksTest.Data("block866342-spent.json.gz")), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(packed);
        return (File.ReadAllBytes(RealBlocksTest.Data("block866342.raw")), [.. json.RootElement.EnumerateArray().Select(item => item.GetProperty("txout"))
            .Select(item => (item.GetProperty("value").GetInt64(), Convert.FromHexString(item.GetProperty("script_pubkey").GetString()!)))]);
    }

    /// <summary>btcd's entries: outpoint, length (4), height and coinbase mark, amount, script; the last three in the compressed form it shares with Core.</summary>
    private static (byte[] Block, List<(long Value, byte[] Script)> Spent) LoadBtcd()
    {
        var block = RealBlocksTest.Unpacked("277647.dat.bz2")[8..];
        var known = new Dictionary<(Hash256, uint), (long, byte[])>();
        var reader = new BlockReader(RealBlocksTest.Unpacked("277647.utxostore.bz2"));
        var script = new Buffer<byte>(64);
        while (reader.Left > 0)
        {
            var outpoint = (new Hash256(reader.Bytes(32)), reader.UInt32());
            var entry = new BlockReader(reader.Bytes((int)reader.UInt32()));
            CompressedOutput.VarInt(ref entry);
            var value = CompressedOutput.Read(ref entry, script);
            known[outpoint] = (value, script.Span.ToArray());
        }

        // its list leaves out what the block itself makes
        return (block, [.. PlainBlock.Read(block).Transactions.SelectMany(transaction => transaction.Inputs).Select(outpoint => known.TryGetValue(outpoint, out var spent) ? spent : (1, []))]);
    }
}
