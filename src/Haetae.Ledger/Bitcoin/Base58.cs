using System.Diagnostics;

namespace Haetae.Ledger.Bitcoin;

/// <summary>Base58 as Bitcoin writes it: a number in 58 digits, and one "1" for each zero byte in front.</summary>
/// <remarks>The work grows with the square of the length, so lengths are bounded before any of it is done.</remarks>
public static class Base58
{
    /// <summary>The most bytes written or read; an address has 25 with its checksum.</summary>
    public const int MaximumBytes = 256;

    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private const byte NoDigit = 255;

    private static readonly byte[] s_digits = MakeDigits();

    /// <summary>The most digits that so many bytes can need; log(256) / log(58) is a little under 1.38.</summary>
    public static int MaximumDigits(int bytes) => bytes * 138 / 100 + 1;

    /// <param name="bytes">At most <see cref="MaximumBytes"/>.</param>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaximumBytes)
            throw new ArgumentException($"Base58 is written for at most {MaximumBytes} bytes, not {bytes.Length}.", nameof(bytes));

        var zeros = CountLeading(bytes, (byte)0);
        Span<byte> digits = stackalloc byte[MaximumDigits(MaximumBytes)];
        var used = 0; // digits[0] is the least significant
        foreach (var value in bytes[zeros..])
        {
            int carry = value;
            for (var i = 0; i < used || carry != 0; i++)
            {
                if (i == used) digits[used++] = 0;
                carry += digits[i] << 8;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
            }
        }

        Span<char> text = stackalloc char[zeros + used];
        text[..zeros].Fill(Alphabet[0]);
        for (var i = 0; i < used; i++) text[zeros + i] = Alphabet[digits[used - 1 - i]];
        return new string(text);
    }

    /// <summary>Reads Base58 into the front of <paramref name="destination"/>; on false, <paramref name="error"/> says why in plain words.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written, out string error)
    {
        written = 0;
        var room = Math.Min(destination.Length, MaximumBytes);
        if (text.Length > MaximumDigits(room)) return Refuse($"it has {text.Length} characters, too many for {room} bytes", out error);

        var zeros = CountLeading(text, Alphabet[0]);
        Span<byte> bytes = stackalloc byte[MaximumDigits(MaximumBytes)];
        var used = 0; // bytes[0] is the least significant
        for (var position = zeros; position < text.Length; position++)
        {
            var letter = text[position];
            var digit = letter < s_digits.Length ? s_digits[letter] : NoDigit;
            if (digit == NoDigit) return Refuse($"{Letter.Quote(letter)} at position {position + 1} is not used in Base58", out error);
            int carry = digit;
            for (var i = 0; i < used || carry != 0; i++)
            {
                if (i == used) bytes[used++] = 0;
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }
        }

        if (zeros + used > room) return Refuse($"it holds {zeros + used} bytes, more than {room}", out error);
        Debug.Assert(used == 0 || bytes[used - 1] != 0, "the most significant byte is never zero");
        written = zeros + used;
        destination[..zeros].Clear();
        for (var i = 0; i < used; i++) destination[zeros + i] = bytes[used - 1 - i];
        error = "";
        return true;
    }

    private static int CountLeading<T>(ReadOnlySpan<T> items, T value) where T : IEquatable<T>
    {
        var end = items.IndexOfAnyExcept(value);
        return end < 0 ? items.Length : end;
    }

    private static byte[] MakeDigits()
    {
        var digits = new byte[128];
        digits.AsSpan().Fill(NoDigit);
        for (byte value = 0; value < Alphabet.Length; value++) digits[Alphabet[value]] = value;
        return digits;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
