using System.Globalization;
using System.Numerics;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>Amounts of any asset as people read them: exact, by integer arithmetic only.</summary>
public static class AssetAmounts
{
    /// <summary>All digits, without trailing zeros: <c>182,163.95603</c>.</summary>
    /// <param name="decimals">Decimal places of the asset; null: not known, and base units are shown.</param>
    public static string Exact(UInt256 amount, int? decimals) => Exact(amount.ToString(), decimals);

    /// <summary>The same of sums and differences, which may be wider than 256 bits or below nothing.</summary>
    public static string Exact(BigInteger amount, int? decimals) =>
        (amount.Sign < 0 ? "-" : "") + Exact(BigInteger.Abs(amount).ToString(CultureInfo.InvariantCulture), decimals);

    private static string Exact(string digits, int? decimals)
    {
        var places = decimals ?? 0;
        if (places <= 0) return Group(digits);
        digits = digits.PadLeft(places + 1, '0');
        var part = digits[^places..].TrimEnd('0');
        return Group(digits[..^places]) + (part.Length > 0 ? "." + part : "");
    }

    /// <summary>Rounded to so many places, half up, for columns where the exact figure stands elsewhere: <c>182,163.956</c>.</summary>
    public static string Rounded(UInt256 amount, int decimals, int places)
    {
        if (places >= decimals) return Exact(amount, decimals);
        var unit = BigInteger.Pow(10, decimals - places);
        var rounded = ((BigInteger)amount + unit / 2) / unit;
        var digits = rounded.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return Group(digits[..^places]) + (places > 0 ? "." + digits[^places..] : "");
    }

    /// <summary>With the asset's symbol: <c>173,600 ETH</c>; base units of an asset without decimals are named so.</summary>
    public static string WithSymbol(UInt256 amount, AssetInfo asset)
    {
        return Exact(amount, asset.Decimals) + (asset.Decimals is null ? " base units of " : " ") + NameOf(asset);
    }

    /// <summary>The asset's symbol; without one its CAIP-19 name.</summary>
    public static string NameOf(AssetInfo asset) => asset.Symbol is { } symbol ? Shown.Plain(symbol) : asset.Name.Caip19;

    internal static string Group(string digits)
    {
        if (digits.Length <= 3) return digits;
        var grouped = new StringBuilder(digits.Length + digits.Length / 3);
        for (var i = 0; i < digits.Length; i++)
        {
            if (i > 0 && (digits.Length - i) % 3 == 0) grouped.Append(',');
            grouped.Append(digits[i]);
        }

        return grouped.ToString();
    }
}
