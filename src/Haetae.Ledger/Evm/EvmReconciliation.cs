using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Node;

namespace Haetae.Ledger.Evm;

/// <summary>What a ledger's transfers say an account holds, beside what the node or the token's contract says.</summary>
/// <param name="Opening">What the node says it held before the ledger's first block.</param>
/// <param name="Told">Null: the contract does not answer balanceOf.</param>
public sealed record EvmReckoning(AccountAddress Account, AssetName Asset, UInt256 Opening, UInt256 In, UInt256 Out, UInt256? Told)
{
    /// <summary>Whether the books close. Where they do not, the token moves more or less than its events say (fees on transfer, rebasing, false events), or the ledger lacks calls.</summary>
    public bool IsEqual => Told is { } told && Opening + In == told + Out;
}

/// <summary>Holds transfers against balances: what tells non-standard tokens from honest ones.</summary>
public static class EvmReconciliation
{
    private static readonly byte[] BalanceOf = Keccak256.HashData("balanceOf(address)"u8)[..4];

    /// <summary>Asks the node about the coin and every fungible token of each account, at the end of the ledger's last block.</summary>
    /// <param name="ledger">Of a chain's blocks.</param>
    /// <param name="accounts">Those that the ledger never met are left out.</param>
    /// <exception cref="LedgerException">The ledger has no blocks, or the node is on another chain or branch.</exception>
    public static IReadOnlyList<EvmReckoning> Run(AccountLedger ledger, NodeAccess access, IEnumerable<AccountAddress> accounts, CancellationToken cancel)
    {
        using var node = new EvmNode(access, null, cancel);
        if (ledger.BlockNumbers.Length == 0) throw new LedgerException("The ledger has no blocks, so no node can be asked about it.");
        var (first, last) = (ledger.BlockNumbers[0], ledger.BlockNumbers[ledger.BlockNumbers.Length - 1]);
        if (node.HashOf(last) != ledger.BlockHashes[ledger.BlockHashes.Length - 1])
            throw new LedgerException($"The node at {node.Name} has another block {last} than the ledger, or none: it is behind, of another chain, or the chain was reorganised. Run 'haetae ingest evm' first.");
        var reckonings = new List<EvmReckoning>();
        foreach (var address in accounts)
        {
            if (ledger.FindAccount(address) is not { } account) continue;
            foreach (var (asset, sums) in Sums(ledger, account))
            {
                var name = ledger.Assets[(int)asset].Name;
                if (name.Kind is not (AssetKind.Native or AssetKind.Token)) continue;
                // Genesis allocations stand in no transfer: a ledger from block 0 on opens with what block 0 left.
                var opening = first == 0 && name.Kind == AssetKind.Token ? UInt256.Zero : Told(node, name, address, first == 0 ? 0 : first - 1UL) ?? UInt256.Zero;
                reckonings.Add(new EvmReckoning(address, name, opening, sums.In, sums.Out, Told(node, name, address, last)));
            }
        }

        return reckonings;
    }

    private static SortedDictionary<uint, (UInt256 In, UInt256 Out)> Sums(AccountLedger ledger, uint account)
    {
        var sums = new SortedDictionary<uint, (UInt256 In, UInt256 Out)>();
        foreach (var transfer in ledger.TransfersOf(account))
        {
            var asset = ledger.Graph.Asset[transfer];
            var (paid, given) = sums.GetValueOrDefault(asset);
            var amount = ledger.Graph.Amount[transfer];
            if (ledger.Graph.To[transfer] == account) paid += amount;
            if (ledger.Graph.From[transfer] == account) given += amount;
            sums[asset] = (paid, given);
        }

        return sums;
    }

    private static UInt256? Told(EvmNode node, AssetName asset, AccountAddress account, ulong block)
    {
        if (asset.Kind == AssetKind.Native) return node.Balance(account, block);
        var input = new byte[BalanceOf.Length + EvmWord.Size];
        BalanceOf.CopyTo(input, 0);
        account.CopyTo(input.AsSpan(input.Length - AccountAddress.Size));
        return node.Call(asset.Contract, input, block) is { Length: EvmWord.Size } word ? UInt256.ReadBigEndian(word) : null;
    }
}
