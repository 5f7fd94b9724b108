using System.Globalization;
using System.Security.Cryptography;
using Haetae.Intel.Files;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Prices;

/// <summary>Takes a table of prices into a store: all of it, or nothing.</summary>
public static class PriceImport
{
    private const int Batch = 20_000;

    private static readonly DigestedTable s_imports = new("price_import", ["source", "file", "sha256", "imported_by", "imported_at"]);
    private static readonly DigestedTable s_prices = new("price", ["series", "time", "is_day", "mantissa", "scale", "source"], "import");

    /// <exception cref="IntelException">A column is not there, or a row cannot be read: file and line are named, and nothing was stored.</exception>
    public static PriceImportReport Run(StoreLocation store, string path, PriceColumns columns, string source, string by, DateTimeOffset at, CancellationToken cancel)
    {
        using var file = Open(path);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        var rows = Read(new FactFile(path, true).Open(file), path, columns, source, cancel);
        using var database = store.OpenForWriting();
        using var transaction = database.BeginWriting();
        var time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var import = s_imports.IdsOf(database, [[source, Path.GetFileName(path), sha256, by, time]], null, out _)[0];
        long stored = 0;
        for (var from = 0; from < rows.Count; from += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            s_prices.IdsOf(database, rows.GetRange(from, Math.Min(Batch, rows.Count - from)), import, out var added);
            stored += added;
        }

        // Whatever was there already adds no import either.
        if (stored > 0) transaction.Commit();
        return new PriceImportReport(rows.Count, stored, rows.Count - stored, rows.Select(row => (string)row[0]!).Distinct().Order(StringComparer.Ordinal).ToList(), sha256);
    }

    internal static string SeriesOf(string asset, string currency) => $"{asset} {currency.ToUpperInvariant()}";

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IntelException($"{path}: there is no such file.", wrong) { NothingThere = true };
        }
    }

    private static List<object?[]> Read(Stream stream, string path, PriceColumns columns, string source, CancellationToken cancel)
    {
        using var text = new StreamReader(stream);
        var lines = new CsvRow(text);
        var rows = new List<object?[]>();
        var met = new Dictionary<(string Series, long Time), (string Price, long Line)>();
        try
        {
            var places = columns.Over(lines.Next() ?? []);
            while (lines.Next() is { } cells)
            {
                cancel.ThrowIfCancellationRequested();
                if (cells is [""]) continue;
                var (series, time, isDay, mantissa, scale) = places.Read(cells);
                var price = $"{mantissa}/{scale}";
                if (met.TryGetValue((series, time), out var other))
                {
                    if (other.Price != price) throw new PackRowException($"another price of {series} for the same time stands in line {other.Line}");
                    continue;
                }

                met.Add((series, time), (price, lines.Line));
                rows.Add([series, time, isDay ? 1L : 0L, mantissa.ToString(CultureInfo.InvariantCulture), (long)scale, source]);
            }
        }
        catch (PackRowException wrong)
        {
            throw new IntelException($"{path}, line {Math.Max(1, lines.Line)}: {wrong.Message}. Nothing was stored.", wrong);
        }

        return rows;
    }
}

/// <summary>What became of an import.</summary>
/// <param name="Read">Rows, each time of a series once.</param>
/// <param name="Known">Rows that the store held already.</param>
/// <param name="Series">Asset and currency of each series met.</param>
public sealed record PriceImportReport(long Read, long Stored, long Known, IReadOnlyList<string> Series, string FileSha256);
