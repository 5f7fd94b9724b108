using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Cli.Accuracy;

/// <summary>A made-up world of customers who pay into an exchange, with the habits that mislead the rule of deposit addresses; the truth is known.</summary>
/// <remarks>
/// 400 customers with one to four accounts and one or two deposit addresses. Of their deposits one in twenty is forwarded late and one in ten together with the next one; a gas tank
/// pays for forwarding tokens. Some are paid by a friend. A large exchange pays withdrawals straight into 120 customers' addresses, a small one into six. And people who
/// pass on what they got, to the exchange's main account, within the hour.
/// </remarks>
internal sealed class DepositWorld
{
    private const int Customers = 400, Deposits = 6_000, LastBlock = 200_000;
    private static readonly UInt128 s_gwei = 1_000_000_000;

    private readonly SeededRandom _random;
    private readonly int _friends;
    private readonly List<(uint Block, int Order, AccountAddress From, AccountAddress To, AssetName Asset, UInt256 Amount)> _transfers = [];
    private ulong _next = 1;

    /// <param name="friends">One deposit in so many is paid by another customer.</param>
    internal DepositWorld(ulong seed, int friends)
    {
        _friends = friends;
        _random = new SeededRandom(seed);
        Service = Account("service");
        Build();
        Ledger = Sorted();
    }

    internal AccountTable Ledger { get; }

    internal AccountAddress Service { get; }

    /// <summary>Who owns an account: "customer 7", "service", "large exchange"….</summary>
    internal Dictionary<AccountAddress, string> Owners { get; } = [];

    /// <summary>Every deposit address.</summary>
    internal HashSet<AccountAddress> DepositAddresses { get; } = [];

    /// <summary>Accounts that paid into a deposit address of their owner's own.</summary>
    internal HashSet<AccountAddress> Payers { get; } = [];

    private static AssetName Ether => AssetName.Native(ChainName.Ethereum);

    private static AssetName Usdt => AssetName.Token(ChainName.Ethereum, AccountAddress.Parse("0xdAC17F958D2ee523a2206206994597C13D831ec7"));

    private void Build()
    {
        var customers = Enumerable.Range(0, Customers).Select(number => (
            Accounts: Enumerable.Range(0, 1 + (int)_random.Below(4)).Select(_ => Account($"customer {number}")).ToArray(),
            Deposits: Enumerable.Range(0, _random.OneIn(5) ? 2 : 1).Select(_ => Account($"customer {number}")).ToArray())).ToArray();
        foreach (var customer in customers) DepositAddresses.UnionWith(customer.Deposits);
        AccountAddress tank = Account("gas tank"), large = Account("large exchange"), small = Account("small exchange");
        for (var i = 0; i < Deposits; i++)
        {
            var at = (int)_random.Below(Customers);
            var (accounts, deposits) = customers[at];
            var deposit = Pick(deposits);
            var payer = Pick(accounts);
            if (_random.OneIn(_friends)) payer = Pick(Pick(customers).Accounts);
            else if (at < 120 && _random.OneIn(4)) payer = large;
            else if (at is >= 120 and < 126 && _random.OneIn(4)) payer = small;
            if (Owners[payer] == Owners[deposit]) Payers.Add(payer);
            Deposit(payer, deposit, tank);
        }

        for (var i = 0; i < 1_000; i++)
        {
            var (from, to) = (Pick(Pick(customers).Accounts), Pick(Pick(customers).Accounts));
            var (block, amount) = (Block(), Amount());
            Add(block, from, to, Ether, amount);
            // Passed on to the exchange's main account itself: it looks like a deposit address.
            if (_random.OneIn(20)) Add(block + (uint)_random.Between(10, 300), to, Service, Ether, amount - Gas());
        }
    }

    private void Deposit(AccountAddress payer, AccountAddress deposit, AccountAddress tank)
    {
        var block = Block();
        var isLate = _random.OneIn(20);
        var forwarded = block + (uint)(isLate ? _random.Between(3_300, 20_000) : _random.Between(5, 2_000));
        if (_random.OneIn(3))
        {
            var dollars = (UInt128)_random.Between(50, 50_000) * 1_000_000 + (UInt128)_random.Below(1_000_000);
            Add(block, payer, deposit, Usdt, dollars);
            Add(forwarded - 2, tank, deposit, Ether, s_gwei * 3_000_000);
            Add(forwarded, deposit, Service, Usdt, dollars);
            return;
        }

        var amount = Amount();
        Add(block, payer, deposit, Ether, amount);
        if (_random.OneIn(10))
        {
            // Two receipts, one forwarding: which the rule cannot see.
            var second = Amount();
            Add(block + 3, payer, deposit, Ether, second);
            amount += second;
        }

        Add(forwarded, deposit, Service, Ether, amount - Gas());
    }

    // 0.02 to 50 coins, to the gwei.
    private UInt128 Amount() => s_gwei * (UInt128)_random.Between(20_000_000, 50_000_000_000);

    // 0.0004 to 0.008 coins.
    private UInt128 Gas() => s_gwei * (UInt128)_random.Between(400_000, 8_000_000);

    private uint Block() => (uint)_random.Between(1, LastBlock);

    private T Pick<T>(T[] items) => items[(int)_random.Below(items.Length)];

    private AccountAddress Account(string owner)
    {
        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)_random.Below(256);
        bytes[^1] = (byte)_next++;
        var address = new AccountAddress(bytes);
        Owners.Add(address, owner);
        return address;
    }

    private void Add(uint block, AccountAddress from, AccountAddress to, AssetName asset, UInt256 amount) => _transfers.Add((block, _transfers.Count, from, to, asset, amount));

    private AccountTable Sorted()
    {
        var table = new AccountTableBuilder(ChainName.Ethereum);
        var id = new byte[Hash256.Size];
        foreach (var (block, order, from, to, asset, amount) in _transfers.OrderBy(transfer => transfer.Block).ThenBy(transfer => transfer.Order))
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(id, order);
            table.AddTransaction(new Hash256(id), 1_600_000_000 + 12 * block, block);
            table.AddTransfer(from, to, asset, amount, asset == Ether ? TransferKind.External : TransferKind.Token);
        }

        return table.Build();
    }
}
