using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Clusters;

/// <summary>Clusters stored beside a ledger, in its folder <c>clusters</c>: written once for a state of the ledger, mapped by whoever asks.</summary>
/// <remarks>
/// Data files carry the state in their names and are never changed; a manifest for each guard names them and is swapped as a whole. So a kill
/// leaves the old clusters or the new ones, and whoever has files mapped keeps them. What no manifest names any more is deleted by the next writer.
/// </remarks>
public static class ClusterStore
{
    /// <summary>The folder of a ledger's clusters.</summary>
    public static string FolderOf(BitcoinLedger ledger) => Path.Combine(ledger.Folder, "clusters");

    /// <summary>Opens what is stored for a guard, if it was made from this very state of the ledger.</summary>
    /// <param name="reason">Why not, as a sentence for people; empty when it was opened.</param>
    /// <exception cref="LedgerCorruptException">Files are missing or not what was written.</exception>
    public static ClusterColumns? TryOpen(BitcoinLedger ledger, string guard, int rules, out string reason)
    {
        var folder = FolderOf(ledger);
        for (var attempt = 0; ; attempt++)
        {
            var manifest = ClusterManifest.Read(folder, guard);
            reason = manifest is null ? "No clusters are stored." : WhyNot(ledger, manifest, rules);
            if (reason.Length > 0) return null;
            try
            {
                return ClusterColumns.Map(folder, manifest!);
            }
            catch (LedgerCorruptException) when (attempt < MostAttempts && ClusterManifest.Read(folder, guard)?.Digest != manifest!.Digest)
            {
                // written anew meanwhile
            }
        }
    }

    private const int MostAttempts = 20;

    private static string WhyNot(BitcoinLedger ledger, ClusterManifest manifest, int rules) =>
        manifest.Rules != rules ? "The stored clusters were made by other rules than this program's."
        : manifest.Chain == ledger.Network.ChainId && manifest.FirstHeight == ledger.Manifest.FirstHeight && manifest.TipHash == ledger.TipHash.ToString()
          && manifest.Transactions == ledger.Counts.Transactions && manifest.Outputs == ledger.Counts.Outputs ? ""
        : $"The stored clusters are of height {manifest.TipHeight}, block {manifest.TipHash}; the ledger is at height {ledger.TipHeight}, block {ledger.TipHash}.";

    /// <summary>Stores clusters and makes them the ones that count. The bytes depend on the ledger and the guard alone.</summary>
    /// <exception cref="LedgerException">Another program is writing there, or blocks were taken back meanwhile.</exception>
    public static ClusterManifest Save(BitcoinLedger ledger, AddressNumbers numbers, ReadOnlyMemory<uint> cluster, ReadOnlyMemory<uint> nextMember, ClusterFacts facts, int threads, CancellationToken cancel = default)
    {
        var folder = FolderOf(ledger);
        using var gate = Lock(folder);
        DerivedColumn ofOutput = null!, first = null!, clusters = null!, next = null!;
        var firstOutput = numbers.FirstOutput();
        SideBySide.Run(
            threads,
            cancel,
            () => ofOutput = DerivedColumn.Write(folder, Name("address.number", null), 4, ledger.Counts.Outputs, (at, length) => MemoryMarshal.AsBytes(numbers.OfOutput.Slice(at / 4, length / 4)), cancel),
            () => first = DerivedColumn.Write(folder, Name("address.first", null), 5, numbers.Count, firstOutput.Raw, cancel),
            () => clusters = DerivedColumn.Write(folder, Name("cluster.number", facts.Guard), 4, numbers.Count, (at, length) => Bytes(cluster, at, length), cancel),
            () => next = DerivedColumn.Write(folder, Name("cluster.next", facts.Guard), 4, numbers.Count, (at, length) => Bytes(nextMember, at, length), cancel));
        if (ledger.IsReorganised()) throw new LedgerException("The chain was reorganised while its clusters were being made. Run the command again.");
        var manifest = new ClusterManifest
        {
            Chain = ledger.Network.ChainId,
            FirstHeight = ledger.Manifest.FirstHeight,
            TipHeight = ledger.TipHeight,
            TipHash = ledger.TipHash.ToString(),
            Transactions = ledger.Counts.Transactions,
            Outputs = ledger.Counts.Outputs,
            Guard = facts.Guard,
            Rules = facts.Rules,
            Addresses = numbers.Count,
            Clusters = facts.Clusters,
            LargestCluster = facts.Largest,
            LargestSize = facts.LargestSize,
            LeftOut = facts.LeftOut,
            AddressOfOutput = ofOutput,
            FirstOutput = first,
            Cluster = clusters,
            NextMember = next,
        };
        Publish(folder, manifest);
        return manifest;

        string Name(string column, string? guard) => FileName(ledger, column, guard);
    }

    /// <summary>Stores what cuts changed, beside the clusters they change.</summary>
    /// <param name="cuts">The ids of the transactions cut, sorted.</param>
    public static ClusterManifest SaveCuts(BitcoinLedger ledger, ClusterManifest of, IReadOnlyList<string> cuts, ReadOnlyMemory<CutRow> rows)
    {
        var folder = FolderOf(ledger);
        using var gate = Lock(folder);
        if (ClusterManifest.Read(folder, of.Guard)?.Digest != of.Digest) throw new LedgerException($"The clusters in '{folder}' were written anew meanwhile. Run the command again.");
        var name = $"{Path.GetFileNameWithoutExtension(FileName(ledger, "cluster.cut", of.Guard))}.{Digest(cuts)}.col";
        var column = cuts.Count == 0 ? null : DerivedColumn.Write(folder, name, CutRow.Size, rows.Length, (at, length) => Rows(rows, at, length), CancellationToken.None);
        var manifest = of with { Cuts = cuts, CutRows = column };
        Publish(folder, manifest);
        return manifest;
    }

    private static string FileName(BitcoinLedger ledger, string column, string? guard) =>
        $"{column}.{(guard is null ? "" : guard + ".")}{ledger.Counts.Transactions}-{ledger.TipHash.ToString()[^16..]}.col";

    private static string Digest(IReadOnlyList<string> cuts) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', cuts))).AsSpan(0, 8));

    private static ReadOnlySpan<byte> Bytes(ReadOnlyMemory<uint> items, long at, int length) => MemoryMarshal.AsBytes(items.Span.Slice((int)(at / 4), length / 4));

    // A block of 256 KiB ends inside a row, so rows are taken as bytes: from the row that holds the first to the one that holds the last.
    private static ReadOnlySpan<byte> Rows(ReadOnlyMemory<CutRow> rows, long at, int length)
    {
        var first = (int)(at / CutRow.Size);
        var end = (int)((at + length + CutRow.Size - 1) / CutRow.Size);
        return MemoryMarshal.AsBytes(rows.Span[first..end]).Slice((int)(at % CutRow.Size), length);
    }

    private static void Publish(string folder, ClusterManifest manifest)
    {
        manifest.Write(folder);
        var named = Directory.EnumerateFiles(folder, "*.json").SelectMany(path => FilesOf(folder, Path.GetFileNameWithoutExtension(path))).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => path.EndsWith(".col", StringComparison.Ordinal) || path.EndsWith(".new", StringComparison.Ordinal)))
        {
            if (named.Contains(Path.GetFileName(path))) continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                // somebody has it open where that forbids it; the next writer tries again
            }
        }
    }

    private static IEnumerable<string> FilesOf(string folder, string guard)
    {
        try
        {
            return ClusterManifest.Read(folder, guard)?.FileNames() ?? [];
        }
        catch (LedgerCorruptException)
        {
            return []; // another guard's manifest is damaged: nobody can open what it names
        }
    }

    private static FileStream Lock(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "writer.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy)
        {
            throw new LedgerException($"{path}: another program is writing clusters there. Wait for it to end.", busy);
        }
    }
}
