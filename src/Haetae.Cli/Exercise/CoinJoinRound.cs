namespace Haetae.Cli.Exercise;

/// <summary>One participant's place in a CoinJoin: a coin in, an equal output and the change out.</summary>
internal sealed record Seat(Coin Coin, Destination Equal, Destination Change);

/// <summary>A joint transaction in which every seat gets one output of the same amount, so that the amounts do not tell whose is whose.</summary>
internal static class CoinJoinRound
{
    /// <param name="denomination">The equal amount in satoshi; every seat's coin must hold that and a share of the fee.</param>
    /// <param name="rate">In satoshi per virtual byte.</param>
    public static Payment Draw(List<Seat> seats, long denomination, int rate, SeededRandom random)
    {
        var payment = new Payment();
        var order = new List<Seat>(seats);
        random.Shuffle(order);
        foreach (var seat in order) payment.Spend(seat.Coin);

        var sizing = new List<Destination>();
        foreach (var seat in seats) sizing.AddRange([seat.Equal, seat.Change]);
        var share = payment.FeeAt(rate, [.. sizing]) / seats.Count + 1;

        var outputs = new List<(Destination To, long Amount)>();
        foreach (var seat in seats)
        {
            var change = seat.Coin.Amount - denomination - share;
            if (change < Payment.Dust)
                throw new InvalidOperationException($"{seat.Coin.Outpoint} is too small for a seat of {denomination} sat.");
            outputs.Add((seat.Equal, denomination));
            outputs.Add((seat.Change, change));
        }

        random.Shuffle(outputs);
        foreach (var (to, amount) in outputs) payment.Pay(to, amount);
        return payment;
    }
}
