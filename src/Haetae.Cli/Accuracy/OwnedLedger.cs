using System.Globalization;
using System.Text.Json;
using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;

namespace Haetae.Cli.Accuracy;

/// <summary>A ledger and who owns which of its scripts: the truth that clusters and links are held to.</summary>
/// <param name="Owners">Script in hex to owner; a script that is not here belongs to somebody unknown.</param>
internal sealed record OwnedLedger(BitcoinLedger Ledger, IReadOnlyDictionary<string, string> Owners) : IDisposable
{
    public void Dispose() => Ledger.Dispose();

    /// <summary>An emulated chain of ten Wasabi wallets and a coordinator on regtest, recorded as the answers of a node. Source: crocs-muni.</summary>
    internal static OwnedLedger Emulated(AccuracyData data, CancellationToken cancel) => data.Chain("emulated", () => MakeEmulated(data, cancel));

    /// <summary>A practice heist, its economy's owners told by the generator.</summary>
    internal static OwnedLedger Practice(AccuracyData data, ulong seed, int transactions, CancellationToken cancel) =>
        data.Chain($"practice-{seed}-{transactions}", () => MakePractice(data, seed, transactions, cancel));

    /// <summary>A chain of the benchmark generator (generate_chain.cpp, with --truth 1): block files, and truth.tsv with a kind of script, its hash and its owner a line.</summary>
    internal static OwnedLedger Bench(AccuracyData data, CancellationToken cancel) => data.Chain("bench", () => MakeBench(data, cancel));

    private static OwnedLedger MakeEmulated(AccuracyData data, CancellationToken cancel)
    {
        var owners = ReadOwners(data.File("bitcoin", "coinjoin", "regtest-wasabi2-run1.owners.json"));
        var blocks = data.Scratch("emulated-blocks");
        using (var files = new BlockFiles(blocks))
            foreach (var block in data.Lines(BlockOf, "bitcoin", "coinjoin", "regtest-wasabi2-run1.blocks.jsonl.gz")) files.Append(block);
        return new OwnedLedger(Ingest(data, "emulated", blocks, cancel), owners);
    }

    private static OwnedLedger MakePractice(AccuracyData data, ulong seed, int transactions, CancellationToken cancel)
    {
        var owners = new Dictionary<string, string>();
        var blocks = data.Scratch($"practice-{seed}-blocks");
        PracticeHeist.Write(blocks, seed, transactions, Convert.ToHexStringLower, cancel, (script, owner) => owners[Convert.ToHexStringLower(script)] = owner);
        return new OwnedLedger(Ingest(data, $"practice-{seed}", blocks, cancel), owners);
    }

    private static OwnedLedger MakeBench(AccuracyData data, CancellationToken cancel)
    {
        var truth = Path.Combine(data.Bench!, "truth.tsv");
        if (!File.Exists(truth)) throw new NotFoundException($"{truth} is missing. --bench names a folder that generate_chain wrote with --truth 1.");
        var owners = new Dictionary<string, string>();
        foreach (var (line, at) in File.ReadLines(truth).Select((line, at) => (line, at + 1)))
        {
            if (line.Split('\t') is not [var kind, var hash, var owner] || ScriptOf(kind, hash) is not { } script) throw new LedgerException($"{truth}, line {at}: not a kind of script, a hash and an owner");
            owners[script] = owner;
        }

        return new OwnedLedger(Ingest(data, "bench", data.Bench!, cancel), owners);
    }

    // In hex, lower case.
    private static string? ScriptOf(string kind, string hash) => (kind, hash.Length) switch
    {
        ("p2pkh", 40) => $"76a914{hash}88ac",
        ("p2wpkh", 40) => $"0014{hash}",
        ("p2sh-p2wpkh" or "p2sh-multisig", 40) => $"a914{hash}87",
        ("p2wsh", 64) => $"0020{hash}",
        ("p2tr", 64) => $"5120{hash}",
        _ => null,
    };

    private static BitcoinLedger Ingest(AccuracyData data, string name, string blocks, CancellationToken cancel)
    {
        var folder = data.Scratch(name);
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = blocks, Ledger = folder }, null, cancel);
        return BitcoinLedger.Open(folder);
    }

    // {"address": ["wallet"], ..}
    private static Dictionary<string, string> ReadOwners(string path)
    {
        var owners = new Dictionary<string, string>();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (!Address.TryParse(entry.Name, BitcoinNetwork.Regtest, out var script, out var error)) throw new LedgerException($"{path}: '{entry.Name}': {error}");
                if (entry.Value.GetArrayLength() == 1) owners[Convert.ToHexStringLower(script)] = entry.Value[0].GetString() ?? "";
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new LedgerException($"{path}: not the map of owners it should be ({wrong.Message})", wrong);
        }

        return owners;
    }

    // A block as it was on the wire, put together again from getblock's answer: the header's six fields and each transaction's bytes.
    private static byte[] BlockOf(JsonElement block)
    {
        var bytes = new WireWriter();
        bytes.UInt32((uint)RecordedCoinJoin.Field(block, "version").GetInt32());
        bytes.Hash(block.TryGetProperty("previousblockhash", out var previous) ? Hash256.Parse(previous.GetString()!) : default);
        bytes.Hash(Hash256.Parse(RecordedCoinJoin.Field(block, "merkleroot").GetString()!));
        bytes.UInt32(RecordedCoinJoin.Field(block, "time").GetUInt32());
        bytes.UInt32(uint.Parse(RecordedCoinJoin.Field(block, "bits").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        bytes.UInt32(RecordedCoinJoin.Field(block, "nonce").GetUInt32());
        var transactions = RecordedCoinJoin.Field(block, "tx");
        bytes.Count(transactions.GetArrayLength());
        foreach (var transaction in transactions.EnumerateArray()) bytes.Bytes(Convert.FromHexString(RecordedCoinJoin.Field(transaction, "hex").GetString()!));
        return bytes.Written.ToArray();
    }
}
