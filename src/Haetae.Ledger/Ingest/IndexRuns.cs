using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>Keeps the runs of an index few while blocks come one by one: the newest are built anew as one.</summary>
internal static class IndexRuns
{
    internal const int Most = 8;

    /// <summary>How many of the newest runs go into the next one, so that never more than <see cref="Most"/> stand. Each transaction is sorted again a logarithmic number of times.</summary>
    /// <param name="runs">Of one kind, in order.</param>
    internal static int ToMerge(IReadOnlyList<IndexRun> runs, uint end)
    {
        if (runs.Count < Most) return 0;
        var merged = 0;
        var size = end - runs[^1].To;
        while (merged < runs.Count)
        {
            var next = runs[runs.Count - 1 - merged];
            var length = next.To - next.From;
            if (merged >= Most / 2 && length > 2UL * size) break;
            size += length;
            merged++;
            if (merged == runs.Count - 1 && runs[0].To - runs[0].From > size) break;
        }

        return merged;
    }

    /// <summary>The transaction the next run begins with.</summary>
    internal static uint Start(IReadOnlyList<IndexRun> runs, int merged) =>
        merged > 0 ? runs[runs.Count - merged].From : runs.Count > 0 ? runs[^1].To : 0;

    /// <summary>Deletes index files that the manifest no longer names. A reader that has one open keeps it.</summary>
    internal static void DeleteOthers(string folder, IReadOnlyList<IndexRun> named)
    {
        var keep = named.Select(run => run.File).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.idx"))
        {
            if (keep.Contains(Path.GetFileName(file))) continue;
            try
            {
                File.Delete(file);
            }
            catch (IOException)
            {
                // somebody has it open where that keeps it from being deleted: the next publish tries again
            }
        }
    }
}
