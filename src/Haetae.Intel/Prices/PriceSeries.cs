using System.Globalization;
using System.Numerics;
using Haetae.Intel.Storage;
using Haetae.Ledger;
using Haetae.Tracing.Accounts.Reports;

namespace Haetae.Intel.Prices;

/// <summary>All that a store knows of an asset's price in a currency, in time. Amounts are valued with it, exactly; without a price there is no value.</summary>
public sealed class PriceSeries
{
    /// <summary>A price older than this at the time of a transfer says nothing of it: two days, so that daily tables serve.</summary>
    public const long UsualAge = 2 * 86_400;

    private readonly Price[] _prices; // by time; one for each time

    private PriceSeries(string asset, string currency, Price[] prices) => (Asset, Currency, _prices) = (asset, currency, prices);

    /// <summary>CAIP-19.</summary>
    public string Asset { get; }

    public string Currency { get; }

    public int Count => _prices.Length;

    /// <summary>Reads a series from a store; empty where there is none. Memory: about 100 bytes a price.</summary>
    /// <param name="source">Only what this source says; null: all, and of several at one time the one whose name comes first.</param>
    public static PriceSeries Load(StoreLocation store, string asset, string currency, string? source = null)
    {
        using var database = store.OpenForReading();
        var prices = new SortedDictionary<long, Price>();
        if (database is not null)
        {
            using var command = database.Command("SELECT time, is_day, mantissa, scale, source FROM price WHERE series = @series ORDER BY id", "@series", PriceImport.SeriesOf(asset, currency));
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var price = new Price(rows.GetInt64(0), rows.GetInt64(1) != 0, BigInteger.Parse(rows.GetString(2), CultureInfo.InvariantCulture), (int)rows.GetInt64(3), rows.GetString(4));
                if (source is not null && price.Source != source) continue;
                // Later facts of a source replace its earlier ones; a source named later in the alphabet replaces nothing.
                if (!prices.TryGetValue(price.Time, out var other) || string.CompareOrdinal(price.Source, other.Source) <= 0) prices[price.Time] = price;
            }
        }

        return new PriceSeries(asset, currency.ToUpperInvariant(), [.. prices.Values]);
    }

    /// <summary>The last price at or before a moment.</summary>
    /// <param name="oldest">Seconds that it may lie back.</param>
    /// <param name="reason">Why there is none.</param>
    public Price? At(long time, long oldest, out string? reason)
    {
        int low = 0, high = _prices.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_prices[middle].Time <= time) low = middle + 1;
            else high = middle;
        }

        reason = null;
        if (low == 0) reason = _prices.Length == 0 ? $"no price of {Asset} in {Currency} was imported" : $"no price of {Asset} in {Currency} is known so early; the first is of {_prices[0].When}";
        else if (time - _prices[low - 1].Time > oldest) reason = string.Create(CultureInfo.InvariantCulture, $"the last price of {Asset} in {Currency} before is of {_prices[low - 1].When}, more than {oldest} seconds back");
        return reason is null ? _prices[low - 1] : null;
    }

    /// <summary>What an amount was worth at a moment: exact, then rounded to cents, halves to the even cent.</summary>
    /// <param name="amount">Base units.</param>
    /// <param name="decimals">Decimal places of the asset; null: not known, and so there is no value.</param>
    public FiatValue ValueOf(UInt256 amount, int? decimals, long time, long oldest = UsualAge)
    {
        var worth = WorthOf(amount, decimals, time, oldest, out var price);
        return new FiatValue(worth.Cents, Currency, price, worth.Reason);
    }

    /// <summary>The same exactly, without any rounding.</summary>
    /// <param name="price">The price used; null: none was.</param>
    public Worth WorthOf(UInt256 amount, int? decimals, long time, long oldest, out Price? price)
    {
        price = null;
        if (decimals is not { } places) return Worth.None(Currency, $"the decimal places of {Asset} are not known (--decimals says them)");
        price = At(time, oldest, out var reason);
        return price is null ? Worth.None(Currency, reason!) : new Worth(Currency, (BigInteger)amount * price.Mantissa, places + price.Scale, price.Source, price.When, null);
    }
}

/// <summary>An amount in a currency, with what it rests on.</summary>
/// <param name="Amount">Decimal text with two places; null: there is none.</param>
/// <param name="Price">The price used, with source and time; null: none was.</param>
/// <param name="Reason">Why there is no value; null where there is one.</param>
public sealed record FiatValue(string? Amount, string Currency, Price? Price, string? Reason);
