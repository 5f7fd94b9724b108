using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>What is said about an asset: by its number, since names stand in a column.</summary>
public sealed record AssetStatement(uint Asset, string? Symbol, int? Decimals);

/// <summary>What an account held of an asset before its first transfer, in base units.</summary>
public sealed record OpeningStatement(uint Account, uint Asset, string Amount);

/// <summary>How much of an account's history the ledger holds.</summary>
/// <param name="Following">How many accounts, of the numbers that follow, it is said of too.</param>
public sealed record CoverageStatement(uint Account, Coverage Coverage, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] uint Following = 0);

/// <summary>A file whose rows are in the ledger.</summary>
/// <param name="Sha256">Of the file as it lay there, packed or not.</param>
/// <param name="Read">How it was read: the column map and the like. The same bytes read otherwise are other rows.</param>
/// <param name="Complete">What was said of it: <c>all</c>, that it holds the whole histories of its addresses, or of which addresses; null: nothing.</param>
public sealed record SourceStatement(string Name, string Sha256, string Read, long Rows, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Complete = null);

/// <summary>What is said about a ledger's rows and changes as more is learnt: <c>statements.N.json</c>, replaced as a whole when it changes, checked by the SHA-256 in the manifest.</summary>
public sealed record AccountStatements
{
    public IReadOnlyList<AssetStatement> Assets { get; init; } = [];

    /// <summary>Sorted by account, then asset.</summary>
    public IReadOnlyList<OpeningStatement> Openings { get; init; } = [];

    /// <summary>Sorted by account.</summary>
    public IReadOnlyList<CoverageStatement> Coverage { get; init; } = [];

    /// <summary>What holds for accounts of which nothing is said.</summary>
    public Coverage UsualCoverage { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>In the order in which they were taken in.</summary>
    public IReadOnlyList<SourceStatement> Sources { get; init; } = [];

    internal static string FileName(long number) => string.Create(CultureInfo.InvariantCulture, $"statements.{number}.json");

    internal byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, AccountStatementsJson.Default.AccountStatements);

    /// <summary>Reads what a manifest names.</summary>
    /// <exception cref="LedgerCorruptException">It is missing, or not what was written.</exception>
    internal static AccountStatements Read(string folder, AccountManifest manifest)
    {
        var path = Path.Combine(folder, FileName(manifest.Statements));
        if (!File.Exists(path)) throw new LedgerCorruptException($"{path}: the file is missing. Ingest into a new folder.");
        var bytes = File.ReadAllBytes(path);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != manifest.StatementsSha256)
            throw new LedgerCorruptException($"{path}: its SHA-256 is not the one in the manifest: the file was changed or damaged. Ingest into a new folder.");
        try
        {
            var read = JsonSerializer.Deserialize(bytes, AccountStatementsJson.Default.AccountStatements);
            if (read is null || read.Assets is null || read.Openings is null || read.Coverage is null || read.Notes is null || read.Sources is null
                || read.Assets.Any(one => one is null || one.Asset >= manifest.Counts.Assets) || read.Coverage.Any(one => one is null || one.Account >= manifest.Counts.Accounts || one.Following >= manifest.Counts.Accounts - one.Account || !Enum.IsDefined(one.Coverage))
                || read.Openings.Any(one => one is null || one.Account >= manifest.Counts.Accounts || one.Asset >= manifest.Counts.Assets || !UInt256.TryParse(one.Amount, out _)))
                throw new LedgerCorruptException($"{path}: it says things of accounts or assets that the ledger does not hold. Ingest into a new folder.");
            return read;
        }
        catch (JsonException wrong)
        {
            throw new LedgerCorruptException($"{path}: not readable: {wrong.Message}", wrong);
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountStatements))]
internal sealed partial class AccountStatementsJson : JsonSerializerContext;
