using System.Globalization;
using System.Numerics;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>Amounts of assets as people read them: exact, with the decimal places the asset is known to have, else in base units.</summary>
internal static class AssetAmounts
{
    internal static string Show(BigInteger amount, AssetInfo asset)
    {
        var name = Name(asset);
        if (asset.Decimals is not { } decimals) return string.Create(CultureInfo.InvariantCulture, $"{amount:#,0} base units of {name}");
        var digits = BigInteger.Abs(amount).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var whole = BigInteger.Parse(digits.AsSpan(0, digits.Length - decimals), NumberStyles.None, CultureInfo.InvariantCulture);
        var part = digits[(digits.Length - decimals)..].TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{(amount.Sign < 0 ? "-" : "")}{whole:#,0}{(part.Length > 0 ? "." : "")}{part} {name}");
    }

    /// <summary>The symbol, which for a token is a claim: its contract stands behind it.</summary>
    internal static string Name(AssetInfo asset)
    {
        if (asset.Name.Kind == AssetKind.Native) return asset.Symbol ?? asset.Name.Caip19;
        return asset.Symbol is { } symbol ? $"{PlainText.Of(symbol)} ({asset.Name.Caip19})" : asset.Name.Caip19;
    }

    internal static string Account(IAccountView ledger, uint account) => account == AccountGraph.Nobody ? "nobody" : ledger.Chain.Show(ledger.AddressOf(account));

    internal static string Kind(TransferKind kind) => kind switch
    {
        TransferKind.External => "transfer",
        TransferKind.FeeBurnt => "fee burnt",
        _ => kind.ToString().ToLowerInvariant(),
    };

    internal static string Id(IAccountView ledger, uint transaction) => "0x" + ledger.Graph.TxId[transaction];

    internal static string Time(IAccountView ledger, uint transaction) => Amounts.Time(ledger.Graph.TxTime[transaction]);
}
