using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae cluster build</c>: numbers all addresses of a ledger, clusters them, and stores both beside the ledger.</summary>
internal static class ClusterBuildCommand
{
    internal static Command Create()
    {
        var guard = ClusterOptions.Guard();
        var threads = new Option<int?>("--threads") { Description = "Threads to use (default: all processors). The files are the same for any number.", HelpName = "N" };
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("build", "Clusters all addresses of a ledger and stores the result beside it, so that 'cluster A', 'why A B' and traces look clusters up instead of searching.") { guard, threads, ledger, json };
        command.SetAction((parsed, cancel) => Task.FromResult(Build(parsed, guard, threads, ledger, json, cancel)));
        return command;
    }

    private static int Build(ParseResult parsed, Option<string> guard, Option<int?> threads, Option<string?> ledger, Option<bool> json, CancellationToken cancel)
    {
        if (parsed.GetValue(threads) is < 1 or > 256) throw new UsageException("--threads must lie between 1 and 256.");
        using var open = CommonOptions.OpenLedger(parsed, ledger);
        var cuts = ClusterViews.Cuts(parsed, open);
        var progress = ProgressLine.OnConsole();
        ClusterManifest manifest;
        try
        {
            manifest = open.OfOneBranch(() => ClusterViews.Build(
                open, ClusterOptions.GuardOf(parsed.GetValue(guard)!), ClusterViews.Ids(cuts), parsed.GetValue(threads) ?? Environment.ProcessorCount,
                (stage, share) => progress.Show(stage, share, Amounts.Count(open.Counts.Transactions, "transaction", "transactions")), cancel));
        }
        finally
        {
            progress.Clear();
        }

        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, manifest)));
        else Print(open, manifest, output);
        return ExitCode.Done;
    }

    private static void Print(BitcoinLedger ledger, ClusterManifest manifest, TextWriter output)
    {
        output.WriteLine($"Addresses     {Amounts.Count(manifest.Addresses)}, as of height {manifest.TipHeight}, block {manifest.TipHash}");
        output.WriteLine($"Clusters      {Amounts.Count(manifest.Clusters)}, those of one address included");
        if (manifest.Addresses > 0) output.WriteLine($"Largest       {Amounts.Count(manifest.LargestSize, "address", "addresses")}, that of {Largest(ledger, manifest)}");
        output.WriteLine($"Left out      {Amounts.Count(manifest.LeftOut.Sum(some => some.Transactions), "transaction", "transactions")} as CoinJoins ({manifest.Guard}){(manifest.LeftOut.Count == 0 ? "" : ": ")}{string.Join(", ", manifest.LeftOut.Select(some => $"{some.Detector} {Amounts.Count(some.Transactions)}"))}");
        if (manifest.Cuts.Count > 0) output.WriteLine($"Cut           {Amounts.Count(manifest.Cuts.Count, "transaction", "transactions")}; {Amounts.Count(manifest.CutRows!.Items, "address", "addresses")} in the clusters they held together");
        output.WriteLine($"Stored        {Amounts.Count(Bytes(ledger, manifest))} bytes in {ClusterStore.FolderOf(ledger)}");
    }

    private static JsonObject Json(BitcoinLedger ledger, ClusterManifest manifest) => new()
    {
        ["chain"] = manifest.Chain,
        ["tipHeight"] = manifest.TipHeight,
        ["tipHash"] = manifest.TipHash,
        ["guard"] = manifest.Guard,
        ["addresses"] = manifest.Addresses,
        ["clusters"] = manifest.Clusters,
        ["largest"] = manifest.LargestSize,
        ["largestCluster"] = manifest.Addresses > 0 ? manifest.LargestCluster : null,
        ["largestAddress"] = manifest.Addresses > 0 ? Largest(ledger, manifest) : null,
        ["leftOut"] = new JsonObject
        {
            ["transactions"] = manifest.LeftOut.Sum(some => some.Transactions),
            ["byDetector"] = new JsonArray([.. manifest.LeftOut.Select(some => (JsonNode)new JsonObject { ["detector"] = some.Detector, ["transactions"] = some.Transactions })]),
        },
        ["cuts"] = new JsonArray([.. manifest.Cuts.Select(cut => (JsonNode)cut)]),
        ["folder"] = ClusterStore.FolderOf(ledger),
        ["bytes"] = Bytes(ledger, manifest),
    };

    private static string Largest(BitcoinLedger ledger, ClusterManifest manifest)
    {
        using var columns = ClusterStore.TryOpen(ledger, manifest.Guard, CoinJoinGuards.RulesVersion, out var reason) ?? throw new LedgerException(reason);
        return ClusterOptions.Name(ledger, columns.FirstOutput[manifest.LargestCluster]);
    }

    private static long Bytes(BitcoinLedger ledger, ClusterManifest manifest) => manifest.FileNames().Sum(name => new FileInfo(Path.Combine(ClusterStore.FolderOf(ledger), name)).Length);
}
