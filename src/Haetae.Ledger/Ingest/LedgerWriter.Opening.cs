using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <content>Taking a ledger up: one writer, scrap cut off, what is stored checked, the unspent outputs gathered.</content>
internal sealed partial class LedgerWriter
{
    /// <summary>Once blocks were taken back, a reader may have mapped more than any manifest still tells: then no file gets shorter any more.</summary>
    private bool MayCut => Manifest.Undone == 0;

    /// <summary>Cuts every column to what the manifest vouches for, where no reader can have mapped more.</summary>
    private void CutBack()
    {
        foreach (var (column, handle) in _columns)
        {
            var bytes = column.Bytes(Counts);
            var length = RandomAccess.GetLength(handle);
            var fresh = Counts.Blocks == 0;
            if (length < bytes && !fresh)
                throw new LedgerCorruptException($"{Path.Combine(_folder, column.FileName)}: {length} bytes where the manifest vouches for {bytes}: the file was cut. Ingest into a new folder.");
            if (!MayCut) continue;
            if (fresh && length > 0) RandomAccess.SetLength(handle, 0);
            if (fresh || length <= bytes + column.Padding) continue;
            RandomAccess.Write(handle, new byte[column.Padding], bytes); // before the cut: a reader may have this mapped
            RandomAccess.SetLength(handle, bytes + column.Padding);
        }
    }

    /// <summary>Deletes what a killed writer left: half-built files, and indexes that no manifest names.</summary>
    private void DeleteScrap()
    {
        var named = Manifest.Indexes.Select(run => run.File).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var name = Path.GetFileName(path);
            var scrap = name.EndsWith(".idx", StringComparison.Ordinal) ? !named.Contains(name)
                : name.EndsWith(".sum", StringComparison.Ordinal) ? name != Manifest.SpenderSums && name != Manifest.PublishedSums
                : name.EndsWith(".late", StringComparison.Ordinal) ? Manifest.LateSpends.Count == 0
                : name.EndsWith(".sum.new", StringComparison.Ordinal) || name.EndsWith(".idx.new", StringComparison.Ordinal) || name.EndsWith(".idx.deal", StringComparison.Ordinal) || name == Manifest.FileName + ".new";
            if (scrap) File.Delete(path);
        }
    }

    /// <summary>Sets a guard before each column. The last block is checked at once: what is appended to it gets a new checksum, which would cover up damage.</summary>
    private void GuardStored()
    {
        if (Counts.Blocks == 0) return;
        foreach (var (column, handle) in _columns)
        {
            if (LedgerColumns.IsRewritten(column)) continue;
            var (sums, tail) = Checksums.Read(_folder, column, Manifest);
            var bytes = column.Bytes(Counts);
            var guard = new ChecksumGuard(Path.Combine(_folder, column.FileName), bytes, sums, tail, Read);
            guard.Check(bytes >> BlockGuard.Bits);
            _guards[column] = guard;

            ReadOnlySpan<byte> Read(long offset, int length)
            {
                t_block ??= new byte[Checksums.BlockBytes];
                Checksums.Fill(handle, t_block.AsSpan(0, length), offset, column);
                return t_block.AsSpan(0, length);
            }
        }
    }

    [ThreadStatic]
    private static byte[]? t_block;

    private string SpenderPath => Path.Combine(_folder, LedgerColumns.OutSpender.FileName);

    /// <summary>Puts in the late spends of an ingest that was stopped.</summary>
    private void SettleStored(SpenderWindow window)
    {
        if (Manifest.LateSpends.Count == 0) return;
        LateSpends.PutIn(_folder, SpenderPath, window, Manifest.LateSpends, Counts.Transactions, threads: 1, CancellationToken.None);
        RandomAccess.FlushToDisk(_columns[LedgerColumns.OutSpender]);
        Manifest = Manifest with { LateSpends = [] };
        Manifest.Write(_folder);
        DeleteScrap();
    }

    /// <summary>Fills the table of unspent outputs from the columns.</summary>
    /// <param name="freeSpenders">Also free outputs whose spender was cut back, and sum the spenders up anew. Else they stay as they are: readers may go by them.</param>
    private void RebuildUnspent(bool freeSpenders)
    {
        Unspent?.Dispose();
        Unspent = new UnspentTable();
        if (Counts.Outputs == 0) return;
        _spender.MapWhole();
        if (freeSpenders) _spender.Sums.Reserve(Counts.Outputs);
        const int batch = 1 << 16;
        var ids = new Hash256[batch];
        var firsts = new byte[5 * (batch + 1)];
        long output = 0;
        var values = new long[1 << 16];
        var keys = new ulong[1 << 16];
        for (long tx = 0; tx < Counts.Transactions; tx += batch)
        {
            var count = (int)Math.Min(batch, Counts.Transactions - tx);
            ReadColumn(LedgerColumns.TxId, tx, MemoryMarshal.AsBytes(ids.AsSpan(0, count)));
            ReadColumn(LedgerColumns.TxFirstOutput, tx, firsts.AsSpan(0, 5 * (count + 1)));
            for (var t = 0; t < count; t++)
            {
                var end = Packed40.Read(firsts, t + 1);
                if (end < output || end > Counts.Outputs) throw Corrupt(LedgerColumns.TxFirstOutput, tx + t + 1);
                var name = Namer.Name(MemoryMarshal.AsBytes(ids.AsSpan(t, 1)));
                for (var vout = 0U; output < end; output++, vout++)
                {
                    var place = (int)(output & 0xffff);
                    if (place == 0)
                    {
                        var more = (int)Math.Min(values.Length, Counts.Outputs - output);
                        ReadColumn(LedgerColumns.OutValue, output, MemoryMarshal.AsBytes(values.AsSpan(0, more)));
                        ReadColumn(LedgerColumns.OutKey, output, MemoryMarshal.AsBytes(keys.AsSpan(0, more)));
                    }

                    var spender = _spender[output];
                    if (spender >= Counts.Transactions)
                    {
                        spender = 0;
                        if (freeSpenders) _spender[output] = 0;
                    }

                    if (spender != 0 && freeSpenders) _spender.Sums.Add(output, spender);
                    if (spender != 0 || keys[place] == ScriptKey.Unspendable) continue;
                    var named = Namer.Name(name, vout);
                    if (Unspent.Add(named, output, values[place], out _)) continue;
                    Unspent.Remove(named, out _, out _); // BIP 30: the later of two equal transactions is the one that counts
                    Unspent.Add(named, output, values[place], out _);
                }
            }
        }

        if (freeSpenders) CheckSpenders();
    }

    private void CheckSpenders()
    {
        var wanted = SpenderSums.Read(Path.Combine(_folder, Manifest.SpenderSums), Counts.Outputs);
        var found = _spender.Sums.Snapshot(Counts.Outputs);
        for (var block = 0; block < wanted.Length; block++)
            if (found[block] != wanted[block])
                throw new LedgerCorruptException($"{Path.Combine(_folder, LedgerColumns.OutSpender.FileName)}: bytes {(long)block << BlockGuard.Bits} to {Math.Min(4 * Counts.Outputs, (block + 1L) << BlockGuard.Bits)} are not what was written. Ingest into a new folder.");
    }

    private LedgerCorruptException Corrupt(ColumnSpec column, long item) =>
        new($"{Path.Combine(_folder, column.FileName)}: item {item} cannot be right. Run 'haetae ledger verify', or ingest into a new folder.");
}
