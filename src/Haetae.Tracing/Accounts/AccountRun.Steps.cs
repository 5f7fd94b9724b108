using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <content>What each kind of step does to those who pay and those who are paid.</content>
internal sealed partial class AccountRun
{
    private void Apply(in Move move)
    {
        if (move.Kind == MoveKind.Give)
        {
            Give(move);
            return;
        }

        if (move.Kind == MoveKind.Get)
        {
            Get(move);
            return;
        }

        var from = OpenPurse(move.From, move.Asset);
        var stolen = _seeds.StolenOf(move.Transfer);
        if (from is null && stolen.IsZero)
        {
            ArriveClean(move, null);
            return;
        }

        _parcel.Clear();
        if (from is null) _parcel.Append(move.Amount, isTainted: false);
        else from.Open!.Take(move.Amount, _parcel);
        _carried |= !_parcel.Tainted.IsZero || !stolen.IsZero;
        if (!_parcel.Tainted.IsZero)
        {
            _flow.Add(new TaintedTransfer(move.Transfer, _parcel.Tainted));
            if (move.Last != move.Transfer) _flow.Add(new TaintedTransfer(move.Last, _parcel.Tainted));
        }

        if (!stolen.IsZero)
        {
            var absorbed = _parcel.TaintFront(stolen, _scratch);
            if (_policy != Policy.Poison) _books.Absorb(move.Asset, absorbed);
        }

        if (move.Kind == MoveKind.Fee) _books.PayFee(move.Asset, _parcel.Tainted);
        else if (move.To == AccountGraph.Nobody) _books.Destroy(move.Asset, _parcel.Tainted);
        Arrive(move, from, stolen, null);
    }

    private void Give(in Move move)
    {
        var exchange = _reader.Exchanges[move.Exchange];
        var pieces = exchange.PiecesOf(move);
        pieces.Clear();
        var from = OpenPurse(move.From, move.Asset);
        if (from is null) pieces.Append(move.Amount, isTainted: false);
        else from.Open!.Take(move.Amount, pieces);
        if (from is not null) _recorder?.Record(new Step(move, from, null, false, null, default, exchange));
        if (pieces.Tainted.IsZero) return;
        _carried = true;
        if (exchange.Note is null) _books.ConvertOut(move.Asset, pieces.Tainted);
        else _books.End(new AccountEnd(move.To, move.Asset, AccountEndReason.NotUnderstood, pieces.Tainted, move.Last, move.Last, exchange.Note));
    }

    private void Get(in Move move)
    {
        var exchange = _reader.Exchanges[move.Exchange];
        if (exchange.Note is not null || !exchange.IsTainted)
        {
            ArriveClean(move, exchange);
            return;
        }

        exchange.Line(move, _parcel, _conversions);
        _books.ConvertIn(move.Asset, _parcel.Tainted);
        Arrive(move, null, default, exchange);
    }

    private void ArriveClean(in Move move, Exchange? exchange)
    {
        if (OpenPurse(move.To, move.Asset) is not { } to) return;
        to.Open!.PutClean(move.Amount);
        _recorder?.Record(new Step(move, null, to, false, null, default, exchange));
    }

    private void Arrive(in Move move, Purse? from, UInt256 stolen, Exchange? exchange)
    {
        var tainted = _parcel.Tainted;
        var canHold = move.Kind != MoveKind.Fee && move.To != AccountGraph.Nobody && !tainted.IsZero;
        var reason = canHold ? EndOf(move, tainted) : null;
        var to = canHold && reason is null ? Reach(move) : OpenPurse(move.To, move.Asset);
        var note = default(string);
        if (canHold && reason is null && to is null) (reason, note) = (AccountEndReason.NotUnderstood, Purse.Unsound);
        if (reason is { } why) _books.End(new AccountEnd(move.To, move.Asset, why, tainted, move.Last, move.Last, note));
        var isFollowed = canHold && reason is null;
        if (isFollowed)
        {
            to!.Open!.Put(_parcel);
            if (to.FirstTainted < 0) to.FirstTainted = move.Last;
            to.LastTainted = move.Last;
        }
        else
        {
            to?.Open!.PutClean(move.Amount);
        }

        _recorder?.Record(new Step(move, from, to, isFollowed, reason, stolen, exchange));
    }

    private AccountEndReason? EndOf(in Move move, UInt256 tainted)
    {
        if (_rules.EndAt(move.To, move.Last) is { } stopped) return stopped;
        return tainted < _query.MinValue ? AccountEndReason.MinValue : null;
    }
}
