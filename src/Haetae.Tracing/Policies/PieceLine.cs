namespace Haetae.Tracing.Policies;

/// <summary>The pieces of a transaction's inputs in a line, to be taken from either end (<see cref="ILinePolicy"/>).</summary>
internal sealed class PieceLine
{
    // A piece is an amount: positive when tainted, negative when clean. Neighbours differ in sign.
    private long[] _pieces = new long[64];
    private int _first;
    private int _end;

    /// <summary>Pieces in line.</summary>
    public int Count => _end - _first;

    public void Clear() => _first = _end = 0;

    /// <summary>Puts a piece at the end of the line; nothing for an amount of 0.</summary>
    public void Append(long piece)
    {
        if (piece == 0) return;
        if (_end > _first && (_pieces[_end - 1] > 0) == (piece > 0))
        {
            _pieces[_end - 1] += piece;
            return;
        }

        if (_end == _pieces.Length) Array.Resize(ref _pieces, 2 * _end);
        _pieces[_end++] = piece;
    }

    /// <summary>Takes the front piece, or so much of it as is asked for; 0 when the line is empty.</summary>
    public long Take(long most)
    {
        if (_first == _end) return 0;
        ref var piece = ref _pieces[_first];
        var taken = piece > 0 ? Math.Min(piece, most) : Math.Max(piece, -most);
        piece -= taken;
        if (piece == 0) _first++;
        return taken;
    }

    /// <summary>Puts so many satoshi from the back into another line, instead of what that held, in the order they have here; false when there are not so many.</summary>
    public bool TryMoveBack(long amount, PieceLine other)
    {
        other.Clear();
        var from = _end;
        for (; amount > 0; amount -= Math.Abs(_pieces[from]))
        {
            if (from == _first) return false;
            from--;
        }

        if (from == _end) return true;
        // Of the foremost piece, the satoshi that were too many (-amount) stay, in front.
        var stays = _pieces[from] > 0 ? -amount : amount;
        other.Append(_pieces[from] - stays);
        for (var next = from + 1; next < _end; next++) other.Append(_pieces[next]);
        _pieces[from] = stays;
        _end = stays == 0 ? from : from + 1;
        return true;
    }
}
