namespace Haetae.Cli.Exercise;

/// <summary>A mixer that keeps its customers' coins: they pay in, and some blocks later get other customers' coins, less its fee, in parts.</summary>
internal sealed class Mixer(ExchangeHouse house, SeededRandom random)
{
    /// <summary>The accounts that the mixer keeps under numbers; regular customers come back to theirs.</summary>
    public const int Regulars = 25;

    private const int FeePerMille = 20;
    private const int MostPaidAtOnce = 6;

    private readonly List<Order> _orders = [];

    public ExchangeHouse House => house;

    /// <summary>Where a customer pays in.</summary>
    public Destination Account(int regular, string customer) => house.DepositFor(regular, customer);

    /// <summary>Takes note of what is to be paid for a deposit: two parts, each to an address of its own.</summary>
    /// <param name="height">Of the deposit.</param>
    public void Owe(Coin deposit, int height, Func<Destination> fresh)
    {
        var whole = deposit.Amount / 1000 * (1000 - FeePerMille);
        var first = whole / 100 * random.Between(30, 70);
        _orders.Add(new Order(height + random.Between(5, 12), fresh(), first));
        _orders.Add(new Order(height + random.Between(8, 20), fresh(), whole - first));
    }

    /// <summary>Pays what is due, as far as the pool reaches; null if nothing was paid.</summary>
    public Confirmed? Pay(PracticeChain chain, int rate)
    {
        var due = _orders.Where(order => order.Due <= chain.Height).Take(MostPaidAtOnce).ToList();
        if (due.Count == 0 || house.PayOut(chain, random, due.ConvertAll(order => (order.To, order.Amount)), rate) is not { } paid) return null;
        foreach (var order in due) _orders.Remove(order);
        return paid;
    }

    private sealed record Order(int Due, Destination To, long Amount);
}
