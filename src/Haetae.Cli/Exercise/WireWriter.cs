using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Haetae.Cli.Exercise;

/// <summary>A growing run of bytes in Bitcoin's wire form: little-endian numbers, counts as CompactSize.</summary>
internal sealed class WireWriter
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void Hash(Ledger.Hash256 hash) => hash.CopyTo(Reserve(Ledger.Hash256.Size));

    /// <summary>A count: one byte below 253, else a marker and 2 or 4 bytes.</summary>
    public void Count(int value)
    {
        if (value < 253)
        {
            Byte((byte)value);
        }
        else if (value <= ushort.MaxValue)
        {
            Byte(253);
            UInt16((ushort)value);
        }
        else
        {
            Byte(254);
            UInt32((uint)value);
        }
    }

    /// <summary>A length and the bytes.</summary>
    public void Prefixed(ReadOnlySpan<byte> bytes)
    {
        Count(bytes.Length);
        Bytes(bytes);
    }

    /// <summary>Adds <paramref name="length"/> bytes and hands them out to be filled.</summary>
    public Span<byte> Reserve(int length)
    {
        if (Length + length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + length));
        var span = _bytes.AsSpan(Length, length);
        Length += length;
        return span;
    }

    /// <summary>SHA-256 of SHA-256 of what was written.</summary>
    public Ledger.Hash256 DoubleHash() => DoubleHash(Written);

    public static Ledger.Hash256 DoubleHash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        SHA256.HashData(hash, hash);
        return new Ledger.Hash256(hash);
    }
}
