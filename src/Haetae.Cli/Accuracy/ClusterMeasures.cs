using Haetae.Ledger;
using Haetae.Tracing.Clusters;

namespace Haetae.Cli.Accuracy;

/// <summary>Clusters of what was spent together against who owns the addresses: pairs of addresses that were paid.</summary>
internal static class ClusterMeasures
{
    private const ulong Seed = 77_003;
    private const int Transactions = 20_000;
    private static readonly CoinJoinGuard[] Guards = [CoinJoinGuard.None, CoinJoinGuard.BlockSci, CoinJoinGuard.All];

    internal static readonly Measurement[] All =
    [
        new("clusters-emulated", AccuracySection.Clusters, (data, cancel) =>
        {
            var chain = OwnedLedger.Emulated(data, cancel);
            return [.. Figures(chain, "emulated chain of ten Wasabi wallets, six rounds", "no wallet spends but in a round, so there is nothing right to join; few; pairs hang together, so the interval is too narrow", cancel)];
        }),
        new("clusters-generated", AccuracySection.Clusters, (data, cancel) =>
        {
            var chain = OwnedLedger.Practice(data, Seed, Transactions, cancel);
            return [.. Figures(chain, $"practice heist, seed {Seed}, {Transactions:#,0} transactions", "nobody here pays together with another but in a round; pairs hang together, so the interval is too narrow", cancel)];
        }),
    ];

    /// <summary>What is measured only where a generated chain is named.</summary>
    internal static readonly Measurement Bench = new("bench", AccuracySection.Bench, (data, cancel) =>
    {
        var chain = OwnedLedger.Bench(data, cancel);
        return [.. Figures(chain, $"generated chain of {chain.Ledger.Graph.TransactionCount:#,0} transactions", "the mixture is the generator's; pairs hang together, so the interval is too narrow", cancel).Select(figure => figure with { Section = AccuracySection.Bench })];
    });

    internal static IEnumerable<Figure> Figures(OwnedLedger chain, string set, string note, CancellationToken cancel)
    {
        using var numbers = AddressNumbers.Of(chain.Ledger, Environment.ProcessorCount, cancel);
        var owners = Owners(chain, numbers);
        foreach (var guard in Guards)
        {
            var clusters = CoSpendClusters.Of(chain.Ledger, numbers, guard, Environment.ProcessorCount, cancel);
            var pairs = PairCount.Of(owners.Select(pair => (clusters.Of(pair.Key), pair.Value)));
            var method = $"spent together, left out: {Word(guard)}";
            yield return new Figure(AccuracySection.Clusters, method, set, "precision", pairs.Precision, note);
            yield return new Figure(AccuracySection.Clusters, method, set, "recall", pairs.Recall, note);
        }
    }

    private static string Word(CoinJoinGuard guard) => guard switch
    {
        CoinJoinGuard.None => "nothing",
        CoinJoinGuard.BlockSci => "BlockSci's rule",
        _ => "all rules",
    };

    // Addresses whose owner is known; the others are in nobody's pairs.
    private static Dictionary<uint, string> Owners(OwnedLedger chain, AddressNumbers numbers)
    {
        var owners = new Dictionary<uint, string>();
        for (long output = 0; output < chain.Ledger.Counts.Outputs; output++)
        {
            var address = numbers.OfOutput[output];
            if (address != AddressNumbers.None && !owners.ContainsKey(address) && chain.Owners.TryGetValue(Convert.ToHexStringLower(chain.Ledger.ScriptOf(output)), out var owner)) owners[address] = owner;
        }

        return owners;
    }
}
