using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>An amount that is wholly stolen or wholly clean.</summary>
internal readonly record struct Piece(UInt256 Amount, bool IsTainted);

/// <summary>Pieces in a line: what an account holds, or what is on its way. Neighbours differ, so a line never holds more pieces than the money changed its kind.</summary>
internal sealed class PieceQueue
{
    private Piece[] _ring = new Piece[4];
    private int _first;

    public int Count { get; private set; }

    public UInt256 Total { get; private set; }

    public UInt256 Tainted { get; private set; }

    public Piece this[int index] => _ring[(_first + index) & (_ring.Length - 1)];

    public void Clear() => (_first, Count, Total, Tainted) = (0, 0, default, default);

    /// <summary>Puts an amount at the end; nothing for 0.</summary>
    public void Append(UInt256 amount, bool isTainted)
    {
        if (amount.IsZero) return;
        Total += amount;
        if (isTainted) Tainted += amount;
        if (Count > 0)
        {
            ref var last = ref _ring[(_first + Count - 1) & (_ring.Length - 1)];
            if (last.IsTainted == isTainted)
            {
                last = last with { Amount = last.Amount + amount };
                return;
            }
        }

        if (Count == _ring.Length) Grow();
        _ring[(_first + Count++) & (_ring.Length - 1)] = new Piece(amount, isTainted);
    }

    /// <summary>Puts another line's pieces at the end, in their order.</summary>
    public void Append(PieceQueue other)
    {
        for (var i = 0; i < other.Count; i++) Append(other[i].Amount, other[i].IsTainted);
    }

    /// <summary>Moves an amount from the front to the end of another line.</summary>
    /// <exception cref="OverflowException">There is not so much.</exception>
    public void TakeFront(UInt256 amount, PieceQueue into)
    {
        Total -= amount;
        while (!amount.IsZero)
        {
            ref var piece = ref _ring[_first];
            var part = UInt256.Min(piece.Amount, amount);
            amount -= part;
            Leave(piece, part, into);
            if (part == piece.Amount)
            {
                _first = (_first + 1) & (_ring.Length - 1);
                Count--;
            }
            else
            {
                piece = piece with { Amount = piece.Amount - part };
            }
        }
    }

    /// <summary>Moves an amount from the back to the end of another line; the pieces keep the order they have here.</summary>
    /// <exception cref="OverflowException">There is not so much.</exception>
    public void TakeBack(UInt256 amount, PieceQueue into)
    {
        Total -= amount;
        if (amount.IsZero) return;
        var from = Count - 1;
        var left = amount;
        for (; this[from].Amount < left; from--) left -= this[from].Amount;
        ref var foremost = ref _ring[(_first + from) & (_ring.Length - 1)];
        var stays = foremost.Amount - left;
        Leave(foremost, left, into);
        for (var i = from + 1; i < Count; i++) Leave(this[i], this[i].Amount, into);
        foremost = foremost with { Amount = stays };
        Count = stays.IsZero ? from : from + 1;
    }

    /// <summary>Replaces the foremost part by stolen money: a seed.</summary>
    /// <returns>What of that part was tainted before.</returns>
    public UInt256 TaintFront(UInt256 stolen, PieceQueue scratch)
    {
        scratch.Clear();
        var front = new PieceQueue();
        TakeFront(stolen, front);
        scratch.Append(stolen, isTainted: true);
        scratch.Append(this);
        Clear();
        Append(scratch);
        return front.Tainted;
    }

    private void Leave(in Piece piece, UInt256 part, PieceQueue into)
    {
        if (piece.IsTainted) Tainted -= part;
        into.Append(part, piece.IsTainted);
    }

    private void Grow()
    {
        var ring = new Piece[2 * _ring.Length];
        for (var i = 0; i < Count; i++) ring[i] = this[i];
        (_ring, _first) = (ring, 0);
    }
}
