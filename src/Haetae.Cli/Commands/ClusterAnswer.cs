using System.CommandLine;
using Haetae.Ledger;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A member of a cluster.</summary>
/// <param name="Output">An output that pays it.</param>
/// <param name="Steps">Transactions between it and the address asked for; null when the stored clusters answered, which do not know ways.</param>
internal readonly record struct ClusterMember(long Output, int? Steps, ScriptBalance Balance);

/// <summary>The cluster of an address: from the stored clusters, or by a search of the ledger where none are stored of its present state.</summary>
/// <param name="Complete">False when a limit cut the search short.</param>
/// <param name="Seen">Transactions looked at; null when the stored clusters answered.</param>
/// <param name="LeftOut">Those of them that joined nobody as CoinJoins.</param>
/// <param name="Cuts">Transactions that were cut and would otherwise join an address of this cluster.</param>
/// <param name="NotStored">Why the stored clusters did not answer; null when they did.</param>
internal sealed record ClusterAnswer(IReadOnlyList<ClusterMember> Members, bool Complete, int? Seen, int? LeftOut, IReadOnlyList<uint> Cuts, string? NotStored)
{
    internal static ClusterAnswer Of(ParseResult parsed, BitcoinLedger ledger, byte[] script, CoinJoinGuard guard, int mostTransactions, CancellationToken cancel)
    {
        var cuts = ClusterViews.Ids(ClusterViews.Cuts(parsed, ledger));
        using var view = ClusterViews.Stored(ledger, guard, cuts, out var reason, cancel);
        var answer = view is null ? Searched(ledger, script, guard, ClusterViews.Numbers(ledger, cuts), mostTransactions, reason, cancel) : Stored(view, script);
        return answer with { Members = WithBalances(ledger, answer.Members, cancel) };
    }

    private static ClusterAnswer Stored(ClusterView view, byte[] script)
    {
        var cluster = view.ClusterIdOf(script);
        var members = view.MembersOf(cluster).Select(address => new ClusterMember(view.FirstOutputOf(address), null, default)).ToList();
        var cuts = view.Cuts.Where(cut => view.InputAddressesOf(cut).Any(address => view.ClusterOf(address) == cluster)).ToList();
        return new ClusterAnswer(members, true, null, null, cuts, null);
    }

    private static ClusterAnswer Searched(BitcoinLedger ledger, byte[] script, CoinJoinGuard guard, IReadOnlySet<uint> cuts, int mostTransactions, string reason, CancellationToken cancel)
    {
        var search = new CoSpendSearch(ledger, guard, cuts);
        var members = search.Walk(script, mostTransactions, cancel).Select(member => new ClusterMember(member.Output, member.Steps, default)).ToList();
        return new ClusterAnswer(members, search.IsComplete, search.Transactions, search.LeftOut, search.CutsMet, reason);
    }

    private static List<ClusterMember> WithBalances(BitcoinLedger ledger, IReadOnlyList<ClusterMember> members, CancellationToken cancel)
    {
        const int batch = 4_096;
        var progress = ProgressLine.OnConsole();
        var with = new List<ClusterMember>(members.Count);
        var balances = new ScriptBalance[batch];
        foreach (var some in members.Chunk(batch))
        {
            cancel.ThrowIfCancellationRequested();
            ledger.FindBalances([.. some.Select(member => ledger.ScriptOf(member.Output))], balances);
            for (var m = 0; m < some.Length; m++) with.Add(some[m] with { Balance = balances[m] });
            progress.Show("balances", (double)with.Count / members.Count, Amounts.Count(with.Count, "address", "addresses"));
        }

        progress.Clear();
        return with;
    }
}
