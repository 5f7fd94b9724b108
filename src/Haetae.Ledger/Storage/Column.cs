using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>A read-only column of fixed-width items, addressed by 64-bit number. Every access checks its bounds, and the block it reads from when that is touched first.</summary>
/// <remarks>
/// Holds bare pointers, so that two checks and a load are all a read costs. Safety invariant: whoever made the column (a
/// <c>MappedFile</c> or a pinned array) outlives every use of it; a ledger's columns are valid until that ledger is disposed.
/// </remarks>
public readonly unsafe struct Column<T> where T : unmanaged
{
    private readonly T* _items;
    private readonly byte* _seen;
    private readonly BlockGuard? _guard;

    internal Column(T* items, long length, BlockGuard? guard = null)
    {
        _items = items;
        Length = length;
        _guard = guard;
        _seen = guard is null ? null : guard.Seen;
    }

    /// <summary>Number of items.</summary>
    public long Length { get; }

    /// <summary>One item.</summary>
    /// <exception cref="LedgerCorruptException">The number lies outside the column, or what is stored there is not what was written.</exception>
    public T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)Length) ColumnThrow.OutOfRange(index, Length, _guard);
            if (_seen != null)
            {
                var first = index * sizeof(T);
                if (_seen[first >> BlockGuard.Bits] == 0) _guard!.Check(first >> BlockGuard.Bits);
                if ((1 << BlockGuard.Bits) % sizeof(T) != 0 && _seen[(first + sizeof(T) - 1) >> BlockGuard.Bits] == 0) _guard!.Check((first + sizeof(T) - 1) >> BlockGuard.Bits);
            }

            return _items[index];
        }
    }

    /// <summary>A slice as a span: at most 2^31 - 1 items, so callers walk long columns in pieces.</summary>
    /// <exception cref="LedgerCorruptException">It reaches outside the column, or what is stored there is not what was written.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Slice(long start, int count)
    {
        if ((ulong)start > (ulong)Length || (ulong)count > (ulong)(Length - start)) ColumnThrow.OutOfRange(start + count, Length, _guard);
        if (_seen != null && count > 0) _guard!.Touch(start * sizeof(T), (start + count) * sizeof(T) - 1);
        return new ReadOnlySpan<T>(_items + start, count);
    }

    /// <summary>The same column without the check of what is stored, for loops that had their stretch checked by <see cref="Touch"/>. Bounds are still checked.</summary>
    public Column<T> Unguarded => new(_items, Length);

    /// <summary>Checks what is stored from <paramref name="start"/> up to, not including, <paramref name="end"/>, where that was not done before.</summary>
    /// <exception cref="LedgerCorruptException">It is not what was written.</exception>
    public void Touch(long start, long end)
    {
        if (start < 0 || end > Length) ColumnThrow.OutOfRange(start < 0 ? start : end, Length, _guard);
        if (end > start) _guard?.Touch(start * sizeof(T), end * sizeof(T) - 1);
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
    private readonly byte* _seen;
    private readonly BlockGuard? _guard;

    internal Packed40Column(byte* bytes, long length, BlockGuard? guard = null)
    {
        _bytes = bytes;
        Length = length;
        _guard = guard;
        _seen = guard is null ? null : guard.Seen;
    }

    /// <summary>Number of items.</summary>
    public long Length { get; }

    /// <summary>One item.</summary>
    /// <exception cref="LedgerCorruptException">The number lies outside the column, or what is stored there is not what was written.</exception>
    public long this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)Length) ColumnThrow.OutOfRange(index, Length, _guard);
            if (_seen != null)
            {
                if (_seen[5 * index >> BlockGuard.Bits] == 0) _guard!.Check(5 * index >> BlockGuard.Bits);
                if (_seen[(5 * index + 4) >> BlockGuard.Bits] == 0) _guard!.Check((5 * index + 4) >> BlockGuard.Bits);
            }

            return Unsafe.ReadUnaligned<long>(_bytes + 5 * index) & Mask;
        }
    }

    /// <summary>As <see cref="Column{T}.Unguarded"/>.</summary>
    public Packed40Column Unguarded => new(_bytes, Length);

    /// <summary>As <see cref="Column{T}.Touch"/>.</summary>
    public void Touch(long start, long end)
    {
        if (start < 0 || end > Length) ColumnThrow.OutOfRange(start < 0 ? start : end, Length, _guard);
        if (end > start) _guard?.Touch(5 * start, 5 * end - 1);
    }

    /// <summary>Asks the processor to fetch an item that will be read soon; out of range is ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long index)
    {
        if ((ulong)index < (ulong)Length && System.Runtime.Intrinsics.X86.Sse.IsSupported)
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_bytes + 5 * index);
    }

    /// <summary>The stored bytes of a stretch, counted from the first item.</summary>
    internal ReadOnlySpan<byte> Raw(long at, int length)
    {
        if (at < 0 || at + length > 5 * Length) ColumnThrow.OutOfRange((at + length) / 5, Length, _guard);
        return new ReadOnlySpan<byte>(_bytes + at, length);
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
    internal static void OutOfRange(long index, long length, BlockGuard? guard = null) =>
        throw new LedgerCorruptException($"{(guard is null ? "" : guard.Path + ": ")}A record number points outside its column: item {index} of {length}. Run 'haetae ledger verify'.");
}
