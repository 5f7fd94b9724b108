using System.Globalization;
using System.Numerics;
using Haetae.Intel.Tags;
using Haetae.Ledger.Chains;

namespace Haetae.Intel.Prices;

/// <summary>Which columns of a table tell prices, and what holds for all its rows.</summary>
public sealed record PriceColumns
{
    private PriceColumns(IReadOnlyDictionary<string, string> columns, string? asset, string? currency) => (Columns, Asset, Currency) = (columns, asset, currency);

    private IReadOnlyDictionary<string, string> Columns { get; }

    private string? Asset { get; }

    private string? Currency { get; }

    /// <param name="map"><c>day=COLUMN</c> or <c>time=COLUMN</c>, <c>price=COLUMN</c>, and <c>asset=COLUMN</c>, <c>currency=COLUMN</c> where rows differ.</param>
    /// <param name="asset">The asset of all rows: CAIP-19, or a chain's word or symbol for its own coin; null: a column tells.</param>
    /// <param name="currency">The currency of all rows, three to five letters; null: a column tells.</param>
    /// <exception cref="FormatException">Something is missing, said twice or unknown.</exception>
    public static PriceColumns Parse(string map, string? asset, string? currency)
    {
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in map.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == pair.Length - 1) throw new FormatException($"'{pair}' is not field=COLUMN");
            var field = pair[..at].Trim();
            if (field is not ("day" or "time" or "price" or "asset" or "currency")) throw new FormatException($"'{field}' is no field here; fields are day, time, price, asset, currency");
            if (!columns.TryAdd(field, pair[(at + 1)..].Trim())) throw new FormatException($"'{field}' stands twice");
        }

        if (!columns.ContainsKey("price")) throw new FormatException("no column tells the price: add price=COLUMN");
        if (columns.ContainsKey("day") == columns.ContainsKey("time")) throw new FormatException("name the column of either the day (day=COLUMN) or the time (time=COLUMN)");
        if (columns.ContainsKey("asset") == asset is not null) throw new FormatException("name the asset either for all rows or by its column (asset=COLUMN)");
        if (columns.ContainsKey("currency") == currency is not null) throw new FormatException("name the currency either for all rows or by its column (currency=COLUMN)");
        return new PriceColumns(columns, asset is null ? null : AssetOf(asset) ?? throw new FormatException($"'{asset}' is no asset: CAIP-19 such as eip155:1/erc20:0x.., or a chain's word such as eth"), currency is null ? null : CurrencyOf(currency) ?? throw new FormatException($"'{currency}' is no currency of three to five letters"));
    }

    /// <summary>An asset's CAIP-19 name; null: it is none.</summary>
    public static string? AssetOf(string text) => AssetName.TryParse(text.Trim(), out var asset) ? asset.Caip19 : null;

    /// <summary>A currency in capitals; null: it is none.</summary>
    public static string? CurrencyOf(string text) => text.Trim() is { Length: >= 3 and <= 5 } word && word.All(char.IsAsciiLetter) ? word.ToUpperInvariant() : null;

    internal Places Over(string[] head)
    {
        return new Places(At("day") ?? At("time") ?? -1, Columns.ContainsKey("day"), At("price") ?? -1, At("asset"), At("currency"), Asset, Currency);

        int? At(string field)
        {
            if (!Columns.TryGetValue(field, out var column)) return null;
            var at = Array.FindIndex(head, name => string.Equals(name.Trim().TrimStart('\uFEFF'), column, StringComparison.OrdinalIgnoreCase));
            return at >= 0 ? at : throw new PackRowException($"there is no column '{TagProblem.Quoted(column)}'; the first line is '{TagProblem.Quoted(string.Join(',', head))}'");
        }
    }

    /// <summary>The columns of one table by their places.</summary>
    internal sealed record Places(int Time, bool IsDay, int Price, int? AssetAt, int? CurrencyAt, string? Asset, string? Currency)
    {
        internal (string Series, long Time, bool IsDay, BigInteger Mantissa, int Scale) Read(string[] cells)
        {
            var asset = Asset ?? AssetOf(Cell(AssetAt!.Value)) ?? throw new PackRowException($"'{TagProblem.Quoted(Cell(AssetAt!.Value))}' is no asset");
            var currency = Currency ?? CurrencyOf(Cell(CurrencyAt!.Value)) ?? throw new PackRowException($"'{TagProblem.Quoted(Cell(CurrencyAt!.Value))}' is no currency");
            if (!Prices.Price.TryParse(Cell(Price), out var mantissa, out var scale)) throw new PackRowException($"'{TagProblem.Quoted(Cell(Price))}' is no price: digits and a point, without sign or thousands");
            return (PriceImport.SeriesOf(asset, currency), TimeOf(Cell(Time).Trim()), IsDay, mantissa, scale);

            string Cell(int at) => at < cells.Length ? cells[at] : throw new PackRowException($"the line has {cells.Length} cells, and column {at + 1} is needed");
        }

        // A day as 2022-03-23; a time as seconds since 1970 or ISO 8601 with its offset.
        private long TimeOf(string text)
        {
            if (IsDay) return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds() : throw new PackRowException($"'{TagProblem.Quoted(text)}' is no day as 2022-03-23");
            if (text.Length is > 0 and <= 11 && text.All(char.IsAsciiDigit)) return long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
            var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
            return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToUnixTimeSeconds() : throw new PackRowException($"'{TagProblem.Quoted(text)}' is no time: seconds since 1970, or 2022-03-23T13:29:09Z with its offset");
        }
    }
}
