using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.Change;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae change</c>: what every change rule says of one transaction's outputs.</summary>
internal static class ChangeCommand
{
    internal static Command Create()
    {
        var id = new Argument<string>("txid") { Description = "The transaction's id, 64 hex digits." };
        var guard = ClusterOptions.Guard();
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("change", "Says which output of a transaction may be its change: what each rule cannot rule out, and the surest sign for each output. Evidence, not fact.") { id, guard, ledger, json };
        command.SetAction((parsed, cancel) =>
        {
            if (!Hash256.TryParse(parsed.GetValue(id), out var hash)) throw new UsageException($"'{PlainText.Of(parsed.GetValue(id)!)}' is not a transaction id of 64 hex digits.");
            return Task.FromResult(CommonOptions.Answer(parsed, ledger, (open, output) =>
            {
                var number = open.FindTransaction(hash);
                if (number < 0) throw new NotFoundException($"Transaction {hash} is not in the ledger (heights {open.Manifest.FirstHeight} to {open.TipHeight}).");
                var answer = Answer.Of(parsed, open, (uint)number, ClusterOptions.GuardOf(parsed.GetValue(guard)!), cancel);
                if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(answer.Json(open)));
                else answer.Print(open, output);
            }));
        });
        return command;
    }

    /// <param name="Clusters">Whether stored clusters were at hand for the rule that needs them.</param>
    private sealed record Answer(uint Transaction, ChangeTransaction Facts, IReadOnlyList<(IChangeRule Rule, SortedSet<int> Candidates)> Verdicts, IReadOnlyList<ChangeSign> Signs, bool Clusters)
    {
        internal static Answer Of(ParseResult parsed, BitcoinLedger ledger, uint transaction, CoinJoinGuard guard, CancellationToken cancel)
        {
            var facts = ChangeTransaction.Of(ledger, transaction);
            using var view = ClusterViews.Stored(ledger, guard, ClusterViews.Ids(ClusterViews.Cuts(parsed, ledger)), out _, cancel);
            var owners = view?.InputAddressesOf(transaction).Select(view.ClusterOf).ToHashSet();
            var first = ledger.Graph.FirstOutput[transaction];
            var signs = ChangeRules.Consensus(facts, view is null ? null : place => owners!.Contains(view.ClusterIdOf(first + place)));
            return new Answer(transaction, facts, [.. ChangeRules.All.Select(rule => (rule, rule.Candidates(facts)))], signs, view is not null);
        }

        private const string NoClusters = "not asked: no clusters are stored of this state of the ledger ('haetae cluster build')";

        internal void Print(BitcoinLedger ledger, TextWriter output)
        {
            output.WriteLine($"Transaction   {ledger.TxIds[Transaction]}");
            var first = ledger.Graph.FirstOutput[Transaction];
            for (var place = 0; place < Facts.Outputs.Count; place++)
            {
                var alone = Verdicts.Where(verdict => verdict.Candidates.Count == 1 && verdict.Candidates.Contains(place) && verdict.Rule is not SpentRule).Select(verdict => verdict.Rule.Name).ToList();
                output.WriteLine($"{place,6}  {Amounts.Fixed(Facts.Outputs[place].Value),19} BTC  {ClusterOptions.Name(ledger, first + place)}{(alone.Count == 0 ? "" : "  named by " + string.Join(", ", alone))}");
            }

            output.WriteLine("Rule               outputs it cannot rule out");
            foreach (var (rule, candidates) in Verdicts) output.WriteLine($"  {rule.Name,-16} {(candidates.Count == 0 ? "none: no verdict" : string.Join(", ", candidates.Take(20)) + (candidates.Count > 20 ? $" and {candidates.Count - 20} more" : ""))}");
            if (!Clusters) output.WriteLine($"  {"multi-input",-16} {NoClusters}");
            if (Facts.IsCoinJoin) output.WriteLine("Caution       by BlockSci's test this is a CoinJoin: its outputs have several owners");
            output.WriteLine(Signs.Count == 0 ? "Change        no output is named" : "Change        by the surest sign, as GraphSense grades them:");
            foreach (var sign in Signs) output.WriteLine($"  output {sign.Output}: {sign.Rule}, confidence {sign.Confidence} of 100");
        }

        internal JsonObject Json(BitcoinLedger ledger)
        {
            var json = new JsonObject
            {
                ["txid"] = ledger.TxIds[Transaction].ToString(),
                ["outputs"] = Facts.Outputs.Count,
                ["coinjoin"] = Facts.IsCoinJoin,
                ["rules"] = new JsonArray([.. Verdicts.Select(verdict => (JsonNode)new JsonObject
                {
                    ["rule"] = verdict.Rule.Name,
                    ["candidates"] = new JsonArray([.. verdict.Candidates.Select(place => (JsonNode)place)]),
                    ["unique"] = verdict.Candidates.Count == 1 ? verdict.Candidates.Min : null,
                })]),
                ["consensus"] = new JsonArray([.. Signs.Select(sign => (JsonNode)new JsonObject { ["output"] = sign.Output, ["rule"] = sign.Rule, ["confidence"] = sign.Confidence })]),
                ["multiInputAsked"] = Clusters,
            };
            if (!Clusters) json["reason"] = "multi-input change " + NoClusters;
            return json;
        }
    }
}
