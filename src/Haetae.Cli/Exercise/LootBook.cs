namespace Haetae.Cli.Exercise;

/// <summary>Where a stolen amount ends.</summary>
internal enum Ending
{
    Held,
    Deposited,
    CoinJoin,
    Paid,
    Fee,
}

/// <summary>A final place of stolen satoshi.</summary>
/// <param name="Coin">The output that holds them; null for a fee.</param>
/// <param name="Amount">How much of it is stolen, in satoshi.</param>
internal sealed record LootPlace(Ending Ending, Confirmed Where, Coin? Coin, long Amount);

/// <summary>Follows the stolen satoshi through the thief's own transactions, as the thief would write it down.</summary>
/// <remarks>
/// While all the thief's inputs are stolen there is nothing to decide. Where clean coins are mixed in, the satoshi leave a transaction in
/// the order they entered it: inputs in order fill outputs in order, the fee comes last.
/// </remarks>
internal sealed class LootBook
{
    private readonly Dictionary<Coin, List<Slice>> _open = [];
    private readonly List<LootPlace> _places = [];

    /// <summary>Everything stolen, in satoshi.</summary>
    public long Total { get; private set; }

    public IReadOnlyList<LootPlace> Places => _places;

    public void Steal(Coin coin)
    {
        _open.Add(coin, [new Slice(coin.Amount, true)]);
        Total += coin.Amount;
    }

    /// <summary>Moves what <paramref name="inputs"/> hold into <paramref name="outputs"/>; a coin the book does not know is clean.</summary>
    /// <remarks>For a transaction with others, only the thief's own inputs and outputs: the difference is the thief's share of the fee.</remarks>
    public void Move(Confirmed where, IEnumerable<Coin> inputs, IEnumerable<Coin> outputs)
    {
        var queue = new Queue<Slice>();
        foreach (var coin in inputs)
        {
            if (!_open.Remove(coin, out var slices)) slices = [new Slice(coin.Amount, false)];
            slices.ForEach(queue.Enqueue);
        }

        var front = default(Slice);
        foreach (var coin in outputs)
        {
            var slices = new List<Slice>();
            for (var missing = coin.Amount; missing > 0;)
            {
                if (front.Amount == 0) front = queue.Dequeue();
                var part = Math.Min(missing, front.Amount);
                slices.Add(front with { Amount = part });
                front = front with { Amount = front.Amount - part };
                missing -= part;
            }

            if (slices.Exists(s => s.Stolen)) _open.Add(coin, slices);
        }

        var fee = Stolen(queue) + (front.Stolen ? front.Amount : 0);
        if (fee > 0) _places.Add(new LootPlace(Ending.Fee, where, null, fee));
    }

    /// <summary>Declares that what a coin holds stays there.</summary>
    public void Settle(Confirmed where, Coin coin, Ending ending)
    {
        if (!_open.Remove(coin, out var slices))
            throw new InvalidOperationException($"{coin.Outpoint} holds nothing stolen.");
        _places.Add(new LootPlace(ending, where, coin, Stolen(slices)));
    }

    /// <summary>Every stolen satoshi has one final place, and no place holds more than its output does.</summary>
    public void Check()
    {
        if (_open.Count > 0) throw new InvalidOperationException($"{_open.Count} coins with stolen satoshi have no final place.");
        var sum = 0L;
        foreach (var place in _places)
        {
            if (place.Coin is not null && place.Amount > place.Coin.Amount)
                throw new InvalidOperationException($"{place.Coin.Outpoint} holds less than {place.Amount} sat.");
            sum += place.Amount;
        }

        if (sum != Total) throw new InvalidOperationException($"The final places hold {sum} sat, but {Total} sat were stolen.");
    }

    private static long Stolen(IEnumerable<Slice> slices)
    {
        var sum = 0L;
        foreach (var slice in slices.Where(s => s.Stolen)) sum += slice.Amount;
        return sum;
    }

    private readonly record struct Slice(long Amount, bool Stolen);
}
