namespace Haetae.Tracing.Thefts;

/// <summary>The pieces of a transaction's inputs in a line, each with its tag, to be taken from either end.</summary>
internal sealed class TaggedLine
{
    // Neighbours differ in tag.
    private Tagged[] _pieces = new Tagged[64];
    private int _first;
    private int _end;

    /// <summary>What is left in line.</summary>
    public ReadOnlySpan<Tagged> Rest => _pieces.AsSpan(_first, _end - _first);

    public void Clear() => _first = _end = 0;

    public void Append(int tag, long amount)
    {
        if (amount == 0) return;
        if (_end > _first && _pieces[_end - 1].Tag == tag)
        {
            _pieces[_end - 1] = new Tagged(tag, _pieces[_end - 1].Amount + amount);
            return;
        }

        if (_end == _pieces.Length) Array.Resize(ref _pieces, 2 * _end);
        _pieces[_end++] = new Tagged(tag, amount);
    }

    public void Append(ReadOnlySpan<Tagged> pieces)
    {
        foreach (var (tag, amount) in pieces) Append(tag, amount);
    }

    /// <summary>Takes so many satoshi from one end, in the order they have here; false when there are not so many.</summary>
    /// <param name="pieces">What was taken; null when all of it is clean.</param>
    public bool TryTake(long amount, bool fromBack, out Tagged[]? pieces)
    {
        pieces = null;
        var count = 0;
        var left = amount;
        var tainted = false;
        for (; left > 0 && count < _end - _first; count++)
        {
            var piece = _pieces[fromBack ? _end - 1 - count : _first + count];
            left -= piece.Amount;
            tainted |= piece.Tag != Tagged.Clean;
        }

        if (left > 0) return false;
        if (count == 0) return true;
        var from = fromBack ? _end - count : _first;
        var cut = fromBack ? from : from + count - 1; // the piece of which some satoshi (-left) stay
        if (tainted)
        {
            pieces = _pieces[from..(from + count)];
            pieces[cut - from] = new Tagged(_pieces[cut].Tag, _pieces[cut].Amount + left);
        }

        _pieces[cut] = new Tagged(_pieces[cut].Tag, -left);
        var stays = left < 0 ? 1 : 0;
        if (fromBack) _end = from + stays;
        else _first = from + count - stays;
        return true;
    }
}
