using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tracing.Clusters;

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
    private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);

    private CoSpendClusters(uint addresses)
    {
        _parent = GC.AllocateUninitializedArray<uint>(checked((int)addresses));
        for (var address = 0U; address < addresses; address++) _parent[address] = address;
    }

    /// <summary>Number of addresses.</summary>
    public int Addresses => _parent.Length;

    /// <summary>How many transactions with two inputs or more each detector kept from joining anybody; the first that fired counts.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => _leftOut;

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
        try
        {
            Parallel.For(
                0,
                stretches,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
                () => new GuardScan(ledger, guard),
                (s, _, scan) =>
                {
                    var from = (uint)s * stretch;
                    clusters.Join(ledger, numbers.OfOutput, from, Math.Min(ledger.Graph.TransactionCount, from + stretch), guard == CoinJoinGuard.None ? null : scan);
                    return scan;
                },
                clusters.Add);
        }
        catch (AggregateException many)
        {
            ExceptionDispatchInfo.Throw(many.Flatten().InnerExceptions[0]); // the first failure as itself: its message is meant for people
        }

        return clusters;
    }

    private void Add(GuardScan scan)
    {
        lock (_leftOut)
            foreach (var (detector, transactions) in scan.Counts) _leftOut[detector] = _leftOut.GetValueOrDefault(detector) + transactions;
    }

    /// <summary>Gives every address its cluster and the next address of that cluster, and counts.</summary>
    public ClusterLists Flatten()
    {
        var next = GC.AllocateUninitializedArray<uint>(_parent.Length);
        var last = GC.AllocateUninitializedArray<uint>(_parent.Length); // of a cluster, by its number: the member met last
        var sizes = new uint[_parent.Length];
        uint clusters = 0, largest = 0;
        for (var address = 0U; address < (uint)_parent.Length; address++)
        {
            // A parent is never larger than its child, so it has been given its root already.
            var root = _parent[_parent[address]];
            _parent[address] = root;
            next[address] = AddressNumbers.None;
            if (root == address) clusters++;
            else next[last[root]] = address;
            last[root] = address;
            if (++sizes[root] > sizes[largest] || (sizes[root] == sizes[largest] && root < largest)) largest = root;
        }

        return new ClusterLists(_parent, next, clusters, largest, sizes.Length == 0 ? 0 : sizes[largest]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Join(BitcoinLedger ledger, Column<uint> addresses, uint from, uint to, GuardScan? guard)
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
            if (end - first >= 2 && !(guard is not null && guard.LeavesOut(tx)))
            {
                var joined = AddressNumbers.None;
                for (var input = first; input < end; input++)
                {
                    if (input + ahead < last) addresses.Prefetch(inputs[input + ahead]);
                    var previous = inputs[input];
                    var address = previous != OutputNum.NotHeld ? addresses[previous] : InputAddresses.Outside(ledger, addresses, input);
                    if (address == AddressNumbers.None) continue;
                    joined = joined == AddressNumbers.None ? Find(address) : Union(joined, address);
                }
            }

            first = end;
        }
    }

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

/// <summary>Clusters as two numbers an address.</summary>
/// <param name="Cluster">Per address, its cluster: the number of that cluster's first address.</param>
/// <param name="NextMember">Per address, the next one of its cluster, or <see cref="AddressNumbers.None"/>.</param>
/// <param name="Clusters">How many there are, addresses alone included.</param>
/// <param name="Largest">The number of the largest; of several the lowest.</param>
/// <param name="LargestSize">Its addresses.</param>
public sealed record ClusterLists(uint[] Cluster, uint[] NextMember, uint Clusters, uint Largest, uint LargestSize);
