using Haetae.Cli.Exercise;
using Haetae.Tracing;

namespace Haetae.Cli.Accuracy;

/// <summary>Rounds made by the wallets' rules as published, and ordinary payments that look a little like them. The same on every machine for a seed.</summary>
/// <remarks>The generator knows no detector: it draws amounts, coins, fees and places, and nothing is thrown away because of how it looks.</remarks>
internal sealed class GeneratedShapes(ulong seed)
{
    private readonly SeededRandom _random = new(seed);
    private long _keys;

    /// <summary>A JoinMarket round of a taker and some makers.</summary>
    /// <remarks>
    /// Each maker offers an absolute fee up to 10,000 sat or a relative one of 0.001 % to 0.3 %, some ask for nothing; some give up to 500 sat to the miners, never more than they ask. Wallets pick
    /// one to four coins, one in twelve up to ten. The taker pays all makers and the miners at 1 to 60 sat a virtual byte, and sweeps one time in four. No change is dust (27,300 sat).
    /// </remarks>
    internal OwnedRound JoinMarket(int places)
    {
        long amount = Logarithmic(100_000, 2_000_000_000), asked = 0;
        List<(long Value, string Owner)> inputs = [], outputs = [];
        for (var maker = 1; maker < places; maker++)
        {
            var name = $"maker {maker}";
            var fee = _random.Below(10) switch
            {
                0 => 0,
                < 4 => _random.Between(1, 10_000),
                _ => amount * _random.Between(1, 300) / 100_000,
            };
            var toMiners = _random.OneIn(4) ? Math.Min(fee, _random.Between(1, 500)) : 0;
            var coins = Coins(amount + 27_300 + Logarithmic(1_000, 2 * amount + 100_000));
            inputs.AddRange(coins.ConvertAll(coin => (coin, name)));
            outputs.AddRange([(amount, name), (coins.Sum() - amount + fee - toMiners, name)]);
            asked += fee - toMiners;
        }

        var sweeps = _random.OneIn(4);
        var toPay = amount + asked + _random.Between(1, 60) * (68L * (inputs.Count + 3) + 62L * places);
        var own = Coins(toPay + (sweeps ? 0 : 27_300 + Logarithmic(1_000, 2 * amount + 100_000)));
        inputs.AddRange(own.ConvertAll(coin => (coin, "taker")));
        outputs.Add((amount, "taker"));
        if (!sweeps) outputs.Add((own.Sum() - toPay, "taker"));
        _random.Shuffle(inputs);
        _random.Shuffle(outputs);
        return new OwnedRound(Shape(inputs.Select(coin => coin.Value), outputs.Select(coin => coin.Value), shuffle: false), inputs.ConvertAll(coin => coin.Owner), outputs.ConvertAll(coin => coin.Owner));
    }

    /// <summary>As many places as takers choose: five to eleven mostly, seldom three or up to fifteen.</summary>
    internal int AnyPlaces() => _random.Below(10) switch
    {
        0 => _random.Between(3, 4),
        9 => _random.Between(12, 15),
        _ => _random.Between(5, 11),
    };

    /// <summary>A Wasabi 2 round: each wallet's sum is cut greedily into published denominations, the rest goes to a change or to the miners.</summary>
    internal TransactionShape Wasabi2()
    {
        var usual = Denominations().OrderDescending().ToList();
        List<long> inputs = [], outputs = [];
        for (var wallet = _random.Between(8, 60); wallet > 0; wallet--)
        {
            var coins = Parts(_random.Between(1_000_000, 2_000_000_000), _random.Between(3, 9));
            inputs.AddRange(coins);
            var left = coins.Sum() - 20_000;
            var most = _random.Between(6, 9);
            foreach (var denomination in usual.Skip(_random.Below(3)))
            {
                while (left >= denomination + 5_000 && most-- > 0)
                {
                    outputs.Add(denomination);
                    left -= denomination;
                }
            }

            if (left > 20_000) outputs.Add(left);
        }

        return Shape(inputs.OrderDescending(), outputs.OrderDescending(), shuffle: false);
    }

    /// <summary>One wallet's imitation of a CoinJoin of two: a payment, as much to itself, and two changes; both halves pay the same part of the fee.</summary>
    internal TransactionShape Stonewall()
    {
        var paid = Logarithmic(50_000, 500_000_000);
        var fee = _random.Between(200, 8_000);
        List<long> inputs = [], outputs = [paid, paid];
        for (var half = 0; half < 2; half++)
        {
            var coins = Coins(paid + fee + Logarithmic(1_000, 2 * paid));
            inputs.AddRange(coins);
            outputs.Add(coins.Sum() - paid - fee);
        }

        return Shape(inputs, outputs, shuffle: true);
    }

    /// <summary>What people and services do: pay one, pay many (round amounts or not), gather coins, pay several the same with a change or with several payments beside, trade a token.</summary>
    internal TransactionShape Ordinary()
    {
        var inputs = _random.Between(1, 14);
        List<long> outputs = _random.Below(8) switch
        {
            0 or 1 => [Amount(), Amount()],
            2 => [.. Enumerable.Range(0, _random.Between(3, 40)).Select(_ => _random.OneIn(2) ? Amount() : 10_000 * _random.Between(1L, 5_000))],
            3 => [Amount()],
            4 => [.. Enumerable.Repeat(1_000_000 * _random.Between(1L, 50), _random.Between(3, 20)), Amount()],
            5 => [.. Enumerable.Repeat(Amount(), 2), .. Enumerable.Range(0, _random.Between(1, 3)).Select(_ => Amount())],
            6 => [.. Enumerable.Repeat(_random.OneIn(2) ? Amount() : 1_000_000 * _random.Between(1L, 50), _random.Between(3, 8)), .. Enumerable.Range(0, _random.Between(2, 8)).Select(_ => Amount())],
            _ => [546, 546, Amount(), Amount()],
        };
        return Shape(Parts(outputs.Sum() + _random.Between(500, 30_000), inputs), outputs, shuffle: true);
    }

    private long Amount() => _random.Between(20_000, 400_000_000);

    // As likely between 1 and 2 as between 100 and 200.
    private long Logarithmic(long low, long high)
    {
        while (low < high / 2 && _random.Below(System.Numerics.BitOperations.Log2((ulong)(high / low)) + 1) > 0) low *= 2;
        return _random.Between(low, Math.Min(high, 2 * low));
    }

    // A sum in the coins that a wallet would pick: few mostly.
    private List<long> Coins(long sum) => Parts(sum, _random.OneIn(12) ? _random.Between(5, 10) : _random.Between(1, 4));

    private List<long> Parts(long sum, int count)
    {
        var coins = new List<long>();
        for (; count > 1 && sum > 4_000; count--)
        {
            coins.Add(Math.Max(1_000, sum / 100 * _random.Between(10, 60)));
            sum -= coins[^1];
        }

        coins.Add(sum);
        return coins;
    }

    private TransactionShape Shape(IEnumerable<long> inputs, IEnumerable<long> outputs, bool shuffle)
    {
        List<long> spent = [.. inputs], paid = [.. outputs];
        if (shuffle)
        {
            _random.Shuffle(spent);
            _random.Shuffle(paid);
        }

        return new TransactionShape(spent.ConvertAll(value => new InputShape(Key(), value)), paid.ConvertAll(value => new OutputShape(Key(), value)));
    }

    // A P2WPKH script of its own.
    private byte[] Key()
    {
        var script = new byte[22];
        script[1] = 20;
        BitConverter.TryWriteBytes(script.AsSpan(2), ++_keys);
        return script;
    }

    // WalletWasabi's list: powers of two and three, twice those of three, powers of ten, twice and five times those.
    private static IEnumerable<long> Denominations()
    {
        foreach (var (factor, of) in new (long, long)[] { (1, 2), (1, 3), (2, 3), (1, 10), (2, 10), (5, 10) })
            for (var value = factor; value <= 134_375_000_000; value *= of)
                if (value >= 5_000) yield return value;
    }
}
