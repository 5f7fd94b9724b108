namespace Haetae.Tracing.Thefts;

/// <summary>Sums by tag, with room that is used again.</summary>
internal sealed class PartSums(int tags)
{
    private readonly long[] _sums = new long[tags];
    private int[] _touched = new int[16];
    private Tagged[] _parts = new Tagged[16];
    private int _count;

    /// <summary>Adds satoshi; clean ones and none are left out.</summary>
    public void Add(int tag, long amount)
    {
        if (tag == Tagged.Clean || amount == 0) return;
        if (_sums[tag] == 0)
        {
            if (_count == _touched.Length) Array.Resize(ref _touched, 2 * _count);
            _touched[_count++] = tag;
        }

        _sums[tag] += amount;
    }

    public void Add(ReadOnlySpan<Tagged> parts)
    {
        foreach (var (tag, amount) in parts) Add(tag, amount);
    }

    /// <summary>The sums by rising tag, in room that the next call overwrites; the sums themselves begin anew.</summary>
    public ReadOnlySpan<Tagged> Finish(out long total)
    {
        total = 0;
        if (_parts.Length < _count) _parts = new Tagged[_touched.Length];
        Array.Sort(_touched, 0, _count);
        for (var i = 0; i < _count; i++)
        {
            _parts[i] = new Tagged(_touched[i], _sums[_touched[i]]);
            total += _parts[i].Amount;
            _sums[_touched[i]] = 0;
        }

        var count = _count;
        _count = 0;
        return _parts.AsSpan(0, count);
    }
}
