using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <content>Taking blocks back, and trying others out before that.</content>
internal sealed partial class LedgerWriter
{
    private LedgerCounts? _rehearsed;

    // The table of unspent outputs is that of these counts, fewer than are stored: an undo to them is about to follow.
    private LedgerCounts? _steppedBackTo;

    /// <summary>Takes blocks back until <paramref name="blocks"/> are left. The manifest goes first: a kill between leaves scrap, not contradictions.</summary>
    /// <remarks>Readers see what is left at once: nothing before that point changes, and the indexes are cut to it by the manifest's word alone.</remarks>
    internal void Undo(int blocks)
    {
        var (stored, counts) = (Counts, LedgerUndo.CountsAt(this, blocks, _network));
        var hasTable = _steppedBackTo == counts;
        _steppedBackTo = null;
        if (!hasTable) ReleaseUnspent();
        SpenderSums sums;
        try
        {
            sums = UndoTo(counts);
        }
        catch
        {
            ReleaseUnspent(); // whatever is numbered next makes it anew
            throw;
        }

        if (hasTable) LedgerUndo.FreeSpenders(this, _spender, counts, stored);
        Counts = counts;
        _spender.Forget(counts.Outputs); // the files keep their length: readers may have them mapped, and what comes is written over the scrap
        _spender.Replace(hasTable ? sums : new SpenderSums());
        if (hasTable) return;
        RebuildUnspent(freeSpenders: true);
    }

    private SpenderSums UndoTo(LedgerCounts counts)
    {
        foreach (var (column, guard) in _guards)
        {
            if (column.Bytes(counts) < guard.Bytes) guard.Check(column.Bytes(counts) >> BlockGuard.Bits); // its remains get a new checksum
            guard.LetGo(column.Bytes(counts));
        }

        _spender.MapWhole();
        var sums = LedgerUndo.SumsAfter(this, _spender, counts);
        var tails = Checksums.Update(_folder, _columns, counts, counts, threads: 1);
        Swap(LedgerUndo.Cut(this, counts) with { Tails = tails }, sums.Snapshot(counts.Outputs));
        return sums;
    }

    /// <summary>Blocks are numbered and checked as a continuation of fewer blocks than are stored, and nothing is written.</summary>
    internal bool IsRehearsing => _rehearsed is not null;

    /// <summary>Numbers blocks as if only the first <paramref name="blocks"/> were stored, to learn whether they are valid before anything is taken back for them.</summary>
    /// <remarks>
    /// The table of unspent outputs goes back block by block, is used, and is put back to what the ledger holds, or to the fork if an undo will follow. Where that
    /// cannot be, it is made anew from the columns: the slow way, and always right.
    /// </remarks>
    internal void Rehearse(int blocks, Action number)
    {
        var stored = Counts;
        var counts = LedgerUndo.CountsAt(this, blocks, _network);
        var steps = Unspent is not null && StepBack(counts);
        var fork = steps ? Unspent!.Mark() : 0;
        var isValid = false;
        try
        {
            Counts = _rehearsed = counts;
            if (!steps) RebuildUnspent(freeSpenders: false);
            number();
            isValid = true;
        }
        finally
        {
            _rehearsed = null;
            Counts = stored;
            if (!steps) ReleaseUnspent();
            Unspent?.TakeBack(isValid ? fork : 0);
            Unspent?.Forget();
            if (steps && isValid) _steppedBackTo = counts;
        }
    }

    /// <summary>Makes the table of unspent outputs that of fewer blocks. False, and nothing changed, where equal transactions (BIP 30) stand in the way.</summary>
    private bool StepBack(LedgerCounts counts)
    {
        _spender.MapWhole();
        Unspent.Remember();
        if (LedgerUndo.StepBack(this, _spender, Unspent, counts)) return true;
        Unspent.TakeBack(0);
        Unspent.Forget();
        return false;
    }
}
