using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Thefts;

/// <summary>TIHO with several thefts: outputs in the order of falling value are filled with the earliest theft's money first, then the next one's.</summary>
/// <remarks>Together the thefts fill what their sum fills under <see cref="Tiho"/>. That the earliest goes first is a convention: it decides whose, not how much.</remarks>
internal readonly struct PartTiho : IPartPolicy
{
    public static Policy Policy => Policy.Tiho;

    public static void Split(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, long clean, PlaceShares shares) =>
        PartFilling.ByValue(values, taints, shares, highestFirst: true);
}

/// <summary>TILO with several thefts: outputs in the order of rising value are filled with the earliest theft's money first, then the next one's.</summary>
/// <remarks>Together the thefts fill what their sum fills under <see cref="Tilo"/>.</remarks>
internal readonly struct PartTilo : IPartPolicy
{
    public static Policy Policy => Policy.Tilo;

    public static void Split(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, long clean, PlaceShares shares) =>
        PartFilling.ByValue(values, taints, shares, highestFirst: false);
}

/// <summary>Dirty-first with several thefts: outputs in their order take the earliest theft's money first, then the next one's, then clean money.</summary>
/// <remarks>Together the thefts fill what their sum fills under <see cref="DirtyFirst"/>.</remarks>
internal readonly struct PartDirtyFirst : IPartPolicy
{
    public static Policy Policy => Policy.DirtyFirst;

    public static void Split(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, long clean, PlaceShares shares)
    {
        values.CopyTo(shares.Rooms);
        PartFilling.Fill(PartFilling.InOrder(values.Length, shares), taints, shares);
    }
}

/// <summary>Clean-first with several thefts: outputs in their order take clean money, then the earliest theft's, then the next one's; the fee comes last.</summary>
/// <remarks>Together the thefts fill what their sum fills under <see cref="CleanFirst"/>.</remarks>
internal readonly struct PartCleanFirst : IPartPolicy
{
    public static Policy Policy => Policy.CleanFirst;

    public static void Split(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, long clean, PlaceShares shares)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var taken = Math.Min(values[i], clean);
            shares.Rooms[i] = values[i] - taken;
            clean -= taken;
        }

        PartFilling.Fill(PartFilling.InOrder(values.Length, shares), taints, shares);
    }
}

/// <summary>What the policies have in common that fill one place after the other.</summary>
internal static class PartFilling
{
    internal static ReadOnlySpan<int> InOrder(int places, PlaceShares shares)
    {
        var order = shares.Order.AsSpan(0, places);
        for (var i = 0; i < places; i++) order[i] = i;
        return order;
    }

    internal static void ByValue(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, PlaceShares shares, bool highestFirst)
    {
        values.CopyTo(shares.Rooms);
        var order = shares.Order.AsSpan(0, values.Length);
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var sizes = shares.Rooms;
        order[..^1].Sort((a, b) => sizes[a] != sizes[b] ? sizes[a] > sizes[b] == highestFirst ? -1 : 1 : a - b);
        Fill(order, taints, shares);
    }

    /// <summary>Fills places up to <see cref="PlaceShares.Rooms"/> in an order, the fee last, with one theft's money after the other's.</summary>
    internal static void Fill(ReadOnlySpan<int> order, ReadOnlySpan<Tagged> taints, PlaceShares shares)
    {
        var at = 0;
        foreach (var (tag, amount) in taints)
        {
            for (var left = amount; left > 0;)
            {
                var taken = Math.Min(left, shares.Rooms[order[at]]);
                shares.Add(order[at], tag, taken);
                left -= taken;
                if ((shares.Rooms[order[at]] -= taken) == 0) at++;
            }
        }

        shares.Work += order.Length + taints.Length;
    }
}
