using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Clusters;

namespace Haetae.Tests.Ledger.GeneratedChains;

/// <summary>Cuts on a generated chain against a union of all that remains, computed from nothing each time.</summary>
internal static class GeneratedCuts
{
    internal static void Check(BitcoinLedger ledger, int rounds)
    {
        using var view = ClusterView.Compute(ledger, CoinJoinGuard.All, [], 2);
        var joins = new List<(uint Transaction, uint[] Addresses)>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            if (ledger.Graph.FirstInput[tx + 1L] - ledger.Graph.FirstInput[tx] < 2) continue;
            var addresses = view.InputAddressesOf(tx).Distinct().ToArray();
            if (addresses.Length >= 2 && !CoinJoinGuards.LeavesOut(ledger, CoinJoinGuard.All, tx)) joins.Add((tx, addresses));
        }

        var dice = new Dice(42);
        var split = 0;
        for (var round = 0; round < rounds; round++)
        {
            var cuts = Enumerable.Range(0, 20).Select(_ => joins[(int)dice.Below(joins.Count)].Transaction).ToHashSet();
            var expected = Union(view.Addresses, joins, cuts);
            using var cut = ClusterView.Compute(ledger, CoinJoinGuard.All, [.. cuts.Select(tx => ledger.TxIds[tx])], 2);
            for (var address = 0U; address < expected.Length; address++)
            {
                if (expected[address] != cut.ClusterOf(address)) Assert.Fail($"round {round}, address {address}: {cut.ClusterOf(address)} where {expected[address]} is right");
                if (expected[address] != view.ClusterOf(address)) split++;
            }
        }

        Assert.True(split > 0);
    }

    private static uint[] Union(uint addresses, List<(uint Transaction, uint[] Addresses)> joins, HashSet<uint> cuts)
    {
        var parent = new uint[addresses];
        for (var address = 0U; address < addresses; address++) parent[address] = address;
        foreach (var (transaction, together) in joins)
        {
            if (cuts.Contains(transaction)) continue;
            foreach (var address in together)
            {
                var (one, other) = (Root(parent, together[0]), Root(parent, address));
                parent[Math.Max(one, other)] = Math.Min(one, other);
            }
        }

        for (var address = 0U; address < addresses; address++) parent[address] = Root(parent, address);
        return parent;
    }

    private static uint Root(uint[] parent, uint address)
    {
        while (parent[address] != address) address = parent[address] = parent[parent[address]];
        return address;
    }
}
