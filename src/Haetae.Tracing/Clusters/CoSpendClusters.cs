using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tracing.Clusters;

/// <summary>Which transactions are left out of clustering because several owners may stand behind their inputs.</summary>
public enum CoinJoinGuard
{
    /// <summary>None: every transaction counts as one owner's.</summary>
    None,

    /// <summary>Those that BlockSci's test finds (<see cref="CoinJoins"/>).</summary>
    BlockSci,
}

/// <summary>Addresses that were spent from together: the multi-input heuristic.</summary>
/// <remarks>
/// Contract: all input addresses of a transaction belong to one cluster, and nothing else joins two. A cluster's number is that of its first
/// address on chain, whatever the number of threads: roots are joined towards the smaller number by compare-and-swap, and a root
/// that was joined never changes again. Memory: 4 bytes an address.
/// Errs: on CoinJoins the guard misses, on PayJoin, and where one person pays with another's coins; one wrong transaction can join two large services.
/// Source: Nakamoto, "Bitcoin", section 10 (2008); Androulaki et al., "Evaluating User Privacy in Bitcoin" (2013).
/// </remarks>
public sealed class CoSpendClusters
{
    private readonly uint[] _parent;

    private CoSpendClusters(uint addresses)
    {
        _parent = GC.AllocateUninitializedArray<uint>(checked((int)addresses));
        for (var address = 0U; address < addresses; address++) _parent[address] = address;
    }

    /// <summary>Number of addresses.</summary>
    public int Addresses => _parent.Length;

    /// <summary>The cluster of an address: the number of its first address.</summary>
    public uint Of(uint address) => Find(address);

    /// <summary>How many clusters there are, addresses alone included, and the size of the largest.</summary>
    public (long Clusters, long Largest) Count()
    {
        var sizes = new int[_parent.Length];
        long clusters = 0;
        for (var address = 0U; address < (uint)_parent.Length; address++)
        {
            var root = Find(address);
            if (root == address) clusters++;
            sizes[root]++;
        }

        return (clusters, sizes.Length == 0 ? 0 : sizes.Max());
    }

    /// <summary>Clusters all addresses of a ledger.</summary>
    public static CoSpendClusters Of(BitcoinLedger ledger, AddressNumbers numbers, CoinJoinGuard guard, int threads, CancellationToken cancel = default)
    {
        var clusters = new CoSpendClusters(numbers.Count);
        const uint stretch = 1 << 16;
        var stretches = (int)((ledger.Graph.TransactionCount + stretch - 1) / stretch);
        Parallel.For(
            0,
            stretches,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
            () => new CoinJoins.Scan(ledger),
            (s, _, coinJoins) =>
            {
                var from = (uint)s * stretch;
                clusters.Join(ledger, numbers.OfOutput, from, Math.Min(ledger.Graph.TransactionCount, from + stretch), guard == CoinJoinGuard.None ? null : coinJoins);
                return coinJoins;
            },
            _ => { });
        return clusters;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Join(BitcoinLedger ledger, Column<uint> addresses, uint from, uint to, CoinJoins.Scan? coinJoins)
    {
        const int ahead = 24;
        var graph = ledger.Graph;
        graph.FirstInput.Touch(from, to + 1L);
        var firstInput = graph.FirstInput.Unguarded;
        long first = firstInput[from], last = firstInput[to];
        graph.Previous.Touch(first, last);
        var inputs = graph.Previous.Unguarded;
        for (var tx = from; tx < to; tx++)
        {
            var end = firstInput[tx + 1L];
            if (end - first >= 2 && !(coinJoins is not null && coinJoins.IsOne(tx)))
            {
                var joined = AddressNumbers.None;
                for (var input = first; input < end; input++)
                {
                    if (input + ahead < last) addresses.Prefetch(inputs[input + ahead]);
                    var previous = inputs[input];
                    var address = previous != OutputNum.NotHeld ? addresses[previous] : Outside(ledger, addresses, input);
                    if (address == AddressNumbers.None) continue;
                    joined = joined == AddressNumbers.None ? Find(address) : Union(joined, address);
                }
            }

            first = end;
        }
    }

    // Spent from before the ledger's first block: known if its script is, and in a cluster if that script is paid later on.
    private static uint Outside(BitcoinLedger ledger, Column<uint> addresses, long input) =>
        ledger.OutsideOf(input).Script is { } script && ledger.FindOutputs(script) is [var output, ..] ? addresses[output] : AddressNumbers.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Find(uint address)
    {
        var parents = _parent;
        while (true)
        {
            var parent = parents[address];
            if (parent == address) return address;
            var grand = parents[parent];
            if (grand != parent) parents[address] = grand; // halves the way; a lost race leaves a longer way, never a wrong one
            address = grand;
        }
    }

    // Returns the root, as far as this thread can see.
    private uint Union(uint one, uint other)
    {
        while (true)
        {
            one = Find(one);
            other = Find(other);
            if (one == other) return one;
            if (one > other) (one, other) = (other, one);
            if (Interlocked.CompareExchange(ref _parent[other], one, other) == other) return one;
        }
    }
}
