using System.Diagnostics;
using Haetae.Cli.Commands;
using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Proofs;
using Haetae.Tests.Node;
using Haetae.Tests.Support;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Intel.Cases;

/// <summary>What is packed holds, whatever was asked; and it holds for a stranger.</summary>
public sealed class CasePackingTests(PackedCase packed) : IClassFixture<PackedCase>
{
    private const string Now = "2026-01-01T00:00:00Z";
    private static readonly string[] Policies = ["fifo", "lifo", "haircut", "tiho", "tilo", "dirty-first", "clean-first", "poison", "haircut-blocksci"];

    [Fact]
    public void A_process_without_a_ledger_checks_it_in_an_empty_folder()
    {
        var empty = Directory.CreateDirectory(packed.Path_("empty")).FullName;
        File.Copy(packed.PackFileName, Path.Combine(empty, "p.haetae"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "haetae.dll"), "case", "verify", "p.haetae"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = empty,
        };
        start.Environment["HAETAE_HOME"] = Path.Combine(empty, "home");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, true), (process.ExitCode, output.StartsWith("p.haetae holds.", StringComparison.Ordinal)));
        Assert.Equal([Path.Combine(empty, "p.haetae")], Directory.EnumerateFileSystemEntries(empty));
    }

    [Fact]
    public void Packing_again_gives_the_same_bytes()
    {
        PackedCase.Run("case", "pack", packed.File, "--blocks", packed.Practice.Blocks, "--ledger", packed.Practice.Folder, "--home", packed.Home, "--out", packed.Path_("again.haetae"));
        Assert.Equal(packed.Pack, File.ReadAllBytes(packed.Path_("again.haetae")));
    }

    /// <summary>Random outputs followed under random questions: policies, limits, stops, overridden stops, tags.</summary>
    [Fact]
    public void Whatever_is_asked_the_pack_holds()
    {
        using var ledger = BitcoinLedger.Open(packed.Practice.Folder);
        using var source = BlockBytes.FromFiles(packed.Practice.Blocks, BitcoinNetwork.Regtest, null, default);
        var graph = ledger.Graph;
        long packs = 0, ends = 0, bounds = 0;
        for (var round = 0; round < 60; round++)
        {
            var random = new Random(round);
            var outputs = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextInt64(graph.OutputCount)).Where(output => graph.Value[output] > 0).Distinct().ToList();
            if (outputs.Count == 0) continue;
            var book = new EntityBook(ledger);
            for (var i = 0; i < 30; i++)
                book.Add(ledger.ScriptOf(random.NextInt64(graph.OutputCount)), new Entity($"service {i % 5}", "forensic", 23, "made up") { IsService = i % 3 > 0, Category = "exchange", IsDisputed = i == 7, Via = i % 2 == 0 ? EntityVia.Cluster : EntityVia.Address });
            var last = outputs.Max(output => graph.HeightOf(graph.TransactionOf(output)));
            var asked = new TraceRequest(
                [.. outputs.Select(output => Outpoint(ledger, output))], [], null, random.Next(4) == 0 ? outputs.Sum(output => graph.Value[output]) / 2 + 1 : null,
                [.. Policies.Where(_ => random.Next(3) == 0).Append("fifo").Distinct()], "drop",
                random.Next(2) == 0 ? $"{random.Next(last, ledger.TipHeight + 1)}" : null,
                random.Next(3) == 0 ? random.NextInt64(1, 100_000_000) : null,
                random.Next(3) == 0 ? random.Next(1, 40) : null)
            {
                Bounds = 0,
                Sensitivity = 0,
                Stops = random.Next(4) switch { 0 => [], 1 => ["coinjoins"], 2 => ["services"], _ => ["coinjoins", "services"] },
                Through = random.Next(2) == 0 ? ["service 1", ledger.TxIds[random.NextInt64(graph.TransactionCount)].ToString()] : [],
                Entities = book,
            };
            // Bounds rest on all that can be reached: that is what poison without limits names.
            if (asked is { MinValue: null, MaxTransactions: null } && asked.Policies.Contains("poison")) asked = asked with { Bounds = 1_000 };
            var report = asked.Run(ledger, default);
            var pack = Pack(ledger, source, report);
            var verdict = CaseVerifier.Verify(pack);
            Assert.True(verdict.Holds, $"round {round}: {string.Join('\n', verdict.Faults)}");
            Assert.Equal(TraceJson.Digest(report), verdict.Proved!.Traces[0].Trace.Digest);
            packs++;
            if (report.Bounds is { NotComputed: null }) bounds++;
            ends += verdict.Proved.Traces[0].Ends;
        }

        Assert.True(packs > 50 && ends > 500 && bounds > 3, $"{packs} packs with {ends} ends and {bounds} with bounds prove little");
    }

    [Fact]
    public void A_node_gives_the_same_pack_as_the_block_files()
    {
        var folder = Directory.CreateDirectory(packed.Path_("node")).FullName;
        var chain = TestChain.Heist(Path.Combine(folder, "blocks"));
        var ledgerFolder = Path.Combine(folder, "ledger");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = Path.Combine(folder, "blocks"), Ledger = ledgerFolder, Threads = 2 });
        using var node = new NodeDouble(chain);
        using var ledger = BitcoinLedger.Open(ledgerFolder);
        var report = new TraceRequest([Outpoint(ledger, 1)], [], null, null, ["fifo", "haircut"], "drop", null, null, null) { Bounds = 0, Sensitivity = 0 }.Run(ledger, default);
        using BlockBytes files = BlockBytes.FromFiles(Path.Combine(folder, "blocks"), ledger.Network, null, default), rpc = BlockBytes.FromNode(node.Access);
        var pack = Pack(ledger, rpc, report);
        Assert.Equal(Pack(ledger, files, report), pack);
        Assert.Empty(CaseVerifier.Verify(pack).Faults);
    }

    /// <summary>A ledger that begins later knows neither all values nor all that came before: the pack says so, or is refused.</summary>
    [Fact]
    public void Unknown_values_are_said_to_be_unproved()
    {
        var folder = packed.Path_("late");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = packed.Practice.Blocks, Ledger = folder, From = 150, Threads = 2 });
        using var ledger = BitcoinLedger.Open(folder);
        Assert.True(ledger.Counts.UnknownInputs > 0);
        using var source = BlockBytes.FromFiles(packed.Practice.Blocks, ledger.Network, null, default);
        var unknown = 0L;
        for (long output = 0; output < ledger.Counts.Outputs && unknown == 0; output += 7)
        {
            if (ledger.Graph.Value[output] == 0) continue;
            var report = new TraceRequest([Outpoint(ledger, output)], [], null, null, ["fifo", "haircut", "poison"], "drop", null, null, null) { Bounds = 0, Sensitivity = 0 }.Run(ledger, default);
            var verdict = CaseVerifier.Verify(Pack(ledger, source, report));
            Assert.Empty(verdict.Faults);
            unknown = verdict.Proved!.UnknownEnds;
            Assert.Equal(unknown > 0, VerdictText.NotProved(verdict.Proved, verdict.Chain!, verdict.Case!).Any(line => line.Contains("are unknown", StringComparison.Ordinal)));
        }

        Assert.True(unknown > 0, "no trace met an unknown value");
    }

    [SharedDataFact]
    public void The_first_payments_of_mainnet_can_be_checked_without_mainnet()
    {
        var file = SharedData.Path_("bitcoin", "blocks", "mainnet-000000-004312.blk.dat");
        var folder = packed.Path_("first");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = file, Ledger = folder, Threads = 2 });
        using var ledger = BitcoinLedger.Open(folder);
        using var source = BlockBytes.FromFiles(file, ledger.Network, null, default);
        var report = new TraceRequest(["0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"], [], null, null, ["fifo", "poison"], "drop", null, null, null) { Bounds = 0, Sensitivity = 0 }.Run(ledger, default);
        var verdict = CaseVerifier.Verify(Pack(ledger, source, report));
        Assert.Empty(verdict.Faults);
        Assert.Equal((true, 0, 4312), (verdict.Chain!.FromGenesis, verdict.Chain.Weak, verdict.Chain.TipHeight));
        Assert.Equal(5_000_000_000, verdict.Proved!.Traces[0].Trace.Books[0].Held);
    }

    [Fact]
    public void Fee_rules_that_need_whole_blocks_are_refused()
    {
        using var ledger = BitcoinLedger.Open(packed.Practice.Folder);
        using var source = BlockBytes.FromFiles(packed.Practice.Blocks, ledger.Network, null, default);
        var report = new TraceRequest([.. packed.Practice.Seeds], [], null, null, ["haircut"], "coinbase-append", null, null, null) { Bounds = 0, Sensitivity = 0 }.Run(ledger, default);
        Assert.Contains("fees of whole blocks", Assert.Throws<IntelException>(() => Pack(ledger, source, report)).Message, StringComparison.Ordinal);
    }

    private static byte[] Pack(BitcoinLedger ledger, BlockBytes source, TraceReport report)
    {
        var document = CaseHistory.New(new CaseHead("a case", "TLP:RED", ledger.Network.ChainId, ledger.Network.Name), "tester", Now);
        document = CaseHistory.Add(document, new CaseTheft("it", ["as asked"], [.. report.Seeds.Select(seed => new CaseSeed(seed.TxId, seed.Vout, seed.Height, seed.Address, seed.Value, seed.Stolen))]), "tester", Now);
        document = CaseTraces.TagsOf(report).Aggregate(document, (known, tag) => CaseHistory.Add(known, tag, "tester", Now));
        document = CaseHistory.Add(document, CaseTraces.Of("it", report, "haetae test"), "tester", Now);
        return new CasePacker(ledger, source, null, default).Pack(document, [report]);
    }

    private static string Outpoint(BitcoinLedger ledger, long output)
    {
        var tx = ledger.Graph.TransactionOf(output);
        return $"{ledger.TxIds[tx]}:{output - ledger.Graph.FirstOutput[tx]}";
    }
}
