using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>What a ledger held after fewer blocks: all counts follow from the columns.</summary>
internal static class LedgerUndo
{
    internal static LedgerCounts CountsAt(LedgerWriter ledger, int blocks, BitcoinNetwork network)
    {
        if (blocks == 0) return new LedgerCounts();
        var now = ledger.Counts;
        Span<byte> four = stackalloc byte[4];
        Span<byte> five = stackalloc byte[5];
        ledger.ReadColumn(LedgerColumns.BlockFirstTx, blocks, four);
        var transactions = BinaryPrimitives.ReadUInt32LittleEndian(four);
        ledger.ReadColumn(LedgerColumns.TxFirstInput, transactions, five);
        var inputs = Packed40.Read(five, 0);
        ledger.ReadColumn(LedgerColumns.TxFirstOutput, transactions, five);
        var outputs = Packed40.Read(five, 0);
        if (transactions > now.Transactions || inputs > now.Inputs || outputs > now.Outputs)
            throw new LedgerCorruptException($"{Path.Combine(ledger.Folder, LedgerColumns.BlockFirstTx.FileName)}: block {blocks} cannot begin with transaction {transactions}. Run 'haetae ledger verify', or ingest into a new folder.");

        var outside = now.OutsideInputs;
        long outsideBytes = now.OutsideScriptBytes, unknown = now.UnknownInputs;
        Span<OutsideRow> row = stackalloc OutsideRow[1];
        for (; outside > 0; outside--)
        {
            ledger.ReadColumn(LedgerColumns.OutsideInput, outside - 1, MemoryMarshal.AsBytes(row));
            if (row[0].Input < inputs) break;
            outsideBytes = row[0].ScriptOffset;
            if (row[0].Value < 0) unknown--;
        }

        ProofOfWork.TryTarget(network.PowLimitBits, out var limit);
        var weak = now.WeakWorkBlocks;
        var header = new byte[80];
        for (var block = blocks; block < now.Blocks; block++)
        {
            ledger.ReadColumn(LedgerColumns.BlockHeader, block, header);
            if (ProofOfWork.TryTarget(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(72)), out var target) && target > limit) weak--;
        }

        return new LedgerCounts
        {
            Blocks = blocks,
            Transactions = transactions,
            Inputs = inputs,
            Outputs = outputs,
            ScriptBytes = ScriptEnd(ledger, outputs, now),
            OutsideInputs = outside,
            OutsideScriptBytes = outsideBytes,
            UnknownInputs = unknown,
            WeakWorkBlocks = weak,
        };
    }

    /// <summary>The sums of <c>out.spender</c> after the undo: without what the transactions taken back spend.</summary>
    internal static SpenderSums SumsAfter(LedgerWriter ledger, SpenderColumn spender, LedgerCounts after)
    {
        var sums = spender.Sums.Copy();
        foreach (var output in Spent(ledger, after, ledger.Counts)) sums.Remove(output, spender[output]);
        return sums;
    }

    /// <summary>Frees the outputs that the transactions taken back spend.</summary>
    internal static void FreeSpenders(LedgerWriter ledger, SpenderColumn spender, LedgerCounts after, LedgerCounts before)
    {
        foreach (var output in Spent(ledger, after, before))
            if (output < after.Outputs) spender[output] = 0;
    }

    /// <summary>Makes a table of unspent outputs that of fewer blocks: what was made since goes, what was spent since comes back.</summary>
    internal static bool StepBack(LedgerWriter ledger, SpenderColumn spender, UnspentTable unspent, LedgerCounts after)
    {
        var before = ledger.Counts;
        foreach (var output in Spent(ledger, after, before))
            if (output < after.Outputs && !unspent.Add(NameOf(ledger, output, out var value), output, value, out _)) return false;
        Span<byte> first = stackalloc byte[5];
        Span<byte> id = stackalloc byte[32];
        Span<byte> key = stackalloc byte[8];
        for (var tx = after.Transactions; tx < before.Transactions; tx++)
        {
            ledger.ReadColumn(LedgerColumns.TxId, tx, id);
            ledger.ReadColumn(LedgerColumns.TxFirstOutput, tx, first);
            var start = Packed40.Read(first, 0);
            ledger.ReadColumn(LedgerColumns.TxFirstOutput, tx + 1L, first);
            var name = ledger.Namer.Name(id);
            for (var output = start; output < Packed40.Read(first, 0); output++)
            {
                ledger.ReadColumn(LedgerColumns.OutKey, output, key);
                if (spender[output] != 0 || BinaryPrimitives.ReadUInt64LittleEndian(key) == ScriptKey.Unspendable) continue;
                if (!unspent.Remove(ledger.Namer.Name(name, (uint)(output - start)), out var held, out _) || held != output) return false;
            }
        }

        return true;
    }

    private static OutpointName NameOf(LedgerWriter ledger, long output, out long value)
    {
        Span<byte> five = stackalloc byte[5];
        long low = 0, high = ledger.Counts.Transactions - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            ledger.ReadColumn(LedgerColumns.TxFirstOutput, middle, five);
            if (Packed40.Read(five, 0) <= output) low = middle;
            else high = middle - 1;
        }

        ledger.ReadColumn(LedgerColumns.TxFirstOutput, low, five);
        Span<byte> id = stackalloc byte[32];
        ledger.ReadColumn(LedgerColumns.TxId, low, id);
        Span<byte> eight = stackalloc byte[8];
        ledger.ReadColumn(LedgerColumns.OutValue, output, eight);
        value = BinaryPrimitives.ReadInt64LittleEndian(eight);
        return ledger.Namer.Name(ledger.Namer.Name(id), (uint)(output - Packed40.Read(five, 0)));
    }

    /// <summary>The outputs held that the inputs between two states spend.</summary>
    private static IEnumerable<long> Spent(LedgerWriter ledger, LedgerCounts from, LedgerCounts to)
    {
        const int batch = 1 << 16;
        var packed = new byte[5 * batch];
        for (var input = from.Inputs; input < to.Inputs; input += batch)
        {
            var count = (int)Math.Min(batch, to.Inputs - input);
            ledger.ReadColumn(LedgerColumns.InPrevious, input, packed.AsSpan(0, 5 * count));
            for (var i = 0; i < count; i++)
                if (Packed40.Read(packed, i) is var output && output != OutputNum.NotHeld) yield return output;
        }
    }

    /// <summary>The manifest of what is left when a ledger's blocks behind some counts are taken back.</summary>
    internal static Manifest Cut(LedgerWriter ledger, LedgerCounts counts)
    {
        var before = ledger.Manifest;
        // a run that files blocks on both sides stays: its entries behind the point are left out by whoever reads it
        var kept = before.Indexes.Where(run => run.From < counts.Transactions).Select(run => run with { To = Math.Min(run.To, counts.Transactions) });
        var left = before with { Written = counts, Indexes = [.. kept], Undone = before.Undone + 1 };
        return counts.Blocks >= before.Published.Blocks ? left : left with { Published = counts };
    }

    /// <summary>Where the script of output number <paramref name="outputs"/> begins.</summary>
    private static long ScriptEnd(LedgerWriter ledger, long outputs, LedgerCounts now)
    {
        if (outputs == now.Outputs) return now.ScriptBytes;
        Span<byte> five = stackalloc byte[5];
        ledger.ReadColumn(LedgerColumns.ScriptOffset, outputs / LedgerColumns.ScriptGroup, five);
        var at = Packed40.Read(five, 0);
        if (at > now.ScriptBytes)
            throw new LedgerCorruptException($"{Path.Combine(ledger.Folder, LedgerColumns.ScriptOffset.FileName)}: the script of output {outputs} cannot begin at {at}. Run 'haetae ledger verify', or ingest into a new folder.");
        var left = outputs % LedgerColumns.ScriptGroup;
        var window = new byte[64 << 10];
        while (left > 0)
        {
            var size = (int)Math.Min(window.Length, now.ScriptBytes - at);
            ledger.ReadColumn(LedgerColumns.ScriptBytes, at, window.AsSpan(0, size));
            try
            {
                at += ScriptCodec.StoredLength(window.AsSpan(0, size));
                left--;
            }
            catch (LedgerCorruptException) when (size < now.ScriptBytes - at && window.Length < BlockReader.MaximumBlockSize + 16)
            {
                window = new byte[2 * window.Length]; // a script longer than the window
            }
        }

        return at;
    }
}
