using Haetae.Ledger;
using Haetae.Ledger.Clusters;

namespace Haetae.Tracing.Clusters;

/// <summary>Recomputes single clusters without the transactions that were cut.</summary>
/// <remarks>
/// Contract: two members stay together if a chain of transactions that the guard counts and nobody cut spends from one and the next; a part is named by its first
/// address, as every cluster is. Breadth-first search over the members' spends, read from the ledger: the cost is that of the clusters cut, not of the chain.
/// </remarks>
internal sealed class ClusterSplit(BitcoinLedger ledger, ClusterColumns columns, CoinJoinGuard guard, IReadOnlySet<uint> cuts)
{
    private readonly AddressSpends _spends = new(ledger);
    private readonly GuardScan _guard = new(ledger, guard);

    /// <summary>Rows for all members of the clusters that hold an input of a cut, sorted by address.</summary>
    internal CutRow[] Rows(CancellationToken cancel)
    {
        var clusters = new SortedSet<uint>();
        foreach (var cut in cuts)
            if (!_guard.LeavesOut(cut)) clusters.UnionWith(AddressesOf(cut).Select(address => columns.Cluster[address]));
        var rows = clusters.SelectMany(cluster => Parts(
            ClusterView.Walk(cluster, address => columns.NextMember[address]), SpendersOf, transaction => cuts.Contains(transaction) || _guard.LeavesOut(transaction) ? [] : AddressesOf(transaction), cancel));
        return [.. rows.OrderBy(row => row.Address)];
    }

    /// <summary>The parts that a cluster falls into.</summary>
    /// <param name="members">Its members, rising.</param>
    /// <param name="spendersOf">The transactions that spend from a member.</param>
    /// <param name="joinedBy">The addresses that a transaction holds together; none if it does not count.</param>
    internal static IEnumerable<CutRow> Parts(IEnumerable<uint> members, Func<uint, IEnumerable<uint>> spendersOf, Func<uint, IEnumerable<uint>> joinedBy, CancellationToken cancel)
    {
        var met = new HashSet<uint>();
        var seen = new HashSet<uint>();
        foreach (var start in members)
        {
            if (!met.Add(start)) continue; // members rise, so whoever was not met yet is the first of its part
            var part = new List<uint> { start };
            for (var at = 0; at < part.Count; at++)
            {
                cancel.ThrowIfCancellationRequested();
                foreach (var transaction in spendersOf(part[at]))
                    if (seen.Add(transaction)) part.AddRange(joinedBy(transaction).Where(met.Add));
            }

            part.Sort();
            for (var m = 0; m < part.Count; m++) yield return new CutRow(part[m], start, m + 1 < part.Count ? part[m + 1] : AddressNumbers.None);
        }
    }

    private IReadOnlyList<uint> SpendersOf(uint address)
    {
        var output = columns.FirstOutput[address];
        return _spends.Of(ledger.ScriptOf(output), ledger.ScriptKeys[output]);
    }

    private IEnumerable<uint> AddressesOf(uint transaction) => InputAddresses.Of(ledger, columns.AddressOfOutput, transaction);
}
