using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tests.Evm;

/// <summary>What a user of pools does that may give the link away.</summary>
internal enum CrowdHabit
{
    /// <summary>A note, a relayer, a fresh address.</summary>
    Careful,

    /// <summary>Withdraws to the address that deposited.</summary>
    Reuse,

    /// <summary>Pays the address of the withdrawals three times outside.</summary>
    Linked,

    /// <summary>Pays it twice only.</summary>
    NearlyLinked,

    /// <summary>Takes from several pools the very numbers put in.</summary>
    Denominations,

    /// <summary>Does, but leaves a note behind.</summary>
    LeavesOne,

    /// <summary>A program that takes out at the pace at which it put in.</summary>
    Script,

    /// <summary>Collects at one address nearly all that was put in.</summary>
    Thief,

    /// <summary>Types an odd gas price to put in, and the same one to take out from an account with gas of its own.</summary>
    TypedGas,

    /// <summary>Does so at a round price that others pay too.</summary>
    MarketGas,

    /// <summary>Types an odd price; a relayer, or a friend who asks for nothing, takes out at that very price.</summary>
    Sponsored,
}

/// <summary>Who did what: of a deposit or a withdrawal that was sent.</summary>
/// <param name="Note">Which deposit it is, or spends.</param>
/// <param name="Block">In which it was mined.</param>
/// <param name="Address">Who put in, or was paid.</param>
/// <param name="Sender">Who sent it.</param>
internal sealed record CrowdAct(int User, int Pool, int Note, bool IsDeposit, ulong Block, AccountAddress Address, AccountAddress Sender, bool Relayed);

/// <summary>Forty-nine people who use three pools on a real node's chain, each with a habit, and the truth about them. It knows no rule.</summary>
internal sealed class PoolCrowd
{
    private const int Signers = 60;
    private readonly SeededRandom _random = new(20_260_401);
    private readonly SortedDictionary<int, List<Action>> _plan = [];
    private readonly Anvil _anvil;
    private readonly AccountAddress _relayer;
    private int _notes;
    private int _priced;

    internal PoolCrowd(Anvil anvil)
    {
        _anvil = anvil;
        _relayer = anvil.Accounts[Signers - 1];
        foreach (var size in Sizes) Pools.Add(anvil.Make(_relayer, "Mixer", 0, size));
        for (var i = 0; i < 12; i++) Person(CrowdHabit.Careful, 1);
        for (var i = 0; i < 8; i++) Person(CrowdHabit.Reuse, 2);
        for (var i = 0; i < 7; i++) Person(CrowdHabit.Linked, 1 + i % 2);
        for (var i = 0; i < 3; i++) Person(CrowdHabit.NearlyLinked, 1);
        foreach (var counts in new int[][] { [2, 1, 0], [1, 2, 0], [0, 1, 2], [1, 1, 1], [3, 1, 0], [1, 0, 3] }) Several(CrowdHabit.Denominations, counts, counts);
        Several(CrowdHabit.LeavesOne, [2, 2, 1], [2, 2, 0]);
        Script([1, 4, 2, 6, 3, 9, 5]);
        Script([7, 2, 5, 1, 8, 3, 4]);
        Heist();
        for (var i = 0; i < 4; i++) Priced(CrowdHabit.TypedGas, 11_111_111_013 + 987_654_321UL * (ulong)i);
        for (var i = 0; i < 3; i++) Priced(CrowdHabit.MarketGas, 20_000_000_000);
        Priced(CrowdHabit.Sponsored, 17_171_717_171, _relayer);
        Priced(CrowdHabit.Sponsored, 18_181_818_181, Victim);
        foreach (var (_, acts) in _plan)
        {
            foreach (var act in acts) act();
            anvil.Mine();
        }
    }

    internal static IReadOnlyList<string> Options { get; } = ["--accounts", $"{Signers}", "--gas-limit", "1000000000"];

    /// <summary>Wei of a note, by pool.</summary>
    internal static IReadOnlyList<ulong> Sizes { get; } = [Bazaar.Ether, Bazaar.Ether / 10, 5 * Bazaar.Ether];

    internal List<AccountAddress> Pools { get; } = [];

    internal List<CrowdHabit> Habits { get; } = [];

    /// <summary>By the transaction.</summary>
    internal Dictionary<Hash256, CrowdAct> Acts { get; } = [];

    internal AccountAddress Relayer => _relayer;

    internal AccountAddress Victim => _anvil.Accounts[Signers - 2];

    internal AccountAddress Thief => Wallet(Habits.IndexOf(CrowdHabit.Thief));

    internal AccountAddress ThiefsHeir { get; private set; }

    /// <summary>The theft's transaction: forty coins.</summary>
    internal Hash256 Theft { get; private set; }

    internal static UInt256 Fee(int pool) => Sizes[pool] / 100;

    private AccountAddress Wallet(int user) => _anvil.Accounts[user];

    private int Add(CrowdHabit habit)
    {
        Habits.Add(habit);
        return Habits.Count - 1;
    }

    private void Person(CrowdHabit habit, int notes)
    {
        var user = Add(habit);
        var (pool, mine, kept) = (_random.Below(3), Wallet(user), Fresh());
        for (var note = 0; note < notes; note++)
        {
            var slot = _random.Between(1, 60);
            var put = Deposit(slot, user, pool);
            Withdraw(slot + _random.Between(10, 60), user, pool, put, habit == CrowdHabit.Reuse ? mine : kept, relayed: habit != CrowdHabit.Reuse);
        }

        var payments = habit switch { CrowdHabit.Linked => 3, CrowdHabit.NearlyLinked => 2, _ => 0 };
        for (; payments > 0; payments--) Plan(_random.Between(1, 120), () => _anvil.Send(mine, kept, 1_000, [], 100_000));
    }

    private void Several(CrowdHabit habit, int[] puts, int[] takes)
    {
        var (user, to) = (Add(habit), Fresh());
        for (var pool = 0; pool < 3; pool++)
            for (var note = 0; note < puts[pool]; note++)
            {
                var put = Deposit(_random.Between(1, 60), user, pool);
                if (note < takes[pool]) Withdraw(_random.Between(65, 120), user, pool, put, to, relayed: true);
            }
    }

    // The pauses between its deposits, in blocks, are those between its withdrawals.
    private void Script(int[] pauses)
    {
        var (user, to, slot) = (Add(CrowdHabit.Script), Fresh(), _random.Between(1, 15));
        foreach (var pause in pauses.Append(0))
        {
            var put = Deposit(slot, user, 0);
            Withdraw(slot + 55, user, 0, put, to, relayed: true);
            slot += pause;
        }
    }

    private void Heist()
    {
        var user = Add(CrowdHabit.Thief);
        ThiefsHeir = Fresh();
        Plan(1, () => Theft = _anvil.Send(Victim, Wallet(user), 40 * (UInt128)Bazaar.Ether, [], 100_000));
        for (var note = 0; note < 14; note++)
        {
            var put = Deposit(_random.Between(2, 50), user, 0);
            if (note > 0) Withdraw(_random.Between(60, 120), user, 0, put, ThiefsHeir, relayed: true);
        }
    }

    // Recipients that send need gas: they are among the last of the accounts that have some.
    private void Priced(CrowdHabit habit, ulong price, AccountAddress? sponsor = null)
    {
        var user = Add(habit);
        var (pool, slot, to) = (habit == CrowdHabit.MarketGas ? 1 : _random.Below(3), _random.Between(1, 60), Wallet(Signers - 3 - _priced++));
        Withdraw(slot + _random.Between(10, 60), user, pool, Deposit(slot, user, pool, price), to, relayed: sponsor == _relayer, price, sponsor);
    }

    private int Deposit(int slot, int user, int pool, ulong? price = null)
    {
        var note = _notes++;
        Plan(slot, () => Acts.Add(_anvil.SendAt(price, Wallet(user), Pools[pool], Sizes[pool], "deposit(bytes32)", 1_000_000 + (ulong)note), new CrowdAct(user, pool, note, true, _anvil.Height + 1, Wallet(user), Wallet(user), false)));
        return note;
    }

    private void Withdraw(int slot, int user, int pool, int note, AccountAddress to, bool relayed, ulong? price = null, AccountAddress? sender = null) => Plan(slot, () => Acts.Add(
        _anvil.SendAt(price, sender ?? (relayed ? _relayer : to), Pools[pool], 0, "withdraw(bytes32,address,address,uint256)", 2_000_000 + (ulong)note, Anvil.Word(to), relayed ? Anvil.Word(_relayer) : 0, relayed ? Fee(pool) : 0),
        new CrowdAct(user, pool, note, false, _anvil.Height + 1, to, sender ?? (relayed ? _relayer : to), relayed)));

    private void Plan(int slot, Action act)
    {
        if (!_plan.TryGetValue(slot, out var acts)) _plan.Add(slot, acts = []);
        acts.Add(act);
    }

    private AccountAddress Fresh()
    {
        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        _random.Fill(bytes);
        return new AccountAddress(bytes);
    }
}
