using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Evm;

/// <summary>A chain's blocks as plain lists: the slow and obvious form of an account ledger being written.</summary>
internal sealed class ChainRows(ChainName chain) : IAccountChain
{
    internal sealed record Transfer(AccountAddress? From, AccountAddress? To, AssetName Asset, UInt256 Amount, TransferKind Kind);

    internal sealed record Transaction(Hash256 Id, uint Time, uint Block, TxMarks Marks, List<Transfer> Transfers, List<(AccountAddress Emitter, Hash256[] Topics, byte[] Data)> Events)
    {
        internal UInt256? GasPrice { get; set; }
    }

    internal List<(uint Number, Hash256 Hash, Hash256 Parent, uint Time)> Blocks { get; } = [];

    internal List<Transaction> Transactions { get; } = [];

    internal List<string> Notes { get; } = [];

    public ChainName Chain => chain;

    public uint TransactionCount => (uint)Transactions.Count;

    public long TransferCount => Transactions.Sum(one => one.Transfers.Count);

    public (uint Number, Hash256 Hash)? LastBlock => Blocks.Count == 0 ? null : (Blocks[^1].Number, Blocks[^1].Hash);

    public void AddBlock(uint number, Hash256 hash, Hash256 parent, uint time)
    {
        Assert.True(Blocks.Count == 0 || (Blocks[^1].Number + 1 == number && Blocks[^1].Hash == parent));
        Blocks.Add((number, hash, parent, time));
    }

    public uint AddTransaction(Hash256 id, uint time, uint block = AccountGraph.NoBlock, TxMarks marks = TxMarks.None)
    {
        Assert.DoesNotContain(Transactions, one => one.Id == id);
        Transactions.Add(new Transaction(id, time, block, marks, [], []));
        return TransactionCount - 1;
    }

    public long AddTransfer(AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount, TransferKind kind = TransferKind.External)
    {
        Transactions[^1].Transfers.Add(new Transfer(from, to, asset, amount, kind));
        return TransferCount - 1;
    }

    public void AddEvent(AccountAddress emitter, ReadOnlySpan<Hash256> topics, ReadOnlySpan<byte> data) => Transactions[^1].Events.Add((emitter, topics.ToArray(), data.ToArray()));

    public void AddGasPrice(UInt256 price)
    {
        Assert.True(Transactions[^1].Events.Count > 0 && Transactions[^1].GasPrice is null);
        Transactions[^1].GasPrice = price;
    }

    public void DescribeAsset(AssetName asset, string? symbol, int? decimals)
    {
    }

    public void AddNote(string sentence)
    {
        if (!Notes.Contains(sentence)) Notes.Add(sentence);
    }

    public Hash256? HashOfBlock(uint number) => Blocks.Where(block => block.Number == number).Select(block => (Hash256?)block.Hash).FirstOrDefault();

    public uint UndoFrom(uint block)
    {
        Blocks.RemoveAll(one => one.Number >= block);
        return (uint)Transactions.RemoveAll(one => one.Block >= block);
    }

    public void Checkpoint(CancellationToken cancel = default)
    {
    }

    /// <summary>What everybody holds after a block, by adding and taking away; accounts and assets that met no transfer are not there.</summary>
    internal Dictionary<(AccountAddress, AssetName), BigInteger> BalancesAfter(uint block)
    {
        var balances = new Dictionary<(AccountAddress, AssetName), BigInteger>();
        foreach (var transfer in Transactions.Where(one => one.Block <= block).SelectMany(one => one.Transfers))
        {
            if (transfer.From is { } from) balances[(from, transfer.Asset)] = balances.GetValueOrDefault((from, transfer.Asset)) - transfer.Amount;
            if (transfer.To is { } to) balances[(to, transfer.Asset)] = balances.GetValueOrDefault((to, transfer.Asset)) + transfer.Amount;
        }

        return balances;
    }

    internal Transaction Of(Hash256 id) => Transactions.Single(one => one.Id == id);
}
