using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Explorers;
using Haetae.Tracing;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ledger info | stats | verify</c>.</summary>
internal static class LedgerCommand
{
    internal static Command Create() => new("ledger", "What a ledger holds, figures over all of it, and whether it is whole.") { Info(), Stats(), Verify(), LedgerReconcileCommand.Create() };

    private static Command Info()
    {
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("info", "What the ledger holds: network, heights, tip and counts, and what of it is unknown or of weak work.") { ledger, json };
        command.SetAction(parsed => CommonOptions.CaseFolderOf(parsed, ledger) is { } fetched ? FetchedText.Answer(fetched, parsed.GetValue(json), parsed.InvocationConfiguration.Output) : CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            var counts = open.Counts;
            var last = open.Graph.BlockTime[counts.Blocks - 1];
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonText.Of(new JsonObject
                {
                    ["format"] = open.Manifest.Format,
                    ["folder"] = open.Folder,
                    ["network"] = open.Network.Name,
                    ["chain"] = open.Network.ChainId,
                    ["firstHeight"] = open.Manifest.FirstHeight,
                    ["tipHeight"] = open.TipHeight,
                    ["tipHash"] = open.TipHash.ToString(),
                    ["tipTime"] = JsonText.Instant(last),
                    ["blocks"] = counts.Blocks,
                    ["transactions"] = counts.Transactions,
                    ["inputs"] = counts.Inputs,
                    ["outputs"] = counts.Outputs,
                    ["unknownInputs"] = counts.UnknownInputs,
                    ["weakWorkBlocks"] = counts.WeakWorkBlocks,
                }));
                return;
            }

            output.WriteLine($"Ledger        {open.Folder}");
            output.WriteLine($"Network       {open.Network.Name} ({open.Network.ChainId})");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Heights       {open.Manifest.FirstHeight:#,0} to {open.TipHeight:#,0} ({counts.Blocks:#,0} blocks)"));
            output.WriteLine($"Tip           {open.TipHash} at {Amounts.Time(last)}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Holds         {counts.Transactions:#,0} transactions, {counts.Inputs:#,0} inputs, {counts.Outputs:#,0} outputs"));
            if (counts.UnknownInputs > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Unknown       {counts.UnknownInputs:#,0} inputs spend outputs from before the first block whose value is not known"));
            if (counts.WeakWorkBlocks > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Weak work     {counts.WeakWorkBlocks:#,0} blocks state a target easier than {open.Network.Name} ever allowed: a generated chain, or a forgery"));
        }, (open, output) => AccountLedgerView.WriteInfo(open, parsed.GetValue(json), output)));
        return command;
    }

    private static Command Stats()
    {
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("stats", "Figures over the whole ledger: total and unspent value, largest fee, distinct scripts, CoinJoins.") { ledger, json };
        command.SetAction(parsed => CommonOptions.AnswerAccounts(parsed, ledger, isStreamed: false, (open, output) => AccountLedgerView.WriteStats(open, parsed.GetValue(json), output)) ?? CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            var counts = open.Counts;
            var total = LedgerStatistics.TotalOutputValue(open.Graph);
            var (unspent, unspentValue) = LedgerStatistics.Unspent(open.Graph);
            var fee = LedgerStatistics.MaxFee(open.Graph);
            var scripts = open.DistinctScripts();
            var coinjoins = CoinJoins.Count(open, Environment.ProcessorCount);
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonText.Of(new JsonObject
                {
                    ["blocks"] = counts.Blocks,
                    ["transactions"] = counts.Transactions,
                    ["inputs"] = counts.Inputs,
                    ["outputs"] = counts.Outputs,
                    ["totalOutputValue"] = JsonText.Amount(total),
                    ["unspentOutputs"] = unspent,
                    ["unspentValue"] = JsonText.Amount(unspentValue),
                    ["maxFee"] = JsonText.Amount(fee),
                    ["scripts"] = scripts,
                    ["coinjoins"] = coinjoins,
                    ["tipHeight"] = open.TipHeight,
                    ["tipHash"] = open.TipHash.ToString(),
                    ["weakWorkBlocks"] = counts.WeakWorkBlocks,
                    ["unknownInputs"] = counts.UnknownInputs,
                }));
                return;
            }

            void Line(string name, string value) => output.WriteLine($"{name,-20}{value}");
            Line("Blocks", Amounts.Count(counts.Blocks));
            Line("Transactions", Amounts.Count(counts.Transactions));
            Line("Inputs", $"{Amounts.Count(counts.Inputs)} (coinbase inputs left out)");
            Line("Outputs", Amounts.Count(counts.Outputs));
            Line("Total output value", Amounts.Btc(total));
            Line("Unspent outputs", $"{Amounts.Count(unspent)} of {Amounts.Btc(unspentValue)}");
            Line("Largest fee", $"{Amounts.Sat(fee)}{(counts.UnknownInputs > 0 ? " (among the known ones)" : "")}");
            Line("Output scripts", $"{Amounts.Count(scripts)} (OP_RETURN left out)");
            Line("CoinJoins", $"{Amounts.Count(coinjoins)} (BlockSci's rule)");
            Line("Tip", $"{open.TipHash} at height {Amounts.Count(open.TipHeight)}");
            if (counts.UnknownInputs > 0) Line("Unknown inputs", Amounts.Count(counts.UnknownInputs));
            if (counts.WeakWorkBlocks > 0) Line("Weak-work blocks", $"{Amounts.Count(counts.WeakWorkBlocks)}: a generated chain, or a forgery");
        }));
        return command;
    }

    private static Command Verify()
    {
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("verify", "Checks everything stored again: checksums, links, Merkle roots, spends, fees, indexes. Exit code 4 if anything is wrong.") { ledger, json };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var folder = CommonOptions.LedgerFolder(parsed, ledger);
            var progress = ProgressLine.OnConsole();
            void Show(string stage, double share) => progress.Show(stage, share, "checking");
            var isCase = CaseFolder.IsOne(folder);
            var findings = isCase ? CaseVerifier.Verify(folder, share => Show("answers", share), cancel) : AccountManifest.IsIn(folder) ? AccountLedgerVerifier.Verify(folder, Environment.ProcessorCount, Show, cancel) : LedgerVerifier.Verify(folder, Environment.ProcessorCount, Show, cancel);
            progress.Clear();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonText.Of(new JsonObject
                {
                    ["folder"] = folder,
                    ["whole"] = findings.Count == 0,
                    ["findings"] = new JsonArray([.. findings.Select(finding => (JsonNode)finding)]),
                }));
            }
            else
            {
                foreach (var finding in findings) output.WriteLine(finding);
                output.WriteLine(findings.Count == 0 ? "The ledger is whole." : $"{Amounts.Count(findings.Count, "finding", "findings")}. {(isCase ? "Fetch it" : "Ingest the blocks")} into a new folder.");
            }

            return findings.Count == 0 ? ExitCode.Done : ExitCode.VerificationFailed;
        }, CancellationToken.None));
        return command;
    }
}
