using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>The one column that is written out of order: which transaction spends an output. Its latest part is mapped, and grown ahead of the numbers.</summary>
/// <remarks>What spends earlier outputs goes to <see cref="LateSpends"/> until it is put in. Space is written as zeros before it is mapped, so that a full disk is an error here and never a fault in mapped memory.</remarks>
internal sealed unsafe class SpenderColumn : IDisposable
{
    private const long MostStep = 4L << 20; // outputs

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly Lock _mapping = new();
    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;
    private readonly SpenderWindow _window;
    private readonly long _step;
    private readonly LateSpends _late;
    private uint* _items; // where output 0 would lie; only what is mapped may be touched
    private long _first; // the first output that is mapped

    internal SpenderColumn(SafeFileHandle handle, string path, long items, SpenderWindow window)
    {
        _handle = handle;
        _path = path;
        _window = window;
        _step = Math.Clamp((window.Outputs ?? long.MaxValue) / 8, 1, MostStep);
        _late = new LateSpends(Path.GetDirectoryName(path)!, window);
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
        if (output >= _first) this[output] = transaction;
        else _late.Add(output, transaction);
        Sums.Add(output, transaction);
    }

    /// <summary>The checksums of so many outputs, and how many late spends of each range wait to be put in. To be asked for between chunks.</summary>
    internal (ulong[] Sums, long[] Late) Snapshot(long outputs) => (Sums.Snapshot(outputs), _late.Any ? _late.Snapshot() : []);

    /// <summary>Puts late spends where they belong. Until <see cref="Settled"/>, a kill finds them still written down.</summary>
    internal void Settle(uint transactions, int threads, CancellationToken cancel)
    {
        if (_late.Any) LateSpends.PutIn(Path.GetDirectoryName(_path)!, _path, _window, _late.Snapshot(), transactions, threads, cancel);
    }

    /// <summary>The manifest no longer counts on late spends: they are deleted.</summary>
    internal void Settled() => _late.Clear();

    /// <summary>Maps the column from its beginning, for going through it. Nothing late may be waiting.</summary>
    internal void MapWhole()
    {
        if (_late.Any) throw new InvalidOperationException("late spends are not put in yet");
        if (_first == 0) return;
        Unmap();
        _first = 0;
        if (Capacity > 0) Map();
    }

    internal uint this[long output]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)(output - _first) >= (ulong)(Capacity - _first)) ColumnThrow.OutOfRange(output, Capacity);
            return _items[output];
        }
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if ((ulong)(output - _first) >= (ulong)(Capacity - _first)) ColumnThrow.OutOfRange(output, Capacity);
            _items[output] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(long output)
    {
        if ((ulong)(output - _first) < (ulong)(Capacity - _first) && System.Runtime.Intrinsics.X86.Sse.IsSupported)
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_items + output);
    }

    /// <summary>Makes room for outputs up to <paramref name="count"/>, all unspent at first.</summary>
    internal void Reserve(long count)
    {
        if (count <= Capacity) return;
        var capacity = (count + _step - 1) / _step * _step;
        Unmap();
        var zeros = new byte[1 << 20];
        for (var at = 4 * Capacity; at < 4 * capacity; at += zeros.Length)
            RandomAccess.Write(_handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, 4 * capacity - at)), at);
        Capacity = capacity;
        Sums.Reserve(capacity);
        if (capacity - _first > _window.Outputs) _first = Math.Max(_first, (capacity - _window.Outputs.Value / 2) / _step * _step);
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
        _view = _file.CreateViewAccessor(4 * _first, 4 * (Capacity - _first));
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _items = (uint*)(pointer + _view.PointerOffset) - _first;
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

    /// <summary>Goes on with other sums: empty ones to begin anew, or those of fewer blocks.</summary>
    internal void Replace(SpenderSums sums) => Sums = sums;

    /// <summary>Makes what lies behind <paramref name="count"/> outputs scrap, to be zeroed when room is made there again.</summary>
    internal void Forget(long count)
    {
        Unmap();
        Capacity = count;
        _first = 0;
        if (count > 0) Map();
    }

    /// <summary>Hands what was written to the file. May run while another thread makes room.</summary>
    internal void Flush()
    {
        lock (_mapping) _view?.Flush();
        _late.Flush();
    }

    public void Dispose()
    {
        Unmap();
        _late.Dispose();
    }
}
