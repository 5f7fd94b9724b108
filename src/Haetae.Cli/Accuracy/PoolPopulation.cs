using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Mixers;

namespace Haetae.Cli.Accuracy;

/// <summary>What a simulated user of pools does that may give the link away.</summary>
internal enum PoolHabit
{
    /// <summary>Fresh addresses, relayers, days of waiting.</summary>
    Careful,

    /// <summary>Withdraws to the address that deposited.</summary>
    Reuse,

    /// <summary>Types a gas price, and the same one again.</summary>
    TypedGas,

    /// <summary>Depositor and recipient pay each other outside.</summary>
    LinkedWallets,

    /// <summary>Deposits into several pools and takes all of it out within a day.</summary>
    Denominations,

    /// <summary>Takes out within the hour.</summary>
    Immediate,

    /// <summary>A program that takes out at the pace at which it put in.</summary>
    Script,

    /// <summary>Puts in hundreds of notes and collects most at one address.</summary>
    Thief,
}

/// <summary>Simulated users of four pools with their habits, and who did what. The same on every machine for a seed.</summary>
/// <remarks>
/// It knows no rule: habits are acted out, and people cross each other by chance. One in fifty withdrawals is a gift to another user's address; strangers pay each other; market gas prices are whole gwei that many share. 300 days, half of them
/// before EIP-1559. How common each habit is was chosen by us and not measured.
/// </remarks>
internal sealed class PoolPopulation
{
    private const uint FirstBlock = 11_900_000, FirstTime = 1_613_000_000, BlockTime = 13;
    private const long Days = 300, Day = 86_400;
    private static readonly (string Name, ulong Tenths)[] Sizes = [("0.1", 1), ("1", 10), ("10", 100), ("100", 1_000)];
    private readonly SeededRandom _random;
    private readonly List<Action> _later = [];
    private readonly List<(long Time, int Pool, int User, AccountAddress From, ulong Gas, int Note)> _deposits = [];
    private readonly List<(long Time, int Pool, int User, AccountAddress To, ulong Gas, bool Relayed, int Note)> _withdrawals = [];
    private readonly List<OutsideTransfer> _outside = [];
    private readonly List<(int User, AccountAddress Address)> _depositors = [];
    private int _notes;

    internal PoolPopulation(ulong seed, int users)
    {
        _random = new SeededRandom(seed);
        for (var user = 0; user < users; user++) Live(user);
        foreach (var act in _later) act();
        Book = Settle();
    }

    /// <summary>All events, and all payments outside.</summary>
    internal PoolBook Book { get; }

    /// <summary>By user.</summary>
    internal List<PoolHabit> Habits { get; } = [];

    /// <summary>By pool and deposit, its user and its note.</summary>
    internal List<List<(int User, int Note)>> DepositTruth { get; } = [];

    /// <summary>By pool and withdrawal, its user and the note it spends.</summary>
    internal List<List<(int User, int Note)>> WithdrawalTruth { get; } = [];

    private void Live(int user)
    {
        var habit = user % 500 == 499 ? PoolHabit.Thief : _random.Below(100) switch
        {
            < 40 => PoolHabit.Careful,
            < 52 => PoolHabit.Reuse,
            < 57 => PoolHabit.TypedGas,
            < 72 => PoolHabit.LinkedWallets,
            < 87 => PoolHabit.Denominations,
            < 96 => PoolHabit.Immediate,
            _ => PoolHabit.Script,
        };
        Habits.Add(habit);
        var mine = Fresh();
        _depositors.Add((user, mine));
        var start = FirstTime + _random.Below((Days - 61) * Day);
        switch (habit)
        {
            case PoolHabit.Denominations: Several(user, mine, start); break;
            case PoolHabit.Thief: Heist(user, mine, start); break;
            case PoolHabit.Script: Paced(user, mine, start); break;
            default: Usual(user, habit, mine, start); break;
        }
    }

    // One to six notes of one pool over some days; each comes out by itself.
    private void Usual(int user, PoolHabit habit, AccountAddress mine, long start)
    {
        var pool = _random.Below(Sizes.Length);
        var typed = (ulong)_random.Between(1_000_000_001L, 200_000_000_000L);
        var kept = Fresh();
        if (habit == PoolHabit.LinkedWallets)
            for (var payments = _random.Between(1, 6); payments > 0; payments--) Pay(mine, kept);
        var time = start;
        for (var notes = _random.Between(1, 6); notes > 0; notes--)
        {
            var note = Deposit(time, pool, user, mine, habit == PoolHabit.TypedGas ? typed : Market(time));
            var delay = habit == PoolHabit.Immediate ? _random.Between(300, 3_600) : _random.Between(3_600, 50 * Day);
            var to = habit switch
            {
                PoolHabit.Reuse => mine,
                PoolHabit.LinkedWallets => kept,
                _ => Fresh(),
            };
            var relayed = habit == PoolHabit.Careful || (habit != PoolHabit.TypedGas && !_random.OneIn(3));
            Withdraw(time + delay, pool, user, to, habit == PoolHabit.TypedGas ? typed : Market(time + delay), relayed, note);
            time += _random.Between(600, 2 * Day);
        }
    }

    private void Several(int user, AccountAddress mine, long start)
    {
        var (to, time) = (Fresh(), start);
        var notes = new List<(int Pool, int Note)>();
        foreach (var pool in Pick(_random.Between(2, 3)))
        {
            for (var count = _random.Between(1, 9); count > 0; count--)
            {
                notes.Add((pool, Deposit(time, pool, user, mine, Market(time))));
                time += _random.Between(60, 1_200);
            }
        }

        // Some leave a note behind, or wait with it: then the numbers differ.
        if (_random.OneIn(4)) notes.RemoveAt(_random.Below(notes.Count));
        _random.Shuffle(notes);
        time = start + Day + _random.Between(Day, 40 * Day);
        foreach (var (pool, note) in notes)
        {
            Withdraw(time, pool, user, to, Market(time), relayed: !_random.OneIn(4), note);
            time += _random.Between(60, 1_500);
        }
    }

    private void Paced(int user, AccountAddress mine, long start)
    {
        var (pool, to, lag) = (_random.Below(Sizes.Length), Fresh(), _random.Between(2 * Day, 20 * Day));
        var time = start;
        for (var count = _random.Between(4, 30); count > 0; count--)
        {
            var note = Deposit(time, pool, user, mine, Market(time));
            var late = time + lag + _random.Between(0, 600);
            Withdraw(late, pool, user, to, Market(late), relayed: true, note);
            time += _random.Between(700, 4 * 3_600);
        }
    }

    private void Heist(int user, AccountAddress mine, long start)
    {
        const int pool = 3;
        var (to, side) = (Fresh(), Fresh());
        var notes = new List<int>();
        var time = start;
        for (var count = _random.Between(20, 300); count > 0; count--)
        {
            notes.Add(Deposit(time, pool, user, mine, Market(time)));
            time += _random.OneIn(25) ? _random.Between(6 * 3_600, Day) : _random.Between(45, 500);
        }

        time += _random.Between(Day, 6 * Day);
        var apart = _random.OneIn(3); // every third hides better: its money comes out at many addresses
        foreach (var note in notes)
        {
            Withdraw(time, pool, user, apart && _random.OneIn(2) ? Fresh() : _random.OneIn(25) ? side : to, Market(time), relayed: true, note);
            time += _random.OneIn(20) ? _random.Between(4 * 3_600, Day / 2) : _random.Between(30, 700);
        }
    }

    private int Deposit(long time, int pool, int user, AccountAddress from, ulong gas)
    {
        _deposits.Add((time, pool, user, from, gas, _notes));
        return _notes++;
    }

    private void Withdraw(long time, int pool, int user, AccountAddress to, ulong gas, bool relayed, int note) => _later.Add(() =>
    {
        // A gift: it goes to an address that belongs to another user.
        var paid = _random.OneIn(50) ? _depositors[_random.Below(_depositors.Count)].Address : to;
        _withdrawals.Add((time, pool, user, paid, gas, relayed, note));
        // Recipients spend: seldom at the address of a stranger who used a pool too, and then again.
        if (_random.OneIn(30))
        {
            var shop = _depositors[_random.Below(_depositors.Count)].Address;
            for (var payments = _random.Between(1, 5); payments > 0; payments--) Pay(paid, shop);
        }
    });

    private void Pay(AccountAddress one, AccountAddress other) => _outside.Add(_random.OneIn(2) ? new OutsideTransfer(one, other, FirstTime + _random.Below(Days * Day)) : new OutsideTransfer(other, one, FirstTime + _random.Below(Days * Day)));

    // Whole gwei that swing over the days; from EIP-1559 on to the wei, as wallets compute it.
    private ulong Market(long time)
    {
        var gwei = 40 + (ulong)Math.Abs((time - FirstTime) / Day % 60 - 30) * 3 + (ulong)_random.Below(20);
        return BlockAt(time) < 12_965_000 && !_random.OneIn(4) ? gwei * 1_000_000_000 : gwei * 1_000_000_000 + (ulong)_random.Below(1_000_000_000L);
    }

    private List<int> Pick(int count)
    {
        List<int> pools = [.. Enumerable.Range(0, Sizes.Length)];
        _random.Shuffle(pools);
        return [.. pools.Take(count).Order()];
    }

    private PoolBook Settle()
    {
        var pools = new List<PoolEvents>();
        for (var p = 0; p < Sizes.Length; p++)
        {
            var pool = p;
            var put = _deposits.Where(one => one.Pool == pool).OrderBy(one => one.Time).ThenBy(one => one.Note).ToList();
            var taken = _withdrawals.Where(one => one.Pool == pool).OrderBy(one => one.Time).ThenBy(one => one.Note).ToList();
            DepositTruth.Add(put.ConvertAll(one => (one.User, one.Note)));
            WithdrawalTruth.Add(taken.ConvertAll(one => (one.User, one.Note)));
            var denomination = new UInt256(0, Sizes[pool].Tenths * (UInt128)100_000_000_000_000_000);
            pools.Add(new PoolEvents(new Pool(Sizes[pool].Name + " ETH", denomination, "ETH", 18),
                [.. put.Select((one, leaf) => new PoolDeposit(Hash(), BlockAt(one.Time), Hash(), (uint)leaf) { Time = (uint)one.Time, Depositor = one.From, GasPrice = one.Gas })],
                [.. taken.Select(one => new PoolWithdrawal(Hash(), BlockAt(one.Time), one.To, Hash(), one.Relayed ? UInt256.MulDiv(denomination, 1, 100) : default) { Time = (uint)one.Time, GasPrice = one.Gas })]));
        }

        return new PoolBook(pools) { Outside = _outside };
    }

    private static uint BlockAt(long time) => FirstBlock + (uint)((time - FirstTime) / BlockTime);

    private AccountAddress Fresh()
    {
        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        _random.Fill(bytes);
        return new AccountAddress(bytes);
    }

    private Hash256 Hash()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        _random.Fill(bytes);
        return new Hash256(bytes);
    }
}
