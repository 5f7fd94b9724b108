using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Evm;

/// <summary>A theft of coin that is mixed with honest coin and then spent in every way there is, and what the node and its contracts answered to each step.</summary>
internal sealed class Heist
{
    private readonly Anvil _anvil;
    private readonly List<Action<Reckoning>> _steps = [];

    /// <summary>The stolen payment.</summary>
    internal Hash256 Theft { get; }

    internal AccountAddress Crook { get; }

    /// <summary>Whom the crook pays.</summary>
    internal AccountAddress Mate { get; }

    /// <summary>Whom the contract pays that the crook calls.</summary>
    internal AccountAddress Payee { get; }

    /// <summary>Who draws from the mixer.</summary>
    internal AccountAddress Drawer { get; }

    internal AccountAddress Till { get; }

    internal Hash256 Withdrawal { get; }

    internal Hash256 Failure { get; }

    internal Heist(Anvil anvil, Bazaar bazaar)
    {
        _anvil = anvil;
        (Crook, Mate, Payee, Drawer) = (anvil.Newcomer(), anvil.Newcomer(), anvil.Newcomer(), anvil.Newcomer());
        Till = anvil.Make(bazaar.Maker, "Till", 0);
        var (weth, silver) = (Bazaar.Token(bazaar.Weth), Bazaar.Token(bazaar.Silver));
        var ether = (UInt128)Bazaar.Ether;

        anvil.Send(bazaar.Friend, Crook, 5 * ether, []);
        anvil.Mine();
        var honest = Coin(Crook);
        _steps.Add(books => books.Open(Crook, Bazaar.Native, honest));
        Theft = anvil.Send(bazaar.Friend, Crook, 7 * ether, []);
        anvil.Mine();
        var stolen = Coin(Crook) - honest;
        _steps.Add(books => books.Arrive(Crook, Bazaar.Native, stolen, stolen));
        Failure = Do(() => _ => { }, () => anvil.Send(Crook, Till, ether, "lose(address)", Anvil.Word(Payee)));
        Do(Paid(Mate), () => anvil.Send(Crook, Mate, 3 * ether, []));
        var before = Coin(Crook);
        anvil.Send(bazaar.Friend, Crook, 2 * ether, []);
        anvil.Mine();
        var more = Coin(Crook) - before;
        _steps.Add(books => books.Open(Crook, Bazaar.Native, more));

        Do(Got(weth, given: () => Coin(bazaar.Weth), Bazaar.Native), () => anvil.Send(Crook, bazaar.Weth, 4 * ether, "deposit()"));
        Do(Got(silver, given: () => Token(weth, bazaar.SilverWeth), weth),
            () => anvil.Send(Crook, bazaar.Router, 0, "swap(address,address,uint256,address)", Anvil.Word(bazaar.SilverWeth), Anvil.Word(bazaar.Weth), 3 * ether / 2, Anvil.Word(Crook)));
        Do(Unwrapped(bazaar.Weth, weth), () => anvil.Send(Crook, bazaar.Weth, 0, "withdraw(uint256)", ether));
        Do(PaidThrough(), () => anvil.Send(Crook, Till, ether, "pay(address)", Anvil.Word(Payee)));
        Do(PaidToken(silver), () => anvil.Send(Crook, bazaar.Silver, 0, "transfer(address,uint256)", Anvil.Word(Mate), (UInt128)(Token(silver, Crook) / 3)));
        Do(Paid(bazaar.Mixer), () => anvil.Send(Crook, bazaar.Mixer, ether, "deposit(bytes32)", 7007));
        Withdrawal = anvil.Send(bazaar.Maker, bazaar.Mixer, 0, "withdraw(bytes32,address,address,uint256)", 8008, Anvil.Word(Drawer), Anvil.Word(bazaar.Maker), ether / 100);
        anvil.Mine();
    }

    /// <summary>Goes through all steps with somebody's books.</summary>
    internal Reckoning Reckon(Reckoning books)
    {
        foreach (var step in _steps) step(books);
        return books;
    }

    internal BigInteger Coin(AccountAddress who) => _anvil.Balance(who, _anvil.Height);

    internal BigInteger Token(AssetName coin, AccountAddress who) => _anvil.Read(coin.Contract, _anvil.Height, "balanceOf(address)", Anvil.Word(who));

    /// <summary>A block of one transaction. What is asked before is asked already; what the answers after it make of the step is added, and the fee, which comes last.</summary>
    private Hash256 Do(Func<Action<Reckoning>> answers, Func<Hash256> send)
    {
        var hash = send();
        _anvil.Mine();
        var (tip, burnt) = Fee(hash);
        var step = answers();
        _steps.Add(books =>
        {
            step(books);
            books.PayFee(Crook, Bazaar.Native, tip, burnt);
        });
        return hash;
    }

    private Func<Action<Reckoning>> Paid(AccountAddress to)
    {
        var before = Coin(to);
        return () =>
        {
            var paid = Coin(to) - before;
            return books => books.Pay(Crook, to, Bazaar.Native, paid);
        };
    }

    private Func<Action<Reckoning>> PaidToken(AssetName coin)
    {
        var before = Token(coin, Mate);
        return () =>
        {
            var paid = Token(coin, Mate) - before;
            return books => books.Pay(Crook, Mate, coin, paid);
        };
    }

    private Func<Action<Reckoning>> PaidThrough()
    {
        var (till, payee) = (Coin(Till), Coin(Payee));
        return () =>
        {
            var on = Coin(Payee) - payee;
            var paid = Coin(Till) - till + on;
            return books =>
            {
                books.Pay(Crook, Till, Bazaar.Native, paid);
                books.Pay(Till, Payee, Bazaar.Native, on);
            };
        };
    }

    private Func<Action<Reckoning>> Got(AssetName coin, Func<BigInteger> given, AssetName paidWith)
    {
        var (before, paidBefore) = (Token(coin, Crook), given());
        return () =>
        {
            var (got, paid) = (Token(coin, Crook) - before, given() - paidBefore);
            return books => books.Exchange(Crook, paidWith, paid, coin, got);
        };
    }

    private Func<Action<Reckoning>> Unwrapped(AccountAddress contract, AssetName coin)
    {
        var (before, reserve) = (Token(coin, Crook), Coin(contract));
        return () =>
        {
            var (given, got) = (before - Token(coin, Crook), reserve - Coin(contract));
            return books => books.Exchange(Crook, coin, given, Bazaar.Native, got);
        };
    }

    private (BigInteger Tip, BigInteger Burnt) Fee(Hash256 hash)
    {
        var receipt = _anvil.Ask("eth_getTransactionReceipt", "0x" + hash)!;
        var basePrice = Number((string)_anvil.Ask("eth_getBlockByNumber", (string)receipt["blockNumber"]!, false)!["baseFeePerGas"]!);
        var gas = Number((string)receipt["gasUsed"]!);
        return (gas * (Number((string)receipt["effectiveGasPrice"]!) - basePrice), gas * basePrice);
    }

    private static BigInteger Number(string hex) => UInt256.TryParseHex(hex, out var number) ? number : throw new FormatException(hex);
}
