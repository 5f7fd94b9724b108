using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>Amounts as people read them: exact, by integer arithmetic only, the same in every country.</summary>
public static class Amounts
{
    private const ulong Coin = 100_000_000;

    /// <summary>All eight decimals and no unit: <c>1,234.50000000</c>. For columns.</summary>
    public static string Fixed(long satoshi)
    {
        var (sign, whole, part) = Split(satoshi);
        return sign + Group(whole) + "." + part;
    }

    /// <summary>Without trailing zeros, with the unit: <c>12.5 BTC</c>. For sentences.</summary>
    public static string Btc(long satoshi)
    {
        var (sign, whole, part) = Split(satoshi);
        part = part.TrimEnd('0');
        return sign + Group(whole) + (part.Length > 0 ? "." + part : "") + " BTC";
    }

    /// <summary>The base unit: <c>1,250,000,000 sat</c>.</summary>
    public static string Sat(long satoshi) => Count(satoshi) + " sat";

    /// <summary>A number with thousands apart: <c>1,234</c>.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number and its noun in the right form: <c>1 end</c>, <c>2 ends</c>.</summary>
    public static string Count(long number, string one, string many) => Count(number) + " " + (number == 1 ? one : many);

    /// <summary>A block's time, e.g. <c>2009-01-12 03:30:25 UTC</c>.</summary>
    public static string Time(uint seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A block's time as files carry it, e.g. <c>2009-01-12T03:30:25Z</c>.</summary>
    public static string Instant(uint seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static (string Sign, ulong Whole, string Part) Split(long satoshi)
    {
        var magnitude = satoshi < 0 ? 0UL - (ulong)satoshi : (ulong)satoshi;
        var (whole, part) = Math.DivRem(magnitude, Coin);
        return (satoshi < 0 ? "-" : "", whole, part.ToString("d8", CultureInfo.InvariantCulture));
    }

    internal static string Group(ulong number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
