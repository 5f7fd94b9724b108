using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Intel.Clusters;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae cluster cut</c>: writes down that a transaction joins nobody, and shows what its cluster falls into.</summary>
internal static class ClusterCutCommand
{
    internal static Command Create()
    {
        var id = new Argument<string?>("txid") { Description = "The transaction that joins nobody from now on.", Arity = ArgumentArity.ZeroOrOne };
        var undo = new Option<string?>("--undo") { Description = "Take the cut of this transaction back. Both facts stay written down.", HelpName = "TXID" };
        var list = new Option<bool>("--list") { Description = "List the cuts that hold, and every fact about them with --json." };
        var reason = new Option<string?>("--reason") { Description = "Why, in your words.", HelpName = "TEXT" };
        var by = new Option<string?>("--by") { Description = "Who says so (else the user's name on this machine).", HelpName = "NAME" };
        var guard = ClusterOptions.Guard();
        var most = ClusterOptions.Most();
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("cut", "Writes down as a fact that a transaction joins nobody, and recomputes the one cluster it held together. 'haetae why A B' names the transactions that join two addresses.")
        {
            id, undo, list, reason, by, guard, most, ledger, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var (cut, back, listed) = (parsed.GetValue(id), parsed.GetValue(undo), parsed.GetValue(list));
            if ((cut is null ? 0 : 1) + (back is null ? 0 : 1) + (listed ? 1 : 0) != 1) throw new UsageException("'haetae cluster cut' takes one of: TXID, --undo TXID, --list.");
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            using var open = CommonOptions.OpenLedger(parsed, ledger);
            var output = parsed.InvocationConfiguration.Output;
            if (listed)
            {
                CutList.Write(ClusterCuts.All(ClusterViews.Database(parsed), open.Network.ChainId), open, parsed.GetValue(json), output);
                return Task.FromResult(ExitCode.Done);
            }

            Folders.RequireWritable("--home", CommonOptions.HomeFolder(parsed));
            var transaction = Find(open, cut ?? back!);
            var fact = new ClusterCutFact(
                open.Network.ChainId, open.TxIds[transaction].ToString(), cut is null ? CutChange.TakenBack : CutChange.Cut,
                parsed.GetValue(reason) is { Length: > 0 } why ? why : null, parsed.GetValue(by) is { Length: > 0 } name ? name : Environment.UserName, DateTimeOffset.UtcNow);
            var isNew = ClusterCuts.Add(ClusterViews.Database(parsed), fact);
            if (!isNew && cut is null) throw new NotFoundException($"Transaction {fact.TxId} is not cut. 'haetae cluster cut --list' lists those that are.");
            var effect = open.OfOneBranch(() => CutEffect.Of(parsed, open, transaction, ClusterOptions.GuardOf(parsed.GetValue(guard)!), parsed.GetValue(most), cancel));
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(effect.Json(open, fact, isNew)));
            else effect.Print(open, fact, isNew, output);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static uint Find(BitcoinLedger ledger, string text)
    {
        if (!Hash256.TryParse(text, out var hash)) throw new UsageException($"'{PlainText.Of(text)}' is not a transaction id of 64 hex digits.");
        var number = ledger.FindTransaction(hash);
        if (number < 0) throw new NotFoundException($"Transaction {hash} is not in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}).");
        var transaction = (uint)number;
        var keys = new HashSet<ulong>();
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++) keys.Add(ledger.InputScriptKey(input));
        return keys.Count >= 2 ? transaction : throw new UsageException($"Transaction {hash} {(keys.Count == 0 ? "is a coinbase" : "spends from one address only")}: it joins nobody, so there is nothing to cut.");
    }
}
