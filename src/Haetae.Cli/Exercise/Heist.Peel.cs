namespace Haetae.Cli.Exercise;

/// <content>The peel chain: a large coin pays a little and moves on, twenty times; some of the pieces are gathered again.</content>
internal sealed partial class Heist
{
    // Whom each hop pays: 1 and 2 an account at the first or second other exchange, F a fresh address of the thief, S a stranger.
    private const string Hops = "1FS2F1SF12F2SF1FS212";

    private readonly List<Coin> _peels = [];
    private Coin? _gathered;

    private void Peel(int hop)
    {
        var source = _peelBranch!;
        var to = Hops[hop] switch
        {
            '1' => Account(_first),
            '2' => Account(_second),
            'F' => Own(),
            _ => _economy.AnyPerson().Fresh(),
        };
        var payment = new Payment().Spend(source);
        payment.Pay(to, source.Amount / 1000 * _random.Between(12, 34) + _random.Below(1000));
        var rest = Own();
        payment.PayRest(rest, Rate(), _random.Below(2));
        var paid = payment.Outputs.Find(o => o.To == to).Amount;
        var sent = Send("peel", payment, _ => $"Peel {hop + 1} of {Hops.Length}: {Story.Coins(paid)} {Reason(to)}, the rest moves on.");
        var peel = Array.Find(sent.Coins, c => c.To == to)!;
        _peelBranch = Array.Find(sent.Coins, c => c.To == rest)!;
        if (to.Holder == _thief) _peels.Add(peel);
        else if (to.Customer is not null) Deposited(sent, peel);
        else Book.Settle(sent, peel, Ending.Paid);
        if (hop == Hops.Length - 1) Hold(sent, _peelBranch);
    }

    private void Consolidate()
    {
        var sent = Send("consolidation", new Payment().Spend(_peels).PayRest(Own(ScriptKind.P2tr), Rate()),
            s => $"{_peels.Count} peeled pieces come together again: {Story.Coins(s.Coins[0].Amount)}.");
        _gathered = sent.Coins[0];
    }

    private void CashOutPeels()
    {
        var payment = new Payment().Spend(_gathered!).Pay(Account(_second), _gathered!.Amount / 100 * 62).PayRest(Own(), Rate());
        var sent = Send("deposit", payment, s =>
            $"{Story.Coins(s.Coins[0].Amount)} of the gathered pieces are deposited at {_second.Name}, the rest is kept.");
        Deposited(sent, sent.Coins[0]);
        Hold(sent, sent.Coins[1]);
    }

    private static string Reason(Destination to) => to.Customer is not null ? $"to an account at {to.Holder.Name}"
        : to.Holder.Role == "thief" ? "to a fresh address of the thief"
        : $"to a stranger, {to.Holder.Name}, for goods";
}
