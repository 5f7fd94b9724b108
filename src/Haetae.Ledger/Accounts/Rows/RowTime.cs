using System.Runtime.CompilerServices;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Reads times as tables write them: seconds since 1970 (or thousandths, millionths, milliardths: numbers of 13, 16 or 19 digits), or ISO 8601 with its offset (<c>Z</c>, <c>+00:00</c>, <c> UTC</c>).</summary>
internal static class RowTime
{
    /// <summary>Seconds since 1970; a fraction of a second is dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint Read(ReadOnlySpan<byte> text, bool isUtc, out string? error)
    {
        error = null;
        if (text.Length <= 10 && TryNumber(text, out var seconds) && seconds <= uint.MaxValue) return (uint)seconds;
        if (TryFine(text, out seconds)) return (uint)seconds;
        if (TryIso(text, isUtc, out seconds, out error))
        {
            if (seconds is >= 0 and <= uint.MaxValue) return (uint)seconds;
            error = "outside 1970 to 2106";
        }

        error ??= "neither seconds since 1970 nor an ISO 8601 time such as 2022-03-29T21:41:18Z";
        return 0;
    }

    /// <summary>Seconds with a fraction, or counts of something finer, told by their length: no chain is so old or so new that two readings meet.</summary>
    private static bool TryFine(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        var point = text.IndexOf((byte)'.');
        var whole = point is 9 or 10 ? point : point < 0 && text.Length is 13 or 16 or 19 ? 10 : 0;
        if (whole == 0 || text[(point < 0 ? whole : point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return false;
        return TryNumber(text[..whole], out seconds) && seconds <= uint.MaxValue;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        if (text.IsEmpty) return false;
        foreach (var letter in text)
        {
            if (letter is < (byte)'0' or > (byte)'9') return false;
            number = 10 * number + (letter - '0');
        }

        return true;
    }

    private static bool TryIso(ReadOnlySpan<byte> text, bool isUtc, out long seconds, out string? error)
    {
        seconds = 0;
        error = null;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ' or (byte)'t') || text[13] != ':' || text[16] != ':') return false;
        if (!TryNumber(text[..4], out var year) || !TryNumber(text[5..7], out var month) || !TryNumber(text[8..10], out var day)
            || !TryNumber(text[11..13], out var hour) || !TryNumber(text[14..16], out var minute) || !TryNumber(text[17..19], out var second)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month) || hour > 23 || minute > 59 || second > 59) return false;
        var rest = text[19..];
        if (rest.Length > 1 && rest[0] is (byte)'.' or (byte)',')
        {
            var end = 1;
            while (end < rest.Length && rest[end] is >= (byte)'0' and <= (byte)'9') end++;
            rest = rest[end..];
        }

        if (!TryOffset(rest, isUtc, out var offset, out error)) return false;
        var days = new DateOnly((int)year, (int)month, (int)day).DayNumber - 719_162; // 1970-01-01
        seconds = 86_400L * days + 3600 * hour + 60 * minute + second - offset;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, bool isUtc, out long seconds, out string? error)
    {
        seconds = 0;
        error = null;
        text = text.Trim((byte)' ');
        if (text.IsEmpty)
        {
            if (!isUtc) error = "a time without its offset from UTC: if all are UTC, say so with --utc";
            return isUtc;
        }

        if (text.SequenceEqual("Z"u8) || text.SequenceEqual("z"u8) || text.SequenceEqual("UTC"u8)) return true;
        if (text[0] is not ((byte)'+' or (byte)'-')) return false;
        var digits = text[1..];
        if (!TryNumber(digits[..Math.Min(2, digits.Length)], out var hours) || digits.Length < 2) return false;
        digits = digits[2..];
        if (!digits.IsEmpty && digits[0] == ':') digits = digits[1..];
        long minutes = 0;
        if (digits.Length is not (0 or 2) || (digits.Length == 2 && !TryNumber(digits, out minutes)) || hours > 18 || minutes > 59) return false;
        seconds = (text[0] == '-' ? -1 : 1) * (3600 * hours + 60 * minutes);
        return true;
    }
}
