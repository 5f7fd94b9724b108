using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>A block as an account ledger knows it, with the stretch of transactions it holds of it.</summary>
/// <param name="Number"><see cref="AccountGraph.NoBlock"/>: the source told none, and the transactions only share a time.</param>
/// <param name="Place">Among the stored blocks; -1: the source gave transactions with their block's number, or none, and no blocks.</param>
internal readonly record struct HeldBlock(uint Number, long Place, uint First, uint End, uint Time);

/// <summary>The blocks of an account ledger: those its source gave, empty ones too, and those that only transactions tell of.</summary>
/// <remarks>Times never fall from one transaction to the next, nor do numbers of blocks where they are told: both are found by halving.</remarks>
internal sealed class HeldBlocks(IAccountView ledger)
{
    private readonly AccountGraph _graph = ledger.Graph;
    private readonly AccountLedger? _whole = ledger as AccountLedger; // a case ledger keeps no blocks

    private long Stored => _whole?.BlockNumbers.Length ?? 0;

    /// <summary>Whether the source told any block, by itself or with a transaction.</summary>
    internal bool AreTold => Stored > 0 || (_graph.TransactionCount > 0 && _graph.TxBlock[0] != AccountGraph.NoBlock);

    /// <summary>The first and last number of the stored blocks, or nothing, for messages.</summary>
    internal string Extent => Stored > 0 ? FormattableString.Invariant($" (blocks {_whole!.BlockNumbers[0]} to {_whole.BlockNumbers[Stored - 1]})") : "";

    internal Hash256? HashOf(HeldBlock block) => block.Place >= 0 ? _whole!.BlockHashes[block.Place] : null;

    internal Hash256? ParentOf(HeldBlock block) => block.Place >= 0 ? _whole!.BlockParents[block.Place] : null;

    /// <summary>A block by its number; null: not held.</summary>
    internal HeldBlock? Find(uint number)
    {
        uint first = FirstFrom(number), end = FirstFrom(number + 1UL);
        var place = _whole?.FindBlock(number) ?? -1;
        return first == end && place < 0 ? null : new HeldBlock(number, place, first, end, place >= 0 ? _whole!.BlockTimes[place] : _graph.TxTime[first]);
    }

    /// <summary>A block by its hash; null: not held. Only blocks that the source gave have one.</summary>
    internal HeldBlock? Find(Hash256 hash)
    {
        for (long place = 0; place < Stored; place++)
            if (_whole!.BlockHashes[place] == hash) return Find(_whole.BlockNumbers[place]);
        return null;
    }

    /// <summary>The blocks of a stretch of numbers and of times, in chain order; both ends belong to it. Transactions without a block are left out where a number bounds it.</summary>
    internal IEnumerable<HeldBlock> Between(uint? fromNumber, uint? toNumber, long fromTime, long toTime)
    {
        var isByNumber = fromNumber is not null || toNumber is not null;
        var tx = Math.Max(FirstAt(fromTime), fromNumber is { } low ? FirstFrom(low) : 0);
        long place = 0;
        while (place < Stored && (_whole!.BlockTimes[place] < fromTime || _whole.BlockNumbers[place] < fromNumber)) place++;
        while (tx < _graph.TransactionCount || place < Stored)
        {
            var next = Next(tx, place);
            if (next.Time > toTime || next.Number > toNumber || (isByNumber && next.Number == AccountGraph.NoBlock)) yield break;
            if (next.Place >= 0) place = next.Place + 1;
            tx = next.End;
            yield return next;
        }
    }

    private HeldBlock Next(uint tx, long place)
    {
        var isLast = tx == _graph.TransactionCount;
        var number = isLast ? AccountGraph.NoBlock : _graph.TxBlock[tx];
        var isStored = place < Stored && (isLast || _whole!.BlockNumbers[place] <= number);
        if (isStored) number = _whole!.BlockNumbers[place];
        var time = isStored ? _whole!.BlockTimes[place] : _graph.TxTime[tx];
        var end = tx;
        while (end < _graph.TransactionCount && _graph.TxBlock[end] == number && (number != AccountGraph.NoBlock || _graph.TxTime[end] == time)) end++;
        return new HeldBlock(number, isStored ? place : -1, tx, end, time);
    }

    /// <summary>The first transaction of a block or a later one; those without a block count as later.</summary>
    private uint FirstFrom(ulong number) => First(tx => _graph.TxBlock[tx] < number);

    private uint FirstAt(long time) => First(tx => _graph.TxTime[tx] < time);

    private uint First(Func<uint, bool> isBefore)
    {
        uint low = 0, high = _graph.TransactionCount;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            if (isBefore(middle)) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
