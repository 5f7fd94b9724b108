using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <content>Taking blocks back that left the chain.</content>
public sealed partial class AccountLedgerWriter
{
    /// <summary>The hash of a stored block; null where it is not held.</summary>
    public Hash256? HashOfBlock(uint number)
    {
        Flush();
        var at = FirstBlockFrom(number);
        var found = new uint[1];
        if (at == _written.Blocks) return null;
        _files.Read<uint>(AccountColumns.BlockNumber, at, found);
        if (found[0] != number) return null;
        var hash = new Hash256[1];
        _files.Read<Hash256>(AccountColumns.BlockHash, at, hash);
        return hash[0];
    }

    /// <summary>Takes back every block from <paramref name="block"/> on, with all its transactions, and makes that safe at once. What was added since the last checkpoint and lies before it is kept and made safe too.</summary>
    /// <remarks>The shorter manifest goes first: a kill between leaves scrap behind it, not contradictions. Readers that have the longer ledger open are told (<see cref="AccountLedger.IsReorganised"/>).</remarks>
    /// <returns>How many transactions were taken back.</returns>
    public uint UndoFrom(uint block)
    {
        Checkpoint();
        var at = FirstBlockFrom(block);
        if (at == _written.Blocks) return 0;
        var start = new BlockStartRow[1];
        _files.Read<BlockStartRow>(AccountColumns.BlockStart, at, start);
        var stored = _written;
        var transfers = _files.ReadPacked(AccountColumns.TxFirst, start[0].Transactions);
        var events = FirstAtOrAfter(AccountColumns.EventTx, stored.Events, (uint)start[0].Transactions);
        var counts = new AccountCounts
        {
            Blocks = at,
            Transactions = start[0].Transactions,
            Transfers = transfers,
            WideAmounts = FirstAtOrAfter(AccountColumns.WideAt, stored.WideAmounts, transfers),
            Accounts = start[0].Accounts,
            Assets = start[0].Assets,
            Events = events,
            EventBytes = _files.ReadPacked(AccountColumns.EventFirst, events),
            GasWords = FirstAtOrAfter(AccountColumns.GasTx, stored.GasWords, (uint)start[0].Transactions),
        };
        _coverage.CutTo(counts.Accounts);
        foreach (var key in _openings.Keys.Where(key => key.Account >= counts.Accounts || key.Asset >= counts.Assets).ToList()) _openings.Remove(key);
        foreach (var asset in _described.Keys.Where(asset => asset >= counts.Assets).ToList()) _described.Remove(asset);
        // The packed columns end with an item that says where the last one ends: it is there already, being the first of what is taken back.
        var next = WithStatements(_manifest with { Counts = counts, Undone = _manifest.Undone + 1, Indexes = Cut(counts), Tails = _files.Tails(counts) });
        next.Write(_folder);
        Replaced(next);
        _written = counts;
        _numbers.CutTo(next);
        TakeUpEnds();
        return stored.Transactions - counts.Transactions;
    }

    private List<IndexRun> Cut(AccountCounts counts) =>
    [
        .. from run in _manifest.Indexes
           let end = run.Kind == IndexRunFile.AccountKind ? counts.Accounts : counts.Transactions
           where run.From < end
           select run with { To = Math.Min(run.To, end) },
    ];

    private uint FirstBlockFrom(uint number) => (uint)FirstAtOrAfter(AccountColumns.BlockNumber, _written.Blocks, number);

    private long FirstAtOrAfter(AccountColumn column, long items, uint value) => First<uint>(column, items, value);

    private long FirstAtOrAfter(AccountColumn column, long items, long value) => First<long>(column, items, value);

    private long First<T>(AccountColumn column, long items, T value) where T : unmanaged, IComparable<T>
    {
        long low = 0, high = items;
        Span<T> one = stackalloc T[1];
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            _files.Read(column, middle, one);
            if (one[0].CompareTo(value) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
