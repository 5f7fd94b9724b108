using System.Runtime.CompilerServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <summary>Who spends what, in numbers only: the part of a ledger that tracing walks. A snapshot: what a writer appends later is not seen.</summary>
/// <remarks>
/// Transactions, inputs and outputs are numbered from 0 in chain order, so a spend always has a larger transaction number than the
/// output's own transaction. A coinbase has no input here (it spends nothing); it is the first transaction of its block.
/// </remarks>
public sealed class UtxoGraph
{
    /// <summary>Stored as a fee when some input's value is not known.</summary>
    public const long UnknownFee = -1;

    private readonly object[] _owners;

    /// <summary>Wraps columns. <paramref name="owners"/> keeps the memory behind them alive.</summary>
    public UtxoGraph(
        int firstHeight,
        Column<uint> blockFirstTx,
        Column<uint> blockTime,
        Packed40Column firstInput,
        Packed40Column firstOutput,
        Column<long> fee,
        Packed40Column previous,
        Column<long> value,
        Column<uint> spender,
        params object[] owners)
    {
        FirstHeight = firstHeight;
        BlockFirstTx = blockFirstTx;
        BlockTime = blockTime;
        FirstInput = firstInput;
        FirstOutput = firstOutput;
        Fee = fee;
        Previous = previous;
        Value = value;
        Spender = spender;
        TransactionCount = (uint)fee.Length;
        _owners = owners;
    }

    /// <summary>Height of the first block held; 0 for a whole chain.</summary>
    public int FirstHeight { get; }

    /// <summary>Tells what inputs bring that spend from before the first block; null where there are none.</summary>
    public Func<long, long?>? OutsideValues { get; init; }

    /// <summary>The value of an output that is not held, by the input that spends it. Known wherever the transaction's fee is.</summary>
    /// <exception cref="LedgerCorruptException">It is not known.</exception>
    public long OutsideValueOf(long input) => OutsideValues?.Invoke(input)
        ?? throw new LedgerCorruptException(FormattableString.Invariant($"Input {input} spends an output that is not held, and its value is not known. Run 'haetae ledger verify'."));

    /// <summary>Number of blocks held.</summary>
    public int BlockCount => (int)BlockTime.Length;

    public uint TransactionCount { get; }

    public long InputCount => Previous.Length;

    public long OutputCount => Value.Length;

    /// <summary>Per block (0 = the block at <see cref="FirstHeight"/>), its first transaction, which is its coinbase; one item more than blocks.</summary>
    public Column<uint> BlockFirstTx { get; }

    /// <summary>Per block, the header's time in seconds since 1970 (it may run backwards by up to two hours).</summary>
    public Column<uint> BlockTime { get; }

    /// <summary>Per transaction, its first input; one item more than transactions.</summary>
    public Packed40Column FirstInput { get; }

    /// <summary>Per transaction, its first output; one item more than transactions.</summary>
    public Packed40Column FirstOutput { get; }

    /// <summary>Per transaction, inputs less outputs in satoshi; 0 for a coinbase; <see cref="UnknownFee"/> if an input's value is unknown.</summary>
    public Column<long> Fee { get; }

    /// <summary>Per input, the output it spends, or <see cref="OutputNum.NotHeld"/>.</summary>
    public Packed40Column Previous { get; }

    /// <summary>Per output, its amount in satoshi.</summary>
    public Column<long> Value { get; }

    /// <summary>Per output, the raw stored spender; read it through <see cref="SpenderOf"/>.</summary>
    public Column<uint> Spender { get; }

    /// <summary>The transaction that spends an output, or 0 when none in this snapshot does (transaction 0 is a coinbase and spends nothing).</summary>
    /// <remarks>A writer beside us may already have stored a spender that this snapshot does not hold: larger than our last transaction, so still unspent to us.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint SpenderOf(long output)
    {
        var spender = Spender[output];
        return spender < TransactionCount ? spender : 0;
    }

    /// <summary>Transactions in a stretch: see <see cref="TouchStretch"/>.</summary>
    public const int StretchBits = 12;

    /// <summary>Checks what is stored of the outputs and fees of one stretch of 4,096 transactions, so that a loop may read their columns unguarded.</summary>
    /// <param name="stretch">A transaction number shifted right by <see cref="StretchBits"/>.</param>
    /// <exception cref="LedgerCorruptException">Something is not what was written.</exception>
    public void TouchStretch(uint stretch)
    {
        var first = (long)stretch << StretchBits;
        var end = Math.Min(TransactionCount, first + (1L << StretchBits));
        FirstOutput.Touch(first, end + 1);
        Fee.Touch(first, end);
        long firstOutput = FirstOutput[first], endOutput = FirstOutput[end];
        Value.Touch(firstOutput, endOutput);
        Spender.Touch(firstOutput, endOutput);
    }

    /// <summary>The index of the block (0 = the block at <see cref="FirstHeight"/>) that holds a transaction.</summary>
    public int BlockIndexOf(uint transaction)
    {
        int low = 0, high = BlockCount - 1;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high + 1) >> 1);
            if (BlockFirstTx[middle] <= transaction) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>The height of the block that holds a transaction.</summary>
    public int HeightOf(uint transaction) => FirstHeight + BlockIndexOf(transaction);

    /// <summary>The transaction that made an output.</summary>
    public uint TransactionOf(long output)
    {
        uint low = 0, high = TransactionCount - 1;
        while (low < high)
        {
            var middle = (uint)(((ulong)low + high + 1) >> 1);
            if (FirstOutput[middle] <= output) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>Keeps the memory behind the columns alive at least until here.</summary>
    public void KeepAlive() => GC.KeepAlive(_owners);
}
