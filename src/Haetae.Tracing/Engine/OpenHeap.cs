namespace Haetae.Tracing.Engine;

/// <summary>Open transactions where taint is sparse: a binary heap that costs nothing to set up.</summary>
/// <remarks>A transaction reached several times stands in the heap several times; taking it takes all of them.</remarks>
internal struct OpenHeap : IOpenTransactions
{
    private (uint Transaction, long Tainted)[] _items;
    private int _count;

    public OpenHeap() => _items = new (uint, long)[32];

    public void Add(uint transaction, long tainted)
    {
        if (_count == _items.Length) Array.Resize(ref _items, 2 * _count);
        var items = _items;
        var place = _count++;
        while (place > 0)
        {
            var parent = (place - 1) >> 1;
            if (items[parent].Transaction <= transaction) break;
            items[place] = items[parent];
            place = parent;
        }

        items[place] = (transaction, tainted);
    }

    public bool TryTake(uint before, out uint transaction, out long tainted)
    {
        tainted = 0;
        transaction = _count > 0 ? _items[0].Transaction : 0;
        if (_count == 0 || transaction >= before) return false;
        do
        {
            tainted += _items[0].Tainted;
            RemoveFirst();
        }
        while (_count > 0 && _items[0].Transaction == transaction);

        return true;
    }

    public readonly void Rewind(uint transaction)
    {
    }

    private void RemoveFirst()
    {
        var items = _items;
        var last = items[--_count];
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && items[child + 1].Transaction < items[child].Transaction) child++;
            if (items[child].Transaction >= last.Transaction) break;
            items[place] = items[child];
            place = child;
        }

        items[place] = last;
    }
}
