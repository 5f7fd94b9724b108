using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Tracing;

namespace Haetae.Cli.Accuracy;

/// <summary>A real block that comes with a list of the outputs it spends, in the order of its inputs.</summary>
internal sealed record RealBlock(string Name, BitcoinNetwork Network, int Height, string When, string[] Block, string[] Spent)
{
    internal static readonly RealBlock[] All =
    [
        new("866342", BitcoinNetwork.Mainnet, 866_342, "October 2024", ["bitcoin", "blocks", "block866342.raw"], ["bitcoin", "blocks", "block866342-spent.json.gz"]),
        WithUndo(BitcoinNetwork.Mainnet, 300_025, "May 2014"),
        .. new[] { 928_816, 928_828, 928_831, 928_848 }.Select(height => WithUndo(BitcoinNetwork.Testnet3, height, "September 2016")),
    ];

    /// <summary>Its payments as shapes: parsed by the ledger, their inputs from the list. The coinbase is left out.</summary>
    internal IReadOnlyList<TransactionShape> Payments(AccuracyData data, CancellationToken cancel)
    {
        var file = data.File(Block);
        var spent = Spent[^1].EndsWith(".json.gz", StringComparison.Ordinal) ? FromJson(data.File(Spent)) : FromList(data.File(Spent));
        var folder = data.Scratch("block-" + Name);
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = file, Ledger = folder, Network = Network, From = Height }, null, cancel);
        using var ledger = BitcoinLedger.Open(folder);
        var shapes = new List<TransactionShape>();
        var at = 0;
        for (var tx = 1U; tx < ledger.Graph.TransactionCount; tx++)
        {
            var shape = TransactionShape.Of(ledger, tx);
            if (at + shape.Inputs.Count > spent.Count) throw new LedgerException($"{data.File(Spent)}: {spent.Count} outputs are listed, and block {Name} spends more");
            shapes.Add(shape with { Inputs = [.. shape.Inputs.Select((input, i) => input with { Value = spent[at + i].Value, Script = spent[at + i].Script })] });
            at += shape.Inputs.Count;
        }

        return at == spent.Count ? shapes : throw new LedgerException($"{data.File(Spent)}: {spent.Count} outputs are listed, and block {Name} spends {at}");
    }

    private static RealBlock WithUndo(BitcoinNetwork network, int height, string when) =>
        new($"{height}", network, height, when, ["bitcoin", "blocks", "with-undo", $"block{height}.raw"], ["bitcoin", "blocks", "with-undo", $"block{height}-undo.raw"]);

    private static List<(long Value, byte[] Script)> FromJson(string path)
    {
        try
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var json = JsonDocument.Parse(packed);
            return [.. json.RootElement.EnumerateArray().Select(item => RecordedCoinJoin.Field(item, "txout"))
                .Select(output => (RecordedCoinJoin.Amount(output), Convert.FromHexString(RecordedCoinJoin.Field(output, "script_pubkey").GetString() ?? "")))];
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException or InvalidDataException)
        {
            throw new LedgerException($"{path}: not the list of spent outputs it should be ({wrong.Message})", wrong);
        }
    }

    // Eight bytes of value, a count of one, three or five bytes, the script; one after the other.
    private static List<(long Value, byte[] Script)> FromList(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var spent = new List<(long, byte[])>();
        var at = 0;
        while (at < bytes.Length)
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
            var length = (uint)Take(1)[0];
            if (length == 0xfd) length = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
            else if (length == 0xfe) length = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
            spent.Add((value, Take(length).ToArray()));
        }

        return spent;

        ReadOnlySpan<byte> Take(uint count)
        {
            if (count > bytes.Length - at) throw new LedgerException($"{path}: the list ends within an output, at byte {at}");
            at += (int)count;
            return bytes.AsSpan(at - (int)count, (int)count);
        }
    }
}
