using Haetae.Ledger;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tracing.Change;
using Haetae.Tracing.Clusters;

namespace Haetae.Tests.Tracing.Change;

/// <summary>Change rules and the layer they make, on a generated chain against slow twins that know only the columns.</summary>
public sealed class ChangeLayerTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_rules_ask_of_a_ledger_is_what_its_columns_say()
    {
        using var ledger = Ingested(91, 2_000);
        var graph = ledger.Graph;
        var paid = Enumerable.Range(0, (int)ledger.Counts.Outputs).GroupBy(output => Convert.ToHexString(ledger.ScriptOf(output))).ToDictionary(group => group.Key, group => group.ToList());
        for (var tx = 0U; tx < graph.TransactionCount; tx++)
        {
            var facts = ChangeTransaction.Of(ledger, tx);
            Assert.Equal(graph.FirstInput[tx + 1L] - graph.FirstInput[tx], facts.Inputs.Count);
            var peels = Peels(ledger, tx);
            Assert.Equal(peels, facts.IsPeelingChain);
            for (var place = 0; place < facts.Outputs.Count; place++)
            {
                var output = graph.FirstOutput[tx] + place;
                var all = paid[Convert.ToHexString(ledger.ScriptOf(output))];
                if (!facts.Outputs[place].IsSpendable) continue; // data is in no index, and no rule asks
                Assert.Equal((all[0] >= graph.FirstOutput[tx], all.Count == 1), (facts.Outputs[place].IsFirstPaidHere, facts.Outputs[place].IsPaidOnce));
                Assert.Equal(graph.SpenderOf(output) is var spender && spender != 0 ? new ChangeSpender(ledger.Metas[spender].LockTime, graph.Fee[spender] * 1_000 / ((ledger.Metas[spender].StrippedSize * 3L + ledger.Metas[spender].Size + 3) / 4), Peels(ledger, spender)) : null, facts.Outputs[place].Spender);
            }
        }
    }

    [Theory]
    [InlineData(92, "legacy")]
    [InlineData(93, "one-time-change")]
    [InlineData(94, "address-type")]
    public void The_layer_and_the_cluster_together_are_a_component_of_co_spends_and_change(ulong seed, string name)
    {
        using var ledger = Ingested(seed, 1_500);
        using var view = ClusterView.Compute(ledger, CoinJoinGuard.All, [], 2);
        var rule = ChangeRules.Find(name)!;
        var parent = Enumerable.Range(0, (int)view.Addresses).ToArray();
        var changes = new Dictionary<uint, uint>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            var inputs = view.InputAddressesOf(tx).ToList();
            if (inputs.Count == 0 || CoinJoinGuards.LeavesOut(ledger, CoinJoinGuard.All, tx)) continue;
            foreach (var input in inputs) Union(inputs[0], input);
            if (rule.Candidates(ChangeTransaction.Of(ledger, tx)) is not { Count: 1 } one) continue;
            changes[tx] = view.AddressOf(ledger.Graph.FirstOutput[tx] + one.Min);
            Union(inputs[0], changes[tx]);
        }

        var components = Enumerable.Range(0, parent.Length).GroupBy(Find).OrderByDescending(group => group.Count()).ToList();
        Assert.True(components[0].Count() > view.SizeOf(view.ClusterOf((uint)components[0].First())), "the rule adds nothing on this chain");
        foreach (var component in components.Take(3).Concat(components.Skip(components.Count / 2).Take(3)))
        {
            var core = view.MembersOf(view.ClusterOf((uint)component.Last())).ToList();
            var layer = new ChangeLayer(ledger, CoinJoinGuard.All, new HashSet<uint>(), rule);
            var links = layer.Around(core.Select(view.FirstOutputOf), int.MaxValue);
            Assert.True(layer.IsComplete);
            Assert.Equal(component, core.Concat(links.Select(link => view.AddressOf(link.Output))).Select(address => (int)address).Order());
            foreach (var link in links)
            {
                var address = view.AddressOf(link.Output);
                if (link.Change is { } change) Assert.Equal(changes[link.Transaction], view.AddressOf(change));
                Assert.True(view.InputAddressesOf(link.Transaction).Contains(address) || view.AddressOf(link.Change!.Value) == address);
            }

            if (links.Count == 0) continue;
            var cut = new ChangeLayer(ledger, CoinJoinGuard.All, new HashSet<uint>(), rule);
            cut.Around(core.Select(view.FirstOutputOf), 1);
            Assert.False(cut.IsComplete);
        }

        int Find(int address)
        {
            while (parent[address] != address) address = parent[address] = parent[parent[address]];
            return address;
        }

        void Union(uint one, uint other) => parent[Find((int)one)] = Find((int)other);
    }

    private static bool Peels(BitcoinLedger ledger, uint tx)
    {
        var graph = ledger.Graph;
        bool Shape(uint t) => graph.FirstInput[t + 1L] - graph.FirstInput[t] == 1 && graph.FirstOutput[t + 1L] - graph.FirstOutput[t] == 2;
        if (!Shape(tx)) return false;
        return Shape(graph.TransactionOf(graph.Previous[graph.FirstInput[tx]])) || Enumerable.Range(0, 2).Any(o => graph.SpenderOf(graph.FirstOutput[tx] + o) is var s && s != 0 && Shape(s));
    }

    private BitcoinLedger Ingested(ulong seed, int transactions)
    {
        Workbench.Ingest(_bench.Chain(seed, transactions), _bench.Path_("ledger"));
        return BitcoinLedger.Open(_bench.Path_("ledger"));
    }
}
