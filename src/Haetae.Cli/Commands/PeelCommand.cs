using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.PeelChains;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae peel</c>: follows a peel chain and shows what was peeled, and where it went.</summary>
internal static class PeelCommand
{
    internal static Command Create()
    {
        var from = new Argument<string>("from") { Description = "The first transaction of the chain, or the output that it spends.", HelpName = "TXID|TXID:VOUT" };
        var ledger = CommonOptions.Ledger();
        var limit = new Option<int>("--limit") { Description = "How many hops to list; 0 lists all, as --json always does.", DefaultValueFactory = _ => 25, HelpName = "N" };
        var json = CommonOptions.Json();
        var command = new Command("peel", $"Follows a coin that pays a little and moves on, again and again, until that is no longer clear; at most {Amounts.Count(PeelFollower.MostHops)} hops.") { from, limit, ledger, json };
        command.SetAction((parsed, cancel) => Task.FromResult(CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            if (parsed.GetValue(limit) < 0) throw new UsageException("--limit must be 0 or more.");
            using var entities = StopOptions.Entities(parsed, open, null, cancel);
            var chain = Follow(open, parsed.GetValue(from)!.Trim(), cancel);
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(PeelText.Json(open, chain, entities)));
            else PeelText.Print(open, chain, entities, parsed.GetValue(limit), output);
        })));
        return command;
    }

    private static PeelChain Follow(BitcoinLedger ledger, string text, CancellationToken cancel)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var vout = 0U;
        if (!Hash256.TryParse(colon < 0 ? text : text.AsSpan(0, colon), out var hash) || (colon >= 0 && !uint.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out vout)))
            throw new UsageException($"'{PlainText.Of(text)}' is neither TXID nor TXID:VOUT.");
        var number = ledger.FindTransaction(hash);
        if (number < 0) throw new NotFoundException($"Transaction {hash} is not in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}).");
        if (colon < 0) return PeelFollower.FromTransaction(ledger, (uint)number, cancel: cancel);
        var output = ledger.Graph.FirstOutput[number] + vout;
        return output < ledger.Graph.FirstOutput[number + 1] ? PeelFollower.FromOutput(ledger, output, cancel: cancel) : throw new NotFoundException($"Transaction {hash} has no output {vout}.");
    }
}
