using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Evm;

/// <summary>A chain on which everything happens that a ledger must get right: payments, swaps, failures, contracts that end, a mixer, a bridge.</summary>
internal sealed class Bazaar
{
    internal const ulong Ether = 1_000_000_000_000_000_000;

    private readonly Anvil _anvil;

    internal AccountAddress Maker { get; }

    internal AccountAddress Thief { get; }

    internal AccountAddress Friend { get; }

    /// <summary>Somebody who never signs.</summary>
    internal AccountAddress Heir { get; } = AccountAddress.Parse("0x00000000000000000000000000000000000ca11e");

    internal AccountAddress Gold { get; }

    internal AccountAddress Silver { get; }

    internal AccountAddress Weth { get; }

    internal AccountAddress Toll { get; }

    internal AccountAddress Sly { get; }

    internal AccountAddress Things { get; }

    internal AccountAddress Kinds { get; }

    internal AccountAddress GoldSilver { get; }

    internal AccountAddress GoldSilver2 { get; }

    internal AccountAddress SilverWeth { get; }

    internal AccountAddress Router { get; }

    internal AccountAddress Aggregator { get; }

    internal AccountAddress Breaker { get; }

    internal AccountAddress Factory { get; }

    internal AccountAddress Mixer { get; }

    internal AccountAddress Bridge { get; }

    /// <summary>Transactions by what they do.</summary>
    internal Dictionary<string, Hash256> Sent { get; } = [];

    internal Bazaar(Anvil anvil)
    {
        _anvil = anvil;
        (Maker, Thief, Friend) = (anvil.Accounts[0], anvil.Accounts[1], anvil.Accounts[2]);
        Gold = anvil.Make(Maker, "Coin", 0, 1_000_000_000);
        Silver = anvil.Make(Maker, "Coin", 0, 5_000_000_000);
        Weth = anvil.Make(Maker, "Weth", 0);
        Toll = anvil.Make(Maker, "TollCoin", 0, 1_000_000, Word(Friend));
        Sly = anvil.Make(Maker, "SlyCoin", 0, 1_000_000);
        Things = anvil.Make(Maker, "Things", 0);
        Kinds = anvil.Make(Maker, "Kinds", 0);
        GoldSilver = anvil.Make(Maker, "Pool", 0, Word(Gold), Word(Silver));
        GoldSilver2 = anvil.Make(Maker, "Pool", 0, Word(Gold), Word(Silver));
        SilverWeth = anvil.Make(Maker, "Pool", 0, Word(Silver), Word(Weth));
        Router = anvil.Make(Maker, "Router", 0, Word(Weth));
        Aggregator = anvil.Make(Maker, "Aggregator", 0);
        Breaker = anvil.Make(Maker, "Breaker", 0);
        Factory = anvil.Make(Maker, "Factory", 0);
        Mixer = anvil.Make(Maker, "Mixer", 0, Ether);
        Bridge = anvil.Make(Maker, "Bridge", 0);
        Stock();
        Trade();
        Height = anvil.Height;
    }

    /// <summary>The block with which it is complete.</summary>
    internal ulong Height { get; }

    internal IEnumerable<AccountAddress> Coins => [Gold, Silver, Weth, Toll];

    internal static UInt256 Word(AccountAddress address) => Anvil.Word(address);

    private void Do(string name, AccountAddress from, AccountAddress to, UInt256 value, string signature, params UInt256[] words) => Sent.Add(name, _anvil.Send(from, to, value, signature, words));

    /// <summary>Fills the pools and hands the thief something to trade with.</summary>
    private void Stock()
    {
        Do("stock gold", Maker, Gold, 0, "transfer(address,uint256)", Word(GoldSilver), 10_000_000);
        Do("stock silver", Maker, Silver, 0, "transfer(address,uint256)", Word(GoldSilver), 50_000_000);
        Do("stock gold 2", Maker, Gold, 0, "transfer(address,uint256)", Word(GoldSilver2), 20_000_000);
        Do("stock silver 2", Maker, Silver, 0, "transfer(address,uint256)", Word(GoldSilver2), 90_000_000);
        Do("wrap for the pool", Maker, Weth, 40 * (UInt128)Ether, "deposit()");
        Do("stock weth", Maker, Weth, 0, "transfer(address,uint256)", Word(SilverWeth), 30 * (UInt128)Ether);
        Do("stock silver 3", Maker, Silver, 0, "transfer(address,uint256)", Word(SilverWeth), 60_000_000);
        _anvil.Mine();
        Do("sync", Maker, GoldSilver, 0, "sync()");
        Do("sync 2", Maker, GoldSilver2, 0, "sync()");
        Do("sync 3", Maker, SilverWeth, 0, "sync()");
        Do("theft", Maker, Gold, 0, "transfer(address,uint256)", Word(Thief), 900_000);
        Do("bridge float", Maker, Silver, 0, "transfer(address,uint256)", Word(Bridge), 700_000);
        Do("breaker float", Maker, Gold, 0, "transfer(address,uint256)", Word(Breaker), 1_000);
        _anvil.Mine();
    }

    private void Trade()
    {
        Sent.Add("pay", _anvil.Send(Thief, Friend, 3 * (UInt128)Ether, "thanks for the fish"u8));
        Do("swap", Thief, Router, 0, "swap(address,address,uint256,address)", Word(GoldSilver), Word(Gold), 100_000, Word(Thief));
        Do("swap to another", Thief, Router, 0, "swap(address,address,uint256,address)", Word(GoldSilver), Word(Gold), 50_000, Word(Heir));
        Do("hop", Thief, Router, 0, "hop(address,address,address,address,uint256,address)", Word(GoldSilver), Word(Gold), Word(SilverWeth), Word(Silver), 200_000, Word(Thief));
        Do("aggregate", Thief, Aggregator, 0, "swap(address,address,address,address,uint256,address)", Word(GoldSilver), Word(GoldSilver2), Word(Gold), Word(Silver), 90_000, Word(Friend));
        _anvil.Mine();
        Do("buy with coin", Friend, Router, 2 * (UInt128)Ether, "buyWithCoin(address,address)", Word(SilverWeth), Word(Heir));
        Do("sell for coin", Thief, Router, 0, "sellForCoin(address,address,uint256,address)", Word(SilverWeth), Word(Silver), 100_000, Word(Heir));
        Do("wrap", Thief, Weth, 5 * (UInt128)Ether, "deposit()");
        Sent.Add("wrap by paying", _anvil.Send(Thief, Weth, Ether, []));
        Do("unwrap", Thief, Weth, 0, "withdraw(uint256)", 2 * (UInt128)Ether);
        _anvil.Mine();
        Do("toll", Maker, Toll, 0, "transfer(address,uint256)", Word(Thief), 50_000);
        Do("sly", Maker, Sly, 0, "transfer(address,uint256)", Word(Thief), 50_000);
        Do("burn", Maker, Gold, 0, "burn(uint256)", 12_345);
        Do("nothing", Thief, Gold, 0, "transfer(address,uint256)", Word(Friend), 0);
        Do("thing", Maker, Things, 0, "make(uint256)", 77);
        Do("thing given", Maker, Things, 0, "give(address,uint256)", Word(Thief), 77);
        Do("kinds", Maker, Kinds, 0, "makeTwo(uint256,uint256,uint256)", 1, 2, 500);
        Do("kind given", Maker, Kinds, 0, "give(address,uint256,uint256)", Word(Friend), 2, 30);
        _anvil.Mine();
        Do("attempt", Thief, Breaker, 1000, "attempt(address,address)", Word(Gold), Word(Heir));
        Do("fail", Thief, Breaker, 1000, "fail(address,address)", Word(Gold), Word(Heir));
        Do("make child", Friend, Factory, Ether, "make()");
        Do("end child", Friend, Factory, 0, "end(address)", Word(Heir));
        Do("make child at", Friend, Factory, Ether / 2, "makeAt(bytes32)", 9);
        Do("flash", Friend, Factory, Ether / 4, "flash(address)", Word(Heir));
        _anvil.Mine();
        Do("mix", Thief, Mixer, Ether, "deposit(bytes32)", 1001);
        Do("mix 2", Friend, Mixer, Ether, "deposit(bytes32)", 1002);
        _anvil.Mine(3);
        Do("unmix", Maker, Mixer, 0, "withdraw(bytes32,address,address,uint256)", 2001, Word(Heir), Word(Maker), Ether / 100);
        Do("unmix alone", Thief, Mixer, 0, "withdraw(bytes32,address,address,uint256)", 2002, Word(Thief), 0, 0);
        Do("lock", Thief, Bridge, 0, "send(address,address,uint256,uint64,uint64,uint32)", Word(Heir), Word(Gold), 30_000, 56, 1, 5000);
        Do("release", Maker, Bridge, 0, "relay(address,address,address,uint256,uint64,bytes32)", Word(Thief), Word(Heir), Word(Silver), 29_900, 31337, 4242);
        _anvil.Mine();
    }

    internal static AssetName Token(AccountAddress contract) => AssetName.Token(ChainName.Evm(31337), contract);

    internal static AssetName Native { get; } = AssetName.Native(ChainName.Evm(31337));
}
