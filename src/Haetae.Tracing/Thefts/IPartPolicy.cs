using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Thefts;

/// <summary>How several thefts' taint is divided where only the amounts count, not where in the inputs they lie.</summary>
/// <remarks>With one theft each does to the satoshi what the <see cref="ISharePolicy"/> of its name does.</remarks>
internal interface IPartPolicy
{
    static abstract Policy Policy { get; }

    /// <summary>Divides taint over a transaction's outputs and its fee.</summary>
    /// <param name="values">The outputs' values and, last, the fee.</param>
    /// <param name="taints">What comes in of each theft, by rising tag; together at most the values.</param>
    /// <param name="clean">The rest of what comes in.</param>
    /// <param name="shares">Receives each place's parts, by rising tag.</param>
    static abstract void Split(ReadOnlySpan<long> values, ReadOnlySpan<Tagged> taints, long clean, PlaceShares shares);
}

/// <summary>What each place of a transaction (its outputs and, last, its fee) gets, in room that is used again.</summary>
internal sealed class PlaceShares
{
    private readonly List<List<Tagged>> _places = [];

    /// <summary>Steps of work so far: a tag at a place counts one.</summary>
    public long Work { get; set; }

    /// <summary>Room for numbers, as long as there are places.</summary>
    public long[] Rooms { get; private set; } = [];

    public long[] Floors { get; private set; } = [];

    public long[] Rests { get; private set; } = [];

    public int[] Order { get; private set; } = [];

    public void Begin(int places)
    {
        while (_places.Count < places) _places.Add([]);
        for (var i = 0; i < places; i++) _places[i].Clear();
        if (Rooms.Length >= places) return;
        var room = Math.Max(places, 2 * Rooms.Length);
        (Rooms, Floors, Rests, Order) = (new long[room], new long[room], new long[room], new int[room]);
    }

    public void Add(int place, int tag, long amount)
    {
        if (amount > 0) _places[place].Add(new Tagged(tag, amount));
    }

    /// <summary>The parts of a place; null when it has none.</summary>
    public Tagged[]? At(int place) => _places[place].Count == 0 ? null : [.. _places[place]];
}
