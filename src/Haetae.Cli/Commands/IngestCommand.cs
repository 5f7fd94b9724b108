using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Node;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest bitcoin</c>: block files or a node's chain into a ledger.</summary>
internal static class IngestCommand
{
    internal static Command Create()
    {
        var command = new Command("ingest", "Takes a chain into a ledger: the store on disk that every other verb reads.");
        command.Add(Bitcoin());
        command.Add(IngestCsvCommand.Create());
        command.Add(IngestJsonLinesCommand.Create());
        command.Add(IngestEvmCommand.Create());
        command.Add(IngestTronCommand.Create());
        return command;
    }

    private static Command Bitcoin()
    {
        var blocks = new Option<string?>("--blocks") { Description = "Bitcoin Core's 'blocks' folder (blkNNNNN.dat, xor.dat; revNNNNN.dat tells what blocks of a range spend), or one block file; or bare blocks, one a file without magic, named *.blk, *.raw or *.bin (they need --network).", HelpName = "DIR" };
        var rpc = new NodeOptions();
        var ledger = CommonOptions.Ledger();
        var from = new Option<int?>("--from") { Description = "First height to hold. Where the files do not begin with the genesis block: the height of their first block (default: as the block states it, BIP 34).", HelpName = "HEIGHT" };
        var to = new Option<int?>("--to") { Description = "Last height to hold.", HelpName = "HEIGHT" };
        var network = new Option<string?>("--network") { Description = "mainnet, testnet3, testnet4, signet or regtest (default: read from the files, or told by the node).", HelpName = "NAME" };
        var strict = new Option<bool>("--strict-work") { Description = "Refuse blocks whose own target is easier than the network's limit." };
        var threads = new Option<int?>("--threads") { Description = "Threads to use (default: all processors).", HelpName = "N" };
        var checkpoint = new Option<long?>("--checkpoint-bytes") { Description = "Column bytes between checkpoints; small values are for tests.", HelpName = "N", Hidden = true };
        var json = CommonOptions.Json();
        var command = new Command("bitcoin", "Takes Bitcoin block files into a ledger and checks every block. Run it again to go on after a stop, or to add new blocks.")
        {
            blocks, ledger, from, to, network, strict, threads, checkpoint, json,
        };
        rpc.AddTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            BitcoinNetwork? named = null;
            if (parsed.GetValue(network) is { } name && !BitcoinNetwork.TryParse(name, out named))
                throw new UsageException($"'{name}' is no network; known are {string.Join(", ", BitcoinNetwork.All.Select(known => known.Name))}.");
            if (parsed.GetValue(from) is < 0) throw new UsageException("--from must be a height of 0 or more.");
            if (parsed.GetValue(to) is < 0) throw new UsageException("--to must be a height of 0 or more.");
            if (parsed.GetValue(to) < parsed.GetValue(from)) throw new UsageException("--to must not lie below --from.");
            if (parsed.GetValue(threads) is < 1 or > 256) throw new UsageException("--threads must lie between 1 and 256.");
            if (parsed.GetValue(checkpoint) is < 1) throw new UsageException("--checkpoint-bytes must be 1 or more.");
            if (parsed.GetValue(blocks) is null == parsed.GetValue(rpc.Url) is null) throw new UsageException("Say where the blocks come from: either --blocks DIR or --rpc URL.");
            var node = rpc.Access(parsed);
            var options = new BitcoinIngestOptions
            {
                Blocks = parsed.GetValue(blocks) ?? "",
                Ledger = CommonOptions.LedgerFolder(parsed, ledger),
                Network = named,
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                StrictWork = parsed.GetValue(strict),
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
            };
            if (parsed.GetValue(checkpoint) is { } bytes) options = options with { CheckpointBytes = bytes };
            Folders.RequireForLedger(parsed.GetValue(ledger) is { Length: > 0 } ? "--ledger" : "--home", options.Ledger);
            return Run(options, node, parsed.GetValue(rpc.Follow), parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancel);
        }, CancellationToken.None));
        return command;
    }

    /// <param name="node">Null: from the block files that <paramref name="options"/> name.</param>
    internal static int Run(BitcoinIngestOptions options, NodeAccess? node, bool follow, bool json, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var progress = ProgressLine.OnConsole();
        void Step(BitcoinIngestStep step) => Show(progress, step);
        void Event(FollowEvent happened)
        {
            progress.Clear();
            errors.WriteLine(NodeOptions.Line(happened));
        }

        var result = node is null
            ? BitcoinIngest.FromFiles(options, Step, cancel)
            : BitcoinIngest.FromNode(options, node, Step, follow ? Event : null, cancel);
        progress.Clear();
        foreach (var warning in result.Warnings) errors.WriteLine($"warning: {warning}");
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["network"] = result.Network,
                ["ledger"] = options.Ledger,
                ["blocksAdded"] = result.BlocksAdded,
                ["blocksUndone"] = result.BlocksUndone,
                ["firstHeight"] = result.FirstHeight,
                ["tipHeight"] = result.TipHeight,
                ["tipHash"] = result.TipHash.ToString(),
                ["blocks"] = result.Counts.Blocks,
                ["transactions"] = result.Counts.Transactions,
                ["inputs"] = result.Counts.Inputs,
                ["outputs"] = result.Counts.Outputs,
                ["unknownInputs"] = result.Counts.UnknownInputs,
                ["weakWorkBlocks"] = result.Counts.WeakWorkBlocks,
                ["warnings"] = new JsonArray([.. result.Warnings.Select(warning => (JsonNode)warning)]),
            }));
        }
        else
        {
            var counts = result.Counts;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.Network}: {result.BlocksAdded:#,0} blocks added{(result.BlocksUndone > 0 ? $", {result.BlocksUndone:#,0} undone" : "")} in {watch.Elapsed.TotalSeconds:0.0} s; the ledger holds heights {result.FirstHeight} to {result.TipHeight}:"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{counts.Transactions:#,0} transactions, {counts.Inputs:#,0} inputs, {counts.Outputs:#,0} outputs; tip {result.TipHash}"));
            output.WriteLine($"in {options.Ledger}");
        }

        return ExitCode.Done;
    }

    private static void Show(ProgressLine progress, BitcoinIngestStep step)
    {
        switch (step.Stage)
        {
            case "scan":
                progress.Show("finding blocks", step.Share, "reading headers");
                break;
            case "check":
                progress.Show("checking the other branch", step.Share, string.Create(CultureInfo.InvariantCulture, $"height {step.Height:#,0}"), step.Transactions, "transactions");
                break;
            case "blocks":
                progress.Show("blocks", step.Share, string.Create(CultureInfo.InvariantCulture, $"height {step.Height:#,0}"), step.Transactions, "transactions");
                break;
            default:
                progress.Show($"{step.Stage} index", step.Share, "sorting");
                break;
        }
    }
}
