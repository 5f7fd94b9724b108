using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Deposits;

namespace Haetae.Cli.Accuracy;

/// <summary>Deposit addresses and the customers behind them, in a made-up world with known owners.</summary>
internal static class DepositMeasures
{
    private const ulong Seed = 20_200_210;
    private const string Note = "our own habits and mixture: tests the rule, not the world; pairs hang together, so the interval is too narrow";

    internal static readonly Measurement[] All = [new("deposits", AccuracySection.Deposits, (_, cancel) => [.. Figures(cancel)])];

    private static IEnumerable<Figure> Figures(CancellationToken cancel) =>
        [.. Figures(1_000, withCrowds: true, cancel), .. Figures(30, withCrowds: false, cancel)];

    private static IEnumerable<Figure> Figures(int friends, bool withCrowds, CancellationToken cancel)
    {
        var world = new DepositWorld(Seed, friends);
        var ledger = world.Ledger;
        var usual = DepositTerms.Usual(ledger.Chain);
        var services = new HashSet<uint> { ledger.FindAccount(world.Service)!.Value };
        var open = usual with { MostPayers = int.MaxValue, MostDeposits = int.MaxValue };
        foreach (var (method, terms) in new[] { ("deposit addresses", usual), ("deposit addresses, crowds let in", open) }.Take(withCrowds ? 2 : 1))
        {
            var findings = DepositSearch.Of(ledger, services, null, terms, cancel);
            var set = $"made-up customers, seed {Seed}, friends pay one deposit in {friends:#,0}";
            AccountAddress[] found = [.. findings.Clusters.SelectMany(cluster => cluster.Deposits).Select(ledger.AddressOf)];
            var right = found.Count(world.DepositAddresses.Contains);
            yield return new Figure(AccuracySection.Deposits, method, $"{set}: addresses told", "right", new Rate(right, found.Length), Note);
            yield return new Figure(AccuracySection.Deposits, method, $"{set}: addresses there are", "found", new Rate(right, world.DepositAddresses.Count), Note);
            var clusterOf = new Dictionary<AccountAddress, uint>();
            foreach (var cluster in findings.Clusters)
                foreach (var payer in cluster.Payers) clusterOf[ledger.AddressOf(payer)] = cluster.Payers[0];
            // Whoever is in no cluster is one by himself: a number that no cluster has.
            var alone = ledger.AccountCount;
            AccountAddress[] payers = [.. clusterOf.Keys.Union(world.Payers).Order()];
            var pairs = PairCount.Of(payers.Select(payer => (clusterOf.TryGetValue(payer, out var cluster) ? cluster : alone++, world.Owners[payer])));
            yield return new Figure(AccuracySection.Deposits, method, $"{set}: pairs of payers joined", "precision", pairs.Precision, Note);
            yield return new Figure(AccuracySection.Deposits, method, $"{set}: pairs of payers of one owner", "recall", pairs.Recall, Note);
        }
    }
}
