using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Finds transactions that came twice: an id names one transaction.</summary>
internal static class DoubleIds
{
    /// <summary>Two transactions of one id, of which the later is not below <paramref name="fresh"/>; null: there are none.</summary>
    /// <param name="runs">All runs, in order; those that file a fresh transaction are looked at whole, in the others the fresh ids are looked up.</param>
    internal static (uint Earlier, uint Later)? Find(string folder, IReadOnlyList<IndexRun> runs, uint fresh, uint end)
    {
        if (fresh == end) return null;
        using var map = new MappedFile(Path.Combine(folder, AccountColumns.TxId.FileName));
        var ids = map.Column<Hash256>(end);
        foreach (var run in runs.Where(run => run.To > fresh))
        {
            using var reader = new IndexRunReader(Path.Combine(folder, run.File), run.Kind);
            if (Within(reader, ids) is { } found) return found;
        }

        var older = runs.Where(run => run.To <= fresh).ToList();
        if (older.Count == 0) return null;
        var readers = older.Select(run => new IndexRunReader(Path.Combine(folder, run.File), run.Kind) { Limit = run.IsCut ? run.To : long.MaxValue }).ToList();
        try
        {
            Span<long> found = stackalloc long[AccountIndex.Batch];
            for (long at = fresh; at < end; at += AccountIndex.Batch)
            {
                var count = (int)Math.Min(AccountIndex.Batch, end - at);
                found.Fill(-1);
                AccountIndex.Find(readers, ids, ids.Slice(at, count), found);
                for (var i = 0; i < count; i++)
                    if (found[i] >= 0) return ((uint)found[i], (uint)(at + i));
            }
        }
        finally
        {
            foreach (var reader in readers) reader.Dispose();
        }

        return null;
    }

    private static (uint, uint)? Within(IndexRunReader run, Column<Hash256> ids)
    {
        for (long bucket = 0; bucket < run.Buckets; bucket++)
        {
            var (start, end) = run.Bucket(bucket);
            var kept = run.Kept(start, end);
            for (var i = 1; i < kept.Length; i++)
            {
                // entries that share the kept bits stand side by side, by full key and then number: equal ids are neighbours
                if (kept[i] != kept[i - 1]) continue;
                for (var other = i - 1; other >= 0 && kept[other] == kept[i]; other--)
                {
                    var (a, b) = (run.Number(start + other), run.Number(start + i));
                    if (ids[a] == ids[b]) return ((uint)Math.Min(a, b), (uint)Math.Max(a, b));
                    if (i - other > 64) break; // many that agree in 40 bits: their full keys are sorted, so equal ones are near
                }
            }
        }

        return null;
    }
}
