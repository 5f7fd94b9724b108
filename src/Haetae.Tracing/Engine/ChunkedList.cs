using System.Collections;
using System.Runtime.CompilerServices;

namespace Haetae.Tracing.Engine;

/// <summary>A list that grows without copying what it holds: millions of ends cost one write each.</summary>
internal sealed class ChunkedList<T> : IReadOnlyList<T> where T : unmanaged
{
    private const int ChunkBits = 16;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly List<T[]> _full = [];
    private T[] _last = [];
    private int _used;

    public int Count => (_full.Count << ChunkBits) + _used;

    public T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index));
            var chunk = index >> ChunkBits;
            return (chunk < _full.Count ? _full[chunk] : _last)[index & (ChunkSize - 1)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        var last = _last;
        var used = _used;
        if ((uint)used < (uint)last.Length)
        {
            last[used] = item;
            _used = used + 1;
        }
        else
        {
            AddAfterGrowing(item);
        }
    }

    /// <summary>The same items in another order.</summary>
    public static ChunkedList<T> Sorted(IEnumerable<T> items, Comparison<T> order)
    {
        var array = items.ToArray();
        Array.Sort(array, order);
        var list = new ChunkedList<T>();
        foreach (var item in array) list.Add(item);
        return list;
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var chunk in _full)
        {
            foreach (var item in chunk) yield return item;
        }

        for (var i = 0; i < _used; i++) yield return _last[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddAfterGrowing(T item)
    {
        if (_used == ChunkSize)
        {
            _full.Add(_last);
            _last = GC.AllocateUninitializedArray<T>(ChunkSize);
            _used = 0;
        }
        else
        {
            Array.Resize(ref _last, Math.Max(16, 2 * _used));
        }

        _last[_used++] = item;
    }
}
