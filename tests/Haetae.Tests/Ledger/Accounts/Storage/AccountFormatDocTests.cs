using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Ledger.Accounts.Storage;

/// <summary>What docs/ledger-format.md and the manifest's schema say of account ledgers is what the code does.</summary>
public sealed partial class AccountFormatDocTests : IDisposable
{
    private static readonly string Document = Part();
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-format-").FullName;

    public AccountFormatDocTests()
    {
        using var writer = AccountLedgerWriter.Open(_folder, RandomTransfers.Chain);
        new RandomTransfers(31).Tell(50, writer);
        writer.Checkpoint();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Part()
    {
        var whole = Repository.Read("docs/ledger-format.md");
        var from = whole.IndexOf("\n## Account ledgers\n", StringComparison.Ordinal);
        return whole[from..whole.IndexOf("\n## ", from + 1, StringComparison.Ordinal)];
    }

    [Fact]
    public void The_document_lists_every_column_with_its_width_and_items()
    {
        var counts = new AccountCounts { Blocks = 3, Transactions = 50, Transfers = 700, WideAmounts = 11, Accounts = 90, Assets = 5, Events = 17, EventBytes = 1_300, GasWords = 19 };
        long Items(string rule) => rule switch
        {
            "blocks" => 3,
            "transactions" => 50,
            "transactions + 1" => 51,
            "transfers" => 700,
            "wideAmounts" => 11,
            "accounts" => 90,
            "assets" => 5,
            "events" => 17,
            "events + 1" => 18,
            "eventBytes" => 1_300,
            "gasWords" => 19,
            _ => throw new InvalidDataException($"'{rule}'"),
        };
        Assert.Equal(
            AccountColumns.All.Select(column => (column.Name, column.Width, column.Items(counts))),
            ColumnRow().Matches(Document).Select(row => (row.Groups[1].Value, int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture), Items(row.Groups[3].Value.Trim()))));
        Assert.All(AccountColumns.All, column => Assert.Equal(column.Width == 5 ? 8 : 0, column.Padding));
    }

    [Fact]
    public void Rows_take_the_bytes_the_document_draws() =>
        Assert.Equal((12, 56, 20, 32), (Unsafe.SizeOf<BlockStartRow>(), Unsafe.SizeOf<AssetRow>(), Unsafe.SizeOf<AccountAddress>(), Unsafe.SizeOf<UInt256>()));

    [Fact]
    public void The_document_names_every_kind_of_transfer() =>
        Assert.All(Enum.GetValues<TransferKind>(), kind => Assert.Contains($"{(int)kind} {(kind == TransferKind.FeeBurnt ? "fee burnt" : kind.ToString().ToLowerInvariant())}", Document, StringComparison.Ordinal));

    [Fact]
    public void A_written_manifest_is_what_its_schema_says()
    {
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.accounts.1.schema.json"))!.AsObject();
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "manifest.json")))!;
        Assert.Empty(SchemaCheck.Errors(manifest, schema));
        Assert.Equal(AccountColumns.All.Select(column => column.Name).Order(StringComparer.Ordinal), manifest["tails"]!.AsObject().Select(tail => tail.Key));
        Assert.All(manifest.AsObject().Select(member => member.Key), name => Assert.Contains($"| `{name}` |", Document, StringComparison.Ordinal));
        Assert.All(manifest["counts"]!.AsObject().Select(member => member.Key), name => Assert.Contains($"`{name}`", Document, StringComparison.Ordinal));
        manifest["chain"] = "bip122:1";
        Assert.NotEmpty(SchemaCheck.Errors(manifest, schema));
    }

    [Fact]
    public void The_files_of_a_ledger_are_those_the_document_lists()
    {
        var manifest = AccountManifest.Read(_folder)!;
        var expected = AccountColumns.All.SelectMany(column => new[] { column.FileName, column.SumsFileName })
            .Concat(["manifest.json", "writer.lock", "statements.1.json"]).Concat(manifest.Indexes.Select(run => run.File));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Addresses_are_filed_under_the_key_the_document_gives()
    {
        var random = new Random(32);
        Span<byte> bytes = stackalloc byte[20];
        for (var i = 0; i < 100; i++)
        {
            random.NextBytes(bytes);
            ulong Part(int at, ReadOnlySpan<byte> all) => BitConverter.ToUInt32(all[(4 * at)..]);
            var m = ((Part(0, bytes) << 32) + Part(1, bytes)) * 0x9E3779B97F4A7C15;
            m ^= m >> 29;
            m += (Part(2, bytes) << 32) + Part(3, bytes);
            m *= 0xBB67AE8584CAA73B;
            m ^= m >> 32;
            m += Part(4, bytes);
            m *= 0x9E3779B97F4A7C15;
            Assert.Equal(m ^ (m >> 31), new AccountAddress(bytes).Key);
        }
    }

    [GeneratedRegex(@"^\| `([a-z]+\.[a-z]+)` \| (\d+) \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ColumnRow();
}
