using System.Globalization;
using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>What an amount was worth at a moment, exactly, by the price of a source; or why there is no price. Never an estimate.</summary>
/// <param name="Mantissa">The worth is Mantissa / 10^Scale; null: there is none.</param>
/// <param name="Source">Whose price it is; of a sum over several, all of them.</param>
/// <param name="At">The day or the second of the price; of a sum, perhaps the first and the last with a stroke between.</param>
/// <param name="Reason">Why there is none; null where there is one.</param>
public sealed record Worth(string Currency, BigInteger? Mantissa, int Scale, string? Source, string? At, string? Reason)
{
    public static Worth None(string currency, string reason) => new(currency, null, 0, null, null, reason);

    /// <summary>The sum of several; where one has none, neither has the sum.</summary>
    public static Worth Sum(string currency, IReadOnlyList<Worth> parts)
    {
        if (parts.Count == 0) return None(currency, "no stolen transfer is of this asset");
        if (parts.FirstOrDefault(part => part.Mantissa is null) is { } missing) return None(currency, $"not every stolen transfer has a value: {missing.Reason}");
        var scale = parts.Max(part => part.Scale);
        var sum = parts.Aggregate(BigInteger.Zero, (all, part) => all + part.Mantissa!.Value * BigInteger.Pow(10, scale - part.Scale));
        string[] times = [.. parts.Select(part => part.At!).Distinct().Order(StringComparer.Ordinal)];
        return new Worth(currency, sum, scale, string.Join("; ", parts.Select(part => part.Source!).Distinct().Order(StringComparer.Ordinal)), times.Length == 1 ? times[0] : $"{times[0]}/{times[^1]}", null);
    }

    /// <summary>All digits, without trailing zeros; null: there is none.</summary>
    public string? Exact
    {
        get
        {
            if (Mantissa is not { } mantissa) return null;
            var digits = mantissa.ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
            var part = digits[(digits.Length - Scale)..].TrimEnd('0');
            return digits[..(digits.Length - Scale)] + (part.Length > 0 ? "." + part : "");
        }
    }

    /// <summary>Two places, halves to the even cent; null: there is none.</summary>
    public string? Cents
    {
        get
        {
            if (Mantissa is not { } mantissa) return null;
            var divisor = BigInteger.Pow(10, Scale);
            var cents = BigInteger.DivRem(mantissa * 100, divisor, out var rest);
            var half = (2 * rest).CompareTo(divisor);
            if (half > 0 || (half == 0 && !cents.IsEven)) cents++;
            var digits = cents.ToString(CultureInfo.InvariantCulture).PadLeft(3, '0');
            return $"{digits[..^2]}.{digits[^2..]}";
        }
    }

    /// <summary>For people: <c>516,866,224.00 USD</c>, or that there is none.</summary>
    public string Short => Cents is { } cents ? $"{AssetAmounts.Group(cents[..^3])}{cents[^3..]} {Currency}" : $"no value in {Currency}";

    /// <summary>The same with what it rests on.</summary>
    public string Long => Reason is { } why ? $"{Short}: {why}" : $"{Short} by {Source}, price of {At}";
}

/// <summary>Prices of assets in one currency, as somebody imported them.</summary>
public interface IPriceBook
{
    string Currency { get; }

    /// <summary>What an amount in base units was worth at a moment (seconds since 1970). The same question has the same answer within one report.</summary>
    Worth Of(AssetInfo asset, UInt256 amount, uint time);
}

/// <summary>Prices as a trace asks for them, where several assets are exchanged at once.</summary>
public sealed class PricedAssets(IAccountView view, IPriceBook prices) : IAssetValues
{
    public (BigInteger Mantissa, int Scale)? WorthOf(uint asset, UInt256 amount, uint time, out string? reason)
    {
        var worth = prices.Of(view.Assets[(int)asset], amount, time);
        reason = worth.Reason;
        return worth.Mantissa is { } mantissa ? (mantissa, worth.Scale) : null;
    }
}
