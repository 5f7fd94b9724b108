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
    internal static ulong[] SpenderSums(LedgerWriter ledger, SpenderColumn spender, LedgerCounts after)
    {
        const int batch = 1 << 16;
        var packed = new byte[5 * batch];
        var sums = spender.Sums;
        for (var input = after.Inputs; input < ledger.Counts.Inputs; input += batch)
        {
            var count = (int)Math.Min(batch, ledger.Counts.Inputs - input);
            ledger.ReadColumn(LedgerColumns.InPrevious, input, packed.AsSpan(0, 5 * count));
            for (var i = 0; i < count; i++)
            {
                var output = Packed40.Read(packed, i);
                if (output != OutputNum.NotHeld) sums.Remove(output, spender[output]);
            }
        }

        return sums.Snapshot(after.Outputs);
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
