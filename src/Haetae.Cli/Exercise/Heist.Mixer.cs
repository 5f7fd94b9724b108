namespace Haetae.Cli.Exercise;

/// <content>Washing a part at a mixer that keeps coins.</content>
internal sealed partial class Heist
{
    private Coin? _mixerBranch;

    private void UseMixer()
    {
        var branch = _mixerBranch!;
        var mixer = _economy.Mixer;
        var account = mixer.House.DepositFor(Mixer.Regulars, "an account of the thief");
        var payment = new Payment().Spend(branch).Pay(account, branch.Amount / 100 * 64).PayRest(Own(), Rate());
        var sent = Send("mixer", payment, s => $"{Story.Coins(s.Coins[0].Amount)} of what was kept go to {mixer.House.Name}; it pays other customers' coins back later.");
        Deposited(sent, sent.Coins[0]);
        Hold(sent, sent.Coins[1]);
        mixer.Owe(sent.Coins[0], sent.Height, () => Own(ScriptKind.P2tr));
    }

    /// <summary>Takes note of a payment of the mixer if the thief is among those paid.</summary>
    public void Notice(Confirmed payout)
    {
        var own = Array.FindAll(payout.Coins, coin => coin.To.Holder == _thief);
        if (own.Length == 0) return;
        foreach (var coin in own) Story.Touch(coin.To);
        Story.Tell("payout", payout, $"{_economy.Mixer.House.Name} pays the thief {Story.Coins(own.Sum(coin => coin.Amount))} in other customers' coins.");
    }
}
