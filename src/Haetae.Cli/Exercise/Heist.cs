namespace Haetae.Cli.Exercise;

/// <summary>The theft and what the thief does with the loot: a list of steps, each due at a height.</summary>
/// <remarks>This file holds the people of the story, its timetable and the bookkeeping; the steps are in the parts beside it.</remarks>
internal sealed partial class Heist
{
    private readonly PracticeChain _chain;
    private readonly Economy _economy;
    private readonly SeededRandom _random;
    private readonly AddressMint _mint;
    private readonly ExchangeHouse _first;
    private readonly ExchangeHouse _second;
    private readonly Vault _thief = new("The thief", "thief");
    private readonly Queue<(int Height, Action Step)> _due = [];
    private readonly HashSet<Coin> _lootOnDeposit = [];
    private readonly List<Coin> _spoils = [];

    /// <param name="height">When the theft happens.</param>
    /// <param name="left">Blocks that follow it; the story spreads over about two thirds of them.</param>
    public Heist(PracticeChain chain, Economy economy, SeededRandom random, AddressMint mint, int height, int left)
    {
        _chain = chain;
        _economy = economy;
        _random = random;
        _mint = mint;
        var victim = random.Below(economy.Exchanges.Length);
        Victim = economy.Exchanges[victim];
        _first = economy.Exchanges[(victim + 1) % economy.Exchanges.Length];
        _second = economy.Exchanges[(victim + 2) % economy.Exchanges.Length];
        Plan(height, Math.Max(1, left / 100));
    }

    public ExchangeHouse Victim { get; }

    /// <summary>The outputs that were stolen.</summary>
    public IReadOnlyList<Coin> Spoils => _spoils;

    /// <summary>The transaction that stole them.</summary>
    public Confirmed? Theft { get; private set; }

    public LootBook Book { get; } = new();

    public Story Story { get; } = new();

    /// <summary>Does the steps whose height has come.</summary>
    public void Proceed()
    {
        while (_due.TryPeek(out var next) && next.Height <= _chain.Height) _due.Dequeue().Step();
    }

    /// <summary>Takes note of an exchange's sweep if it gathers up loot.</summary>
    public void Notice(ExchangeHouse exchange, Confirmed sweep)
    {
        var loot = 0;
        foreach (var coin in sweep.Payment.Inputs) if (_lootOnDeposit.Remove(coin)) loot++;
        if (loot == 0) return;
        foreach (var (to, _) in sweep.Payment.Outputs) Story.Touch(to);
        Story.Tell("sweep", sweep,
            $"{exchange.Name} sweeps {sweep.Payment.Inputs.Count} deposits, {loot} of them with loot, into its hot wallet: "
            + $"{Story.Coins(sweep.Payment.Received)}.");
    }

    /// <summary>The story is told to its end and the books agree, or this throws.</summary>
    public void Check()
    {
        if (_due.Count > 0 || Theft is null) throw new InvalidOperationException($"The chain ended before {_due.Count} steps of the story.");
        if (_lootOnDeposit.Count > 0) throw new InvalidOperationException($"{_lootOnDeposit.Count} deposits of loot were never swept.");
        Book.Check();
    }

    private void Plan(int height, int pace)
    {
        var plan = new List<(int After, Action Step)>
        {
            (-24, BuyCleanCoins), (0, Steal), (3, Split), (10, PrepareSeats), (12, InviteOthers), (18, Join), (24, Mix), (31, DepositOpenly), (36, UseMixer),
            (48, Consolidate), (52, CashOutPeels),
        };
        for (var hop = 0; hop < Hops.Length; hop++)
        {
            var number = hop;
            plan.Add((6 + 2 * hop, () => Peel(number)));
        }

        // Two steps at one height keep the order written here: OrderBy is stable.
        foreach (var (after, step) in plan.OrderBy(p => p.After)) _due.Enqueue((height + after * (after < 0 ? 1 : pace), step));
    }

    private Destination Own(ScriptKind kind = ScriptKind.P2wpkh) => _mint.Make(kind, _thief);

    private Destination Account(ExchangeHouse exchange) =>
        _economy.SpareAccount(exchange, _random.Below(3), "an account of the thief");

    /// <summary>Sends a payment that is the thief's alone and keeps the book of it.</summary>
    private Confirmed Send(string name, Payment payment, Func<Confirmed, string> sentence)
    {
        var sent = _chain.Add(payment);
        Book.Move(sent, payment.Inputs, sent.Coins);
        Story.TouchAll(payment);
        Story.Tell(name, sent, sentence(sent));
        return sent;
    }

    private void Hold(Confirmed where, Coin coin) => Book.Settle(where, coin, Ending.Held);

    private void Deposited(Confirmed where, Coin coin)
    {
        Book.Settle(where, coin, Ending.Deposited);
        _lootOnDeposit.Add(coin);
    }

    private int Rate() => _random.Between(8, 40);
}
