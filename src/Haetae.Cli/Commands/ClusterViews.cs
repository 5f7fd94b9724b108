using System.CommandLine;
using Haetae.Intel.Clusters;
using Haetae.Intel.Storage;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Tracing.Clusters;

namespace Haetae.Cli.Commands;

/// <summary>Clusters for the verbs that ask for them: the stored ones if they are of this very ledger, with the cuts in the store.</summary>
internal static class ClusterViews
{
    /// <summary>The cuts that hold on a ledger's chain.</summary>
    internal static IReadOnlyList<ClusterCutFact> Cuts(ParseResult parsed, BitcoinLedger ledger) => ClusterCuts.Current(Database(parsed), ledger.Network.ChainId);

    internal static StoreLocation Database(ParseResult parsed) => Stores.Of(parsed);

    internal static IReadOnlyList<Hash256> Ids(IEnumerable<ClusterCutFact> cuts) => [.. cuts.Select(cut => Hash256.Parse(cut.TxId))];

    /// <summary>The numbers of those transactions that the ledger holds.</summary>
    internal static HashSet<uint> Numbers(BitcoinLedger ledger, IEnumerable<Hash256> ids) => [.. ids.Select(ledger.FindTransaction).Where(number => number >= 0).Select(number => (uint)number)];

    /// <summary>A view on the stored clusters; null, with the reason, where there are none of this state of the ledger.</summary>
    internal static ClusterView? Stored(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, out string reason, CancellationToken cancel)
    {
        var columns = ClusterStore.TryOpen(ledger, CoinJoinGuards.Word(guard), CoinJoinGuards.RulesVersion, out reason);
        if (columns is null) return null;
        try
        {
            return ClusterView.Of(ledger, columns, guard, cuts, cancel);
        }
        catch
        {
            columns.Dispose();
            throw;
        }
    }

    /// <summary>A view in any case: stored, or computed now, which takes a second for ten million transactions and more for a whole chain.</summary>
    internal static ClusterView Open(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, int threads, CancellationToken cancel) =>
        Stored(ledger, guard, cuts, out _, cancel) ?? ClusterView.Compute(ledger, guard, cuts, threads, cancel);

    /// <summary>Computes and stores the clusters of a ledger, and what the cuts change in them.</summary>
    internal static ClusterManifest Build(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, int threads, Action<string, double> progress, CancellationToken cancel)
    {
        progress("numbering addresses", 0);
        using var numbers = AddressNumbers.Of(ledger, threads, cancel);
        progress("clustering", 0.3);
        var clusters = CoSpendClusters.Of(ledger, numbers, guard, threads, cancel);
        progress("writing clusters", 0.7);
        var lists = clusters.Flatten();
        var facts = new ClusterFacts(CoinJoinGuards.Word(guard), CoinJoinGuards.RulesVersion, lists.Clusters, lists.Largest, lists.LargestSize, [.. clusters.LeftOut.Select(pair => new LeftOut(pair.Key, pair.Value))]);
        var manifest = ClusterStore.Save(ledger, numbers, lists.Cluster, lists.NextMember, facts, threads, cancel);
        return cuts.Count == 0 ? manifest : SaveCuts(ledger, guard, cuts, cancel) ?? manifest;
    }

    /// <summary>Brings what cuts change in the stored clusters up to date; null when none are stored of this state of the ledger.</summary>
    internal static ClusterManifest? SaveCuts(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, CancellationToken cancel)
    {
        using var view = Stored(ledger, guard, cuts, out _, cancel);
        if (view is null) return null;
        var names = ClusterView.NamesOf(ledger, view.Cuts);
        return view.Stored!.Cuts.SequenceEqual(names, StringComparer.Ordinal) ? view.Stored : ClusterStore.SaveCuts(ledger, view.Stored, names, view.CutRows);
    }
}
