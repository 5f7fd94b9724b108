using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Node;

/// <summary>Coins as nodes print them, a decimal number in JSON, as satoshi: exactly, or not at all.</summary>
internal static class CoinNumber
{
    /// <summary>Digits and signs one number may have: their value fits 128 bits, so nothing is ever rounded.</summary>
    private const int Longest = 32;

    private const int Decimals = 8;

    /// <param name="number">As it stands in the JSON text; other makes than Bitcoin Core print 1e-8 for a satoshi.</param>
    internal static bool TrySatoshi(ReadOnlySpan<byte> number, out long satoshi)
    {
        satoshi = 0;
        if (number.Length > Longest || !TryDigits(number, out var amount, out var power, out var read)) return false;
        if (read < number.Length)
        {
            if (number[read] is not ((byte)'e' or (byte)'E') || !TryExponent(number[(read + 1)..], out var exponent)) return false;
            power += exponent;
        }

        for (power += Decimals; power < 0 && amount > 0; power++)
        {
            if (amount % 10 != 0) return false; // less than a satoshi
            amount /= 10;
        }

        for (; power > 0 && amount > 0 && amount <= Satoshi.Maximum; power--) amount *= 10;
        if (amount > Satoshi.Maximum) return false;
        satoshi = (long)amount;
        return true;
    }

    /// <summary>The digits as one whole number, and the power of ten it stands under.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> text, out UInt128 digits, out int power, out int read)
    {
        digits = 0;
        power = 0;
        var point = -1;
        for (read = 0; read < text.Length; read++)
        {
            if (text[read] == '.' && point < 0) point = read;
            else if (char.IsAsciiDigit((char)text[read])) digits = 10 * digits + (uint)(text[read] - '0');
            else break;
        }

        if (point >= 0) power = point + 1 - read;
        return read > (point >= 0 ? 1 : 0);
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var sign = text is [(byte)'-', ..] ? -1 : 1;
        if (text is [(byte)'-' or (byte)'+', ..]) text = text[1..];
        if (text.Length is 0 or > 3) return false;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            exponent = 10 * exponent + digit - '0';
        }

        exponent *= sign;
        return true;
    }
}
