using System.Globalization;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>What to take in, and where to.</summary>
public sealed record TransferIngestOptions
{
    public required string File { get; init; }

    public required string Ledger { get; init; }

    public required TransferTable Table { get; init; }

    /// <summary>Addresses whose whole history is in the file, as the user says.</summary>
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

    public required AccountCounts Counts { get; init; }

    public required string Digest { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Takes a file of transfers into an account ledger: all of it, or nothing.</summary>
public static class TransferIngest
{
    /// <summary>Comma-separated text with a header.</summary>
    /// <exception cref="LedgerException">A row cannot be read; the message names file, line and column. Nothing is stored.</exception>
    public static TransferIngestResult FromCsv(TransferIngestOptions options, Action<string, double, long>? progress, CancellationToken cancel)
    {
        using var writer = AccountLedgerWriter.Open(options.Ledger, options.Table.Chain, options.Threads);
        using var pieces = new RowPieces(options.File, quoted: true);
        using var store = new RowStore(options.Ledger);
        var assets = ReadAll(options, pieces, store, progress, cancel);
        var sha256 = pieces.Sha256();
        if (writer.TransactionCount > 0 && writer.Sources.FirstOrDefault(source => source.Sha256 == sha256) is { } before)
        {
            if (before.Read != options.Table.Reading)
                throw new LedgerException($"{options.File}: this file's rows are in the ledger already, read as '{before.Read}', not as '{options.Table.Reading}'. Name another folder with --ledger.");
            return Result(options, sha256, store.Count) with { WasThere = true };
        }

        var into = new RowsIntoLedger(writer, assets, options.File);
        long done = 0;
        foreach (var rows in store.InOrder())
        {
            cancel.ThrowIfCancellationRequested();
            if (done == 0 && writer.TransactionCount > 0 && rows[0].Time <= writer.LastTime)
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{options.File}: its first row (time {rows[0].Time}) lies before the last one in the ledger (time {writer.LastTime}). Name another folder with --ledger."));
            into.Add(rows);
            done += rows.Length;
            progress?.Invoke("storing", (double)done / store.Count, done);
        }

        into.Finish();
        State(writer, options, into, new SourceStatement(Path.GetFileName(options.File), sha256, options.Table.Reading, store.Count));
        progress?.Invoke("indexes", 0, done);
        writer.Checkpoint(cancel);
        return Result(options, sha256, store.Count) with
        {
            TransactionsAdded = into.Transactions,
            TransfersAdded = into.Transfers,
            FirstTime = into.FirstTime,
            LastTime = into.FirstTime is null ? null : into.LastTime,
            EqualTimes = into.EqualTimes,
            WasInOrder = store.IsInOrder,
            WithoutHash = into.WithoutHash,
        };
    }

    private static IReadOnlyList<AssetName> ReadAll(TransferIngestOptions options, RowPieces pieces, RowStore store, Action<string, double, long>? progress, CancellationToken cancel)
    {
        var assets = new List<AssetName>();
        var numbers = new Dictionary<AssetName, uint>();
        IPieceReader? reader = null;
        long line = 1;
        while (pieces.Next() is { } piece)
        {
            cancel.ThrowIfCancellationRequested();
            var rowsAt = 0;
            if (reader is null)
            {
                reader = CsvPieceReader.Begin(piece, options.File, options.Table, out rowsAt, out var lines);
                line += lines;
            }

            PieceRows read;
            try
            {
                read = reader.Read(piece[rowsAt..]);
            }
            catch (RowProblem wrong)
            {
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{options.File}, line {line + wrong.Line}{(wrong.Column.Length > 0 ? $", column '{wrong.Column}'" : "")}: {wrong.Message}. Nothing was stored."), wrong);
            }

            var renumbered = read.Assets.Select(Number).ToArray();
            foreach (ref var row in read.Rows.AsSpan())
            {
                row.Line += line;
                row.Asset = renumbered[row.Asset];
            }

            store.Add(read.Rows);
            line += read.Lines;
            progress?.Invoke("reading", (double)pieces.Done / Math.Max(1, pieces.Length), store.Count);
        }

        return assets;

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
        writer.UsualCoverage = options.AllComplete ? Coverage.Complete : Coverage.Unknown;
        foreach (var address in options.Complete) writer.SetCoverage(address, Coverage.Complete);
        writer.AddNote("The transfers come from a table, not from blocks: what it leaves out is not here, and nothing proves that it is right.");
        if (into.WithoutHash > 0) writer.AddNote($"Rows without a transaction's hash have ids made from what they say ({RowId.Rule}): such an id is found on no chain.");
        if (!map.ContainsKey(TransferField.Block)) writer.AddNote("The table tells no blocks: order is time, and among equal times the order of the rows.");
        if (!map.ContainsKey(TransferField.Fee)) writer.AddNote("The table tells no fees: balances computed from it are before fees.");
        if (!map.ContainsKey(TransferField.Status)) writer.AddNote("The table does not tell failed transactions: every row is taken for one that succeeded.");
        if (!map.ContainsKey(TransferField.Kind)) writer.AddNote("The table does not tell kinds of transfers: value that contracts passed on (internal calls) may be missing, or stand among ordinary transfers.");
        if (!map.ContainsKey(TransferField.Asset)) writer.AddNote($"The table holds one asset, {(table.Asset ?? AssetName.Native(table.Chain)).Caip19}: transfers of others are missing.");
        if (into.PayNobody > 0) writer.AddNote("Some rows pay value to an address that the table does not name, as transactions that make a contract do.");
    }

    private static TransferIngestResult Result(TransferIngestOptions options, string sha256, long rows)
    {
        using var ledger = AccountLedger.Open(options.Ledger);
        return new TransferIngestResult { FileSha256 = sha256, Rows = rows, Counts = ledger.Counts, Digest = ledger.Digest, Notes = [.. ledger.Notes] };
    }
}
