using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <content>Making what was written safe, and showing it to readers.</content>
internal sealed partial class LedgerWriter
{
    /// <summary>The sums of <c>out.spender</c> for what is numbered so far; to be taken before the next chunk is numbered.</summary>
    internal (ulong[] Sums, long[] Late) SpenderSnapshot() => _spender.Snapshot(Counts.Outputs);

    /// <summary>Makes everything up to <paramref name="counts"/> safe: columns flushed, then the manifest swapped. All chunks up to there must be written.</summary>
    /// <param name="spent"><see cref="SpenderSnapshot"/> at those counts.</param>
    /// <remarks>Two threads may come here at once: the manifest is written by one at a time and never goes back to fewer blocks.</remarks>
    internal void Checkpoint(LedgerCounts counts, (ulong[] Sums, long[] Late) spent)
    {
        lock (_columns)
        {
            if (IsRehearsing || counts.Blocks <= Manifest.Written.Blocks) return;
            var tails = Checksums.Update(_folder, _columns, Manifest.Written, counts, threads: 1);
            Swap(Manifest with { Written = counts, Tails = tails, LateSpends = spent.Late }, spent.Sums);
        }
    }

    /// <summary>Makes the columns safe, then puts a manifest that says so in the place of the one before.</summary>
    private void Swap(Manifest next, ulong[] spent)
    {
        Flush();
        var sums = next.Written.Blocks == 0 ? "" : SpenderSums.FileName(next.Written, next.Undone);
        if (sums.Length > 0)
        {
            var path = Path.Combine(_folder, sums);
            SpenderSums.Write(path + ".new", spent);
            File.Move(path + ".new", path, overwrite: true);
        }

        string[] last = [Manifest.SpenderSums, Manifest.PublishedSums];
        Manifest = next with { SpenderSums = sums, PublishedSums = next.Published == next.Written ? sums : next.Published.Blocks == 0 ? "" : Manifest.PublishedSums };
        Manifest.Write(_folder);
        foreach (var old in last)
            if (old.Length > 0 && old != Manifest.SpenderSums && old != Manifest.PublishedSums) File.Delete(Path.Combine(_folder, old));
    }

    private void Flush()
    {
        Volatile.Read(ref _earlyFlush)?.GetAwaiter().GetResult(); // what went wrong there is told here, and only once by the system
        _spender.Flush();
        foreach (var handle in _columns.Values) RandomAccess.FlushToDisk(handle);
    }

    private const long EarlyFlushBytes = 128L << 20;
    private long _unflushed;
    private Task? _earlyFlush;

    /// <summary>Sends what was written on its way to the disk while blocks are still being parsed, so that less is waited for in the end.</summary>
    private void FlushEarly(long written)
    {
        if (Interlocked.Add(ref _unflushed, written) < EarlyFlushBytes) return;
        var last = Volatile.Read(ref _earlyFlush);
        if (last is { IsCompletedSuccessfully: false }) return; // still at it, or failed: then the next checkpoint says so
        var next = new Task(() =>
        {
            foreach (var (column, handle) in _columns)
                if (!LedgerColumns.IsRewritten(column)) RandomAccess.FlushToDisk(handle);
        });
        if (Interlocked.CompareExchange(ref _earlyFlush, next, last) != last) return;
        Volatile.Write(ref _unflushed, 0);
        next.Start();
    }

    /// <summary>Builds the indexes that are missing and shows readers everything written.</summary>
    internal void Publish(int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var counts = Counts;
        foreach (var (column, handle) in _columns)
        {
            var bytes = column.Bytes(counts);
            if ((MayCut && !Following) || RandomAccess.GetLength(handle) < bytes + column.Padding) RandomAccess.SetLength(handle, bytes + column.Padding);
            if (column.Padding > 0) RandomAccess.Write(handle, new byte[column.Padding], bytes);
        }

        // Indexes and checksums read columns that nobody writes any more, each its own: they go side by side.
        var built = new IndexRun?[2];
        SortedDictionary<string, uint> tails = [];
        SideBySide.Run(
            threads,
            cancel,
            () => built[0] = BuildMissing(IndexRunFile.ScriptKind, counts, threads, progress, cancel),
            () => built[1] = BuildMissing(IndexRunFile.TxIdKind, counts, threads, progress, cancel),
            () => tails = Checksums.Update(_folder, _columns, Manifest.Written, counts, threads));
        // in one order, whichever was built anew: the same ledger has the same manifest
        var runs = Manifest.Indexes.Where(run => !built.Any(fresh => fresh?.Kind == run.Kind && run.From >= fresh.From)).Concat(built.OfType<IndexRun>()).OrderBy(run => run.Kind, StringComparer.Ordinal).ThenBy(run => run.From).ToList();
        _spender.Settle(counts.Transactions, threads, cancel);
        Swap(Manifest with { Written = counts, Published = counts, Indexes = runs, Tails = tails, LateSpends = [] }, SpenderSnapshot().Sums);
        _spender.Settled();
        IndexRuns.DeleteOthers(_folder, runs);
    }

    private IndexRun? BuildMissing(string kind, LedgerCounts counts, int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var mine = Manifest.Indexes.Where(run => run.Kind == kind).OrderBy(run => run.From).ToList();
        if ((mine.Count == 0 ? 0 : mine[^1].To) >= counts.Transactions) return null;
        var merged = IndexRuns.ToMerge(mine, counts.Transactions);
        return IndexBuilder.Build(this, kind, IndexRuns.Start(mine, merged), counts, threads, progress, cancel);
    }
}
