using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>Finds the output that each input of a chunk spends, and what that leaves as fee. Runs in chain order, one chunk at a time.</summary>
/// <param name="stored">What the columns hold: everything before the chunk, or in a rehearsal what stays of them.</param>
internal ref struct Resolver(LedgerWriter ledger, Chunk chunk, BlockSource source, BitcoinNetwork network, int firstHeight, LedgerCounts stored)
{
    private const int Ahead = 32; // prefetch distance, in operations

    /// <summary>Inputs whose value stays unknown.</summary>
    internal long UnknownInputs { get; private set; }

    /// <param name="spender">Null in a rehearsal.</param>
    internal void Run(SpenderColumn? spender, Action waitForColumns)
    {
        spender?.Reserve(chunk.Base.Outputs + chunk.Value.Count);
        chunk.Previous.Room(chunk.OutpointAt.Count);
        chunk.Previous.Count = chunk.OutpointAt.Count;
        chunk.Fee.Room(chunk.TxId.Count);
        chunk.Fee.Count = chunk.TxId.Count;
        var added = AddOutputs();
        if (added == chunk.Value.Count)
        {
            Spend(0, chunk.TxId.Count);
        }
        else
        {
            TakeBack(added);
            waitForColumns(); // telling equal transactions from a chance equality of names reads columns that others may still be writing
            OneByOne();
        }

        if (spender is not null)
            for (var t = 0; t < chunk.TxId.Count; t++) SetSpenders(spender, t);
        CheckCoinbases();
    }

    /// <summary>Adds all outputs of the chunk at once. Returns how many went in before one's name was there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int AddOutputs()
    {
        var table = ledger.Unspent;
        var names = chunk.OutputName.Span;
        var keys = chunk.Key.Span;
        var values = chunk.Value.Span;
        var first = chunk.Base.Outputs;
        for (var o = 0; o < names.Length; o++)
        {
            if (o + Ahead < names.Length) table.Prefetch(names[o + Ahead]);
            if (keys[o] != ScriptKey.Unspendable && !table.Add(names[o], first + o, values[o], out _)) return o;
        }

        return names.Length;
    }

    private readonly void TakeBack(int added)
    {
        for (var o = 0; o < added; o++)
            if (chunk.Key[o] != ScriptKey.Unspendable) ledger.Unspent.Remove(chunk.OutputName[o], out _, out _);
    }

    /// <summary>The slow way, for chunks with transactions that equal earlier ones (BIP 30): each transaction's inputs, then its outputs.</summary>
    private void OneByOne()
    {
        for (var t = 0; t < chunk.TxId.Count; t++)
        {
            Spend(t, t + 1);
            for (var o = chunk.FirstOutput[t]; o < EndOfOutputs(t); o++)
            {
                if (chunk.Key[o] == ScriptKey.Unspendable) continue;
                var output = chunk.Base.Outputs + o;
                if (ledger.Unspent.Add(chunk.OutputName[o], output, chunk.Value[o], out var present)) continue;
                // an earlier chunk of a rehearsal is in no column: taken for equal, and compared when the blocks are written
                var isKnown = present < stored.Outputs || present >= chunk.Base.Outputs;
                if (isKnown && IdOf(present) != chunk.TxId[t])
                    throw new LedgerException("Two different outpoints share an internal name, which chance allows about once in a billion chains. Run the command again: it draws new names.");
                ledger.Unspent.Remove(chunk.OutputName[o], out _, out _); // the earlier output can never be spent any more
                ledger.Unspent.Add(chunk.OutputName[o], output, chunk.Value[o], out _);
            }
        }
    }

    private readonly Hash256 IdOf(long output)
    {
        if (output >= chunk.Base.Outputs)
        {
            var place = chunk.FirstOutput.Span.BinarySearch((int)(output - chunk.Base.Outputs));
            if (place < 0) place = ~place - 1;
            while (place + 1 < chunk.FirstOutput.Count && chunk.FirstOutput[place + 1] == chunk.FirstOutput[place]) place++;
            return chunk.TxId[place];
        }

        long low = 0, high = stored.Transactions - 1;
        Span<byte> packed = stackalloc byte[5];
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            ledger.ReadColumn(LedgerColumns.TxFirstOutput, middle, packed);
            if (Packed40.Read(packed, 0) <= output) low = middle;
            else high = middle - 1;
        }

        Span<byte> id = stackalloc byte[32];
        ledger.ReadColumn(LedgerColumns.TxId, low, id);
        return new Hash256(id);
    }

    private readonly int EndOfOutputs(int t) => t + 1 < chunk.FirstOutput.Count ? chunk.FirstOutput[t + 1] : chunk.Value.Count;

    private readonly int EndOfInputs(int t) => t + 1 < chunk.FirstInput.Count ? chunk.FirstInput[t + 1] : chunk.OutpointAt.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spend(int from, int to)
    {
        var table = ledger.Unspent;
        var names = chunk.InputName.Span;
        var previous = chunk.Previous.Span;
        var values = chunk.Value.Span;
        for (var i = chunk.FirstInput[from]; i < Math.Min(names.Length, chunk.FirstInput[from] + Ahead); i++) table.Prefetch(names[i]);
        for (var t = from; t < to; t++)
        {
            int first = chunk.FirstInput[t], end = EndOfInputs(t), firstOut = chunk.FirstOutput[t], endOut = EndOfOutputs(t);
            long sum = 0;
            var unknown = false;
            for (var i = first; i < end; i++)
            {
                if (i + Ahead < names.Length) table.Prefetch(names[i + Ahead]);
                if (table.Remove(names[i], out var output, out var value))
                {
                    if (output >= chunk.Base.Outputs + firstOut) throw Fail(t, i, "spends an output that no earlier transaction made");
                    previous[i] = output;
                    sum += value;
                }
                else
                {
                    previous[i] = OutputNum.NotHeld;
                    var outside = FromOutside(t, i);
                    if (outside < 0) unknown = true;
                    else sum += outside;
                }

                if (sum > Satoshi.Maximum) throw Fail(t, i, "brings the inputs to more than 21 million coins");
            }

            long paid = 0;
            for (var o = firstOut; o < endOut; o++) paid += values[o];
            if (first == end) chunk.Fee[t] = 0; // a coinbase
            else if (unknown) chunk.Fee[t] = UtxoGraph.UnknownFee;
            else if (sum < paid) throw Fail(t, first, $"and its fellows bring {sum} satoshi where the outputs take {paid}");
            else chunk.Fee[t] = sum - paid;
        }
    }

    /// <summary>An output from before the ledger's first block: its value where the source knows it, else -1. In a whole chain there is no such thing.</summary>
    private long FromOutside(int t, int input)
    {
        if (firstHeight == 0) throw Fail(t, input, "spends an output that does not exist or is spent already");
        var outpoint = chunk.Raw.AsSpan(chunk.OutpointAt[input], 36);
        var known = source.TrySpentOutput(chunk, BlockOf(t), input, out var value, out var script);
        chunk.Outside.Add(new OutsideRow(
            new Hash256(outpoint[..32]),
            chunk.Base.Inputs + input,
            known ? value : -1,
            chunk.Base.OutsideScriptBytes + chunk.OutsideScript.Count,
            MemoryMarshal.Read<uint>(outpoint[32..]),
            known ? (uint)script.Length : OutsideRow.UnknownScript));
        if (!known)
        {
            UnknownInputs++;
            return -1;
        }

        script.CopyTo(chunk.OutsideScript.Room(script.Length));
        chunk.OutsideScript.Count += script.Length;
        return value;
    }

    private readonly int BlockOf(int t)
    {
        var block = 0;
        while (chunk.BlockFirstTx[block + 1] <= t) block++;
        return block;
    }

    private readonly InvalidBlockException Fail(int t, int input, string what)
    {
        var block = BlockOf(t);
        var outpoint = chunk.Raw.AsSpan(chunk.OutpointAt[input], 36);
        var named = $"{new Hash256(outpoint[..32])}:{MemoryMarshal.Read<uint>(outpoint[32..])}";
        return ChunkParser.Invalid(source, chunk, block, new BlockFormatException(
            $"input {input - chunk.FirstInput[t]} ({named}) {what}", chunk.OutpointAt[input] - chunk.Blocks[block].Start, t - chunk.BlockFirstTx[block]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void SetSpenders(SpenderColumn spender, int t)
    {
        var previous = chunk.Previous.Span;
        var number = chunk.Base.Transactions + (uint)t;
        for (int i = chunk.FirstInput[t], end = EndOfInputs(t); i < end; i++)
        {
            if (i + Ahead < previous.Length) spender.Prefetch(previous[i + Ahead]);
            if (previous[i] != OutputNum.NotHeld) spender.Spend(previous[i], number);
        }
    }

    /// <summary>No coinbase takes more than the subsidy and its block's fees, where all of those are known.</summary>
    private readonly void CheckCoinbases()
    {
        for (var b = 0; b < chunk.BlockCount; b++)
        {
            var first = chunk.BlockFirstTx[b];
            var allowed = network.Subsidy(new BlockHeight(source.FirstHeight + chunk.FirstBlock + b)).Value;
            for (var t = first + 1; t < chunk.BlockFirstTx[b + 1] && allowed >= 0; t++)
                allowed = chunk.Fee[t] == UtxoGraph.UnknownFee ? -1 : allowed + chunk.Fee[t];
            long taken = 0;
            for (var o = chunk.FirstOutput[first]; o < EndOfOutputs(first); o++) taken += chunk.Value[o];
            if (allowed >= 0 && taken > allowed)
                throw ChunkParser.Invalid(source, chunk, b, new BlockFormatException($"the coinbase takes {taken} satoshi where subsidy and fees make {allowed}", (int)chunk.Meta[first].Offset, 0));
        }
    }
}
