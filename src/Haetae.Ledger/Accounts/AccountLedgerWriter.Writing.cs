using System.Runtime.InteropServices;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <content>Putting batches into the columns, and making them safe.</content>
public sealed partial class AccountLedgerWriter
{
    /// <summary>Transfers to one run of the transfer index as it is first sorted: what bounds the memory of sorting, whoever appears in all of them.</summary>
    private const long MostInRun = 4L << 20;

    private readonly int _threads;
    private int _numbered; // transfers of the batch whose addresses have their accounts
    private int _storedAssets;

    /// <summary>Gives the addresses of the batch their accounts, as far as that is not done.</summary>
    private void NumberBatch()
    {
        int from = 2 * _numbered, count = 2 * _batch.Transfers - from;
        if (count > 0) _numbers.Number(_batch.Addresses.AsSpan(from, count), _batch.Somebody.AsSpan(from, count), _accounts.AsSpan(from, count));
        _numbered = _batch.Transfers;
    }

    private void Flush()
    {
        NumberBatch();
        _numbers.Write();
        var (at, transactions, transfers) = (_written, _batch.Transactions, _batch.Transfers);
        var from = new uint[transfers];
        var to = new uint[transfers];
        for (var i = 0; i < transfers; i++) (from[i], to[i]) = (_accounts[2 * i], _accounts[2 * i + 1]);
        _files.Put<uint>(AccountColumns.BlockNumber, at.Blocks, CollectionsMarshal.AsSpan(_batch.BlockNumber));
        _files.Put<Hash256>(AccountColumns.BlockHash, at.Blocks, CollectionsMarshal.AsSpan(_batch.BlockHash));
        _files.Put<Hash256>(AccountColumns.BlockParent, at.Blocks, CollectionsMarshal.AsSpan(_batch.BlockParent));
        _files.Put<uint>(AccountColumns.BlockTime, at.Blocks, CollectionsMarshal.AsSpan(_batch.BlockTime));
        _files.Put<BlockStartRow>(AccountColumns.BlockStart, at.Blocks, CollectionsMarshal.AsSpan(_batch.BlockStart));
        _files.Put<Hash256>(AccountColumns.TxId, at.Transactions, _batch.Ids.AsSpan(0, transactions));
        _files.Put<uint>(AccountColumns.TxTime, at.Transactions, _batch.Times.AsSpan(0, transactions));
        _files.Put<uint>(AccountColumns.TxBlock, at.Transactions, _batch.Blocks.AsSpan(0, transactions));
        _files.Put<byte>(AccountColumns.TxMarks, at.Transactions, _batch.Marks.AsSpan(0, transactions));
        _files.PutPacked(AccountColumns.TxFirst, at.Transactions, _batch.First.AsSpan(0, transactions), at.Transfers + transfers);
        _files.Put<uint>(AccountColumns.TransferFrom, at.Transfers, from);
        _files.Put<uint>(AccountColumns.TransferTo, at.Transfers, to);
        _files.Put<uint>(AccountColumns.TransferAsset, at.Transfers, _batch.Asset.AsSpan(0, transfers));
        _files.Put<byte>(AccountColumns.TransferKind, at.Transfers, _batch.Kind.AsSpan(0, transfers));
        _files.Put<UInt128>(AccountColumns.TransferAmount, at.Transfers, _batch.Amount.AsSpan(0, transfers));
        _files.Put<long>(AccountColumns.WideAt, at.WideAmounts, CollectionsMarshal.AsSpan(_batch.WideAt));
        _files.Put<UInt256>(AccountColumns.WideAmount, at.WideAmounts, CollectionsMarshal.AsSpan(_batch.Wide));
        _files.Put<AssetRow>(AccountColumns.Asset, _storedAssets, _assets.Skip(_storedAssets).Select(AssetRow.Of).ToArray());
        _files.Put<uint>(AccountColumns.EventTx, at.Events, CollectionsMarshal.AsSpan(_batch.EventTx));
        _files.Put<AccountAddress>(AccountColumns.EventEmitter, at.Events, CollectionsMarshal.AsSpan(_batch.EventEmitter));
        _files.Put<byte>(AccountColumns.EventTopics, at.Events, CollectionsMarshal.AsSpan(_batch.EventTopics));
        _files.PutPacked(AccountColumns.EventFirst, at.Events, CollectionsMarshal.AsSpan(_batch.EventFirst), at.EventBytes + _batch.EventBytes.Count);
        _files.Put<byte>(AccountColumns.EventBytes, at.EventBytes, CollectionsMarshal.AsSpan(_batch.EventBytes));
        _files.Put<uint>(AccountColumns.GasTx, at.GasWords, CollectionsMarshal.AsSpan(_batch.GasTx));
        _files.Put<ulong>(AccountColumns.GasWord, at.GasWords, CollectionsMarshal.AsSpan(_batch.GasWord));
        _storedAssets = _assets.Count;
        _written = new AccountCounts
        {
            Blocks = at.Blocks + (uint)_batch.BlockNumber.Count,
            Transactions = at.Transactions + (uint)transactions,
            Transfers = at.Transfers + transfers,
            WideAmounts = at.WideAmounts + _batch.Wide.Count,
            Accounts = _numbers.Count,
            Assets = (uint)_assets.Count,
            Events = at.Events + _batch.EventTx.Count,
            EventBytes = at.EventBytes + _batch.EventBytes.Count,
            GasWords = at.GasWords + _batch.GasWord.Count,
        };
        _batch.Clear();
        _numbered = 0;
    }

    /// <summary>Makes everything added so far safe and shows it to readers: columns flushed, what is new filed in the indexes, then the manifest swapped.</summary>
    /// <exception cref="LedgerException">Two transactions have the same id: nothing of what was added since the last checkpoint is in the ledger.</exception>
    public void Checkpoint(CancellationToken cancel = default)
    {
        Flush();
        var counts = _written;
        var runs = new TransferRuns(_folder, _files, _threads);
        _numbers.FileFresh(cancel);
        var ids = ExtendedIds(runs, cancel);
        var transfers = ExtendedTransfers(runs, cancel);
        if (DoubleIds.Find(_folder, ids, _manifest.Counts.Transactions, counts.Transactions) is { } twice) throw Twice(twice.Earlier, twice.Later);
        var tails = _files.Seal(_manifest.Tails.Count == 0 ? new AccountCounts() : _manifest.Counts, counts, _threads);
        var next = WithStatements(_manifest with { Counts = counts, Indexes = [.. _numbers.Runs, .. transfers, .. ids], Tails = tails });
        next.Write(_folder);
        Replaced(next);
    }

    private List<IndexRun> Filed(string kind) => [.. _manifest.Indexes.Where(run => run.Kind == kind).OrderBy(run => run.From)];

    /// <summary>The runs of the ids, with what no run files yet sorted into a new one; few are kept by sorting the newest again together.</summary>
    private List<IndexRun> ExtendedIds(TransferRuns build, CancellationToken cancel)
    {
        var runs = Filed(IndexRunFile.TxIdKind);
        if ((runs.Count == 0 ? 0 : runs[^1].To) >= _written.Transactions) return runs;
        var merged = IndexRuns.ToMerge(runs, _written.Transactions);
        var from = IndexRuns.Start(runs, merged);
        return [.. runs.Take(runs.Count - merged), build.BuildIds(from, _written.Transactions, cancel)];
    }

    /// <summary>The runs of the transfers, with what no run files yet sorted into new ones of bounded size; few are kept by merging.</summary>
    private List<IndexRun> ExtendedTransfers(TransferRuns build, CancellationToken cancel)
    {
        var runs = Filed(IndexRunFile.TransferKind);
        for (var from = runs.Count == 0 ? 0 : runs[^1].To; from < _written.Transactions; from = runs[^1].To)
        {
            runs.Add(build.BuildTransfers(from, EndOfRun(from), cancel));
            while (TransferRunMerge.Count(runs) is > 1 and var count)
            {
                var merged = TransferRunMerge.Merge(_folder, runs[^count..], run => _files.ReadPacked(AccountColumns.TxFirst, run.To), _threads, cancel);
                foreach (var run in runs[^count..])
                    if (!_manifest.Indexes.Contains(run)) File.Delete(Path.Combine(_folder, run.File)); // made a moment ago, and named nowhere
                runs.RemoveRange(runs.Count - count, count);
                runs.Add(merged);
            }
        }

        return runs;
    }

    /// <summary>Where a run that begins with a transaction ends: at so many transfers, but behind at least one transaction.</summary>
    private uint EndOfRun(uint from)
    {
        var most = _files.ReadPacked(AccountColumns.TxFirst, from) + MostInRun;
        uint low = from + 1, high = _written.Transactions;
        while (low < high)
        {
            var middle = low + ((high - low + 1) >> 1);
            if (_files.ReadPacked(AccountColumns.TxFirst, middle) <= most) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private LedgerException Twice(uint earlier, uint later)
    {
        Span<Hash256> id = stackalloc Hash256[1];
        Span<uint> time = stackalloc uint[2];
        _files.Read(AccountColumns.TxId, later, id);
        _files.Read(AccountColumns.TxTime, earlier, time[..1]);
        _files.Read(AccountColumns.TxTime, later, time[1..]);
        return new LedgerException(FormattableString.Invariant($"Transaction 0x{id[0]} came twice: at time {time[0]} and at time {time[1]} (seconds since 1970). An id names one transaction: nothing that was added since the last checkpoint is kept."));
    }

    /// <summary>Deletes what the manifest that was just written does not name any more.</summary>
    private void Replaced(AccountManifest next)
    {
        var last = _manifest;
        _manifest = next;
        IndexRuns.DeleteOthers(_folder, next.Indexes);
        if (last.Statements > 0 && last.Statements != next.Statements) File.Delete(Path.Combine(_folder, AccountStatements.FileName(last.Statements)));
    }
}
