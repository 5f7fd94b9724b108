using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>What an account ledger holds: format <c>haetae.accounts/1</c>. Replaced as a whole; that swap is what makes a checkpoint.</summary>
public sealed record AccountManifest
{
    public const string FormatName = "haetae.accounts/1";

    public string Format { get; init; } = FormatName;

    /// <summary>CAIP-2.</summary>
    public required string Chain { get; init; }

    /// <summary>How far the columns are safely on disk and filed in the indexes: what readers see, and where an interrupted ingest goes on.</summary>
    public AccountCounts Counts { get; init; } = new();

    public IReadOnlyList<IndexRun> Indexes { get; init; } = [];

    /// <summary>The number in the name of the file of statements.</summary>
    public long Statements { get; init; }

    public string StatementsSha256 { get; init; } = "";

    /// <summary>CRC-32C of the last, not yet full block of each column; full blocks have theirs in <c>NAME.crc</c>.</summary>
    public IReadOnlyDictionary<string, uint> Tails { get; init; } = new SortedDictionary<string, uint>(StringComparer.Ordinal);

    /// <summary>Counts the times stored transactions were taken back; a reader that sees it change opens the ledger anew.</summary>
    public int Undone { get; init; }

    /// <summary>SHA-256 of this file as it would be with this text empty.</summary>
    public string Digest { get; init; } = "";

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, AccountManifestJson.Default.AccountManifest);

    private string OwnDigest() => Convert.ToHexStringLower(SHA256.HashData((this with { Digest = "" }).Bytes()));

    /// <summary>Whether a folder holds a ledger of accounts. False too where it holds none at all.</summary>
    public static bool IsIn(string folder)
    {
        var path = Path.Combine(folder, Manifest.FileName);
        if (!File.Exists(path)) return false;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var json = JsonDocument.Parse(file);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("format", out var format)
                && format.ValueKind == JsonValueKind.String && format.GetString()!.StartsWith("haetae.accounts/", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false; // whoever opens it says what is wrong
        }
    }

    /// <summary>Reads a ledger's manifest. Null when the folder holds none.</summary>
    /// <exception cref="LedgerCorruptException">It cannot be read, or its digest does not match.</exception>
    /// <exception cref="LedgerException">The folder holds a ledger of another kind.</exception>
    public static AccountManifest? Read(string folder)
    {
        var path = Path.Combine(folder, Manifest.FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var bytes = File.ReadAllBytes(path);
            var manifest = JsonSerializer.Deserialize(bytes, AccountManifestJson.Default.AccountManifest);
            if (manifest?.Format is { } format && format.StartsWith("haetae.ledger/", StringComparison.Ordinal))
                throw new LedgerException($"The ledger '{folder}' holds Bitcoin's outputs, not accounts. Name another folder with --ledger.");
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
        const long most = (1L << 40) - 2; // numbers of transfers take 40 bits
        if (Chain is null || Counts is null || Indexes is null || Tails is null || StatementsSha256 is null) return "a part is missing";
        if (!ChainName.TryParse(Chain, out var chain) || chain.Caip2 != Chain || chain.Family == ChainFamily.Bitcoin) return $"chain '{Chain}' is none that keeps accounts";
        if (Counts.Transfers is < 0 or > most || Counts.Events is < 0 or > most || Counts.EventBytes is < 0 or > most || Counts.WideAmounts < 0 || Counts.WideAmounts > Counts.Transfers
            || Counts.GasWords < 0 || Counts.GasWords > GasPrices.MostWords * (long)Counts.Transactions || Counts.Transactions == uint.MaxValue || Counts.Accounts == uint.MaxValue || Counts.Assets > int.MaxValue || (Counts.Transactions == 0 && Counts.Transfers > 0) || Undone < 0 || Statements < 0)
            return "its counts cannot be right";
        foreach (var run in Indexes)
        {
            if (run is null || run.Kind is not (IndexRunFile.TxIdKind or IndexRunFile.AccountKind or IndexRunFile.TransferKind) || run.To <= run.From
                || run.To > (run.Kind == IndexRunFile.AccountKind ? Counts.Accounts : Counts.Transactions) || !run.IsNamed())
                return "it names an index that cannot be";
        }

        return null;
    }

    /// <summary>Puts this manifest in the place of the one before, at once and for good.</summary>
    internal void Write(string folder) => Durable.Replace(folder, Manifest.FileName, (this with { Digest = OwnDigest() }).Bytes());
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccountManifest))]
internal sealed partial class AccountManifestJson : JsonSerializerContext;
