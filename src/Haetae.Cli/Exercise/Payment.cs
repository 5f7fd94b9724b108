namespace Haetae.Cli.Exercise;

/// <summary>A transaction being drawn up: coins in, amounts out, the difference is the fee.</summary>
internal sealed class Payment
{
    /// <summary>No output is made smaller than this, in satoshi.</summary>
    public const long Dust = 1_000;

    private const int Overhead = 11;

    private int _size = Overhead;

    public List<Coin> Inputs { get; } = [];

    public List<(Destination To, long Amount)> Outputs { get; } = [];

    public uint Version { get; set; } = 2;

    public uint LockTime { get; set; }

    /// <summary>The same for every input; below 0xfffffffe it signals that the fee may be raised (BIP 125).</summary>
    public uint Sequence { get; set; } = 0xfffffffd;

    /// <summary>Sum of the inputs in satoshi.</summary>
    public long Paid { get; private set; }

    /// <summary>Sum of the outputs in satoshi.</summary>
    public long Received { get; private set; }

    /// <summary>Inputs less outputs in satoshi.</summary>
    public long Fee => Paid - Received;

    public Payment Spend(Coin coin)
    {
        Inputs.Add(coin);
        Paid += coin.Amount;
        _size += coin.To.Kind.InputSize();
        return this;
    }

    public Payment Spend(IEnumerable<Coin> coins)
    {
        foreach (var coin in coins) Spend(coin);
        return this;
    }

    public Payment Pay(Destination to, long amount)
    {
        Outputs.Add((to, amount));
        Received += amount;
        _size += OutputSize(to);
        return this;
    }

    /// <summary>The fee this payment owes at a rate, with <paramref name="more"/> outputs still to come.</summary>
    /// <param name="rate">In satoshi per virtual byte.</param>
    public long FeeAt(int rate, params ReadOnlySpan<Destination> more)
    {
        var size = _size;
        foreach (var to in more) size += OutputSize(to);
        return (long)rate * size;
    }

    /// <summary>Pays what is left after the fee, as output <paramref name="index"/> (the last one if negative).</summary>
    /// <returns>False, changing nothing, if too little would be left.</returns>
    public bool TryPayRest(Destination to, int rate, int index = -1)
    {
        var rest = Fee - FeeAt(rate, to);
        if (rest < Dust) return false;
        Pay(to, rest);
        if (index < 0 || index >= Outputs.Count - 1) return true;
        Outputs.Insert(index, Outputs[^1]);
        Outputs.RemoveAt(Outputs.Count - 1);
        return true;
    }

    /// <summary>As <see cref="TryPayRest"/>, where the amounts were planned so that something is left.</summary>
    public Payment PayRest(Destination to, int rate, int index = -1) =>
        TryPayRest(to, rate, index)
            ? this
            : throw new InvalidOperationException($"A planned payment of {Paid} sat leaves nothing after its fee.");

    private static int OutputSize(Destination to) => 9 + to.Script.Length;
}
