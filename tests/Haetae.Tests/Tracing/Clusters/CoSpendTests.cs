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

    [Theory]
    [InlineData(35, CoinJoinGuard.None)]
    [InlineData(36, CoinJoinGuard.BlockSci)]
    public void A_walk_meets_the_whole_cluster_by_shortest_ways_that_the_ledger_bears_out(ulong seed, CoinJoinGuard guard)
    {
        Workbench.Ingest(_bench.Chain(seed, 4_000), _bench.Path_("walk"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("walk"));
        using var numbers = AddressNumbers.Of(ledger, 2);
        var clusters = CoSpendClusters.Of(ledger, numbers, guard, 2);
        var members = Enumerable.Range(0, (int)numbers.Count).GroupBy(address => clusters.Of((uint)address)).OrderByDescending(group => group.Count()).Take(12).ToList();
        foreach (var cluster in members)
        {
            var start = (uint)cluster.Last();
            var search = new CoSpendSearch(ledger, guard);
            var met = search.Walk(ScriptOf(ledger, numbers, start), int.MaxValue).ToList();
            Assert.True(search.IsComplete);
            Assert.Equal(cluster.Select(address => (uint)address).Order(), met.Select(member => numbers.OfOutput[member.Output]).Order());
            var distances = Distances(ledger, numbers, start, guard);
            foreach (var member in met)
            {
                Assert.Equal(distances[numbers.OfOutput[member.Output]], member.Steps);
                var way = search.WayTo(member.Output);
                Assert.Equal(member.Steps, way.Count);
                var at = start;
                foreach (var witness in way)
                {
                    Assert.InRange(witness.One, ledger.Graph.FirstInput[witness.Transaction], ledger.Graph.FirstInput[witness.Transaction + 1L] - 1);
                    Assert.InRange(witness.Other, ledger.Graph.FirstInput[witness.Transaction], ledger.Graph.FirstInput[witness.Transaction + 1L] - 1);
                    Assert.Equal(at, numbers.OfOutput[ledger.Graph.Previous[witness.One]]);
                    at = numbers.OfOutput[ledger.Graph.Previous[witness.Other]];
                }

                Assert.Equal(numbers.OfOutput[member.Output], at);
            }

            var cut = new CoSpendSearch(ledger, guard);
            if (met.Max(member => member.Steps) > 1) Assert.InRange(cut.Walk(ScriptOf(ledger, numbers, start), 1).Count(), 1, met.Count - 1);
            Assert.Equal(met.Max(member => member.Steps) <= 1 && cut.Transactions <= 1 && search.Transactions <= 1, cut.IsComplete);
        }
    }

    private static byte[] ScriptOf(BitcoinLedger ledger, AddressNumbers numbers, uint address)
    {
        for (long output = 0; ; output++)
            if (numbers.OfOutput[output] == address) return ledger.ScriptOf(output);
    }

    private static Dictionary<uint, int> Distances(BitcoinLedger ledger, AddressNumbers numbers, uint start, CoinJoinGuard guard)
    {
        var coinJoins = new Haetae.Tracing.CoinJoins.Scan(ledger);
        var groups = new List<HashSet<uint>>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            if (guard != CoinJoinGuard.None && coinJoins.IsOne(tx)) continue;
            var inputs = new HashSet<uint>();
            for (var i = ledger.Graph.FirstInput[tx]; i < ledger.Graph.FirstInput[tx + 1L]; i++) inputs.Add(numbers.OfOutput[ledger.Graph.Previous[i]]);
            if (inputs.Count > 1) groups.Add(inputs);
        }

        var distances = new Dictionary<uint, int> { [start] = 0 };
        for (var step = 0; ; step++)
        {
            var next = groups.Where(group => group.Any(address => distances.TryGetValue(address, out var d) && d == step)).SelectMany(group => group).Where(address => !distances.ContainsKey(address)).ToHashSet();
            if (next.Count == 0) return distances;
            foreach (var address in next) distances[address] = step + 1;
        }
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
