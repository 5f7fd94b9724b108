using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Haetae.Ledger;
using Haetae.Ledger.Storage;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Ledger;

/// <summary>What docs/ledger-format.md and the manifest's schema say is what the code does.</summary>
public sealed partial class LedgerFormatDocTests(PracticeLedger practice) : IClassFixture<PracticeLedger>
{
    private static readonly string Document = Repository.Read("docs/ledger-format.md");

    /// <summary>The rows of the table of columns: file name to width.</summary>
    private static IReadOnlyDictionary<string, int> Documented { get; } =
        ColumnRow().Matches(Document).ToDictionary(row => row.Groups[1].Value, row => int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture));

    [Fact]
    public void The_document_lists_every_column_with_its_width() =>
        Assert.Equal(LedgerColumns.All.Select(column => (column.FileName, column.Width)), Documented.Select(row => (row.Key, row.Value)));

    [Fact]
    public void The_document_says_how_many_items_a_column_has()
    {
        var counts = new LedgerCounts { Blocks = 3, Transactions = 50, Inputs = 700, Outputs = 8_001, ScriptBytes = 90_000, OutsideInputs = 11, OutsideScriptBytes = 13_000 };
        var rules = ItemRule().Matches(Document).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value.Trim());
        foreach (var column in LedgerColumns.All)
        {
            var items = rules[column.FileName] switch
            {
                "blocks" => 3L,
                "blocks + 1" => 4,
                "transactions" => 50,
                "transactions + 1" => 51,
                "inputs" => 700,
                "outputs" => 8_001,
                "outputs / 16, rounded up" => 501,
                "scriptBytes" => 90_000,
                "outsideInputs" => 11,
                "outsideScriptBytes" => 13_000,
                var rule => throw new InvalidDataException($"{column.FileName}: '{rule}'"),
            };
            Assert.Equal((column.FileName, items), (column.FileName, column.Items(counts)));
        }
    }

    [Fact]
    public void Rows_take_the_bytes_the_document_draws()
    {
        Assert.Equal(Documented["tx.meta.col"], Unsafe.SizeOf<TxMeta>());
        Assert.Equal(Documented["outside.input.col"], Unsafe.SizeOf<OutsideRow>());
        Assert.Equal(Documented["tx.id.col"], Unsafe.SizeOf<Hash256>());
        Assert.Equal(64, Unsafe.SizeOf<IndexRunHeader>());
    }

    [Fact]
    public void Only_packed_columns_are_padded_by_eight_bytes() =>
        Assert.All(LedgerColumns.All, column => Assert.Equal(column.Width == 5 ? 8 : 0, column.Padding));

    [Fact]
    public void A_written_manifest_is_what_its_schema_says()
    {
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.ledger.1.schema.json"))!.AsObject();
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(practice.Folder, "manifest.json")))!;
        Assert.Empty(SchemaCheck.Errors(manifest, schema));
        Assert.Equal(
            LedgerColumns.All.Where(column => !LedgerColumns.IsRewritten(column)).Select(column => column.Name).Order(StringComparer.Ordinal),
            manifest["tails"]!.AsObject().Select(tail => tail.Key).Order(StringComparer.Ordinal));
        Assert.All(manifest.AsObject().Select(member => member.Key), name => Assert.Contains($"| `{name}` |", Document, StringComparison.Ordinal));
        Assert.All(manifest["written"]!.AsObject().Select(member => member.Key), name => Assert.Contains($"`{name}`", Document, StringComparison.Ordinal));
        manifest["network"] = "atlantis";
        Assert.NotEmpty(SchemaCheck.Errors(manifest, schema));
    }

    [Fact]
    public void The_manifest_digest_is_the_one_the_document_describes()
    {
        var bytes = File.ReadAllText(Path.Combine(practice.Folder, "manifest.json"));
        var digest = Digest().Match(bytes).Groups[1].Value;
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(bytes.Replace(digest, "", StringComparison.Ordinal)));
        Assert.Equal(digest, Convert.ToHexStringLower(hash));
        Assert.DoesNotContain('\r', bytes);
    }

    [Fact]
    public void The_files_of_a_ledger_are_those_the_document_lists()
    {
        var expected = LedgerColumns.All.Select(column => column.FileName)
            .Concat(LedgerColumns.All.Where(column => !LedgerColumns.IsRewritten(column)).Select(Checksums.FileName))
            .Concat(["manifest.json", "writer.lock", Manifest.Read(practice.Folder)!.SpenderSums]).Concat(Manifest.Read(practice.Folder)!.Indexes.Select(run => run.File));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.GetFiles(practice.Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `([a-z]+\.[a-z]+\.col)` \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex ColumnRow();

    [GeneratedRegex(@"^\| `([a-z]+\.[a-z]+\.col)` \| \d+ \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ItemRule();

    [GeneratedRegex("\"digest\": \"([0-9a-f]{64})\"")]
    private static partial Regex Digest();
}
