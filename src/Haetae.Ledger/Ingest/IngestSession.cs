using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>One stay at a ledger as its writer, whatever the blocks come from: join, undo, append, publish.</summary>
internal sealed class IngestSession : IDisposable
{
    private readonly BitcoinIngestOptions _options;
    private readonly BitcoinNetwork _network;
    private readonly Action<BitcoinIngestStep>? _progress;
    private readonly CancellationToken _cancel;

    /// <param name="firstHeight">Of a ledger that is not there yet.</param>
    internal IngestSession(BitcoinIngestOptions options, BitcoinNetwork network, int firstHeight, bool following, Action<BitcoinIngestStep>? progress, CancellationToken cancel)
    {
        _options = options;
        _network = network;
        _progress = progress;
        _cancel = cancel;
        Ledger = LedgerWriter.Open(options.Ledger, network, firstHeight, following, options.SpenderWindow);
    }

    internal LedgerWriter Ledger { get; }

    /// <summary>Blocks appended so far.</summary>
    internal int Added { get; private set; }

    /// <summary>Blocks taken back so far.</summary>
    internal int Undone { get; private set; }

    /// <summary>Appends what a source has beyond the ledger, after taking back what it replaces.</summary>
    internal (int Added, int Undone) Take(BlockSource source)
    {
        if (_options.StrictWork) RefuseWeakWork(source);
        var (start, undone, enough) = Join(source);
        if (undone > 0) Replace(source, start, undone, enough);
        var at = undone > 0 ? enough : start;
        if (at < source.Count) Number(source, at, source.Count, "blocks");
        Added += source.Count - start;
        Undone += undone;
        return (source.Count - start, undone);
    }

    private void Number(BlockSource source, int start, int end, string stage)
    {
        var ingestor = new Ingestor(
            Ledger, source, _options.Threads,
            step => _progress?.Invoke(new(stage, (double)(step.Height - source.FirstHeight + 1) / Math.Max(1, source.Count), step.Height, step.Transactions)), _cancel)
        {
            CheckpointBytes = _options.CheckpointBytes,
        };
        ingestor.Run(start, end);
    }

    /// <summary>Takes blocks back and appends those of a branch up to where it has more work.</summary>
    /// <remarks>
    /// Work alone does not make a branch valid, and what it replaces may be gone from the source. So these blocks are checked before
    /// anything is taken back. And if more follow, these are shown first: should one of the others be wrong, the ledger holds the best there is.
    /// </remarks>
    private void Replace(BlockSource source, int start, int undone, int enough)
    {
        var left = Ledger.Counts.Blocks - undone;
        try
        {
            Ledger.Rehearse(left, () => Number(source, start, enough, "check"));
        }
        catch (InvalidBlockException wrong)
        {
            throw new InvalidBlockException($"{wrong.Message} It is of a branch with more work that leaves the ledger's above height {Ledger.Manifest.FirstHeight + left - 1}; the ledger keeps its own, up to height {Ledger.TipHeight}, block {Ledger.TipHash()}.");
        }

        Ledger.Undo(left);
        Number(source, start, enough, "blocks");
        if (enough < source.Count) PublishAll();
    }

    /// <summary>Shows readers everything taken so far.</summary>
    internal void Publish()
    {
        if (!Ledger.Following) Ledger.ReleaseUnspent();
        PublishAll();
    }

    private void PublishAll()
    {
        if (Ledger.Counts != Ledger.Manifest.Published)
            Ledger.Publish(_options.Threads, (stage, share) => _progress?.Invoke(new(stage, share, 0, Ledger.Counts.Transactions)), _cancel);
    }

    /// <summary>While following, each step is shown at once.</summary>
    internal void PublishIfFollowing()
    {
        if (Ledger.Following) Publish();
    }

    internal BitcoinIngestResult Result(List<string> warnings)
    {
        var counts = Ledger.Counts;
        if (counts.WeakWorkBlocks > 0)
            warnings.Add($"{counts.WeakWorkBlocks} blocks state a target easier than {_network.Name} ever allowed: this is a generated chain, or a forgery. Every trace made from it says so.");
        return new BitcoinIngestResult(_network.Name, Added, Undone, Ledger.Manifest.FirstHeight, Ledger.TipHeight, Ledger.TipHash(), counts, warnings);
    }

    private void RefuseWeakWork(BlockSource source)
    {
        ProofOfWork.TryTarget(_network.PowLimitBits, out var limit);
        for (var i = 0; i < source.Count; i++)
        {
            if (ProofOfWork.TryTarget(source[i].Bits, out var target) && target > limit)
                throw new InvalidBlockException(
                    $"{source.Describe(i)}: block {source[i].Hash} at height {source.FirstHeight + i} states a target easier than {_network.Name} allows (bits {source[i].Bits:x8}), and --strict-work was asked for.");
        }
    }

    /// <summary>Where the source goes on from what the ledger holds, how many blocks it replaces, and with which of its own, not included, it has more work than they.</summary>
    private (int Start, int Undone, int Enough) Join(BlockSource source)
    {
        var blocks = Ledger.Counts.Blocks;
        if (blocks == 0) return (0, 0, 0);
        var firstHeight = Ledger.Manifest.FirstHeight;
        var tip = Ledger.TipHeight;
        // the highest block that both have
        var common = Math.Min(tip, source.FirstHeight + source.Count - 1);
        for (; common >= Math.Max(firstHeight, source.FirstHeight); common--)
            if (Ledger.HashAt(common) == source[common - source.FirstHeight].Hash) break;
        var connects = common >= Math.Max(firstHeight, source.FirstHeight)
            || (common == source.FirstHeight - 1 && common >= firstHeight && Ledger.HashAt(common) == source[0].Previous);
        if (!connects)
            throw new LedgerException(
                $"The blocks (heights {source.FirstHeight} to {source.FirstHeight + source.Count - 1}) do not connect to the ledger (heights {firstHeight} to {tip}, tip {Ledger.TipHash()}). Name another folder with --ledger.");
        var start = common + 1 - source.FirstHeight;
        if (common == tip) return (start, 0, start);
        UInt128 mine = 0, theirs = 0;
        for (var height = common + 1; height <= tip; height++) mine += Ledger.WorkAt(height);
        var enough = start;
        for (; enough < source.Count && theirs <= mine; enough++) theirs += ProofOfWork.TryTarget(source[enough].Bits, out var target) ? ProofOfWork.Work(target) : 0;
        if (theirs <= mine) return (source.Count, 0, source.Count); // what the ledger holds stays: as much work, and seen first
        return (start, tip - common, enough);
    }

    public void Dispose() => Ledger.Dispose();
}
