using System.Buffers.Binary;

namespace Haetae.Ledger.Ingest;

/// <summary>40-bit numbers in five bytes, little-endian.</summary>
internal static class Packed40
{
    internal static long Read(ReadOnlySpan<byte> bytes, int item)
    {
        var at = bytes.Slice(5 * item, 5);
        return BinaryPrimitives.ReadUInt32LittleEndian(at) | (long)at[4] << 32;
    }

    internal static void Write(Span<byte> bytes, int item, long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(5 * item)..], (uint)value);
        bytes[5 * item + 4] = (byte)(value >> 32);
    }
}
