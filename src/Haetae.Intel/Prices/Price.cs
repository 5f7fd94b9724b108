using System.Globalization;
using System.Numerics;

namespace Haetae.Intel.Prices;

/// <summary>What one whole unit of an asset cost, as a source says.</summary>
/// <param name="Time">Seconds since 1970; of a day, its beginning in UTC.</param>
/// <param name="IsDay">Whether the source speaks of a whole day: it may then lie hours before or after the moment asked for.</param>
/// <param name="Mantissa">The price is Mantissa / 10^Scale: exactly what the source wrote.</param>
public sealed record Price(long Time, bool IsDay, BigInteger Mantissa, int Scale, string Source)
{
    private const int MostDigits = 60;

    /// <summary>As a decimal number, with the places that the source wrote.</summary>
    public string Text
    {
        get
        {
            var digits = Mantissa.ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
            return Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
        }
    }

    /// <summary>The day, or the second, for people.</summary>
    public string When => DateTimeOffset.FromUnixTimeSeconds(Time).ToString(IsDay ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a price as tables write it: digits, a point, perhaps an exponent. No sign, no thousands; at most 60 digits and places.</summary>
    public static bool TryParse(string text, out BigInteger mantissa, out int scale)
    {
        (mantissa, scale) = (0, 0);
        text = text.Trim();
        var at = text.IndexOfAny(['e', 'E']);
        var exponent = 0;
        if (at >= 0 && !int.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
        var number = at < 0 ? text : text[..at];
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? number : number.Remove(point, 1);
        if (digits.Length is 0 or > MostDigits || !digits.All(char.IsAsciiDigit) || exponent is < -MostDigits or > MostDigits) return false;
        mantissa = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        scale = (point < 0 ? 0 : number.Length - point - 1) - exponent;
        if (scale >= 0) return scale <= MostDigits;
        mantissa *= BigInteger.Pow(10, -scale);
        scale = 0;
        return true;
    }
}
