using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae why A B</c>: the shortest chain of transactions that spend from both of two addresses, or the finding that there is none.</summary>
internal static class WhyCommand
{
    internal static Command Create()
    {
        var one = new Argument<string>("A") { Description = "An address; or a public key or a whole output script in hex." };
        var other = new Argument<string>("B") { Description = "Another." };
        var guard = ClusterOptions.Guard();
        var most = ClusterOptions.Most();
        var ledger = CommonOptions.Ledger();
        var service = new Option<string[]>("--service") { Description = "On account ledgers: main accounts of services; accounts are joined by the deposit addresses they share there.", AllowMultipleArgumentsPerToken = true, HelpName = "ADDRESS,.." };
        var json = CommonOptions.Json();
        var command = new Command("why", "Says why two addresses are in one cluster: a shortest chain of transactions that spend from both sides; on account ledgers, of deposit addresses that both sides pay into.") { one, other, guard, most, ledger, service, json };
        command.SetAction((parsed, cancel) => Task.FromResult(AccountManifest.IsIn(CommonOptions.LedgerFolder(parsed, ledger))
            ? DepositsCommand.Why(parsed, ledger, parsed.GetValue(one)!, parsed.GetValue(other)!, parsed.GetValue(service) ?? [], parsed.GetValue(json), cancel)
            : CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            CommonOptions.Refuse(parsed, "a ledger of Bitcoin", service);
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            var from = PaidScript.Find(open, parsed.GetValue(one)!).Script;
            var (_, to, paid) = PaidScript.Find(open, parsed.GetValue(other)!);
            var rule = ClusterOptions.GuardOf(parsed.GetValue(guard)!);
            var cuts = ClusterViews.Ids(ClusterViews.Cuts(parsed, open));
            RequireTogether(open, rule, cuts, from, to, cancel);
            var search = new CoSpendSearch(open, rule, ClusterViews.Numbers(open, cuts));
            var target = open.ScriptKeys[paid[0]];
            var met = search.Walk(from, parsed.GetValue(most), cancel).Select(member => (CoSpendMember?)member).FirstOrDefault(member => open.ScriptKeys[member!.Value.Output] == target);
            if (met is not { } found)
            {
                var seen = Amounts.Count(search.Transactions, "transaction", "transactions");
                throw new NotFoundException(search.IsComplete
                    ? $"Nothing joins the two: the whole cluster of the first was looked at ({seen}, of which {Amounts.Count(search.LeftOut)} CoinJoins were left out{CutText(open, search.CutsMet)}), and the second is not in it."
                    : $"Not found within {seen}: the cluster is larger. Look further with --max-transactions N.");
            }

            var way = search.WayTo(found.Output);
            Check(open, from, to, way);
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, search, way)));
            else Print(open, search, way, output);
        })));
        return command;
    }

    /// <summary>The stored clusters know at once when there is no way.</summary>
    private static void RequireTogether(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyList<Hash256> cuts, byte[] from, byte[] to, CancellationToken cancel)
    {
        using var view = ClusterViews.Stored(ledger, guard, cuts, out _, cancel);
        if (view is null) return;
        var cluster = view.ClusterIdOf(from);
        if (cluster == view.ClusterIdOf(to)) return;
        var cut = view.Cuts.Where(tx => view.InputAddressesOf(tx).Any(address => view.ClusterOf(address) == cluster)).ToList();
        throw new NotFoundException($"Nothing joins the two: by the stored clusters they are in two, of {Amounts.Count(view.SizeOf(cluster), "address", "addresses")} and {Amounts.Count(view.SizeOf(view.ClusterIdOf(to)))}{CutText(ledger, cut)}.");
    }

    private static string CutText(BitcoinLedger ledger, IReadOnlyList<uint> cuts) =>
        cuts.Count == 0 ? "" : $"; {Amounts.Count(cuts.Count, "transaction", "transactions")} joined nobody because {(cuts.Count == 1 ? "it was" : "they were")} cut: {string.Join(", ", cuts.Take(3).Select(cut => ledger.TxIds[cut]))}{(cuts.Count > 3 ? " .." : "")}";

    /// <summary>Every link once more against the ledger, by whole scripts: what is shown is evidence.</summary>
    private static void Check(BitcoinLedger ledger, byte[] from, byte[] to, IReadOnlyList<CoSpendWitness> way)
    {
        var at = from;
        foreach (var witness in way)
        {
            var isInside = witness.One >= ledger.Graph.FirstInput[witness.Transaction] && witness.Other < ledger.Graph.FirstInput[witness.Transaction + 1L];
            if (!isInside || !ledger.SpentScriptOf(witness.One).AsSpan().SequenceEqual(at))
                throw new LedgerException($"Transaction {ledger.TxIds[witness.Transaction]} does not spend from both addresses: two scripts share a 64-bit key, which somebody must have searched for.");
            at = ledger.SpentScriptOf(witness.Other)!;
        }

        if (!at.AsSpan().SequenceEqual(to)) throw new LedgerException("The chain ends at another script with the same 64-bit key, which somebody must have searched for.");
    }

    private static void Print(BitcoinLedger ledger, CoSpendSearch search, IReadOnlyList<CoSpendWitness> way, TextWriter output)
    {
        output.WriteLine(way.Count == 0 ? "They are one and the same." : $"Joined by {Amounts.Count(way.Count, "transaction", "transactions")}, each spending from both sides; no chain is shorter.");
        foreach (var witness in way)
        {
            var first = ledger.Graph.FirstInput[witness.Transaction];
            output.WriteLine($"{ledger.Graph.HeightOf(witness.Transaction),8}  {ledger.TxIds[witness.Transaction]}");
            output.WriteLine($"          input {witness.One - first,-4} {ClusterOptions.Name(ledger, ledger.SpentScriptOf(witness.One)!)}");
            output.WriteLine($"          input {witness.Other - first,-4} {ClusterOptions.Name(ledger, ledger.SpentScriptOf(witness.Other)!)}");
        }

        output.WriteLine($"Looked at {Amounts.Count(search.Transactions, "transaction", "transactions")}; {Amounts.Count(search.LeftOut)} of them were left out as CoinJoins{CutText(ledger, search.CutsMet)}.");
    }

    private static JsonObject Json(BitcoinLedger ledger, CoSpendSearch search, IReadOnlyList<CoSpendWitness> way) => new()
    {
        ["chain"] = ledger.Network.ChainId,
        ["steps"] = way.Count,
        ["witnesses"] = new JsonArray([.. way.Select(witness => (JsonNode)new JsonObject
        {
            ["txid"] = ledger.TxIds[witness.Transaction].ToString(),
            ["height"] = ledger.Graph.HeightOf(witness.Transaction),
            ["inputs"] = new JsonArray(Input(ledger, witness.Transaction, witness.One), Input(ledger, witness.Transaction, witness.Other)),
        })]),
        ["transactionsSeen"] = search.Transactions,
        ["coinjoinsLeftOut"] = search.LeftOut,
        ["cuts"] = new JsonArray([.. search.CutsMet.Select(cut => (JsonNode)ledger.TxIds[cut].ToString())]),
    };

    private static JsonObject Input(BitcoinLedger ledger, uint transaction, long input) => new()
    {
        ["input"] = input - ledger.Graph.FirstInput[transaction],
        ["script"] = Convert.ToHexStringLower(ledger.SpentScriptOf(input)!),
        ["address"] = Address.TryEncode(ledger.SpentScriptOf(input)!, ledger.Network, out var address) ? address : null,
    };
}
