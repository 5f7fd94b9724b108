using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tracing.Clusters;

namespace Haetae.Tests.Tracing.Clusters;

/// <summary>Address numbers and co-spend clusters against a slow twin that knows only scripts and sets.</summary>
public sealed class CoSpendTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 3)]
    [InlineData(33, 5)]
    public void Numbers_and_clusters_are_those_of_a_slow_twin_however_the_index_is_cut(ulong seed, int ingests)
    {
        var chain = _bench.Chain(seed, 3_000);
        var folder = _bench.Path_("ledger");
        var tip = Workbench.Ingest(chain, _bench.Path_("once")).TipHeight;
        for (var part = 1; part <= ingests; part++) Workbench.Ingest(chain, folder, to: tip * part / ingests);
        using var ledger = BitcoinLedger.Open(folder);
        using var numbers = AddressNumbers.Of(ledger, 2);

        var slow = new Dictionary<string, uint>();
        for (long output = 0; output < ledger.Counts.Outputs; output++)
        {
            var script = ledger.ScriptOf(output);
            if (script is [0x6a, ..])
            {
                Assert.Equal(AddressNumbers.None, numbers.OfOutput[output]);
                continue;
            }

            var text = Convert.ToHexString(script);
            if (!slow.TryGetValue(text, out var number)) slow[text] = number = (uint)slow.Count;
            Assert.Equal(number, numbers.OfOutput[output]);
        }

        Assert.Equal((uint)slow.Count, numbers.Count);
        foreach (var threads in new[] { 1, 2, 4 })
        {
            var clusters = CoSpendClusters.Of(ledger, numbers, CoinJoinGuard.None, threads);
            var twin = Components(ledger, numbers);
            for (var address = 0U; address < numbers.Count; address++) Assert.Equal(twin[address], clusters.Of(address));
            Assert.Equal((twin.Distinct().LongCount(), twin.GroupBy(root => root).Max(group => group.LongCount())), clusters.Count());
        }
    }

    /// <summary>A ledger that begins in the middle: what its first blocks spend has a script only where undo data gave it.</summary>
    [Fact]
    public void A_range_clusters_what_it_knows()
    {
        var chain = _bench.Chain(34, 3_000);
        var whole = Workbench.Ingest(chain, _bench.Path_("whole"));
        var folder = _bench.Path_("range");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = chain, Ledger = folder, From = whole.TipHeight / 2 });
        using var ledger = BitcoinLedger.Open(folder);
        Assert.True(ledger.Counts.UnknownInputs > 0);
        using var numbers = AddressNumbers.Of(ledger, 2);
        var clusters = CoSpendClusters.Of(ledger, numbers, CoinJoinGuard.BlockSci, 2);
        Assert.InRange(clusters.Count().Clusters, 1, numbers.Count);
    }

    // Breadth first over shared transactions, each component named by its smallest number.
    private static uint[] Components(BitcoinLedger ledger, AddressNumbers numbers)
    {
        var together = new Dictionary<uint, List<uint>>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            var inputs = new List<uint>();
            for (var i = ledger.Graph.FirstInput[tx]; i < ledger.Graph.FirstInput[tx + 1L]; i++) inputs.Add(numbers.OfOutput[ledger.Graph.Previous[i]]);
            foreach (var one in inputs)
                (together.TryGetValue(one, out var others) ? others : together[one] = []).AddRange(inputs);
        }

        var root = new uint[numbers.Count];
        Array.Fill(root, uint.MaxValue);
        for (var address = 0U; address < root.Length; address++)
        {
            if (root[address] != uint.MaxValue) continue;
            var queue = new Queue<uint>([address]);
            root[address] = address;
            while (queue.TryDequeue(out var at))
            {
                foreach (var next in together.GetValueOrDefault(at) ?? [])
                {
                    if (root[next] != uint.MaxValue) continue;
                    root[next] = address;
                    queue.Enqueue(next);
                }
            }
        }

        return root;
    }
}
