using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Haetae.Ledger;

/// <summary>A whole number from 0 to 2^256 - 1: an amount of a token in its base unit (wei, sun, token units), as the EVM counts.</summary>
/// <remarks>
/// Arithmetic is checked: what does not fit is an <see cref="OverflowException"/>, never a wrong amount. 32 bytes, the lower half first,
/// so columns may hold it as it is.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public readonly struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>
{
    public const int Size = 32;

    /// <summary>Most decimal digits there can be.</summary>
    public const int MaximumDigits = 78;

    private readonly ulong _a, _b, _c, _d; // least significant first

    public UInt256(UInt128 upper, UInt128 lower)
    {
        _a = (ulong)lower;
        _b = (ulong)(lower >> 64);
        _c = (ulong)upper;
        _d = (ulong)(upper >> 64);
    }

    public static UInt256 Zero => default;

    public static UInt256 One => new(0, 1);

    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>The lower 128 bits.</summary>
    public UInt128 Lower => new(_b, _a);

    /// <summary>The upper 128 bits; 0 for every amount of ether there is.</summary>
    public UInt128 Upper => new(_d, _c);

    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Whether it fits in 128 bits.</summary>
    public bool IsNarrow => (_c | _d) == 0;

    public static implicit operator UInt256(ulong value) => new(0, value);

    public static implicit operator UInt256(UInt128 value) => new(0, value);

    public static explicit operator UInt256(BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > 256) throw new OverflowException($"{value} is no number from 0 to 2^256 - 1.");
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return ReadLittleEndian(bytes);
    }

    public static implicit operator BigInteger(UInt256 value)
    {
        if (value.IsNarrow) return (BigInteger)value.Lower;
        Span<byte> bytes = stackalloc byte[Size];
        value.WriteLittleEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }

    /// <exception cref="OverflowException">The sum does not fit in 256 bits.</exception>
    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        var lower = unchecked(left.Lower + right.Lower);
        var carry = lower < left.Lower ? UInt128.One : UInt128.Zero;
        return new UInt256(checked(checked(left.Upper + right.Upper) + carry), lower);
    }

    /// <exception cref="OverflowException">The right number is larger.</exception>
    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        var borrow = left.Lower < right.Lower ? UInt128.One : UInt128.Zero;
        return new UInt256(checked(checked(left.Upper - right.Upper) - borrow), unchecked(left.Lower - right.Lower));
    }

    public static bool operator ==(UInt256 left, UInt256 right) => left.Equals(right);

    public static bool operator !=(UInt256 left, UInt256 right) => !left.Equals(right);

    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    public static UInt256 Min(UInt256 left, UInt256 right) => left < right ? left : right;

    public static UInt256 Max(UInt256 left, UInt256 right) => left > right ? left : right;

    /// <summary>The sum, or 2^256 - 1 where it does not fit: for totals of amounts that somebody made up.</summary>
    public static UInt256 AddCapped(UInt256 left, UInt256 right) => right > MaxValue - left ? MaxValue : left + right;

    /// <summary>left × right / divisor, rounded down, the product taken in full (512 bits).</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    /// <exception cref="OverflowException">The result does not fit in 256 bits.</exception>
    public static UInt256 MulDiv(UInt256 left, UInt256 right, UInt256 divisor) => MulDiv(left, right, divisor, out _);

    /// <inheritdoc cref="MulDiv(UInt256, UInt256, UInt256)"/>
    /// <param name="left">One factor.</param>
    /// <param name="right">The other.</param>
    /// <param name="divisor">More than 0.</param>
    /// <param name="remainder">What the division leaves: less than the divisor.</param>
    public static UInt256 MulDiv(UInt256 left, UInt256 right, UInt256 divisor, out UInt256 remainder)
    {
        if (((left._b | left._c | left._d) | (right._b | right._c | right._d) | (divisor._c | divisor._d)) == 0)
        {
            var (quotient, rest) = UInt128.DivRem((UInt128)left._a * right._a, divisor.Lower);
            remainder = rest;
            return quotient;
        }

        var whole = BigInteger.DivRem((BigInteger)left * right, divisor, out var over);
        remainder = (UInt256)over;
        return (UInt256)whole;
    }

    /// <summary>Reads 32 bytes, the most significant first: how the EVM writes numbers.</summary>
    public static UInt256 ReadBigEndian(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Writes 32 bytes, the most significant first.</summary>
    public void WriteBigEndian(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Upper);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Lower);
    }

    private static UInt256 ReadLittleEndian(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt128LittleEndian(bytes));

    private void WriteLittleEndian(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Lower);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], Upper);
    }

    /// <summary>Reads decimal digits, nothing else; false when there are none, too many, or the number does not fit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9')) return false;
        if (text.Length > MaximumDigits) text = text.TrimStart('0');
        if (text.Length > MaximumDigits) return false;
        if (text.Length <= 38)
        {
            value = UInt128.Parse(text.IsEmpty ? "0" : text, NumberStyles.None, CultureInfo.InvariantCulture);
            return true;
        }

        var big = BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (big.GetBitLength() > 256) return false;
        value = (UInt256)big;
        return true;
    }

    /// <summary>Reads decimal digits.</summary>
    /// <exception cref="FormatException">It is no number from 0 to 2^256 - 1.</exception>
    public static UInt256 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{(text.Length > 100 ? text[..100] : text)}' is no whole number from 0 to 2^256 - 1.");

    /// <summary>Reads a quantity as EVM nodes write it: <c>0x</c> and hexadecimal digits, leading zeros allowed.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        if (text.Length < 3 || text[0] != '0' || text[1] is not ('x' or 'X')) return false;
        text = text[2..].TrimStart('0');
        if (text.Length > 64) return false;
        UInt128 upper = 0, lower = 0;
        foreach (var letter in text)
        {
            if (!char.IsAsciiHexDigit(letter)) return false;
            upper = upper << 4 | lower >> 124;
            lower = lower << 4 | (UInt128)HexDigit(letter);
        }

        value = new UInt256(upper, lower);
        return true;
    }

    private static uint HexDigit(char letter) => (uint)(letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10);

    public bool Equals(UInt256 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    public int CompareTo(UInt256 other) => Upper != other.Upper ? Upper.CompareTo(other.Upper) : Lower.CompareTo(other.Lower);

    /// <summary>Decimal digits, as files carry amounts.</summary>
    public override string ToString() => IsNarrow ? Lower.ToString(CultureInfo.InvariantCulture) : ((BigInteger)this).ToString(CultureInfo.InvariantCulture);
}
