namespace Haetae.Cli.Exercise;

/// <content>Before the theft, the theft, and the split into branches.</content>
internal sealed partial class Heist
{
    private readonly List<Coin> _clean = [];
    private Coin? _peelBranch, _joinBranch, _mixBranch, _openBranch;

    private void BuyCleanCoins()
    {
        var amounts = (long[])[_random.Between(90_000_000, 190_000_000), _random.Between(60_000_000, 120_000_000)];
        List<(Destination, long)> order = [(Own(), amounts[0]), (Own(ScriptKind.P2tr), amounts[1])];
        var bought = _first.PayOut(_chain, _random, order, Rate())
            ?? throw new InvalidOperationException($"{_first.Name} could not pay out the thief's purchase.");
        _clean.AddRange(bought.Coins.Where(c => c.To.Holder == _thief));
        Story.TouchAll(bought.Payment);
        Story.Tell("clean coins", bought, $"Hours before, the thief buys {Story.Coins(amounts[0] + amounts[1])} honestly at {_first.Name}.");
    }

    private void Steal()
    {
        var payment = new Payment().Spend(Victim.Hot.TakeLargest(6));
        var loot = payment.Paid / 1000 * _random.Between(850, 930) + _random.Below(1_000_000);
        var parts = (long[])[loot / 100 * 55, loot / 100 * 33, 0];
        parts[2] = loot - parts[0] - parts[1];
        payment.Pay(Own(), parts[0]).Pay(Own(ScriptKind.P2sh), parts[1]).Pay(Own(ScriptKind.P2tr), parts[2]);
        payment.PayRest(Victim.Hot.Fresh(), rate: 45, index: 1);

        Theft = _chain.Add(payment);
        foreach (var coin in Theft.Coins)
        {
            if (coin.To.Holder != _thief) continue;
            _spoils.Add(coin);
            Book.Steal(coin);
        }

        Story.TouchAll(payment);
        Story.Tell("theft", Theft,
            $"With stolen keys, {payment.Inputs.Count} coins of the hot wallet of {Victim.Name} are spent: {Story.Coins(loot)} go to three addresses "
            + "of the thief, the change stays with the exchange.");
        Hold(Theft, _spoils[2]);
    }

    private void Split()
    {
        var rate = Rate();
        var payment = new Payment().Spend(_spoils[0]).Spend(_spoils[1]);
        var part = payment.Paid / 100;
        payment.Pay(Own(), part * 36).Pay(Own(), part * 22).Pay(Own(ScriptKind.P2wsh), part * 17).Pay(Own(ScriptKind.P2pkh), part * 13);
        payment.PayRest(Own(ScriptKind.P2tr), rate);
        var sent = Send("split", payment, s =>
            $"Two of the three stolen outputs are joined and split into {s.Coins.Length} branches; the third is never moved.");
        (_peelBranch, _joinBranch, _mixBranch, _openBranch) = (sent.Coins[0], sent.Coins[1], sent.Coins[2], sent.Coins[3]);
        Hold(sent, sent.Coins[4]);
    }
}
