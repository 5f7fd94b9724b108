namespace Haetae.Cli.Exercise;

/// <summary>Coins of one owner and the addresses they hand out; every address has the same kind of script.</summary>
internal sealed class Wallet(string name, string role, ScriptKind kind, AddressMint mint, SeededRandom random) : ICoinHolder
{
    private readonly List<Coin> _coins = [];
    private Destination? _last;

    public string Name => name;

    public string Role => role;

    public ScriptKind Kind => kind;

    public int Count => _coins.Count;

    /// <summary>Sum of the coins in satoshi.</summary>
    public long Balance { get; private set; }

    public void Receive(Coin coin)
    {
        _coins.Add(coin);
        Balance += coin.Amount;
    }

    /// <summary>A new address.</summary>
    public Destination Fresh() => _last = mint.Make(kind, this);

    /// <summary>An address to be paid at; some owners give the same one twice.</summary>
    public Destination Usual() => _last is not null && random.OneIn(3) ? _last : Fresh();

    /// <summary>Takes any coin out.</summary>
    public Coin TakeAny()
    {
        var pick = random.Below(_coins.Count);
        var coin = _coins[pick];
        _coins[pick] = _coins[^1];
        _coins.RemoveAt(_coins.Count - 1);
        Balance -= coin.Amount;
        return coin;
    }

    /// <summary>Takes coins until they hold <paramref name="amount"/> satoshi; all go back if <paramref name="most"/> coins do not suffice.</summary>
    public bool TryTake(long amount, int most, Payment into)
    {
        if (Balance < amount) return false;
        var taken = new List<Coin>();
        var sum = 0L;
        while (sum < amount && taken.Count < most && _coins.Count > 0)
        {
            var coin = TakeAny();
            taken.Add(coin);
            sum += coin.Amount;
        }

        if (sum >= amount) into.Spend(taken);
        else taken.ForEach(Receive);
        return sum >= amount;
    }

    /// <summary>Takes the largest coins out, at most <paramref name="most"/>.</summary>
    public List<Coin> TakeLargest(int most)
    {
        _coins.Sort((x, y) => x.Amount != y.Amount ? y.Amount.CompareTo(x.Amount)
            : x.TxId != y.TxId ? x.TxId.CompareTo(y.TxId)
            : x.Index.CompareTo(y.Index));
        var taken = _coins.GetRange(0, Math.Min(most, _coins.Count));
        _coins.RemoveRange(0, taken.Count);
        foreach (var coin in taken) Balance -= coin.Amount;
        return taken;
    }
}
