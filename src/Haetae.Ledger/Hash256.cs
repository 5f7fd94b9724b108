using System.Runtime.InteropServices;

namespace Haetae.Ledger;

/// <summary>A 32-byte hash in the byte order of the wire. Its text is the reverse, lower-case hex, as Bitcoin has always printed it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public readonly struct Hash256 : IEquatable<Hash256>, IComparable<Hash256>
{
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <param name="wire">Exactly 32 bytes in wire order.</param>
    public Hash256(ReadOnlySpan<byte> wire)
    {
        if (wire.Length != Size) throw new ArgumentException($"A hash has 32 bytes, not {wire.Length}.", nameof(wire));
        this = MemoryMarshal.Read<Hash256>(wire);
    }

    /// <summary>The first 8 bytes in wire order, little-endian: uniform for honest hashes, chosen by an attacker otherwise.</summary>
    public ulong Prefix => _a;

    public void CopyTo(Span<byte> wire) => MemoryMarshal.Write(wire, in this);

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads the printed form: 64 hex digits, most significant byte first.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Hash256 hash)
    {
        hash = default;
        if (text.Length != 2 * Size) return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        bytes.Reverse();
        hash = new Hash256(bytes);
        return true;
    }

    public static Hash256 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException($"'{text}' is not a hash of 64 hex digits.");

    public bool Equals(Hash256 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary>Orders as 256-bit numbers, the last wire byte being the most significant: the order proof of work uses.</summary>
    public int CompareTo(Hash256 other)
    {
        if (_d != other._d) return _d.CompareTo(other._d);
        if (_c != other._c) return _c.CompareTo(other._c);
        if (_b != other._b) return _b.CompareTo(other._b);
        return _a.CompareTo(other._a);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        bytes.Reverse();
        return Convert.ToHexStringLower(bytes);
    }

    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);
}
