using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Haetae.Ledger.Ingest;

/// <summary>Walks the bytes of one block. Every length is checked against what is left before anything follows it.</summary>
internal ref struct BlockReader(ReadOnlySpan<byte> block)
{
    /// <summary>BIP 141: no block is longer than four million bytes.</summary>
    internal const int MaximumBlockSize = 4_000_000;

    private readonly ReadOnlySpan<byte> _block = block;

    /// <summary>Bytes read so far.</summary>
    internal int At { get; private set; }

    internal readonly int Left => _block.Length - At;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)Left) Throw($"{count} bytes are announced where {Left} are left");
        var bytes = _block.Slice(At, count);
        At += count;
        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    /// <summary>The next byte without taking it.</summary>
    internal readonly byte Peek(int ahead = 0)
    {
        if (ahead >= Left) Throw("the block ends within a transaction");
        return _block[At + ahead];
    }

    /// <summary>A count in Bitcoin's 1, 3, 5 or 9 byte form, bounded by what is left: each of the counted things takes at least <paramref name="leastBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Count(int leastBytes)
    {
        if (At < _block.Length && _block[At] < 0xfd)
        {
            int small = _block[At++];
            if ((long)small * leastBytes > Left) TooMany((ulong)small);
            return small;
        }

        return LongCount(leastBytes);
    }

    private int LongCount(int leastBytes)
    {
        var first = Bytes(1)[0];
        var count = first switch
        {
            0xfd => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)),
            0xfe => UInt32(),
            0xff => (ulong)Int64(),
            _ => first,
        };
        var least = first switch { 0xfd => 0xfdUL, 0xfe => 0x10000UL, 0xff => 0x100000000UL, _ => 0UL };
        if (count < least) Throw($"the count {count} is written in more bytes than it needs");
        if (count > (ulong)(Left / leastBytes)) TooMany(count);
        return (int)count;
    }

    [DoesNotReturn]
    private readonly void TooMany(ulong count) => Throw($"{count} items are announced where {Left} bytes are left");

    [DoesNotReturn]
    private readonly void Throw(string what) => throw new BlockFormatException(what, At);
}

/// <summary>What is wrong inside a block, before it is known which file and height it came from.</summary>
internal sealed class BlockFormatException(string what, int offset, int transaction = -1) : Exception(what)
{
    /// <summary>Bytes into the block.</summary>
    internal int Offset { get; } = offset;

    /// <summary>The transaction's place in the block, or -1.</summary>
    internal int Transaction { get; } = transaction;
}
