using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <content>Taking blocks back, and trying others out before that.</content>
internal sealed partial class LedgerWriter
{
    /// <summary>Takes blocks back until <paramref name="blocks"/> are left. The manifest goes first: a kill between leaves scrap, not contradictions.</summary>
    /// <remarks>Readers see what is left at once: nothing before that point changes, and the indexes are cut to it by the manifest's word alone.</remarks>
    internal void Undo(int blocks)
    {
        var counts = LedgerUndo.CountsAt(this, blocks, _network);
        foreach (var (column, guard) in _guards)
        {
            if (column.Bytes(counts) < guard.Bytes) guard.Check(column.Bytes(counts) >> BlockGuard.Bits); // its remains get a new checksum
            guard.LetGo(column.Bytes(counts));
        }

        _spender.MapWhole();
        var spent = LedgerUndo.SpenderSums(this, _spender, counts);
        var tails = Checksums.Update(_folder, _columns, counts, counts, threads: 1);
        Swap(LedgerUndo.Cut(this, counts) with { Tails = tails }, spent);
        Counts = counts;
        _spender.Forget(counts.Outputs); // the files keep their length: readers may have them mapped, and what comes is written over the scrap
        RebuildUnspent(freeSpenders: true);
    }

    private LedgerCounts? _rehearsed;

    /// <summary>Blocks are numbered and checked as a continuation of fewer blocks than are stored, and nothing is written.</summary>
    internal bool IsRehearsing => _rehearsed is not null;

    /// <summary>Numbers blocks as if only the first <paramref name="blocks"/> were stored, to learn whether they are valid before anything is taken back for them.</summary>
    internal void Rehearse(int blocks, Action number)
    {
        var stored = Counts;
        try
        {
            Counts = _rehearsed = LedgerUndo.CountsAt(this, blocks, _network);
            RebuildUnspent(freeSpenders: false);
            number();
        }
        finally
        {
            _rehearsed = null;
            Counts = stored;
            ReleaseUnspent();
        }
    }
}
