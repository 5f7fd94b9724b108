namespace Haetae.Cli.Exercise;

/// <summary>A service that keeps its customers' coins, an exchange or a mixer: an address of its own for every customer's deposits, and one hot wallet that all deposits are swept into.</summary>
internal sealed class ExchangeHouse : ICoinHolder
{
    private const int MostInputsOfASweep = 200;

    private readonly Destination?[] _deposits;
    private readonly ScriptKind _depositKind;
    private readonly AddressMint _mint;
    private readonly Queue<Coin> _unswept = [];
    private readonly HashSet<Destination> _sweptFrom = [];
    private readonly int _turn;

    /// <param name="customers">How many customers may ask for a deposit address.</param>
    /// <param name="turn">In which of every six blocks it sweeps even a few deposits.</param>
    public ExchangeHouse(string name, ScriptKind depositKind, Wallet hot, AddressMint mint, int customers, int turn)
    {
        Name = name;
        Hot = hot;
        _depositKind = depositKind;
        _mint = mint;
        _deposits = new Destination?[customers];
        _turn = turn;
    }

    public string Name { get; }

    public string Role => "deposit address";

    public Wallet Hot { get; }

    public void Receive(Coin coin) => _unswept.Enqueue(coin);

    /// <summary>Deposit addresses that are known to the public: of the first customers whose deposits were swept with others'.</summary>
    public IEnumerable<Destination> Published(int most) => _deposits.OfType<Destination>().Where(one => _sweptFrom.Contains(one)).Take(most);

    /// <summary>The address that credits a customer, the same every time.</summary>
    public Destination DepositFor(int customer, string customerName) =>
        _deposits[customer] ??= _mint.Make(_depositKind, this, customerName);

    /// <summary>Moves waiting deposits into the hot wallet when there are enough or it is time.</summary>
    /// <param name="fewest">So many are enough when it is time.</param>
    public Confirmed? Sweep(PracticeChain chain, int rate, int fewest = 2)
    {
        var due = chain.Height % 6 == _turn && _unswept.Count >= fewest;
        if (!due && _unswept.Count < 14) return null;
        var payment = new Payment { Sequence = 0xffffffff };
        for (var i = 0; i < MostInputsOfASweep && _unswept.TryDequeue(out var coin); i++) payment.Spend(coin);
        if (payment.TryPayRest(Hot.Fresh(), rate))
        {
            if (payment.Inputs.Count > 1) _sweptFrom.UnionWith(payment.Inputs.Select(coin => coin.To));
            return chain.Add(payment);
        }

        payment.Inputs.ForEach(_unswept.Enqueue);
        return null;
    }

    /// <summary>Joins some coins of the hot wallet when it has many, so that it always has large ones.</summary>
    public void KeepHouse(PracticeChain chain, int rate)
    {
        const int many = 60;
        const int joined = 40;
        if (chain.Height % 6 != (_turn + 1) % 6 || Hot.Count < many) return;
        var payment = new Payment { Sequence = 0xffffffff };
        while (payment.Inputs.Count < joined) payment.Spend(Hot.TakeAny());
        chain.Add(payment.PayRest(Hot.Fresh(), rate));
    }

    /// <summary>Pays several people at once out of the hot wallet, the change at a random place; null if the wallet cannot.</summary>
    public Confirmed? PayOut(PracticeChain chain, SeededRandom random, List<(Destination To, long Amount)> customers, int rate)
    {
        var payment = new Payment();
        foreach (var (to, amount) in customers) payment.Pay(to, amount);
        var change = Hot.Fresh();
        const int mostInputs = 20;
        var margin = (long)rate * (mostInputs * Hot.Kind.InputSize()) + payment.FeeAt(rate, change) + Payment.Dust;
        if (!Hot.TryTake(payment.Received + margin, mostInputs, payment)) return null;
        return chain.Add(payment.PayRest(change, rate, random.Below(customers.Count + 1)));
    }
}
