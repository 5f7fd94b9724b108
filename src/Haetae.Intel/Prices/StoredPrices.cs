using Haetae.Intel.Storage;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Reports;

namespace Haetae.Intel.Prices;

/// <summary>The prices of a store in one currency, as reports ask for them: each asset's series is read once.</summary>
/// <param name="currency">In capitals, as <see cref="PriceColumns.CurrencyOf"/> gives it.</param>
/// <param name="decimals">Decimal places of assets whose ledger does not know them, by CAIP-19; null: none.</param>
public sealed class StoredPrices(StoreLocation store, string currency, IReadOnlyDictionary<string, int>? decimals = null) : IPriceBook
{
    private readonly Dictionary<string, PriceSeries> _series = new(StringComparer.Ordinal);

    public string Currency => currency;

    public Worth Of(AssetInfo asset, UInt256 amount, uint time)
    {
        var name = asset.Name.Caip19;
        if (!_series.TryGetValue(name, out var series)) _series.Add(name, series = PriceSeries.Load(store, name, currency));
        return series.WorthOf(amount, asset.Decimals ?? (decimals is not null && decimals.TryGetValue(name, out var places) ? places : null), time, PriceSeries.UsualAge, out _);
    }
}
