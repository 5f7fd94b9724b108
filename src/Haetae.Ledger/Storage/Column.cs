using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>A read-only column of fixed-width items, addressed by 64-bit number. Every access checks its bounds.</summary>
/// <remarks>
/// Holds a bare pointer, so that a check and a load are all a read costs. Safety invariant: whoever made the column (a
/// <c>ColumnFile</c> or a pinned array) outlives every use of it; a ledger's columns are valid until that ledger is disposed.
/// </remarks>
public readonly unsafe struct Column<T> where T : unmanaged
{
    private readonly T* _items;

    internal Column(T* items, long length)
    {
        _items = items;
        Length = length;
    }

    /// <summary>Number of items.</summary>
    public long Length { get; }

    public T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)Length) ColumnThrow.OutOfRange(index, Length);
            return _items[index];
        }
    }

    /// <summary>A slice as a span: at most 2^31 - 1 items, so callers walk long columns in pieces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Slice(long start, int count)
    {
        if ((ulong)start > (ulong)Length || (ulong)count > (ulong)(Length - start)) ColumnThrow.OutOfRange(start + count, Length);
        return new ReadOnlySpan<T>(_items + start, count);
    }

    /// <summary>Asks the processor to fetch an item that will be read soon; out of range is ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long index)
    {
        if ((ulong)index < (ulong)Length && System.Runtime.Intrinsics.X86.Sse.IsSupported)
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_items + index);
    }

    /// <summary>Copies an array into pinned memory that lives as long as the process holds the column's owner; for small ledgers built by hand.</summary>
    public static Column<T> FromArray(ReadOnlySpan<T> items, out object owner)
    {
        var pinned = GC.AllocateUninitializedArray<T>(Math.Max(1, items.Length), pinned: true);
        items.CopyTo(pinned);
        owner = pinned;
        return new Column<T>((T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)), items.Length);
    }
}

/// <summary>A read-only column of 40-bit unsigned numbers, packed little-endian in 5 bytes each.</summary>
/// <remarks>Safety invariant: as <see cref="Column{T}"/>, and at least 3 readable bytes follow the last item, since a read loads 8 bytes.</remarks>
public readonly unsafe struct Packed40Column
{
    /// <summary>Bytes that must be readable after the last item.</summary>
    public const int Slack = 3;

    private const long Mask = (1L << 40) - 1;
    private readonly byte* _bytes;

    internal Packed40Column(byte* bytes, long length)
    {
        _bytes = bytes;
        Length = length;
    }

    /// <summary>Number of items.</summary>
    public long Length { get; }

    public long this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)Length) ColumnThrow.OutOfRange(index, Length);
            return Unsafe.ReadUnaligned<long>(_bytes + 5 * index) & Mask;
        }
    }

    /// <summary>Asks the processor to fetch an item that will be read soon; out of range is ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long index)
    {
        if ((ulong)index < (ulong)Length && System.Runtime.Intrinsics.X86.Sse.IsSupported)
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_bytes + 5 * index);
    }

    /// <summary>Packs numbers into pinned memory; for small ledgers built by hand.</summary>
    public static Packed40Column FromArray(ReadOnlySpan<long> items, out object owner)
    {
        var pinned = GC.AllocateArray<byte>(5 * items.Length + 8, pinned: true);
        for (var i = 0; i < items.Length; i++)
        {
            if ((ulong)items[i] > (ulong)Mask) throw new ArgumentOutOfRangeException(nameof(items), items[i], "does not fit in 40 bits");
            for (var b = 0; b < 5; b++) pinned[5 * i + b] = (byte)(items[i] >> (8 * b));
        }

        owner = pinned;
        return new Packed40Column((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)), items.Length);
    }
}

internal static class ColumnThrow
{
    internal static void OutOfRange(long index, long length) =>
        throw new LedgerCorruptException($"A record number points outside its column: item {index} of {length}. Run 'haetae ledger verify'.");
}
