using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Engine;

/// <summary>The pieces of every open tainted output, side by side in one array. Pieces are as in <see cref="PieceLine"/>.</summary>
internal sealed class SegmentArena
{
    private readonly Dictionary<long, (int Start, int Count)> _open = [];
    private long[] _pieces = new long[256];
    private int _used;
    private int _live;
    private int _start;

    /// <summary>Begins an output's pieces; <see cref="Keep"/> or <see cref="Discard"/> ends them.</summary>
    /// <param name="most">The most pieces it can get.</param>
    public void Begin(int most)
    {
        if (_used + most > _pieces.Length) MakeRoom(most);
        _start = _used;
    }

    public void Add(long piece)
    {
        if (_used > _start && (_pieces[_used - 1] > 0) == (piece > 0)) _pieces[_used - 1] += piece;
        else _pieces[_used++] = piece;
    }

    public void Keep(long output)
    {
        _open.Add(output, (_start, _used - _start));
        _live += _used - _start;
    }

    public void Discard() => _used = _start;

    /// <summary>The tainted satoshi of an output's pieces, whose place is then free; 0 when it is not open.</summary>
    public long Remove(long output)
    {
        var tainted = 0L;
        foreach (var piece in TakeOut(output)) tainted += Math.Max(piece, 0);
        return tainted;
    }

    /// <summary>Moves an output's pieces to the end of a line; false when it is not open.</summary>
    public bool MoveTo(PieceLine line, long output)
    {
        var pieces = TakeOut(output);
        foreach (var piece in pieces) line.Append(piece);
        return pieces.Length > 0;
    }

    private ReadOnlySpan<long> TakeOut(long output)
    {
        if (!_open.Remove(output, out var place)) return [];
        _live -= place.Count;
        return _pieces.AsSpan(place.Start, place.Count);
    }

    // Half of it gone: close the gaps. Otherwise: a larger array. Both move the pieces, in whatever order; only their places change.
    private void MakeRoom(int most)
    {
        var pieces = new long[Math.Max(2 * (_live + most), _live * 2 > _pieces.Length ? 2 * _pieces.Length : _pieces.Length)];
        var used = 0;
        foreach (var output in _open.Keys.ToArray())
        {
            var (start, count) = _open[output];
            _pieces.AsSpan(start, count).CopyTo(pieces.AsSpan(used));
            _open[output] = (used, count);
            used += count;
        }

        _pieces = pieces;
        _used = used;
    }
}
