using Haetae.Tracing;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>Rounds made by the wallets' rules as published, and ordinary payments that look a little like them. Repeatable from the seed.</summary>
internal sealed class GeneratedCoinJoins(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A taker and two to eleven makers; each maker earns a fee, the taker pays all; one round in three the taker sweeps.</summary>
    internal TransactionShape JoinMarket()
    {
        var places = _random.Next(3, 13);
        long amount = _random.NextInt64(1_000_000, 500_000_000), earned = 0;
        var inputs = new List<long>();
        var outputs = new List<long>();
        for (var maker = 1; maker < places; maker++)
        {
            var fee = _random.Next(2) == 0 ? _random.Next(100, 5_000) : amount / 100_000 * _random.Next(1, 100);
            var coins = Coins(amount + _random.NextInt64(30_000, amount), _random.Next(1, 5));
            outputs.AddRange([amount, coins.Sum() - amount + fee]);
            inputs.AddRange(coins);
            earned += fee;
        }

        var sweeps = _random.Next(3) == 0;
        var own = Coins(amount + earned + 20_000 + (sweeps ? 0 : _random.NextInt64(30_000, amount)), _random.Next(1, 7));
        inputs.AddRange(own);
        outputs.Add(amount);
        if (!sweeps) outputs.Add(own.Sum() - amount - earned - 20_000);
        return Shape(inputs, outputs);
    }

    /// <summary>A Wasabi 2 round: each wallet's sum is cut greedily into published denominations, the rest goes to a change or to the miners.</summary>
    internal TransactionShape Wasabi2()
    {
        var usual = Wasabi2Rule.Denominations.OrderDescending().ToList();
        var inputs = new List<long>();
        var outputs = new List<long>();
        for (var wallet = _random.Next(8, 60); wallet > 0; wallet--)
        {
            var coins = Coins(_random.NextInt64(1_000_000, 2_000_000_000), _random.Next(3, 10));
            inputs.AddRange(coins);
            var left = coins.Sum() - 20_000;
            var most = _random.Next(6, 10);
            foreach (var denomination in usual.Skip(_random.Next(3)))
            {
                while (left >= denomination + 5_000 && most-- > 0)
                {
                    outputs.Add(denomination);
                    left -= denomination;
                }
            }

            if (left > 20_000) outputs.Add(left);
        }

        return Shape(inputs.OrderDescending(), outputs.OrderDescending());
    }

    /// <summary>A payment, a batch, a gathering of coins, equal payments with a change, a Stonewall, a PayJoin, a market's trade.</summary>
    internal TransactionShape Ordinary()
    {
        var inputs = _random.Next(1, 12);
        var outputs = _random.Next(7) switch
        {
            0 => [Amount(), Amount()],
            1 => [.. Enumerable.Range(0, _random.Next(3, 40)).Select(_ => _random.Next(2) == 0 ? Amount() : 10_000L * _random.Next(1, 5_000))],
            2 => [Amount()],
            3 => [.. Enumerable.Repeat(1_000_000L * _random.Next(1, 50), _random.Next(3, 20)), Amount()],
            4 => Stonewall(),
            5 => [.. Enumerable.Repeat(1_000_000L * _random.Next(1, 50), _random.Next(3, 8)), .. Enumerable.Range(0, _random.Next(2, 8)).Select(_ => Amount())],
            _ => new List<long> { 546, 546, Amount(), Amount() },
        };
        return Shape(Coins(outputs.Sum() + 10_000, inputs), outputs);
    }

    private List<long> Stonewall()
    {
        var twice = Amount();
        return [twice, twice, Amount(), Amount()];
    }

    private long Amount() => _random.NextInt64(20_000, 400_000_000);

    // A sum in so many uneven coins.
    private List<long> Coins(long sum, int count)
    {
        var coins = new List<long>();
        for (; count > 1; count--)
        {
            coins.Add(Math.Max(1_000, sum / 100 * _random.Next(10, 60)));
            sum -= coins[^1];
        }

        coins.Add(sum);
        return coins;
    }

    private static TransactionShape Shape(IEnumerable<long> inputs, IEnumerable<long> outputs) => new(Shapes.In(inputs), Shapes.Out(outputs));
}
