namespace Haetae.Cli.Exercise;

/// <content>Hiding among others: the CoinJoin, the mixing with clean coins, the open deposits.</content>
internal sealed partial class Heist
{
    private const int Others = 7;

    private readonly List<Seat> _seats = [];
    private long _denomination;

    private void PrepareSeats()
    {
        var branch = _joinBranch!;
        _denomination = Math.Max(1, branch.Amount / 400_000_000) * 100_000_000;
        if (3 * _denomination > branch.Amount) _denomination = branch.Amount / 3;
        var payment = new Payment().Spend(branch).Pay(Own(), branch.Amount / 100 * 55).PayRest(Own(), Rate());
        var sent = Send("two seats", payment, _ => "One branch is cut in two, for two seats in a CoinJoin.");
        foreach (var coin in sent.Coins) _seats.Add(new Seat(coin, Own(), Own()));
    }

    private void InviteOthers()
    {
        var payer = _first.Hot.Balance > _second.Hot.Balance ? _first : _second;
        var people = new List<Wallet>();
        while (people.Count < Others)
        {
            var person = _economy.AnyPerson();
            if (!people.Contains(person)) people.Add(person);
        }

        var order = people.ConvertAll(p => (
            To: _mint.Make(ScriptKind.P2wpkh, new Vault(p.Name, "person")),
            Amount: _denomination / 100 * _random.Between(104, 190) + _random.Below(100_000)));
        Confirmed? paid;
        while ((paid = payer.PayOut(_chain, _random, order, Rate())) is null)
        {
            // An exchange with little in its hot wallet makes it a round of smaller seats.
            if (_denomination < 1_000_000) throw new InvalidOperationException($"{payer.Name} could not pay the other participants of the CoinJoin.");
            _denomination /= 2;
            order = order.ConvertAll(one => (one.To, one.Amount / 2));
        }

        for (var i = 0; i < people.Count; i++)
        {
            var coin = Array.Find(paid.Coins, c => c.To == order[i].To)!;
            _seats.Add(new Seat(coin, people[i].Fresh(), people[i].Fresh()));
        }
    }

    private void Join()
    {
        var payment = CoinJoinRound.Draw(_seats, _denomination, Rate(), _random);
        var joined = _chain.Add(payment);
        var own = Array.FindAll(joined.Coins, c => c.To.Holder == _thief);
        Book.Move(joined, payment.Inputs.FindAll(c => c.To.Holder == _thief), own);
        foreach (var coin in own) Book.Settle(joined, coin, coin.Amount == _denomination ? Ending.CoinJoin : Ending.Held);
        Story.TouchAll(payment);
        Story.Tell("coinjoin", joined,
            $"A CoinJoin of {_seats.Count} seats with {Story.Coins(_denomination)} each; two seats are the thief's, {Others} belong to honest people.");
    }

    private void Mix()
    {
        var payment = new Payment().Spend(_clean[0]).Spend(_mixBranch!).Spend(_clean[1]);
        payment.Pay(Own(), payment.Paid / 100 * 30).Pay(Account(_first), payment.Paid / 100 * 45).PayRest(Own(ScriptKind.P2wsh), Rate());
        var clean = _clean[0].Amount + _clean[1].Amount;
        var sent = Send("mixing", payment, s =>
            $"A branch is spent together with {Story.Coins(clean)} of the thief's honest coins; {Story.Coins(s.Coins[1].Amount)} go to "
            + $"{_first.Name}, the rest is kept.");
        Hold(sent, sent.Coins[0]);
        Deposited(sent, sent.Coins[1]);
        Hold(sent, sent.Coins[2]);
    }

    private void DepositOpenly()
    {
        var branch = _openBranch!;
        var payment = new Payment().Spend(branch)
            .Pay(Account(_first), branch.Amount / 100 * 28)
            .Pay(Account(_second), branch.Amount / 100 * 41)
            .PayRest(Own(), Rate(), _random.Below(3));
        var sent = Send("deposit", payment, _ => $"A branch goes straight to {_first.Name} and {_second.Name}; what is left is kept for a while.");
        foreach (var coin in sent.Coins)
        {
            if (coin.To.Holder == _thief) _mixerBranch = coin;
            else Deposited(sent, coin);
        }
    }
}
