using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Tests.Architecture;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Clusters;

namespace Haetae.Tests.Tracing.Clusters;

/// <summary>Clusters stored beside a ledger: the same bytes for any number of threads, and never an answer from files that are not of this ledger or not what was written.</summary>
public sealed class ClusterStoreTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_stored_bytes_do_not_depend_on_the_number_of_threads()
    {
        using var ledger = Ingested(61, 3_000);
        Build(ledger, threads: 1);
        _bench.CopyClusters(ledger, "once");
        foreach (var threads in new[] { 2, 4 })
        {
            Build(ledger, threads: threads);
            Assert.Equal("", Workbench.Difference(_bench.Path_("once"), ClusterStore.FolderOf(ledger)));
        }
    }

    [Theory]
    [InlineData(CoinJoinGuard.None)]
    [InlineData(CoinJoinGuard.BlockSci)]
    [InlineData(CoinJoinGuard.All)]
    public void A_view_on_stored_clusters_answers_as_the_computation_does(CoinJoinGuard guard)
    {
        using var ledger = Ingested(62, 3_000);
        Build(ledger, guard);
        using var numbers = AddressNumbers.Of(ledger, 2);
        var clusters = CoSpendClusters.Of(ledger, numbers, guard, 2);
        using var stored = ClusterViews.Stored(ledger, guard, [], out _, CancellationToken.None)!;
        using var computed = ClusterView.Compute(ledger, guard, [], 2);
        Assert.NotNull(stored.Stored);
        Assert.Null(computed.Stored);
        Assert.Equal(clusters.Count(), (stored.Stored.Clusters, stored.Stored.LargestSize));
        Assert.Equal((long)stored.Stored.LargestSize, stored.SizeOf(stored.Stored.LargestCluster));
        foreach (var view in new[] { stored, computed })
        {
            Assert.Equal(numbers.Count, view.Addresses);
            var groups = Enumerable.Range(0, (int)numbers.Count).Select(address => (uint)address).GroupBy(clusters.Of).ToList();
            foreach (var group in groups)
            {
                Assert.Equal(group.Min(), group.Key);
                Assert.Equal(group.Order(), view.MembersOf(group.Key));
                Assert.Equal(Math.Min(2, group.Count()), view.SizeOf(group.Key, 2));
            }

            var outputs = Enumerable.Range(0, (int)ledger.Counts.Outputs).Select(output => (long)output).ToArray();
            var ids = new uint[outputs.Length];
            view.ClusterIdsOf(outputs, ids);
            foreach (var output in outputs)
            {
                var address = numbers.OfOutput[output];
                var cluster = address == AddressNumbers.None ? AddressNumbers.None : clusters.Of(address);
                Assert.Equal((cluster, cluster), (ids[output], view.ClusterIdOf(output)));
                if (address == AddressNumbers.None) continue;
                Assert.Equal(ledger.ScriptOf(output), view.ScriptOf(address));
                if (output % 97 == 0) Assert.Equal(cluster, view.ClusterIdOf(ledger.ScriptOf(output)));
            }
        }
    }

    [Fact]
    public void The_guard_of_all_rules_leaves_out_what_the_rules_find_one_by_one()
    {
        using var ledger = Ingested(63, 6_000);
        var scan = new GuardScan(ledger, CoinJoinGuard.All);
        var found = 0;
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            var fires = Haetae.Tracing.CoinJoinRules.Judge(Haetae.Tracing.TransactionShape.Of(ledger, tx)).Any(verdict =>
                verdict.Finding == Haetae.Tracing.Finding.Fires && verdict.Kind is not (Haetae.Tracing.CoinJoinKind.WhirlpoolTx0 or Haetae.Tracing.CoinJoinKind.ChipMixerFunding));
            Assert.Equal(fires || Haetae.Tracing.CoinJoins.PassesBlockSci(ledger, tx), scan.LeavesOut(tx));
            if (fires) found++;
        }

        Assert.True(found > 0);
        var clusters = CoSpendClusters.Of(ledger, AddressNumbers.Of(ledger, 1), CoinJoinGuard.All, 2);
        Assert.Equal(scan.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal), clusters.LeftOut);
    }

    [Fact]
    public void Clusters_of_an_earlier_state_are_recognised_and_not_used()
    {
        var chain = _bench.Chain(64, 2_000);
        var tip = Workbench.Ingest(chain, _bench.Path_("once")).TipHeight;
        var folder = _bench.Path_("ledger");
        Workbench.Ingest(chain, folder, to: tip / 2);
        using (var half = BitcoinLedger.Open(folder)) Build(half);
        Workbench.Ingest(chain, folder);
        using var ledger = BitcoinLedger.Open(folder);
        Assert.Null(ClusterViews.Stored(ledger, CoinJoinGuard.All, [], out var reason, CancellationToken.None));
        Assert.Contains($"height {tip / 2}", reason, StringComparison.Ordinal);
        Assert.Contains($"height {tip}", reason, StringComparison.Ordinal);
        using (var opened = ClusterViews.Open(ledger, CoinJoinGuard.All, [], 2, CancellationToken.None)) Assert.Null(opened.Stored);
        Build(ledger);
        Assert.NotNull(ClusterViews.Stored(ledger, CoinJoinGuard.All, [], out _, CancellationToken.None));
        Assert.Null(ClusterStore.TryOpen(ledger, "all", CoinJoinGuards.RulesVersion + 1, out var rules));
        Assert.Contains("other rules", rules, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(ClusterStore.FolderOf(ledger), "*.col").Length);
    }

    [Fact]
    public void Every_flipped_byte_and_every_cut_file_is_an_error_that_names_the_file()
    {
        using var ledger = Ingested(65, 2_000);
        Build(ledger, cuts: [SomeJoin(ledger)]);
        Read(ledger);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var path in Directory.GetFiles(ClusterStore.FolderOf(ledger)).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(path);
            for (var i = 0; i < 12; i++)
            {
                var at = i == 0 ? bytes.Length - 1 : random.Next(bytes.Length);
                var flip = (byte)(1 << random.Next(8));
                bytes[at] ^= flip;
                File.WriteAllBytes(path, bytes);
                bytes[at] ^= flip;
                if (IsPadding(ledger, path, at)) continue;
                var wrong = Assert.Throws<LedgerCorruptException>(() => Read(ledger));
                Assert.True(wrong.Message.Contains(Path.GetFileName(path), StringComparison.Ordinal) && wrong.Message.Contains("haetae cluster build", StringComparison.Ordinal), $"seed {seed}, {path}, byte {at}: {wrong.Message}");
            }

            File.WriteAllBytes(path, bytes.AsSpan(0, bytes.Length - 1));
            Assert.Throws<LedgerCorruptException>(() => Read(ledger));
            if (path.EndsWith(".col", StringComparison.Ordinal))
            {
                File.Delete(path);
                Assert.Contains("missing", Assert.Throws<LedgerCorruptException>(() => Read(ledger)).Message, StringComparison.Ordinal);
            }

            File.WriteAllBytes(path, bytes);
            Read(ledger);
        }
    }

    [Fact]
    public void What_a_kill_leaves_behind_changes_nothing_and_is_cleared_away()
    {
        using var ledger = Ingested(66, 1_000);
        Build(ledger);
        var folder = ClusterStore.FolderOf(ledger);
        File.WriteAllText(Path.Combine(folder, "cluster.number.all.1000-0.col.new"), "half");
        File.WriteAllText(Path.Combine(folder, "cluster.number.all.7-0.col"), "of another state");
        File.WriteAllText(Path.Combine(folder, "all.json.new"), "{");
        Read(ledger);
        Build(ledger, CoinJoinGuard.None);
        Read(ledger);
        Assert.Equal(["address.first", "address.number", "all", "cluster.next.all", "cluster.next.none", "cluster.number.all", "cluster.number.none", "none", "writer"],
            Directory.GetFiles(folder).Select(path => System.Text.RegularExpressions.Regex.Replace(Path.GetFileName(path), @"(\.\d+-[0-9a-f]+)?\.\w+$", "")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_writers_at_once_are_refused()
    {
        using var ledger = Ingested(67, 1_000);
        Build(ledger);
        using var gate = new FileStream(Path.Combine(ClusterStore.FolderOf(ledger), "writer.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("another program", Assert.Throws<LedgerException>(() => Build(ledger)).Message, StringComparison.Ordinal);
        Read(ledger);
    }

    [Fact]
    public void A_written_manifest_is_what_its_schema_and_the_document_say()
    {
        using var ledger = Ingested(68, 1_000);
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.clusters.1.schema.json"))!.AsObject();
        var document = Repository.Read("docs/ledger-format.md");
        foreach (var cuts in new Hash256[][] { [], [SomeJoin(ledger)] })
        {
            Build(ledger, cuts: cuts);
            var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(ClusterStore.FolderOf(ledger), "all.json")))!;
            Assert.Empty(SchemaCheck.Errors(manifest, schema));
            Assert.All(manifest.AsObject().Select(member => member.Key), name => Assert.Contains($"`{name}`", document, StringComparison.Ordinal));
            manifest["guard"] = "some";
            Assert.NotEmpty(SchemaCheck.Errors(manifest, schema));
        }
    }

    private BitcoinLedger Ingested(ulong seed, int transactions)
    {
        Workbench.Ingest(_bench.Chain(seed, transactions), _bench.Path_("ledger"));
        return BitcoinLedger.Open(_bench.Path_("ledger"));
    }

    private static void Build(BitcoinLedger ledger, CoinJoinGuard guard = CoinJoinGuard.All, int threads = 2, IReadOnlyCollection<Hash256>? cuts = null) =>
        ClusterViews.Build(ledger, guard, cuts ?? [], threads, (_, _) => { }, CancellationToken.None);

    private static Hash256 SomeJoin(BitcoinLedger ledger)
    {
        var graph = ledger.Graph;
        var tx = 0U;
        while (graph.FirstInput[tx + 1L] - graph.FirstInput[tx] < 2) tx++;
        return ledger.TxIds[tx];
    }

    // Everything that is stored, read once.
    private static void Read(BitcoinLedger ledger)
    {
        using var columns = ClusterStore.TryOpen(ledger, "all", CoinJoinGuards.RulesVersion, out var reason);
        Assert.Equal("", reason);
        for (long output = 0; output < ledger.Counts.Outputs; output++) _ = columns!.AddressOfOutput[output];
        for (var address = 0U; address < columns!.Addresses; address++) _ = (columns.FirstOutput[address], columns.Cluster[address], columns.NextMember[address]);
        for (long row = 0; row < columns.CutRows.Length; row++) _ = columns.CutRows[row];
    }

    // Zeros between items and checksums: nothing reads them.
    private static bool IsPadding(BitcoinLedger ledger, string path, int at)
    {
        var name = Path.GetFileName(path);
        if (!name.EndsWith(".col", StringComparison.Ordinal)) return false;
        var manifest = ClusterManifest.Read(ClusterStore.FolderOf(ledger), "all")!;
        var column = new[] { manifest.AddressOfOutput, manifest.FirstOutput, manifest.Cluster, manifest.NextMember, manifest.CutRows }.Single(column => column?.File == name)!;
        var bytes = column.Items * column.Width;
        return at >= bytes && at < (bytes + 7) / 8 * 8 + 8;
    }
}

file static class Copies
{
    internal static void CopyClusters(this Workbench bench, BitcoinLedger ledger, string to) => Workbench.Copy(ClusterStore.FolderOf(ledger), bench.Path_(to));
}
