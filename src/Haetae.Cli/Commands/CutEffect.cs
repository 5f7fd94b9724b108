using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Intel.Clusters;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A cluster that holds an input address of a cut transaction.</summary>
/// <param name="Address">One of those input addresses.</param>
/// <param name="Size">Its addresses.</param>
internal sealed record CutPart(string Address, int Size);

/// <summary>What a transaction's input addresses belong to once its cut, or the taking back of it, is written down.</summary>
/// <param name="Parts">The clusters that hold its input addresses, the largest first.</param>
/// <param name="Complete">False when a limit kept clusters from being counted to their end.</param>
/// <param name="LeftOut">The guard leaves the transaction out anyway.</param>
/// <param name="Refreshed">The guards whose stored clusters were brought up to date.</param>
internal sealed record CutEffect(IReadOnlyList<CutPart> Parts, bool Complete, bool LeftOut, string Guard, IReadOnlyList<string> Refreshed)
{
    internal static CutEffect Of(ParseResult parsed, BitcoinLedger ledger, uint transaction, CoinJoinGuard guard, int mostTransactions, CancellationToken cancel)
    {
        var cuts = ClusterViews.Ids(ClusterViews.Cuts(parsed, ledger));
        var refreshed = Enum.GetValues<CoinJoinGuard>().Where(one => Refresh(ledger, one, cuts, cancel)).Select(CoinJoinGuards.Word).ToList();
        var leftOut = CoinJoinGuards.LeavesOut(ledger, guard, transaction);
        using var view = ClusterViews.Stored(ledger, guard, cuts, out _, cancel);
        var (parts, complete) = view is null ? Searched(ledger, transaction, guard, ClusterViews.Numbers(ledger, cuts), mostTransactions, cancel) : (Stored(ledger, view, transaction), true);
        return new CutEffect([.. parts.OrderByDescending(part => part.Size)], complete, leftOut, CoinJoinGuards.Word(guard), refreshed);
    }

    // The fact stands whether or not the files beside the ledger can be written: readers then recompute the cluster themselves.
    private static bool Refresh(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, CancellationToken cancel)
    {
        try
        {
            return ClusterViews.SaveCuts(ledger, guard, cuts, cancel) is not null;
        }
        catch (Exception readOnly) when (readOnly is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static List<CutPart> Stored(BitcoinLedger ledger, ClusterView view, uint transaction) =>
        [.. view.InputAddressesOf(transaction).DistinctBy(view.ClusterOf).Select(address => new CutPart(ClusterOptions.Name(ledger, view.FirstOutputOf(address)), view.SizeOf(address)))];

    // Whatever the transaction held together holds one of its inputs: a search from each finds all parts.
    private static (List<CutPart> Parts, bool Complete) Searched(BitcoinLedger ledger, uint transaction, CoinJoinGuard guard, IReadOnlySet<uint> cuts, int mostTransactions, CancellationToken cancel)
    {
        var met = new HashSet<ulong>();
        var parts = new List<CutPart>();
        var complete = true;
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++)
        {
            if (ledger.SpentScriptOf(input) is not { } script || met.Contains(ledger.InputScriptKey(input))) continue;
            var search = new CoSpendSearch(ledger, guard, cuts);
            var members = search.Walk(script, mostTransactions, cancel).ToList();
            if (members.Count == 0) continue; // paid before the ledger's first block and never since: no address here
            met.UnionWith(members.Select(member => ledger.ScriptKeys[member.Output]));
            complete &= search.IsComplete;
            parts.Add(new CutPart(ClusterOptions.Name(ledger, script), members.Count));
        }

        return (parts, complete);
    }

    internal void Print(BitcoinLedger ledger, ClusterCutFact fact, bool isNew, TextWriter output)
    {
        var isCut = fact.Change == CutChange.Cut;
        output.WriteLine($"{(isCut ? "Cut" : "Taken back"),-13} {fact.TxId}{(isNew ? "" : ", as it was already")}");
        if (LeftOut) output.WriteLine($"No effect     under --coinjoins {Guard}, which leaves the transaction out anyway");
        output.WriteLine(Parts.Count > 1
            ? $"Parts         {Amounts.Count(Parts.Count)}{(isCut && !LeftOut ? ", one cluster before" : "")}{(Complete ? "" : ", counted up to --max-transactions")}"
            : isCut ? "Stays whole   other transactions join the same addresses" : "Joins         one cluster again");
        foreach (var part in Parts) output.WriteLine($"{Amounts.Count(part.Size, "address", "addresses"),25}  with {part.Address}");
        if (Refreshed.Count > 0) output.WriteLine($"Stored        clusters ({string.Join(", ", Refreshed)}) are up to date");
    }

    internal JsonObject Json(BitcoinLedger ledger, ClusterCutFact fact, bool isNew)
    {
        var json = CutList.Json(fact);
        json["chain"] = ledger.Network.ChainId;
        json["new"] = isNew;
        json["guard"] = Guard;
        json["leftOutAnyway"] = LeftOut;
        json["complete"] = Complete;
        json["parts"] = new JsonArray([.. Parts.Select(part => (JsonNode)new JsonObject { ["address"] = part.Address, ["addresses"] = part.Size })]);
        json["storedClustersRefreshed"] = new JsonArray([.. Refreshed.Select(guard => (JsonNode)guard)]);
        return json;
    }
}
