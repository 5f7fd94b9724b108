using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Thefts;

/// <summary>Haircut with several thefts: every place carries the same share of each.</summary>
/// <remarks>
/// Clean money takes part as one more tag. First all floors: floor(T·v / I) for every tag and place. What a place then still has room for
/// is filled tag by tag, the earliest theft first and clean money last: each missing satoshi goes to the place with the largest remainder
/// of that tag that still has room, ties to the lowest output, the fee last. A place that was given one stands behind those that were
/// not. Rounding each tag by itself would fill some outputs beyond their value.
/// </remarks>
internal readonly struct PartHaircut : IPartPolicy
{
    public static Policy Policy => Policy.Haircut;

    public static void Split(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, long clean, PlaceShares shares)
    {
        var total = clean;
        foreach (var taint in taints) total += taint.Amount;
        var rooms = shares.Rooms.AsSpan(0, values.Length);
        values.CopyTo(rooms);
        foreach (var taint in taints) TakeFloors(values, taint.Amount, total, rooms);
        if (clean > 0) TakeFloors(values, clean, total, rooms);
        foreach (var (tag, amount) in taints) Place(values, tag, amount, total, rooms, shares);
        shares.Work += (long)values.Length * taints.Length;
    }

    private static void TakeFloors(ReadOnlySpan<long> values, long amount, long total, Span<long> rooms)
    {
        var ratio = (double)amount / total;
        for (var i = 0; i < values.Length; i++) rooms[i] -= ExactShare.Floor(amount, values[i], total, ratio, out _);
    }

    private static void Place(ReadOnlySpan<long> values, int tag, long amount, long total, Span<long> rooms, PlaceShares shares)
    {
        var floors = shares.Floors.AsSpan(0, values.Length);
        var rests = shares.Rests.AsSpan(0, values.Length);
        var ratio = (double)amount / total;
        var missing = amount;
        for (var i = 0; i < values.Length; i++)
        {
            floors[i] = ExactShare.Floor(amount, values[i], total, ratio, out var rest);
            rests[i] = -rest; // the largest first when sorted
            missing -= floors[i];
        }

        if (missing > 0) PlaceMissing(missing, floors, rests, rooms, shares.Order.AsSpan(0, values.Length));
        for (var i = 0; i < values.Length; i++) shares.Add(i, tag, floors[i]);
    }

    private static void PlaceMissing(long missing, Span<long> floors, Span<long> rests, Span<long> rooms, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Sort(rests, order);
        while (missing > 0)
        {
            for (var i = 0; i < order.Length && missing > 0; i++)
            {
                if (rooms[order[i]] == 0) continue;
                rooms[order[i]]--;
                floors[order[i]]++;
                missing--;
            }
        }
    }

    // By rest, among equal ones by place. Most transactions have few places.
    private static void Sort(Span<long> rests, Span<int> order)
    {
        if (order.Length > 16)
        {
            SortMany(rests, order);
            return;
        }

        for (var i = 1; i < order.Length; i++)
        {
            var (rest, place) = (rests[i], order[i]);
            var at = i;
            for (; at > 0 && rests[at - 1] > rest; at--) (rests[at], order[at]) = (rests[at - 1], order[at - 1]);
            (rests[at], order[at]) = (rest, place);
        }
    }

    private static void SortMany(Span<long> rests, Span<int> order)
    {
        rests.Sort(order);
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            while (to < order.Length && rests[to] == rests[from]) to++;
            order[from..to].Sort();
            from = to;
        }
    }
}
