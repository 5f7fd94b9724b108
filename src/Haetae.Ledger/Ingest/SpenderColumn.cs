using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>The one column that is written out of order: which transaction spends an output. Mapped, and grown ahead of the numbers.</summary>
/// <remarks>Space is written as zeros before it is mapped, so that a full disk is an error here and never a fault in mapped memory.</remarks>
internal sealed unsafe class SpenderColumn : IDisposable
{
    private const long Step = 4L << 20; // outputs

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly Lock _mapping = new();
    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;
    private uint* _items;

    internal SpenderColumn(SafeFileHandle handle, string path, long items)
    {
        _handle = handle;
        _path = path;
        Capacity = items;
        if (items > 0) Map();
    }

    internal long Capacity { get; private set; }

    /// <summary>The checksums of what is spent.</summary>
    internal SpenderSums Sums { get; private set; } = new();

    /// <summary>Writes down who spends an output that nobody spent before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Spend(long output, uint transaction)
    {
        this[output] = transaction;
        Sums.Add(output, transaction);
    }

    internal uint this[long output]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)output >= (ulong)Capacity) ColumnThrow.OutOfRange(output, Capacity);
            return _items[output];
        }
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if ((ulong)output >= (ulong)Capacity) ColumnThrow.OutOfRange(output, Capacity);
            _items[output] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(long output)
    {
        if ((ulong)output < (ulong)Capacity && System.Runtime.Intrinsics.X86.Sse.IsSupported)
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_items + output);
    }

    /// <summary>Makes room for outputs up to <paramref name="count"/>, all unspent at first.</summary>
    internal void Reserve(long count)
    {
        if (count <= Capacity) return;
        var capacity = (count + Step - 1) / Step * Step;
        Unmap();
        var zeros = new byte[1 << 20];
        for (var at = 4 * Capacity; at < 4 * capacity; at += zeros.Length)
            RandomAccess.Write(_handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, 4 * capacity - at)), at);
        Capacity = capacity;
        Sums.Reserve(capacity);
        Map();
    }

    private void Map()
    {
        lock (_mapping) MapLocked();
    }

    private void MapLocked()
    {
        // Through a stream of its own: the mapping closes the handle it is given.
        var stream = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 4 * Capacity);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _items = (uint*)(pointer + _view.PointerOffset);
    }

    private void Unmap()
    {
        lock (_mapping) UnmapLocked();
    }

    private void UnmapLocked()
    {
        if (_view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _items = null;
        _view.Dispose();
        _file!.Dispose();
        _view = null;
    }

    /// <summary>Makes what lies behind <paramref name="count"/> outputs scrap, to be zeroed when room is made there again. The sums begin anew.</summary>
    internal void Forget(long count)
    {
        Sums = new SpenderSums();
        Unmap();
        Capacity = count;
        if (count > 0) Map();
    }

    /// <summary>Hands what was written to the file. May run while another thread makes room.</summary>
    internal void Flush()
    {
        lock (_mapping) _view?.Flush();
    }

    public void Dispose() => Unmap();
}
