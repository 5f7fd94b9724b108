using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Haetae.Ledger.Storage;

/// <summary>One sorted file of an index, for the transactions <see cref="From"/> up to but not including <see cref="To"/>.</summary>
/// <param name="Kind"><c>txid</c> or <c>script</c>.</param>
/// <param name="File">Named for the transactions it was made for. Where blocks were taken back since, they are more than <see cref="To"/> says.</param>
public sealed record IndexRun(string Kind, uint From, uint To, string File)
{
    /// <summary>Blocks that this run files were taken back: its entries from <see cref="To"/> on mean nothing.</summary>
    internal bool IsCut => File != IndexRunFile.Name(Kind, From, To);

    /// <summary>Whether the file's name is one that a run of this kind and range can have.</summary>
    internal bool IsNamed()
    {
        var start = $"{Kind}.{From}-";
        const string end = ".idx";
        return File is not null && File.Length > start.Length + end.Length && File.StartsWith(start, StringComparison.Ordinal)
            && uint.TryParse(File.AsSpan(start.Length..^end.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var made)
            && made >= To && File == IndexRunFile.Name(Kind, From, made);
    }
}

/// <summary>What a ledger holds and how far it got: format <c>haetae.ledger/1</c>. Replaced as a whole; that swap is what makes a checkpoint.</summary>
public sealed record Manifest
{
    public const string FormatName = "haetae.ledger/1";
    public const string FileName = "manifest.json";

    public string Format { get; init; } = FormatName;

    public required string Network { get; init; }

    public required string Chain { get; init; }

    public required int FirstHeight { get; init; }

    /// <summary>How far the columns are safely on disk: where an interrupted ingest goes on.</summary>
    public required LedgerCounts Written { get; init; }

    /// <summary>How far the indexes reach: what readers see.</summary>
    public required LedgerCounts Published { get; init; }

    public IReadOnlyList<IndexRun> Indexes { get; init; } = [];

    /// <summary>The file of sums that <c>out.spender</c> is checked by at <see cref="Written"/>; empty while nothing is written.</summary>
    public string SpenderSums { get; init; } = "";

    /// <summary>The same at <see cref="Published"/>: what readers check by; empty while nothing is published.</summary>
    public string PublishedSums { get; init; } = "";

    /// <summary>Spends that are written down and not yet put into <c>out.spender</c>: how many for each range of outputs. Readers need none of them.</summary>
    public IReadOnlyList<long> LateSpends { get; init; } = [];

    /// <summary>CRC-32C of the last, not yet full block of each column at <see cref="Written"/>; full blocks have theirs in <c>NAME.crc</c>.</summary>
    public IReadOnlyDictionary<string, uint> Tails { get; init; } = new SortedDictionary<string, uint>(StringComparer.Ordinal);

    /// <summary>Counts the times stored blocks were taken back; a reader that sees it change opens the ledger anew.</summary>
    public int Undone { get; init; }

    /// <summary>SHA-256 of this file as it would be with this text empty.</summary>
    public string Digest { get; init; } = "";

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.Manifest);

    private string OwnDigest() => Convert.ToHexStringLower(SHA256.HashData((this with { Digest = "" }).Bytes()));

    /// <summary>Reads a ledger's manifest. Null when the folder holds none.</summary>
    /// <exception cref="LedgerCorruptException">It cannot be read, or its digest does not match.</exception>
    public static Manifest? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        if (Accounts.Storage.AccountManifest.IsIn(folder))
            throw new LedgerException($"The ledger '{folder}' holds the accounts of a chain, and this was asked of Bitcoin's outputs. Name a Bitcoin ledger with --ledger.");
        try
        {
            var bytes = File.ReadAllBytes(path);
            var manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.Manifest);
            if (manifest is null || manifest.Format != FormatName)
                throw new LedgerCorruptException($"{path}: this is not a manifest of format {FormatName} but '{manifest?.Format}'.");
            if (manifest.Digest != manifest.OwnDigest() || !bytes.AsSpan().SequenceEqual(manifest.Bytes())) throw new LedgerCorruptException($"{path}: its digest does not match its content: the file was changed or damaged.");
            if (manifest.Contradiction() is { } wrong) throw new LedgerCorruptException($"{path}: {wrong}. Ingest into a new folder.");
            return manifest;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new LedgerCorruptException($"{path}: not readable as a manifest: {wrong.Message}", wrong);
        }
    }

    /// <summary>What in this manifest no writer writes, or null. A digest keeps out accidents, not whoever wrote the file: numbers are bounded before anything is allocated or mapped by them.</summary>
    private string? Contradiction()
    {
        if (Network is null || Chain is null || Written is null || Published is null || Indexes is null || Tails is null || SpenderSums is null || PublishedSums is null || LateSpends is null) return "a part is missing";
        if (FirstHeight is < 0 or > MostBlocks) return $"first height {FirstHeight} is no height";
        foreach (var counts in new[] { Written, Published })
        {
            if (counts.Blocks is < 0 or > MostBlocks || counts.Transactions < (uint)counts.Blocks || (counts.Blocks == 0) != (counts.Transactions == 0)
                || !InRange(counts.Inputs, OutputNum.NotHeld) || !InRange(counts.Outputs, OutputNum.NotHeld) || counts.Outputs < counts.Transactions
                || !InRange(counts.ScriptBytes, OutputNum.NotHeld) || !InRange(counts.OutsideScriptBytes, OutputNum.NotHeld)
                || !InRange(counts.OutsideInputs, counts.Inputs) || !InRange(counts.UnknownInputs, counts.OutsideInputs) || !InRange(counts.WeakWorkBlocks, counts.Blocks))
                return "its counts cannot be right";
        }

        if (Published.Blocks > Written.Blocks || Published.Transactions > Written.Transactions || Published.Inputs > Written.Inputs || Published.Outputs > Written.Outputs)
            return "more is published than written";
        if (SpenderSums != (Written.Blocks == 0 ? "" : Storage.SpenderSums.FileName(Written, Undone))) return "it names another file of spender sums than its counts do";
        if (Published.Blocks == 0 ? PublishedSums != "" : !Storage.SpenderSums.IsNamed(PublishedSums, Published, Undone))
            return "it names another file of published spender sums than its counts do";
        if (LateSpends.Any(count => !InRange(count, Written.Inputs))) return "its late spends cannot be right";
        foreach (var run in Indexes)
        {
            if (run is null || run.Kind is not (IndexRunFile.TxIdKind or IndexRunFile.ScriptKind) || run.To <= run.From || run.To > Written.Transactions || !run.IsNamed())
                return "it names an index that cannot be";
        }

        return null;

        static bool InRange(long count, long most) => count >= 0 && count <= most;
    }

    /// <summary>Some thousand years of blocks.</summary>
    private const int MostBlocks = 100_000_000;

    /// <summary>Puts this manifest in the place of the one before, at once and for good.</summary>
    internal void Write(string folder) => Durable.Replace(folder, FileName, (this with { Digest = OwnDigest() }).Bytes());
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
