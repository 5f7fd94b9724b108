using Haetae.Ledger;
using Haetae.Tracing.Bridges;

namespace Haetae.Tracing.Crossings;

/// <summary>Divides what came out of a bridge by the share that went in stolen.</summary>
/// <remarks>
/// Each out takes floor(out x tainted / paid in); what is missing to that share of all outs of one asset goes to the largest remainders (ties: the
/// earlier). A share of value, not an identity of coins: whoever swaps gives up one thing for another.
/// </remarks>
internal static class CarriedShare
{
    /// <summary>The stolen part of each out.</summary>
    internal static UInt256[] Divide(IReadOnlyList<(CrossChainLink Link, BridgeCarrier Carrier)> outs, UInt256 paidIn, UInt256 tainted)
    {
        var parts = new UInt256[outs.Count];
        if (paidIn.IsZero || tainted.IsZero) return parts;
        foreach (var group in outs.Index().GroupBy(one => (one.Item.Link.Destination.Ledger, one.Item.Carrier.Asset)))
        {
            UInt256 sum = 0, given = 0;
            var over = new List<(UInt256 Remainder, int Index)>();
            foreach (var (index, one) in group)
            {
                parts[index] = UInt256.MulDiv(one.Carrier.Amount, tainted, paidIn, out var remainder);
                given = UInt256.AddCapped(given, parts[index]);
                sum = UInt256.AddCapped(sum, one.Carrier.Amount);
                over.Add((remainder, index));
            }

            if (sum == UInt256.MaxValue) continue; // a made-up token: its units round down
            var missing = UInt256.MulDiv(sum, tainted, paidIn) - given;
            foreach (var (_, index) in over.OrderByDescending(one => one.Remainder).ThenBy(one => one.Index).Take((int)missing.Lower)) parts[index] += UInt256.One;
        }

        return parts;
    }

    /// <summary>The least and most of an out, rounded outward.</summary>
    internal static CarriedBounds Widen(UInt256 amount, UInt256 paidIn, CarriedBounds tainted)
    {
        if (paidIn.IsZero) return default;
        var most = UInt256.MulDiv(amount, tainted.Most, paidIn, out var remainder);
        return new CarriedBounds(UInt256.MulDiv(amount, tainted.Least, paidIn), UInt256.Min(amount, remainder.IsZero ? most : most + UInt256.One));
    }
}

/// <summary>How much is stolen at the least and at the most, whatever conserving rule holds on every ledger on the way. Not tight: some value between may be out of reach.</summary>
public readonly record struct CarriedBounds(UInt256 Least, UInt256 Most)
{
    public bool Holds(UInt256 figure) => figure >= Least && figure <= Most;
}
