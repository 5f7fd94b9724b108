using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>What to ingest, and how.</summary>
public sealed record BitcoinIngestOptions
{
    /// <summary>The folder of block files, or one of them.</summary>
    public required string Blocks { get; init; }

    /// <summary>The folder of the ledger; made when it is not there.</summary>
    public required string Ledger { get; init; }

    /// <summary>Null: read from the files' magic.</summary>
    public BitcoinNetwork? Network { get; init; }

    /// <summary>First height to hold; where the files do not begin with the genesis block, the height of their first block.</summary>
    public int? From { get; init; }

    /// <summary>Last height to hold.</summary>
    public int? To { get; init; }

    /// <summary>Refuse blocks whose own target is easier than the network's limit.</summary>
    public bool StrictWork { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Column bytes between checkpoints.</summary>
    public long CheckpointBytes { get; init; } = 2L << 30;
}

/// <summary>What an ingest did.</summary>
/// <param name="BlocksAdded">Blocks appended, those after an undo included.</param>
/// <param name="BlocksUndone">Blocks taken back because another branch has more work.</param>
public sealed record BitcoinIngestResult(
    string Network, int BlocksAdded, int BlocksUndone, int FirstHeight, int TipHeight, Hash256 TipHash, LedgerCounts Counts, IReadOnlyList<string> Warnings);

/// <summary>How far an ingest got, for a progress line.</summary>
/// <param name="Stage">scan, blocks, txid or script.</param>
/// <param name="Share">0 to 1 within the stage.</param>
public readonly record struct BitcoinIngestStep(string Stage, double Share, int Height, uint Transactions);

/// <summary>The whole way from block files to a ledger that can be read.</summary>
public static class BitcoinIngest
{
    /// <exception cref="LedgerException">A file, a block or the ledger is not as it must be; the message says which and where.</exception>
    public static BitcoinIngestResult FromFiles(BitcoinIngestOptions options, Action<BitcoinIngestStep>? progress = null, CancellationToken cancel = default)
    {
        using var files = BlockFiles.Open(options.Blocks);
        var total = Math.Max(1, files.TotalBytes);
        var scan = HeaderScan.Scan(files, options.Network, done => progress?.Invoke(new("scan", (double)done / total, 0, 0)), cancel);
        var warnings = new List<string>(scan.Warnings);
        var held = Manifest.Read(options.Ledger);
        var tips = held is null ? null : HeldBlocks.Read(options.Ledger, held);
        using var source = BlockFileSource.Select(files, scan, options.From, options.To, hash => tips?.HeightOf(hash) ?? -1, warnings);
        if (options.StrictWork) RefuseWeakWork(source, scan.Network);
        using var ledger = LedgerWriter.Open(options.Ledger, scan.Network, held is { Written.Blocks: > 0 } ? held.FirstHeight : source.FirstHeight);
        var (start, undone) = Join(ledger, source, tips);
        var ingestor = new Ingestor(
            ledger, source, options.Threads,
            step => progress?.Invoke(new("blocks", (double)step.Blocks / Math.Max(1, source.Count), step.Height, step.Transactions)), cancel)
        {
            CheckpointBytes = options.CheckpointBytes,
        };
        if (start < source.Count) ingestor.Run(start);
        ledger.ReleaseUnspent();
        if (ledger.Counts != ledger.Manifest.Published || ledger.IndexesMissing)
            ledger.Publish(options.Threads, (stage, share) => progress?.Invoke(new(stage, share, 0, ledger.Counts.Transactions)), cancel);
        var counts = ledger.Counts;
        if (counts.WeakWorkBlocks > 0)
            warnings.Add($"{counts.WeakWorkBlocks} blocks state a target easier than {scan.Network.Name} ever allowed: this is a generated chain, or a forgery. Every trace made from it says so.");
        return new BitcoinIngestResult(
            scan.Network.Name, source.Count - start, undone, ledger.Manifest.FirstHeight, ledger.Manifest.FirstHeight + counts.Blocks - 1, ledger.TipHash(), counts, warnings);
    }

    private static void RefuseWeakWork(BlockSource source, BitcoinNetwork network)
    {
        ProofOfWork.TryTarget(network.PowLimitBits, out var limit);
        for (var i = 0; i < source.Count; i++)
        {
            if (ProofOfWork.TryTarget(source[i].Bits, out var target) && target > limit)
                throw new InvalidBlockException(
                    $"{source.Describe(i)}: block {source[i].Hash} at height {source.FirstHeight + i} states a target easier than {network.Name} allows (bits {source[i].Bits:x8}), and --strict-work was asked for.");
        }
    }

    /// <summary>Where the source goes on from what the ledger holds, after undoing what the source's branch, having more work, replaces.</summary>
    private static (int Start, int Undone) Join(LedgerWriter ledger, BlockSource source, HeldBlocks? held)
    {
        var blocks = ledger.Counts.Blocks;
        if (blocks == 0) return (0, 0);
        var firstHeight = ledger.Manifest.FirstHeight;
        var tip = firstHeight + blocks - 1;
        // the highest block that both have
        var common = Math.Min(tip, source.FirstHeight + source.Count - 1);
        for (; common >= Math.Max(firstHeight, source.FirstHeight); common--)
            if (held!.HashAt(common) == source[common - source.FirstHeight].Hash) break;
        var connects = common >= Math.Max(firstHeight, source.FirstHeight)
            || (common == source.FirstHeight - 1 && common >= firstHeight && held!.HashAt(common) == source[0].Previous);
        if (!connects)
            throw new LedgerException(
                $"The blocks (heights {source.FirstHeight} to {source.FirstHeight + source.Count - 1}) do not connect to the ledger (heights {firstHeight} to {tip}, tip {ledger.TipHash()}). Name another folder with --ledger.");
        var start = common + 1 - source.FirstHeight;
        if (common == tip) return (start, 0);
        UInt128 mine = 0, theirs = 0;
        for (var height = common + 1; height <= tip; height++) mine += held!.WorkAt(height);
        for (var i = start; i < source.Count; i++) theirs += ProofOfWork.TryTarget(source[i].Bits, out var target) ? ProofOfWork.Work(target) : 0;
        if (theirs <= mine) return (source.Count, 0); // what the ledger holds stays: as much work, and seen first
        ledger.Undo(common + 1 - firstHeight);
        return (start, tip - common);
    }
}
