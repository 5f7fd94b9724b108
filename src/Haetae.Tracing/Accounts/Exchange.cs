using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>What one actor gave and what was received for it in one transaction.</summary>
internal sealed class Exchange
{
    public required uint Transaction { get; init; }

    public required uint Actor { get; init; }

    /// <summary>wrap, unwrap, swap, pool-in, pool-out.</summary>
    public required string Manner { get; init; }

    /// <summary>Why it is not understood; null: it is.</summary>
    public string? Note { get; init; }

    /// <summary>What was given, each with the pieces it consists of once that is decided.</summary>
    public List<(Move Move, PieceQueue Pieces)> Given { get; } = [];

    public List<Move> Received { get; } = [];

    /// <summary>Whether some of what was given is stolen.</summary>
    public bool IsTainted => Given.Any(one => !one.Pieces.Tainted.IsZero);

    /// <summary>The pieces of one thing given.</summary>
    public PieceQueue PiecesOf(in Move given)
    {
        foreach (var (move, pieces) in Given)
        {
            if (move.From == given.From && move.Asset == given.Asset) return pieces;
        }

        throw new ArgumentException("It was not given in this exchange.", nameof(given));
    }

    /// <summary>Lines up what an amount received consists of: the pieces given, in their order and in their ratio. Several given assets count equally.</summary>
    /// <param name="conversions">Is told what became what.</param>
    public void Line(in Move received, PieceQueue into, List<TaintedConversion>? conversions = null)
    {
        into.Clear();
        var share = UInt256.MulDiv(received.Amount, 1, (ulong)Given.Count, out var rest);
        foreach (var (given, pieces) in Given)
        {
            var part = rest.IsZero ? share : share + UInt256.One;
            if (!rest.IsZero) rest -= UInt256.One;
            var before = into.Tainted;
            Scale(pieces, part, into);
            if (conversions is null || pieces.Tainted.IsZero) continue;
            conversions.Add(new TaintedConversion(
                Transaction, Actor, given.Asset, given.Amount, pieces.Tainted, received.To, received.Asset, part, into.Tainted - before, Manner));
        }
    }

    /// <summary>Appends a line made larger or smaller in all its parts: each rounded down, the missing units one each to the largest remainders, on a tie to the earlier piece.</summary>
    public static void Scale(PieceQueue pieces, UInt256 total, PieceQueue into)
    {
        if (pieces.Total == total || pieces.Count == 0)
        {
            into.Append(pieces);
            if (pieces.Count == 0) into.Append(total, isTainted: false);
            return;
        }

        var parts = new UInt256[pieces.Count];
        var rests = new UInt256[pieces.Count];
        var missing = total;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = UInt256.MulDiv(pieces[i].Amount, total, pieces.Total, out rests[i]);
            missing -= parts[i];
        }

        // The remainders add up to the missing units times the divisor, so fewer are missing than there are pieces.
        if (!missing.IsZero)
        {
            var order = Enumerable.Range(0, parts.Length).OrderByDescending(i => rests[i]).ThenBy(i => i);
            foreach (var i in order.Take((int)missing.Lower)) parts[i] += UInt256.One;
        }

        for (var i = 0; i < parts.Length; i++) into.Append(parts[i], pieces[i].IsTainted);
    }
}
