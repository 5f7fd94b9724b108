using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Ledger.RealBlocks;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Clusters;

namespace Haetae.Tests.Tracing.Clusters;

/// <summary>A cut splits a cluster, or leaves it whole, exactly as a search over the remaining co-spends says.</summary>
public sealed class ClusterCutTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void On_random_graphs_the_parts_are_the_components_without_the_cuts()
    {
        for (var seed = 0UL; seed < 10_000; seed++)
        {
            var dice = new Dice(seed);
            var addresses = (uint)(2 + dice.Below(14));
            var joins = Enumerable.Range(0, (int)dice.Below(16)).Select(_ => Enumerable.Range(0, (int)(2 + dice.Below(3))).Select(_ => (uint)dice.Below(addresses)).ToHashSet()).ToList();
            var cuts = Enumerable.Range(0, joins.Count).Where(_ => dice.OneIn(4)).Select(cut => (uint)cut).ToHashSet();
            var before = Components(addresses, joins, []);
            var after = Components(addresses, joins, cuts);
            var split = 0;
            foreach (var cluster in before.Distinct())
            {
                var members = Enumerable.Range(0, (int)addresses).Select(address => (uint)address).Where(address => before[address] == cluster).ToList();
                var rows = ClusterSplit.Parts(
                    members,
                    address => Enumerable.Range(0, joins.Count).Where(join => joins[join].Contains(address)).Select(join => (uint)join),
                    join => cuts.Contains(join) ? [] : joins[(int)join],
                    CancellationToken.None).ToList();
                Assert.Equal(members, rows.Select(row => row.Address).Order());
                foreach (var row in rows)
                {
                    var next = members.Where(address => address > row.Address && after[address] == after[row.Address]).DefaultIfEmpty(AddressNumbers.None).Min();
                    Assert.True((after[row.Address], next) == (row.Cluster, row.NextMember), $"seed {seed}, address {row.Address}");
                }

                split += rows.DistinctBy(row => row.Cluster).Count();
            }

            Assert.True(after.Distinct().Count() == split, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(71, CoinJoinGuard.All)]
    [InlineData(72, CoinJoinGuard.None)]
    public void On_a_generated_chain_a_view_a_search_and_stored_rows_agree_with_all_components_without_the_cuts(ulong seed, CoinJoinGuard guard)
    {
        Workbench.Ingest(_bench.Chain(seed, 2_000), _bench.Path_("ledger"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        using var numbers = AddressNumbers.Of(ledger, 2);
        var (joins, transactions) = Joins(ledger, numbers, guard);
        var dice = new Dice(seed);
        ClusterViews.Build(ledger, guard, [], 2, (_, _) => { }, CancellationToken.None);
        var whole = Components(numbers.Count, joins, []);
        var changed = 0;
        for (var round = 0; round < 60; round++)
        {
            var cut = Enumerable.Range(0, (int)(1 + dice.Below(3))).Select(_ => (uint)dice.Below(joins.Count)).ToHashSet();
            var ids = cut.Select(join => ledger.TxIds[transactions[(int)join]]).ToList();
            var after = Components(numbers.Count, joins, cut);
            if (!after.SequenceEqual(whole)) changed++;
            using (var view = ClusterViews.Stored(ledger, guard, ids, out _, CancellationToken.None)!) Check(view, after, dice);
            var touched = joins[(int)cut.First()].First();
            var search = new CoSpendSearch(ledger, guard, cut.Select(join => transactions[(int)join]).ToHashSet());
            var found = search.Walk(ledger.ScriptOf(numbers.FirstOutput()[touched]), int.MaxValue).Select(member => numbers.OfOutput[member.Output]).Order().ToList();
            Assert.Equal(Enumerable.Range(0, (int)numbers.Count).Select(address => (uint)address).Where(address => after[address] == after[touched]), found);
            if (round % 10 > 0) continue;
            Assert.NotNull(ClusterViews.SaveCuts(ledger, guard, ids, CancellationToken.None)!.CutRows);
            using (var view = ClusterViews.Stored(ledger, guard, ids, out _, CancellationToken.None)!) Check(view, after, dice);
            Assert.Null(ClusterViews.SaveCuts(ledger, guard, [], CancellationToken.None)!.CutRows);
            using (var view = ClusterViews.Stored(ledger, guard, [], out _, CancellationToken.None)!) Check(view, whole, dice);
        }

        Assert.InRange(changed, 10, 60);
    }

    /// <summary>The ledger begins in the middle: what its first blocks spend was paid before, and joins all the same where undo data tells the script.</summary>
    [Fact]
    public void A_search_joins_what_was_paid_before_the_first_block_as_the_clusters_do()
    {
        var heist = _bench.Chain(73, 2_000);
        var whole = Workbench.Ingest(heist, _bench.Path_("whole"));
        using var full = BitcoinLedger.Open(_bench.Path_("whole"));
        UndoFiles.Write(full, heist);
        var folder = _bench.Path_("range");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = heist, Ledger = folder, From = whole.TipHeight / 2 });
        using var ledger = BitcoinLedger.Open(folder);
        Assert.True(ledger.Counts.OutsideInputs > ledger.Counts.UnknownInputs);
        using var view = ClusterView.Compute(ledger, CoinJoinGuard.None, [], 2);
        var clusters = Enumerable.Range(0, (int)view.Addresses).GroupBy(address => view.ClusterOf((uint)address)).OrderByDescending(group => group.Count()).Take(20);
        foreach (var cluster in clusters)
        {
            var members = new CoSpendSearch(ledger, CoinJoinGuard.None).Walk(view.ScriptOf((uint)cluster.Last()), int.MaxValue).Select(member => (int)view.AddressOf(member.Output)).Order();
            Assert.Equal(cluster, members);
        }
    }

    private static void Check(ClusterView view, uint[] expected, Dice dice)
    {
        for (var address = 0U; address < view.Addresses; address++) Assert.Equal(expected[address], view.ClusterOf(address));
        for (var some = 0; some < 20; some++)
        {
            var cluster = expected[dice.Below(view.Addresses)];
            Assert.Equal(Enumerable.Range(0, expected.Length).Where(address => expected[address] == cluster).Select(address => (uint)address), view.MembersOf(cluster));
        }
    }

    private static (List<HashSet<uint>> Joins, List<uint> Transactions) Joins(BitcoinLedger ledger, AddressNumbers numbers, CoinJoinGuard guard)
    {
        var scan = new GuardScan(ledger, guard);
        var joins = new List<HashSet<uint>>();
        var transactions = new List<uint>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            var inputs = new HashSet<uint>();
            for (var i = ledger.Graph.FirstInput[tx]; i < ledger.Graph.FirstInput[tx + 1L]; i++) inputs.Add(numbers.OfOutput[ledger.Graph.Previous[i]]);
            if (inputs.Count < 2 || scan.LeavesOut(tx)) continue;
            joins.Add(inputs);
            transactions.Add(tx);
        }

        return (joins, transactions);
    }

    // Breadth first over all joins that are not cut, each component named by its smallest address.
    private static uint[] Components(uint addresses, List<HashSet<uint>> joins, HashSet<uint> cuts)
    {
        var of = Enumerable.Range(0, (int)addresses).Select(_ => new List<HashSet<uint>>()).ToArray();
        for (var join = 0; join < joins.Count; join++)
            if (!cuts.Contains((uint)join))
                foreach (var address in joins[join]) of[address].Add(joins[join]);
        var root = new uint[addresses];
        Array.Fill(root, uint.MaxValue);
        for (var start = 0U; start < addresses; start++)
        {
            if (root[start] != uint.MaxValue) continue;
            root[start] = start;
            var queue = new Queue<uint>([start]);
            while (queue.TryDequeue(out var at))
                foreach (var next in of[at].SelectMany(join => join).Where(next => root[next] == uint.MaxValue))
                {
                    root[next] = start;
                    queue.Enqueue(next);
                }
        }

        return root;
    }
}

/// <summary>Undo files beside a practice chain's block files, as a node would keep them.</summary>
file static class UndoFiles
{
    internal static void Write(BitcoinLedger ledger, string blocks)
    {
        foreach (var path in Directory.GetFiles(blocks, "blk*.dat"))
        {
            using var undo = new MemoryStream();
            ReadOnlySpan<byte> file = File.ReadAllBytes(path);
            while (file.Length > 0)
            {
                var block = file.Slice(8, BitConverter.ToInt32(file[4..8]));
                Add(undo, ledger, block, file[..4]);
                file = file[(8 + block.Length)..];
            }

            File.WriteAllBytes(path.Replace("blk", "rev", StringComparison.Ordinal), undo.ToArray());
        }
    }

    private static void Add(MemoryStream undo, BitcoinLedger ledger, ReadOnlySpan<byte> block, ReadOnlySpan<byte> magic)
    {
        var index = ledger.FindBlock(DoubleSha256.Hash(block[..80]));
        if (index == 0) return; // a genesis block has no record
        var graph = ledger.Graph;
        var spent = new List<(long, byte[])>();
        var inputs = new List<int>();
        for (var tx = graph.BlockFirstTx[index] + 1; tx < graph.BlockFirstTx[index + 1]; tx++)
        {
            inputs.Add((int)(graph.FirstInput[tx + 1L] - graph.FirstInput[tx]));
            for (var input = graph.FirstInput[tx]; input < graph.FirstInput[tx + 1L]; input++) spent.Add((graph.Value[graph.Previous[input]], ledger.ScriptOf(graph.Previous[input])));
        }

        var (record, checksum) = UndoWriter.Encode(block, inputs, spent, 1);
        undo.Write(magic);
        undo.Write(BitConverter.GetBytes(record.Length));
        undo.Write(record);
        undo.Write(checksum);
    }
}
