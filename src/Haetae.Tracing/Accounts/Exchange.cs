using System.Numerics;
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

    /// <summary>What each thing given counts for in what was received, in the order of <see cref="Given"/>; null: all count equally.</summary>
    public IReadOnlyList<BigInteger>? Weights { get; init; }

    /// <summary>Lines up what an amount received consists of: the pieces given, in their order and in their ratio. Several given assets count by their weights.</summary>
    /// <param name="conversions">Is told what became what.</param>
    public void Line(in Move received, PieceQueue into, List<TaintedConversion>? conversions = null)
    {
        into.Clear();
        foreach (var (given, pieces) in Given)
        {
            var part = ShareOf(given, received);
            var before = into.Tainted;
            Scale(pieces, part, into);
            if (conversions is null || pieces.Tainted.IsZero) continue;
            conversions.Add(new TaintedConversion(
                Transaction, Actor, given.Asset, given.Amount, pieces.Tainted, received.To, received.Asset, part, into.Tainted - before, Manner));
        }
    }

    /// <summary>How much of an amount received stands for one of the assets given: equal parts, the units left over to the first ones; or by weight, the units left
    /// over to the largest remainders, on a tie to the earlier.</summary>
    public UInt256 ShareOf(in Move given, in Move received)
    {
        if (Weights is { } weights) return WeighedShare(weights, given, received.Amount);
        var share = UInt256.MulDiv(received.Amount, 1, (ulong)Given.Count, out var rest);
        for (var i = 0; i < Given.Count; i++)
        {
            if (Given[i].Move == given) return (ulong)i < (ulong)rest.Lower ? share + UInt256.One : share;
        }

        throw new ArgumentException("It was not given in this exchange.", nameof(given));
    }

    private UInt256 WeighedShare(IReadOnlyList<BigInteger> weights, Move given, BigInteger amount)
    {
        var all = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        var at = Given.FindIndex(one => one.Move == given);
        if (at < 0) throw new ArgumentException("It was not given in this exchange.", nameof(given));
        var missing = amount - weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + (amount * weight / all));
        var larger = Enumerable.Range(0, weights.Count).Count(other => Rest(other) > Rest(at) || (Rest(other) == Rest(at) && other < at));
        return (UInt256)((amount * weights[at] / all) + (larger < missing ? BigInteger.One : BigInteger.Zero));

        BigInteger Rest(int one) => amount * weights[one] % all;
    }

    /// <summary>Appends a line made larger or smaller in all its parts, such that it has a wanted total.</summary>
    /// <remarks>
    /// First what is stolen and what is clean: each rounded down, the unit that can be missing to the larger remainder, on a tie to what is stolen. Then the pieces of
    /// each kind in the same way: missing units one each to the largest remainders, on a tie to the earlier piece.
    /// </remarks>
    public static void Scale(PieceQueue pieces, UInt256 total, PieceQueue into)
    {
        if (pieces.Total == total)
        {
            into.Append(pieces);
            return;
        }

        var clean = pieces.Total - pieces.Tainted;
        var taintedTotal = UInt256.MulDiv(pieces.Tainted, total, pieces.Total, out var taintedRest);
        var cleanTotal = UInt256.MulDiv(clean, total, pieces.Total, out var cleanRest);
        if (taintedTotal + cleanTotal < total && taintedRest >= cleanRest) taintedTotal += UInt256.One;
        cleanTotal = total - taintedTotal;
        var parts = new UInt256[pieces.Count];
        Divide(pieces, true, pieces.Tainted, taintedTotal, parts);
        Divide(pieces, false, clean, cleanTotal, parts);
        for (var i = 0; i < parts.Length; i++) into.Append(parts[i], pieces[i].IsTainted);
    }

    private static void Divide(PieceQueue pieces, bool tainted, UInt256 before, UInt256 after, UInt256[] parts)
    {
        var rests = new List<(UInt256 Left, int At)>();
        var missing = after;
        for (var i = 0; i < parts.Length; i++)
        {
            if (pieces[i].IsTainted != tainted) continue;
            parts[i] = UInt256.MulDiv(pieces[i].Amount, after, before, out var rest);
            missing -= parts[i];
            rests.Add((rest, i));
        }

        // The remainders add up to the missing units times the divisor, so fewer are missing than there are pieces.
        if (missing.IsZero) return;
        foreach (var (_, at) in rests.OrderByDescending(one => one.Left).ThenBy(one => one.At).Take((int)missing.Lower)) parts[at] += UInt256.One;
    }
}
