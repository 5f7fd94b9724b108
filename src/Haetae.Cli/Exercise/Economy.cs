namespace Haetae.Cli.Exercise;

/// <summary>The honest world around the theft: people, three exchanges, a mixer, five miners, and what they pay one another.</summary>
internal sealed class Economy
{
    /// <summary>Deposit accounts at each exchange that are neither a person's nor a miner's.</summary>
    public const int SpareAccounts = 4;

    private static readonly ScriptKind[] SegwitKinds = [ScriptKind.P2wpkh, ScriptKind.P2wpkh, ScriptKind.P2sh, ScriptKind.P2tr, ScriptKind.P2wsh];

    private readonly SeededRandom _random;
    private readonly AddressMint _mint;
    private readonly int _old;

    public Economy(SeededRandom random, AddressMint mint, int people)
    {
        _random = random;
        _mint = mint;
        _old = people / 5;
        People = new Wallet[people];
        for (var i = 0; i < people; i++)
        {
            var kind = i < _old ? ScriptKind.P2pkh : SegwitKinds[i % SegwitKinds.Length];
            People[i] = new Wallet($"Person {i:D5}", "person", kind, mint, random);
        }

        Miners = new Wallet[5];
        for (var i = 0; i < Miners.Length; i++) Miners[i] = new Wallet($"Miner {i}", "miner", SegwitKinds[i], mint, random);
        Exchanges =
        [
            House("Northwind Exchange", ScriptKind.P2sh, ScriptKind.P2wpkh, 0),
            House("Harbour Exchange", ScriptKind.P2wpkh, ScriptKind.P2wsh, 2),
            House("Larch Exchange", ScriptKind.P2wsh, ScriptKind.P2wpkh, 4),
        ];
        var pool = new Wallet("Drizzle Mixer", "hot wallet", ScriptKind.P2wpkh, mint, random);
        Mixer = new Mixer(new ExchangeHouse(pool.Name, ScriptKind.P2wpkh, pool, mint, Mixer.Regulars + 1, turn: 3), random);
    }

    public Wallet[] People { get; }

    public Wallet[] Miners { get; }

    public ExchangeHouse[] Exchanges { get; }

    public Mixer Mixer { get; }

    public Wallet AnyPerson() => People[_random.Below(People.Length)];

    /// <summary>An account nobody else uses.</summary>
    public Destination SpareAccount(ExchangeHouse exchange, int account, string customer) =>
        exchange.DepositFor(People.Length + Miners.Length + account, customer);

    /// <summary>A fee rate of an ordinary day, in satoshi per virtual byte.</summary>
    public int AnyRate() => _random.Between(2, 30);

    /// <summary>A miner with ripe coins sells most at the exchanges and pays the rest around.</summary>
    public void MinersSell(PracticeChain chain)
    {
        for (var i = 0; i < Miners.Length; i++)
        {
            var miner = Miners[i];
            if (miner.Count == 0) continue;
            var payment = new Payment();
            while (miner.Count > 0 && payment.Inputs.Count < 5) payment.Spend(miner.TakeAny());
            foreach (var exchange in Exchanges)
                payment.Pay(exchange.DepositFor(People.Length + i, miner.Name), payment.Paid / 100 * _random.Between(12, 22));
            var each = payment.Fee / 1500;
            for (var n = _random.Between(8, 12); n > 0 && each > Payment.Dust; n--)
                payment.Pay(AnyPerson().Usual(), each * _random.Between(60, 100));
            if (payment.TryPayRest(AnyPerson().Fresh(), AnyRate())) chain.Add(payment);
            else payment.Inputs.ForEach(miner.Receive);
        }
    }

    /// <summary>Now and then people hold a CoinJoin with nothing to hide, so that the thief's is not the only one.</summary>
    public void JoinHonestly(PracticeChain chain)
    {
        const long denomination = 20_000_000;
        const int mostSeats = 8;
        var seats = new List<Seat>();
        var owners = new List<Wallet>();
        var start = _random.Below(People.Length);
        for (var i = 0; i < People.Length && seats.Count < mostSeats; i++)
        {
            var person = People[(start + i) % People.Length];
            if (person.Count == 0) continue;
            var coin = person.TakeAny();
            if (coin.Amount > denomination + denomination / 50)
            {
                seats.Add(new Seat(coin, person.Fresh(), person.Fresh()));
                owners.Add(person);
            }
            else
            {
                person.Receive(coin);
            }
        }

        if (seats.Count >= 5) chain.Add(CoinJoinRound.Draw(seats, denomination, AnyRate(), _random));
        else for (var i = 0; i < seats.Count; i++) owners[i].Receive(seats[i].Coin);
    }

    /// <summary>One thing somebody does. False if they found they could not.</summary>
    /// <param name="oldOnly">True where the block shall hold no witness: only owners of P2PKH coins act.</param>
    public bool Act(PracticeChain chain, bool oldOnly)
    {
        var number = _random.Below(oldOnly ? _old : People.Length);
        var person = People[number];
        return _random.Below(100) switch
        {
            < 14 when !oldOnly => Withdraw(chain),
            < 24 => Deposit(chain, number),
            99 => Mix(chain, number),
            < 32 => Gather(chain, person),
            _ => PayAround(chain, person),
        };
    }

    private ExchangeHouse House(string name, ScriptKind deposits, ScriptKind hot, int turn) =>
        new(name, deposits, new Wallet(name, "hot wallet", hot, _mint, _random), _mint, People.Length + Miners.Length + SpareAccounts, turn);

    private bool Withdraw(PracticeChain chain)
    {
        var exchange = Exchanges[_random.Below(Exchanges.Length)];
        var share = exchange.Hot.Balance / 4000;
        if (share < 10 * Payment.Dust) return false;
        var customers = new List<(Destination, long)>();
        for (var n = _random.Between(1, 8); n > 0; n--) customers.Add((AnyPerson().Usual(), share / 100 * _random.Between(20, 180)));
        return exchange.PayOut(chain, _random, customers, AnyRate()) is not null;
    }

    private bool Deposit(PracticeChain chain, int number)
    {
        var person = People[number];
        var account = Exchanges[_random.Below(Exchanges.Length)].DepositFor(number, person.Name);
        return Spend(chain, person, account, _random.Between(20, 95));
    }

    private bool Mix(PracticeChain chain, int number)
    {
        var person = People[number];
        if (person.Count == 0) return false;
        var payment = Ordinary(chain).Spend(person.TakeAny());
        var amount = payment.Paid / 100 * _random.Between(30, 90);
        if (amount < 100 * Payment.Dust || !payment.Pay(Mixer.Account(number % Mixer.Regulars, person.Name), amount).TryPayRest(person.Fresh(), AnyRate()))
        {
            payment.Inputs.ForEach(person.Receive);
            return false;
        }

        var paid = chain.Add(payment);
        Mixer.Owe(paid.Coins[0], paid.Height, person.Fresh);
        return true;
    }

    private bool PayAround(PracticeChain chain, Wallet person) => Spend(chain, person, AnyPerson().Usual(), _random.Between(5, 90));

    private bool Gather(PracticeChain chain, Wallet person)
    {
        if (person.Count < 4) return false;
        var payment = Ordinary(chain);
        for (var n = _random.Between(3, Math.Min(person.Count, 8)); n > 0; n--) payment.Spend(person.TakeAny());
        return Finish(chain, person, payment, person.Fresh(), 0);
    }

    private bool Spend(PracticeChain chain, Wallet person, Destination to, int percent)
    {
        if (person.Count == 0) return false;
        var payment = Ordinary(chain);
        for (var n = _random.Between(1, 2); n > 0 && person.Count > 0; n--) payment.Spend(person.TakeAny());
        while (payment.Paid < 50 * Payment.Dust && person.Count > 0 && payment.Inputs.Count < 6) payment.Spend(person.TakeAny());

        var amount = payment.Paid / 100 * percent;
        if (amount > 1_000_000 && _random.OneIn(3)) amount -= amount % 100_000;
        if (amount >= Payment.Dust) payment.Pay(to, amount);
        if (_random.OneIn(150)) payment.Pay(_mint.Make(ScriptKind.Data, person), 0);
        return Finish(chain, person, payment, person.Fresh(), _random.Below(2));
    }

    private bool Finish(PracticeChain chain, Wallet person, Payment payment, Destination rest, int index)
    {
        if (payment.TryPayRest(rest, AnyRate(), index))
        {
            chain.Add(payment);
            return true;
        }

        payment.Inputs.ForEach(person.Receive);
        return false;
    }

    // Wallets differ in version, sequence and lock time, as programs do.
    private Payment Ordinary(PracticeChain chain) => _random.Below(4) switch
    {
        0 => new Payment { Version = 1, Sequence = 0xffffffff },
        1 => new Payment { Sequence = 0xfffffffe, LockTime = (uint)(chain.Height - 1) },
        _ => new Payment(),
    };
}
