using System.IO.Compression;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Ledger.RealBlocks;
using Haetae.Tests.Support;
using Haetae.Tracing;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>A recorded transaction and what another project's detectors called it.</summary>
internal sealed record RecordedCoinJoin(string TxId, IReadOnlyList<string> Labels, TransactionShape Shape)
{
    internal bool Is(string label) => Labels.Contains(label);
}

/// <summary>The recorded CoinJoins and the real blocks, as shapes.</summary>
internal static class RealCoinJoins
{
    internal static readonly Lazy<IReadOnlyList<RecordedCoinJoin>> Mainnet = new(() => [.. Lines("mainnet-coinjoins.jsonl.gz").Select(Recorded)]);

    /// <summary>Emulated rounds of several wallets on regtest.</summary>
    internal static IEnumerable<TransactionShape> Emulated()
    {
        foreach (var line in Lines("emulated-wabisabi-owned.jsonl.gz"))
        {
            using var json = JsonDocument.Parse(line);
            yield return new TransactionShape(
                [.. json.RootElement.GetProperty("inputs").EnumerateArray().Select(input => new InputShape(ScriptOf(input), input.GetProperty("value").GetInt64()))],
                [.. json.RootElement.GetProperty("outputs").EnumerateArray().Select(output => new OutputShape(ScriptOf(output), output.GetProperty("value").GetInt64()))]);
        }
    }

    /// <summary>The payments of a real block with what they spend.</summary>
    internal static IEnumerable<(string TxId, TransactionShape Shape)> Block(string name, int? height)
    {
        var (block, spent) = SpentLists.Load(name);
        var at = 0;
        foreach (var transaction in PlainBlock.Read(block).Transactions)
        {
            var inputs = spent.GetRange(at, transaction.Inputs.Count).ConvertAll(output => new InputShape(output.Script, output.Value));
            at += inputs.Count;
            if (inputs.Count > 0) yield return (transaction.Id.ToString(), new TransactionShape(inputs, [.. transaction.Outputs.Select(output => new OutputShape(output.Script, output.Value))]) { Height = height });
        }

        Assert.Equal(spent.Count, at);
    }

    private static RecordedCoinJoin Recorded(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new RecordedCoinJoin(
            root.GetProperty("txid").GetString()!,
            [.. root.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)],
            new TransactionShape(
                [.. root.GetProperty("vin").EnumerateArray().Select(input => new InputShape(Hex(input), input.GetProperty("value").GetInt64()))],
                [.. root.GetProperty("vout").EnumerateArray().Select(output => new OutputShape(Hex(output), output.GetProperty("value").GetInt64()))]));
    }

    private static byte[] Hex(JsonElement item) => Convert.FromHexString(item.GetProperty("script").GetString()!);

    private static byte[] ScriptOf(JsonElement item)
    {
        Assert.True(Address.TryParse(item.GetProperty("address").GetString()!, BitcoinNetwork.Regtest, out var script, out var error), error);
        return script;
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.Path_("bitcoin", "coinjoin", name)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
