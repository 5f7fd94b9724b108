using Haetae.Ledger;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>What an account holds of an asset while some of it is stolen: the place where the policies differ.</summary>
internal abstract class Holding
{
    public abstract UInt256 Balance { get; }

    public abstract UInt256 Tainted { get; }

    /// <summary>Whether anything that leaves could be tainted.</summary>
    public virtual bool IsTainted => !Tainted.IsZero;

    /// <summary>Begins anew with clean money.</summary>
    public abstract void Open(UInt256 clean);

    public abstract void Put(PieceQueue pieces);

    public abstract void PutClean(UInt256 amount);

    /// <summary>Moves an amount to the end of a line.</summary>
    /// <exception cref="OverflowException">The account holds less.</exception>
    public abstract void Take(UInt256 amount, PieceQueue into);

    public static Holding For(Policy policy) => policy switch
    {
        Policy.Fifo => new LineHolding(fromBack: false),
        Policy.Lifo => new LineHolding(fromBack: true),
        Policy.Haircut or Policy.DirtyFirst or Policy.CleanFirst => new ShareHolding(policy),
        Policy.Poison => new PoisonHolding(),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };
}

/// <summary>FIFO and LIFO: a line of pieces, in the order in which they came. What was there before is one clean piece at its head.</summary>
internal sealed class LineHolding(bool fromBack) : Holding
{
    private readonly PieceQueue _line = new();

    public override UInt256 Balance => _line.Total;

    public override UInt256 Tainted => _line.Tainted;

    public override void Open(UInt256 clean)
    {
        _line.Clear();
        _line.Append(clean, isTainted: false);
    }

    public override void Put(PieceQueue pieces) => _line.Append(pieces);

    public override void PutClean(UInt256 amount) => _line.Append(amount, isTainted: false);

    public override void Take(UInt256 amount, PieceQueue into)
    {
        if (fromBack) _line.TakeBack(amount, into);
        else _line.TakeFront(amount, into);
    }
}

/// <summary>Haircut, dirty-first and clean-first: two amounts. What leaves stands in line with its stolen part in front.</summary>
internal sealed class ShareHolding(Policy policy) : Holding
{
    private UInt256 _balance;
    private UInt256 _tainted;

    public override UInt256 Balance => _balance;

    public override UInt256 Tainted => _tainted;

    public override void Open(UInt256 clean) => (_balance, _tainted) = (clean, default);

    public override void Put(PieceQueue pieces) => (_balance, _tainted) = (_balance + pieces.Total, _tainted + pieces.Tainted);

    public override void PutClean(UInt256 amount) => _balance += amount;

    public override void Take(UInt256 amount, PieceQueue into)
    {
        var after = _balance - amount;
        var moved = policy switch
        {
            Policy.DirtyFirst => UInt256.Min(amount, _tainted),
            Policy.CleanFirst => _tainted > after ? _tainted - after : default,
            _ => _tainted.IsZero ? default : UInt256.MulDiv(_tainted, amount, _balance),
        };
        (_balance, _tainted) = (after, _tainted - moved);
        into.Append(moved, isTainted: true);
        into.Append(amount - moved, isTainted: false);
    }
}

/// <summary>Poison: from the first tainted receipt on everything the account holds and sends of the asset.</summary>
internal sealed class PoisonHolding : Holding
{
    private UInt256 _balance;
    private bool _isReached;

    public override UInt256 Balance => _balance;

    public override UInt256 Tainted => _isReached ? _balance : default;

    public override bool IsTainted => _isReached;

    public override void Open(UInt256 clean) => (_balance, _isReached) = (clean, false);

    public override void Put(PieceQueue pieces)
    {
        _isReached |= !pieces.Tainted.IsZero;
        _balance += pieces.Total;
    }

    public override void PutClean(UInt256 amount) => _balance += amount;

    public override void Take(UInt256 amount, PieceQueue into)
    {
        _balance -= amount;
        into.Append(amount, _isReached);
    }
}
