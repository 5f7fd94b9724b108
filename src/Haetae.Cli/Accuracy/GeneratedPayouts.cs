using Haetae.Ledger;
using Haetae.Tracing.Bridges.Guesses;

namespace Haetae.Cli.Accuracy;

/// <summary>Payouts made up for real deposits, with others that compete: the true ones' times and fees are nowhere at hand.</summary>
/// <remarks>
/// Drawn from a seed. A true payout follows after 30 seconds to about an hour (most within ten minutes) and keeps 0.01 % to 2 % (most below 0.4 %); one in twenty
/// is not on the rows. Beside it stand as many payments as asked for, of the same asset, within an hour and 6 % of the deposit, every fifth to the
/// same receiver. These shapes are not the model's (<see cref="CrossingModel"/>), but whoever made them knew it: a figure here is no figure on a real chain.
/// </remarks>
internal sealed class GeneratedPayouts
{
    private readonly Random _dice;

    private GeneratedPayouts(int seed) => _dice = new Random(seed);

    /// <summary>Every payment, in no order that tells anything.</summary>
    internal List<CrossingEnd> Payouts { get; } = [];

    /// <summary>Per deposit, the index of its true payout; -1: not on the rows.</summary>
    internal List<int> Truth { get; } = [];

    internal static GeneratedPayouts For(IReadOnlyList<RecordedDeposit> deposits, int rivals, bool receiversKnown, int seed)
    {
        var made = new GeneratedPayouts(seed);
        foreach (var deposit in deposits) made.Add(deposit, rivals, receiversKnown);
        return made;
    }

    private void Add(RecordedDeposit deposit, int rivals, bool receiversKnown)
    {
        Truth.Add(-1);
        if (_dice.Next(20) != 0)
        {
            Truth[^1] = Payouts.Count;
            Payouts.Add(new CrossingEnd(deposit.Time + Latency(), deposit.Asset, Kept(deposit.Amount, Fee()), receiversKnown ? deposit.Receiver : null));
        }

        for (var rival = 0; rival < rivals; rival++)
        {
            var to = _dice.Next(5) == 0 ? deposit.Receiver : "rival-" + Payouts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Payouts.Add(new CrossingEnd(deposit.Time - 600 + _dice.Next(4_200), deposit.Asset, Kept(deposit.Amount, _dice.Next(-60_000, 60_001)), receiversKnown ? to : null));
        }
    }

    // Three dice multiplied: most are short, few are long.
    private int Latency() => 30 + (int)((long)_dice.Next(1, 61) * _dice.Next(1, 61) * _dice.Next(1, 61) / 60);

    private int Fee() => _dice.Next(10) switch { 0 => _dice.Next(4_000, 20_001), < 5 => _dice.Next(100, 1_001), _ => _dice.Next(1_000, 4_001) };

    private static UInt256 Kept(UInt256 amount, int millionths) => UInt256.MulDiv(amount, (ulong)(1_000_000 - millionths), 1_000_000UL);
}
