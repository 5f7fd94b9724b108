using System.Runtime.InteropServices;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>What a ledger held when a block began: what taking that block back returns to; 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal readonly record struct BlockStartRow(uint Transactions, uint Accounts, uint Assets)
{
    internal const int Size = 12;
}

/// <summary>An asset's name as stored; 56 bytes. Its chain is the ledger's.</summary>
/// <remarks>
/// <code>
///  0  kind (1), zeros (3)     4  contract (20)     24  id, the least significant byte first (32)
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal readonly record struct AssetRow(uint Kind, AccountAddress Contract, UInt256 Id)
{
    internal const int Size = 56;

    internal static AssetRow Of(AssetName asset) => new((uint)asset.Kind, asset.Contract, asset.Id);

    internal AssetName Name(ChainName chain) => new(chain, (AssetKind)Kind, Contract, Id);
}
