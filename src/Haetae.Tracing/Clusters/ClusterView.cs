using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;

namespace Haetae.Tracing.Clusters;

/// <summary>Which cluster an output or a script belongs to, and who else does, under one guard and with an analyst's cuts. For traces and look-ups.</summary>
/// <remarks>
/// A cluster is named by the number of its first address on chain, cuts or not. Takes the columns over and disposes of them. Safe for use from many threads.
/// </remarks>
public sealed class ClusterView : IDisposable
{
    private readonly BitcoinLedger _ledger;
    private readonly ClusterColumns _columns;
    private readonly CutRow[] _rows;

    private ClusterView(BitcoinLedger ledger, ClusterColumns columns, CoinJoinGuard guard, IReadOnlyList<uint> cuts, CutRow[] rows)
    {
        (_ledger, _columns, Guard, Cuts, _rows) = (ledger, columns, guard, cuts, rows);
    }

    /// <summary>Which CoinJoins joined nobody.</summary>
    public CoinJoinGuard Guard { get; }

    /// <summary>The transactions of this ledger that were cut, by number.</summary>
    public IReadOnlyList<uint> Cuts { get; }

    /// <summary>Number of addresses.</summary>
    public uint Addresses => _columns.Addresses;

    /// <summary>What the stored files say of themselves; null when the clusters were computed just now.</summary>
    public ClusterManifest? Stored => _columns.Manifest;

    /// <summary>The addresses whose cluster the cuts changed or could have changed.</summary>
    public ReadOnlyMemory<CutRow> CutRows => _rows;

    /// <summary>Opens a view on clusters that are there. Cuts that the files do not know yet are recomputed here, one cluster each.</summary>
    /// <param name="cuts">Ids of cut transactions; those the ledger does not hold change nothing.</param>
    public static ClusterView Of(BitcoinLedger ledger, ClusterColumns columns, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, CancellationToken cancel = default)
    {
        var held = cuts.Distinct().Select(ledger.FindTransaction).Where(number => number >= 0).Select(number => (uint)number).Order().ToList();
        var ids = NamesOf(ledger, held);
        if (held.Count == 0) return new ClusterView(ledger, columns, guard, held, []);
        var stored = columns.Manifest is { } manifest && manifest.Cuts.SequenceEqual(ids, StringComparer.Ordinal);
        var rows = stored ? columns.CutRows.Slice(0, checked((int)columns.CutRows.Length)).ToArray() : new ClusterSplit(ledger, columns, guard, held.ToHashSet()).Rows(cancel);
        return new ClusterView(ledger, columns, guard, held, rows);
    }

    /// <summary>Computes all clusters of a ledger in memory and opens a view on them.</summary>
    public static ClusterView Compute(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlyCollection<Hash256> cuts, int threads, CancellationToken cancel = default)
    {
        var numbers = AddressNumbers.Of(ledger, threads, cancel);
        try
        {
            var lists = CoSpendClusters.Of(ledger, numbers, guard, threads, cancel).Flatten();
            return Of(ledger, ClusterColumns.InMemory(numbers, lists.Cluster, lists.NextMember), guard, cuts, cancel);
        }
        catch
        {
            numbers.Dispose();
            throw;
        }
    }

    /// <summary>Ids of transactions as files carry them: hex, sorted.</summary>
    public static IReadOnlyList<string> NamesOf(BitcoinLedger ledger, IEnumerable<uint> transactions) =>
        [.. transactions.Select(transaction => ledger.TxIds[transaction].ToString()).Order(StringComparer.Ordinal)];

    /// <summary>The number of an output's address, or <see cref="AddressNumbers.None"/> (OP_RETURN).</summary>
    public uint AddressOf(long output) => _columns.AddressOfOutput[output];

    /// <summary>The number of a script's address, or <see cref="AddressNumbers.None"/> when the ledger holds no output that pays it.</summary>
    public uint AddressOf(ReadOnlySpan<byte> script) => _ledger.FindOutputs(script) is [var output, ..] ? AddressOf(output) : AddressNumbers.None;

    /// <summary>The cluster of an address.</summary>
    public uint ClusterOf(uint address)
    {
        if (address == AddressNumbers.None) return AddressNumbers.None;
        return RowOf(address) is { } row ? row.Cluster : _columns.Cluster[address];
    }

    /// <summary>The cluster of an output's address, or <see cref="AddressNumbers.None"/> where it has none.</summary>
    public uint ClusterIdOf(long output) => ClusterOf(AddressOf(output));

    /// <summary>The cluster of a script, or <see cref="AddressNumbers.None"/> when the ledger holds no output that pays it.</summary>
    public uint ClusterIdOf(ReadOnlySpan<byte> script) => ClusterOf(AddressOf(script));

    /// <summary>The clusters of many outputs at once: their places in memory are asked for ahead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ClusterIdsOf(ReadOnlySpan<long> outputs, Span<uint> clusters)
    {
        if (clusters.Length < outputs.Length) throw new ArgumentException("fewer results than questions", nameof(clusters));
        const int ahead = 32;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (i + ahead < outputs.Length) _columns.AddressOfOutput.Prefetch(outputs[i + ahead]);
            clusters[i] = AddressOf(outputs[i]);
            if (clusters[i] != AddressNumbers.None) _columns.Cluster.Prefetch(clusters[i]);
        }

        for (var i = 0; i < outputs.Length; i++) clusters[i] = ClusterOf(clusters[i]);
    }

    /// <summary>The members of a cluster in rising order, its first address first; at most so many.</summary>
    public IEnumerable<uint> MembersOf(uint cluster, int most = int.MaxValue) =>
        cluster == AddressNumbers.None ? [] : Walk(ClusterOf(cluster), NextOf).Take(most);

    /// <summary>How many addresses a cluster has, counted up to a limit.</summary>
    public int SizeOf(uint cluster, int most = int.MaxValue) => MembersOf(cluster, most).Count();

    /// <summary>The first output that pays an address.</summary>
    public long FirstOutputOf(uint address) => _columns.FirstOutput[address];

    /// <summary>The script of an address.</summary>
    public byte[] ScriptOf(uint address) => _ledger.ScriptOf(FirstOutputOf(address));

    /// <summary>The numbers of the addresses a transaction spends from.</summary>
    public IEnumerable<uint> InputAddressesOf(uint transaction) => InputAddresses.Of(_ledger, _columns.AddressOfOutput, transaction);

    private uint NextOf(uint address) => RowOf(address) is { } row ? row.NextMember : _columns.NextMember[address];

    private CutRow? RowOf(uint address)
    {
        int low = 0, high = _rows.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (_rows[middle].Address == address) return _rows[middle];
            if (_rows[middle].Address < address) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>From one member to the next. Numbers rise, so that no crafted file leads round in a circle.</summary>
    internal static IEnumerable<uint> Walk(uint first, Func<uint, uint> next)
    {
        for (var at = first; ;)
        {
            yield return at;
            var after = next(at);
            if (after == AddressNumbers.None) yield break;
            if (after <= at) throw new LedgerCorruptException("The stored clusters lead back to an address they came from. Make them anew with: haetae cluster build");
            at = after;
        }
    }

    public void Dispose() => _columns.Dispose();
}
