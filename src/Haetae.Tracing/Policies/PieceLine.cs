namespace Haetae.Tracing.Policies;

/// <summary>First in, first out: the satoshi leave a transaction in the order in which they came in.</summary>
/// <remarks>
/// Contract: the inputs' pieces stand in a line in input order; each output in turn takes its value from the front; the fee is what is
/// left at the end. Every satoshi of an output comes from exactly one satoshi of one input, so the trace can be run backward.
/// Assumes: the order of inputs and outputs says which money was paid where, as Clayton's case assumes it of a bank account.
/// Errs: a wallet, or a thief, chooses that order, often at random; the answer is definite but may be definitely wrong. Show it beside
/// other policies. Source: Devaynes v Noble (Clayton's case, 1816); Anderson, Shumailov, Ahmed, "Making Bitcoin Legal" (2018).
/// </remarks>
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
}
