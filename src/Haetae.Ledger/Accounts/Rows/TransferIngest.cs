using System.Globalization;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>What to take in, and where to.</summary>
public sealed record TransferIngestOptions
{
    public required string File { get; init; }

    public required string Ledger { get; init; }

    public required TransferTable Table { get; init; }

    /// <summary>Addresses whose whole history is in the file, or as much of it as falls into the file's times, as the user says.</summary>
    public IReadOnlyList<AccountAddress> Complete { get; init; } = [];

    /// <summary>So it is of every address in it.</summary>
    public bool AllComplete { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What became of a file of transfers.</summary>
public sealed record TransferIngestResult
{
    public required string FileSha256 { get; init; }

    /// <summary>Rows in the file.</summary>
    public required long Rows { get; init; }

    /// <summary>The file's rows were in the ledger already: nothing was added.</summary>
    public bool WasThere { get; init; }

    public long TransactionsAdded { get; init; }

    public long TransfersAdded { get; init; }

    public uint? FirstTime { get; init; }

    public uint? LastTime { get; init; }

    /// <summary>Rows whose time an earlier row has too: they keep the file's order.</summary>
    public long EqualTimes { get; init; }

    /// <summary>The rows came in order of time.</summary>
    public bool WasInOrder { get; init; }

    /// <summary>Rows without a transaction's hash: their ids are made from what they say.</summary>
    public long WithoutHash { get; init; }

    /// <summary>The rows lay among those of the ledger, which was written anew in order.</summary>
    public bool WasMerged { get; init; }

    /// <summary>Addresses that were complete, and are unknown since this file has further rows of them and is not said to hold all.</summary>
    public long NoLongerComplete { get; init; }

    /// <summary>Addresses said to be complete in this file of which the ledger has other rows, of which that was not said: they stay what they were.</summary>
    public long NotComplete { get; init; }

    public required AccountCounts Counts { get; init; }

    public required string Digest { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Takes a file of transfers into an account ledger: all of it, or nothing.</summary>
public static class TransferIngest
{
    /// <summary>Comma-separated text with a header.</summary>
    /// <exception cref="LedgerException">A row cannot be read; the message names file, line and column. Nothing is stored.</exception>
    public static TransferIngestResult FromCsv(TransferIngestOptions options, Action<string, double, long>? progress, CancellationToken cancel) =>
        From(options, isJson: false, progress, cancel);

    /// <summary>JSON objects, one a line.</summary>
    /// <inheritdoc cref="FromCsv" path="/exception"/>
    public static TransferIngestResult FromJsonLines(TransferIngestOptions options, Action<string, double, long>? progress, CancellationToken cancel) =>
        From(options, isJson: true, progress, cancel);

    private static TransferIngestResult From(TransferIngestOptions options, bool isJson, Action<string, double, long>? progress, CancellationToken cancel)
    {
        var isNew = !Directory.Exists(options.Ledger);
        try
        {
            return Take(options, isJson, progress, cancel);
        }
        catch when (isNew)
        {
            LeaveNothing(options.Ledger);
            throw;
        }
    }

    /// <summary>A folder that this run made and in which nothing is safe goes again: a file that was refused is no ledger that was begun.</summary>
    private static void LeaveNothing(string folder)
    {
        try
        {
            if (!Directory.Exists(folder)) return;
            WriterLock.Take(folder).Dispose(); // another run may have made it in the same moment, and be at work
            if (AccountManifest.Read(folder) is null or { Tails.Count: 0 }) Directory.Delete(folder, recursive: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or LedgerException)
        {
            // What went wrong first is what is told; who opens the folder hears that nothing is in it yet.
        }
    }

    private static TransferIngestResult Take(TransferIngestOptions options, bool isJson, Action<string, double, long>? progress, CancellationToken cancel)
    {
        LedgerRewrite.Recover(options.Ledger);
        if (StoreInOrder(options, isJson, progress, cancel) is { } done) return done;
        using var writer = AccountLedgerWriter.Open(options.Ledger, options.Table.Chain, options.Threads);
        using var store = new RowStore(options.Ledger);
        var assets = new List<AssetName>();
        var sha256 = ReadAll(options, isJson, assets, rows => store.Add(rows), progress, cancel);
        var source = new SourceStatement(Path.GetFileName(options.File), sha256, options.Table.Reading, store.Count, FileCoverage.Said(options));
        if (writer.TransactionCount > 0 && writer.Sources.FirstOrDefault(one => one.Sha256 == sha256) is { } before)
        {
            if (before.Read != source.Read)
                throw new LedgerException($"{options.File}: this file's rows are in the ledger already, read as '{before.Read}', not as '{source.Read}'. Name another folder with --ledger.");
            source = source with { Complete = FileCoverage.Joined(before.Complete, source.Complete) };
            if (source.Complete == before.Complete) return Result(options, sha256, store.Count) with { WasThere = true };
            if (writer.TransferCount + store.Count > LedgerRewrite.MostTransfers)
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{options.File}: its rows are in the ledger already, and with more than {LedgerRewrite.MostTransfers:#,0} transfers, what --complete says of them cannot be changed. Take the file into another folder."));
            return Store(writer, store, assets, options, source, progress, cancel) with { WasThere = true };
        }

        return Store(writer, store, assets, options, source, progress, cancel);
    }

    /// <summary>Rows that come in order go straight into the columns: until the checkpoint they are not in the ledger. Null: they do not, or lie before the ledger's last.</summary>
    private static TransferIngestResult? StoreInOrder(TransferIngestOptions options, bool isJson, Action<string, double, long>? progress, CancellationToken cancel)
    {
        using var writer = AccountLedgerWriter.Open(options.Ledger, options.Table.Chain, options.Threads);
        if (writer.LastBlock is { } last)
            throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"The ledger '{options.Ledger}' holds whole blocks up to {last.Number}: rows of a table do not go among them. Name another folder with --ledger."));
        var held = (writer.TransactionCount, writer.TransferCount);
        var (heldAccounts, coverage) = (writer.AccountCount, new FileCoverage(options));
        var assets = new List<AssetName>();
        var into = new RowsIntoLedger(writer, assets, options.File);
        var (order, count) = ((held.TransactionCount > 0 ? writer.LastTime + 1L : 0, 0L), 0L);
        string sha256;
        try
        {
            sha256 = ReadAll(options, isJson, assets, Take, progress, cancel);
        }
        catch (OutOfOrder)
        {
            return null;
        }

        into.Finish();
        progress?.Invoke("indexes", 0, count);
        State(writer, options, into, new SourceStatement(Path.GetFileName(options.File), sha256, options.Table.Reading, count, FileCoverage.Said(options)));
        coverage.AfterRows(writer, heldAccounts, held.TransferCount);
        writer.Checkpoint(cancel);
        return Result(options, sha256, count, held, into, coverage) with { WasInOrder = true };

        void Take(Span<TransferRow> rows)
        {
            foreach (ref readonly var row in rows)
            {
                (long Time, long Block) next = (row.Time, row.Block);
                if (next.CompareTo(order) < 0) throw new OutOfOrder();
                order = next;
            }

            into.Add(rows);
            count += rows.Length;
        }
    }

    private sealed class OutOfOrder : Exception;

    private delegate void TakeRows(Span<TransferRow> rows);

    private static TransferIngestResult Store(
        AccountLedgerWriter writer, RowStore store, IReadOnlyList<AssetName> assets, TransferIngestOptions options, SourceStatement source, Action<string, double, long>? progress, CancellationToken cancel)
    {
        var held = (writer.TransactionCount, writer.TransferCount);
        var (heldAccounts, coverage) = (writer.AccountCount, new FileCoverage(options));
        var isMerge = held.TransactionCount > 0 && store.Count > 0 && store.FirstTime <= writer.LastTime;
        if (isMerge && writer.TransferCount + store.Count > LedgerRewrite.MostTransfers)
            throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{options.File}: its first row (time {store.FirstTime}) does not lie after the last one in the ledger (time {writer.LastTime}), and together they are more than {LedgerRewrite.MostTransfers:#,0}: too many to put in order anew. Take in the files in order of time, into another folder."));
        var table = isMerge ? new AccountTableBuilder(writer.Chain) : null;
        var into = new RowsIntoLedger(table is null ? writer : table, assets, options.File);
        long done = 0;
        foreach (var rows in store.InOrder())
        {
            cancel.ThrowIfCancellationRequested();
            into.Add(rows);
            done += rows.Length;
            progress?.Invoke("storing", (double)done / store.Count, done);
        }

        into.Finish();
        progress?.Invoke("indexes", 0, done);
        if (table is null)
        {
            State(writer, options, into, source);
            coverage.AfterRows(writer, heldAccounts, held.TransferCount);
            writer.Checkpoint(cancel);
        }
        else
        {
            var added = table.Build();
            LedgerRewrite.Merge(writer, added, options.File, options.Threads, State, cancel);

            void State(AccountLedgerWriter fresh, AccountLedger before)
            {
                TransferIngest.State(fresh, options, into, source);
                coverage.AfterMerge(fresh, before, added);
            }
        }

        return Result(options, source.Sha256, store.Count, held, into, coverage) with { WasInOrder = store.IsInOrder, WasMerged = isMerge };
    }

    private static TransferIngestResult Result(TransferIngestOptions options, string sha256, long rows, (uint Transactions, long Transfers) held, RowsIntoLedger into, FileCoverage coverage)
    {
        var result = Result(options, sha256, rows);
        return result with
        {
            TransactionsAdded = result.Counts.Transactions - held.Transactions,
            TransfersAdded = result.Counts.Transfers - held.Transfers,
            FirstTime = into.FirstTime,
            LastTime = into.FirstTime is null ? null : into.LastTime,
            EqualTimes = into.EqualTimes,
            WithoutHash = into.WithoutHash,
            NoLongerComplete = coverage.NoLongerComplete,
            NotComplete = coverage.NotComplete,
        };
    }

    /// <summary>Reads every row: pieces of the file on several threads, taken in the order of the file.</summary>
    /// <returns>The file's SHA-256.</returns>
    private static string ReadAll(TransferIngestOptions options, bool isJson, List<AssetName> assets, TakeRows take, Action<string, double, long>? progress, CancellationToken cancel)
    {
        using var pieces = new RowPieces(options.File, quoted: !isJson);
        long count = 0;
        var numbers = new Dictionary<AssetName, uint>();
        var reading = new Queue<(RowPiece Piece, Task<PieceRows> Rows)>();
        IPieceReader? reader = isJson ? new JsonPieceReader(options.Table) : null;
        long line = 1;
        var isEmpty = true;
        try
        {
            while (pieces.TryNext(out var piece))
            {
                cancel.ThrowIfCancellationRequested();
                isEmpty = false;
                if (reader is null)
                {
                    reader = CsvPieceReader.Begin(piece, options.File, options.Table, out var rowsAt, out var lines);
                    line += lines;
                    piece = piece with { Start = rowsAt };
                }

                var (using_, mine) = (reader, piece);
                reading.Enqueue((piece, Task.Run(() => using_.Read(mine), CancellationToken.None)));
                if (reading.Count > options.Threads + 1) Take();
            }

            if (isEmpty) throw new LedgerException($"{options.File}: the file is empty: {(isJson ? "a table has a line for each transfer" : "a table begins with a line that names its columns")}. Nothing was stored.");
            while (reading.Count > 0) Take();
        }
        finally
        {
            foreach (var (_, rows) in reading) ((IAsyncResult)rows).AsyncWaitHandle.WaitOne(); // nobody reads on when this is over, and what went wrong first was said
        }

        return pieces.Sha256();

        void Take()
        {
            var (piece, task) = reading.Dequeue();
            PieceRows read;
            try
            {
                read = task.GetAwaiter().GetResult();
            }
            catch (RowProblem wrong)
            {
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{options.File}, line {line + wrong.Line}{(wrong.Column.Length > 0 ? $", column '{wrong.Column}'" : "")}: {wrong.Message}. Nothing was stored."), wrong);
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(piece.Bytes);
            var renumbered = read.Assets.Select(Number).ToArray();
            var rows = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(read.Rows);
            foreach (ref var row in rows)
            {
                row.Line += line;
                row.Asset = renumbered[row.Asset];
            }

            take(rows);
            count += rows.Length;
            line += read.Lines;
            progress?.Invoke("reading", (double)pieces.Done / Math.Max(1, pieces.Length), count);
        }

        uint Number(AssetName asset)
        {
            if (numbers.TryGetValue(asset, out var known)) return known;
            numbers.Add(asset, (uint)assets.Count);
            assets.Add(asset);
            return (uint)assets.Count - 1;
        }
    }

    private static void State(AccountLedgerWriter writer, TransferIngestOptions options, RowsIntoLedger into, SourceStatement source)
    {
        var (table, map) = (options.Table, options.Table.Map);
        if (table.Asset is { Kind: not AssetKind.Native } asset && table.Decimals is { } decimals) writer.DescribeAsset(asset, null, decimals);
        writer.AddSource(source);
        writer.AddNote("The transfers come from a table, not from blocks: what it leaves out is not here, and nothing proves that it is right.");
        if (into.WithoutHash > 0) writer.AddNote($"Rows without a transaction's hash have ids made from what they say ({RowId.Rule}): such an id is found on no chain.");
        if (!map.ContainsKey(TransferField.Block)) writer.AddNote("The table tells no blocks: order is time, and among equal times the order of the rows.");
        if (!map.ContainsKey(TransferField.Fee)) writer.AddNote("The table tells no fees: balances computed from it are before fees.");
        if (!map.ContainsKey(TransferField.Status)) writer.AddNote("The table does not tell failed transactions: every row is taken for one that succeeded.");
        if (!map.ContainsKey(TransferField.Kind)) writer.AddNote("The table does not tell kinds of transfers: value that contracts passed on (internal calls) may be missing, or stand among ordinary transfers.");
        if (!map.ContainsKey(TransferField.Asset)) writer.AddNote($"The table holds one asset, {(table.Asset ?? AssetName.Native(table.Chain)).Caip19}: transfers of others are missing.");
        if (into.EvmForms > 0) writer.AddNote("Some addresses in the table are written as 0x and 40 digits, as TRON's virtual machine writes them: nothing in them tells that they are TRON's and not of another chain.");
        if (into.PayNobody > 0) writer.AddNote("Some rows pay value to an address that the table does not name, as transactions that make a contract do.");
    }

    private static TransferIngestResult Result(TransferIngestOptions options, string sha256, long rows)
    {
        using var ledger = AccountLedger.Open(options.Ledger);
        return new TransferIngestResult { FileSha256 = sha256, Rows = rows, Counts = ledger.Counts, Digest = ledger.Digest, Notes = [.. ledger.Notes] };
    }
}
