using System.Globalization;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Ledger.GeneratedChains;

/// <summary>The values that any correct engine must give on the generated chains (../shared/bench/README.md).</summary>
public sealed class OneMillionTests(OneMillion chain) : IClassFixture<OneMillion>
{
    [GeneratedChainFact]
    public void One_million_transactions_give_the_published_figures() => Published.Check(
        chain, transactions: 1_000_000, inputs: 2_232_765, outputs: 2_623_655, total: 14_765_056_074_180,
        unspent: (390_890, 2_545_000_000_000), fee: 821_441, coinjoins: 4_026, scripts: 1_541_125);

    [GeneratedChainFact]
    public void Clusters_of_one_million_transactions_are_the_published_ones() => Published.CheckClusters(chain, 1_541_125, skipped: (662_786, 2_844), all: (619_028, 324_353));

    [GeneratedChainFact]
    public void Cuts_split_clusters_as_a_union_of_the_remaining_transactions_predicts() => GeneratedCuts.Check(chain.Ledger, rounds: 3);

    [GeneratedChainFact]
    public void Fifo_of_the_first_theft_ends_in_89_outputs() => Assert.Equal((89, 111_309_355), Published.Trace(chain, Policy.Fifo));

    [GeneratedChainFact]
    public void The_ledger_verifies() => Assert.Empty(LedgerVerifier.Verify(chain.Ledger.Folder, 2, null, CancellationToken.None));
}

/// <summary>The same for five million.</summary>
public sealed class FiveMillionTests(FiveMillion chain) : IClassFixture<FiveMillion>
{
    [GeneratedChainFact]
    public void Five_million_transactions_give_the_published_figures() => Published.Check(
        chain, transactions: 5_000_000, inputs: 11_115_164, outputs: 13_021_123, total: 87_845_593_543_813,
        unspent: (1_905_959, 10_535_000_000_000), fee: 821_441, coinjoins: 20_572, scripts: 7_660_488);

    [GeneratedChainFact]
    public void Clusters_of_five_million_transactions_are_the_published_ones() => Published.CheckClusters(chain, 7_660_488, skipped: (3_276_563, 7_355), all: (3_050_379, 1_524_231));

    [GeneratedChainFact]
    public void Fifo_of_the_first_theft_ends_in_206_outputs() => Assert.Equal((206, 124_920_031), Published.Trace(chain, Policy.Fifo));

    [GeneratedChainFact]
    public void Poison_of_the_first_theft_reaches_1749539_outputs() => Assert.Equal(1_749_539, Published.Trace(chain, Policy.Poison).Ends);

    [GeneratedChainFact]
    public void BlockScis_haircut_of_the_first_theft_ends_in_523209_outputs() =>
        Assert.Equal((523_209, 122_413_257), Published.Trace(chain, Policy.HaircutBlockSci));

    [GeneratedChainFact]
    public void Exact_haircut_keeps_every_satoshi_of_every_theft()
    {
        foreach (var incident in chain.Incidents)
        {
            var books = Published.Outcome(chain, incident, Policy.Haircut).Books;
            Assert.Equal(books.Seeds, books.Held + books.Fees + books.Absorbed);
        }
    }
}

internal static class Published
{
    internal static void Check(
        GeneratedChain chain, uint transactions, long inputs, long outputs, long total, (long, long) unspent, long fee, long coinjoins, long scripts)
    {
        var graph = chain.Ledger.Graph;
        Assert.Equal(transactions, graph.TransactionCount);
        Assert.Equal(inputs, graph.InputCount);
        Assert.Equal(outputs, graph.OutputCount);
        Assert.Equal(total, LedgerStatistics.TotalOutputValue(graph));
        Assert.Equal(unspent, LedgerStatistics.Unspent(graph));
        Assert.Equal(fee, LedgerStatistics.MaxFee(graph));
        Assert.Equal(coinjoins, CoinJoins.Count(chain.Ledger, 2));
        Assert.Equal(scripts, chain.Ledger.DistinctScripts());
        Assert.Equal(0, chain.Ledger.Counts.UnknownInputs);
        Assert.Equal(chain.Ledger.Counts.Blocks - 1, chain.Ledger.Counts.WeakWorkBlocks);
    }

    internal static void CheckClusters(GeneratedChain chain, uint addresses, (long, long) skipped, (long, long) all)
    {
        using var numbers = AddressNumbers.Of(chain.Ledger, 2);
        Assert.Equal(addresses, numbers.Count);
        Assert.Equal(skipped, CoSpendClusters.Of(chain.Ledger, numbers, CoinJoinGuard.BlockSci, 2).Count());
        Assert.Equal(all, CoSpendClusters.Of(chain.Ledger, numbers, CoinJoinGuard.None, 2).Count());

        // The rules find on these chains the same transactions as BlockSci's test, and call most of them by another name.
        Assert.Equal(skipped, CoSpendClusters.Of(chain.Ledger, numbers, CoinJoinGuard.All, 2).Count());
    }

    internal static (int Ends, long Held) Trace(GeneratedChain chain, Policy policy)
    {
        var outcome = Outcome(chain, chain.Incidents[0], policy);
        return (outcome.Ends.Count, outcome.Books.Held);
    }

    internal static TraceOutcome Outcome(GeneratedChain chain, string incident, Policy policy)
    {
        var place = incident.Split(':');
        var transaction = chain.Ledger.FindTransaction(Hash256.Parse(place[0]));
        var output = chain.Ledger.Graph.FirstOutput[transaction] + int.Parse(place[1], CultureInfo.InvariantCulture);
        var query = new TraceQuery { Seeds = [new StolenOutput(output, chain.Ledger.Graph.Value[output])] };
        return new Tracer(chain.Ledger.Graph).Trace(query, policy);
    }
}
