using System.Numerics;
using System.Runtime.CompilerServices;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Reads amounts as tables write them, exactly: <c>12</c>, <c>0.5</c>, <c>1e-18</c>, <c>3.0031E3</c>, <c>0x1f</c>, and the <c>-0.0</c> that floating point leaves behind.</summary>
internal static class DecimalAmount
{
    private const int MostExponent = 400;
    private static readonly UInt128[] s_powers = Powers();

    private static UInt128[] Powers()
    {
        var powers = new UInt128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }

    /// <param name="decimals">How many decimal places make a base unit.</param>
    /// <param name="error">Null where it was read; else why not.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static UInt256 Read(ReadOnlySpan<byte> text, int decimals, out string? error)
    {
        error = null;
        if (text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') return ReadHex(text, out error);
        if (text.Length > 1 && text[0] == '-' && text[1] is (byte)'.' or >= (byte)'0' and <= (byte)'9') return ReadNegative(text[1..], decimals, out error);
        if (text.Length > 0 && text[0] == '+') text = text[1..];
        UInt128 value = 0;
        ulong part = 0;
        int digits = 0, fraction = 0, at = 0, partDigits = 0;
        bool isFraction = false, any = false;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit > 9)
            {
                if (text[at] != '.' || isFraction) break;
                isFraction = true;
                continue;
            }

            any = true;
            if (isFraction) fraction++;
            if (digits == 0 && digit == 0) continue;
            if (++digits > 38) return ReadWide(text, decimals, out error);
            part = 10 * part + digit;
            if (++partDigits < 18) continue;
            value = value * 1_000_000_000_000_000_000 + part;
            (part, partDigits) = (0, 0);
        }

        if (partDigits > 0) value = digits == partDigits ? part : value * s_powers[partDigits] + part;
        if (!any || !TryExponent(text[at..], out var exponent))
        {
            error = text.Length > 0 && text[0] == '-' ? "an amount below zero" : "no number";
            return default;
        }

        if (digits == 0) return default;
        var shift = decimals + exponent - fraction;
        if (shift >= 0 && digits + shift <= 38) return value * s_powers[shift];
        if (shift is < 0 and >= -38)
        {
            var (whole, rest) = UInt128.DivRem(value, s_powers[-shift]);
            if (rest == 0) return whole;
        }

        return Scale(value, shift, decimals, out error);
    }

    /// <summary>Reads an amount whose thousands are set apart by commas: <c>25,500,000.5</c>. Groups have three digits, all but the first.</summary>
    internal static UInt256 ReadGrouped(ReadOnlySpan<byte> text, int decimals, out string? error)
    {
        var end = text.IndexOfAny((byte)'.', (byte)'e', (byte)'E');
        var whole = end < 0 ? text : text[..end];
        var first = whole.IndexOf((byte)',');
        error = text.Length > 1000 || first is < 1 or > 3 || (whole.Length - first) % 4 != 0 ? "no number" : null;
        for (var at = first; error is null && at < whole.Length; at += 4)
            if (whole[at] != ',' || whole.Slice(at + 1, 3).IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) error = "no number";
        return error is null ? Read(System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.ASCII.GetString(text).Replace(",", "", StringComparison.Ordinal)), decimals, out error) : default;
    }

    /// <summary>Nothing, written with a minus, is nothing; anything else below zero is refused.</summary>
    private static UInt256 ReadNegative(ReadOnlySpan<byte> text, int decimals, out string? error)
    {
        if (Read(text, decimals, out error) != UInt256.Zero || error is not null) error = "an amount below zero";
        return default;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty) return true;
        if ((text[0] | 0x20) != 'e' || text.Length < 2) return false;
        var negative = text[1] == '-';
        text = text[(text[1] is (byte)'-' or (byte)'+' ? 2 : 1)..];
        if (text.IsEmpty || text.Length > 6) return false;
        foreach (var letter in text)
        {
            if (letter is < (byte)'0' or > (byte)'9') return false;
            exponent = 10 * exponent + (letter - '0');
        }

        if (negative) exponent = -exponent;
        return true;
    }

    private static UInt256 Scale(BigInteger value, int shift, int decimals, out string? error)
    {
        error = null;
        if (shift > MostExponent)
        {
            error = "more than 2^256 - 1 base units";
            return default;
        }

        if (shift < 0)
        {
            var rest = BigInteger.One;
            if (shift >= -MostExponent) value = BigInteger.DivRem(value, BigInteger.Pow(10, -shift), out rest);
            if (!rest.IsZero)
            {
                error = decimals == 0 ? "no whole number of base units: say how many decimal places the amounts have (--decimals)" : $"no whole number of base units at {decimals} decimal places";
                return default;
            }
        }
        else
        {
            value *= BigInteger.Pow(10, shift);
        }

        if (value.GetBitLength() > 256)
        {
            error = "more than 2^256 - 1 base units";
            return default;
        }

        return (UInt256)value;
    }

    /// <summary>Numbers of more than 38 digits: the slow way.</summary>
    private static UInt256 ReadWide(ReadOnlySpan<byte> text, int decimals, out string? error)
    {
        error = null;
        var end = text.IndexOfAnyExcept("0123456789."u8);
        var number = end < 0 ? text : text[..end];
        var point = number.IndexOf((byte)'.');
        var digits = System.Text.Encoding.ASCII.GetString(number).Replace(".", "", StringComparison.Ordinal);
        if (number.Length > 1000 || number.Count((byte)'.') > 1 || !TryExponent(end < 0 ? default : text[end..], out var exponent))
        {
            error = "no number";
            return default;
        }

        var fraction = point < 0 ? 0 : number.Length - point - 1;
        return Scale(BigInteger.Parse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture), decimals + exponent - fraction, decimals, out error);
    }

    private static UInt256 ReadHex(ReadOnlySpan<byte> text, out string? error)
    {
        Span<char> letters = stackalloc char[70];
        error = text.Length > letters.Length ? "more than 2^256 - 1 base units" : null;
        if (error is not null) return default;
        var length = System.Text.Encoding.ASCII.GetChars(text, letters);
        if (!UInt256.TryParseHex(letters[..length], out var value)) error = "no hexadecimal number";
        return value;
    }
}
