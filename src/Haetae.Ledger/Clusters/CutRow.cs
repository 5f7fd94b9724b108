using System.Runtime.InteropServices;

namespace Haetae.Ledger.Clusters;

/// <summary>Where an address of a cluster that was cut belongs now: 12 bytes.</summary>
/// <param name="Address">Its number; rows are sorted by it.</param>
/// <param name="Cluster">Its cluster after the cuts.</param>
/// <param name="NextMember">The next address of that cluster, or <see cref="AddressNumbers.None"/>.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct CutRow(uint Address, uint Cluster, uint NextMember)
{
    public const int Size = 12;
}
