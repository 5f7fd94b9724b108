using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>The chain being written: payments go into the open block, closing it mines it and opens the next.</summary>
internal sealed class PracticeChain
{
    /// <summary>A block reward may be spent this many blocks later, not sooner.</summary>
    public const int Maturity = 100;

    /// <summary>The time of the first block after genesis: 2025-01-01T00:00:00Z in seconds since 1970.</summary>
    private const uint Start = 1735689600;

    private readonly BlockFiles _files;
    private readonly SeededRandom _random;
    private readonly TransactionWriter _writer;
    private readonly List<EncodedTransaction> _open = [];
    private readonly Queue<Coin> _unripe = [];
    private uint _time = Start;
    private long _fees;

    public PracticeChain(BlockFiles files, SeededRandom random, SeededRandom filler)
    {
        _files = files;
        _random = random;
        _writer = new TransactionWriter(filler);
        (var genesis, Tip) = Genesis.Build();
        files.Append(genesis);
    }

    /// <summary>Told of each script that is paid and its holder's name; null where nobody asks.</summary>
    public Action<byte[], string>? Owned { get; init; }

    /// <summary>Height of the open block.</summary>
    public int Height { get; private set; } = 1;

    /// <summary>Hash of the last closed block.</summary>
    public Hash256 Tip { get; private set; }

    /// <summary>The day of the open block.</summary>
    public DateOnly Day => DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(_time));

    /// <summary>Payments so far, coinbases left out.</summary>
    public int Payments { get; private set; }

    /// <summary>Puts a payment into the open block and hands every output to its holder.</summary>
    public Confirmed Add(Payment payment)
    {
        if (payment.Fee <= 0) throw new InvalidOperationException($"A payment of {payment.Paid} sat at height {Height} pays no fee.");
        var encoded = _writer.Encode(payment);
        _open.Add(encoded);
        _fees += payment.Fee;
        Payments++;

        var coins = new Coin[payment.Outputs.Count];
        for (var i = 0; i < coins.Length; i++)
        {
            var (to, amount) = payment.Outputs[i];
            coins[i] = new Coin(encoded.Id, i, amount, to);
            if (to.Kind == ScriptKind.Data) continue;
            Owned?.Invoke(to.Script, to.Holder.Name);
            to.Holder.Receive(coins[i]);
        }

        return new Confirmed(encoded.Id, Height, payment, coins);
    }

    /// <summary>Mines the open block for a miner; the reward reaches them when it is ripe.</summary>
    public void Close(Destination miner)
    {
        var block = BlockAssembler.Assemble(Height, Tip, _time, miner, _fees, _open);
        _files.Append(block.Bytes);
        Owned?.Invoke(miner.Script, miner.Holder.Name);
        _unripe.Enqueue(new Coin(block.CoinbaseId, 0, block.Reward, miner));
        _open.Clear();
        _fees = 0;
        _time += (uint)_random.Between(60, 1140);
        Tip = block.Hash;
        Height++;
        if (_unripe.Count < Maturity) return;
        var ripe = _unripe.Dequeue();
        if (ripe.Amount > 0) ripe.To.Holder.Receive(ripe);
    }
}

/// <summary>A payment in the chain.</summary>
/// <param name="Coins">Its outputs, in order.</param>
internal sealed record Confirmed(Hash256 TxId, int Height, Payment Payment, Coin[] Coins);
