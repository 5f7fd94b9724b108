using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Clusters;

/// <summary>Numbers of addresses and clusters for one state of a ledger: mapped from files, or just computed.</summary>
/// <remarks>Valid until disposed. A cluster's number is that of its first address; its members follow each other, in rising order, by <see cref="NextMember"/>.</remarks>
public sealed class ClusterColumns : IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly List<object> _owners = [];

    private ClusterColumns(uint addresses) => Addresses = addresses;

    /// <summary>Number of addresses.</summary>
    public uint Addresses { get; }

    /// <summary>Per output, the number of its address, or <see cref="AddressNumbers.None"/>.</summary>
    public Column<uint> AddressOfOutput { get; private init; }

    /// <summary>Per address, the first output that pays it.</summary>
    public Packed40Column FirstOutput { get; private init; }

    /// <summary>Per address, the number of its cluster, before any cut.</summary>
    public Column<uint> Cluster { get; private init; }

    /// <summary>Per address, the next one of its cluster, or <see cref="AddressNumbers.None"/>; before any cut.</summary>
    public Column<uint> NextMember { get; private init; }

    /// <summary>What the files say of themselves; null when nothing was stored.</summary>
    public ClusterManifest? Manifest { get; private init; }

    /// <summary>The rows that were stored for <see cref="ClusterManifest.Cuts"/>.</summary>
    public Column<CutRow> CutRows { get; private init; }

    /// <summary>Wraps what was computed. Takes the numbers over and disposes of them.</summary>
    public static ClusterColumns InMemory(AddressNumbers numbers, uint[] cluster, uint[] nextMember)
    {
        var clusterColumn = Column<uint>.FromArray(cluster, out var clusterOwner);
        var nextColumn = Column<uint>.FromArray(nextMember, out var nextOwner);
        var columns = new ClusterColumns(numbers.Count) { AddressOfOutput = numbers.OfOutput, FirstOutput = numbers.FirstOutput(), Cluster = clusterColumn, NextMember = nextColumn };
        columns._owners.AddRange([clusterOwner, nextOwner]);
        columns._open.Add(numbers);
        return columns;
    }

    /// <exception cref="LedgerCorruptException">A file is missing or not what was written.</exception>
    internal static ClusterColumns Map(string folder, ClusterManifest manifest)
    {
        var open = new List<IDisposable>();
        try
        {
            var columns = new ClusterColumns(manifest.Addresses)
            {
                Manifest = manifest,
                AddressOfOutput = Mapped<uint>(manifest.AddressOfOutput),
                FirstOutput = MappedPacked(manifest.FirstOutput),
                Cluster = Mapped<uint>(manifest.Cluster),
                NextMember = Mapped<uint>(manifest.NextMember),
                CutRows = manifest.CutRows is { } cut ? Mapped<CutRow>(cut) : default,
            };
            columns._open.AddRange(open);
            return columns;
        }
        catch
        {
            foreach (var file in open) file.Dispose();
            throw;
        }

        Column<T> Mapped<T>(DerivedColumn column) where T : unmanaged
        {
            var (file, guard) = column.Map(folder);
            open.Add(file);
            return file.Column<T>(column.Items, 0, guard);
        }

        Packed40Column MappedPacked(DerivedColumn column)
        {
            var (file, guard) = column.Map(folder);
            open.Add(file);
            return file.Packed(column.Items, 0, guard);
        }
    }

    public void Dispose()
    {
        foreach (var open in _open) open.Dispose();
        _open.Clear();
        _owners.Clear();
    }
}
