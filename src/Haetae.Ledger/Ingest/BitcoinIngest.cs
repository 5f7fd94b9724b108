using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Node;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>What to ingest, and how.</summary>
public sealed record BitcoinIngestOptions
{
    /// <summary>The folder of block files, or one of them; empty where blocks come from a node.</summary>
    public string Blocks { get; init; } = "";

    /// <summary>The folder of the ledger; made when it is not there.</summary>
    public required string Ledger { get; init; }

    /// <summary>Null: read from the files' magic, or told by the node.</summary>
    public BitcoinNetwork? Network { get; init; }

    /// <summary>First height to hold; where files do not begin with the genesis block, the height of their first block.</summary>
    public int? From { get; init; }

    /// <summary>Last height to hold.</summary>
    public int? To { get; init; }

    /// <summary>Refuse blocks whose own target is easier than the network's limit.</summary>
    public bool StrictWork { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Column bytes between checkpoints.</summary>
    public long CheckpointBytes { get; init; } = 2L << 30;

    /// <summary>How much of the one randomly written column is kept in memory.</summary>
    internal SpenderWindow SpenderWindow { get; init; } = SpenderWindow.Usual;
}

/// <summary>What an ingest did.</summary>
/// <param name="BlocksAdded">Blocks appended, those after an undo included.</param>
/// <param name="BlocksUndone">Blocks taken back because another branch has more work.</param>
public sealed record BitcoinIngestResult(
    string Network, int BlocksAdded, int BlocksUndone, int FirstHeight, int TipHeight, Hash256 TipHash, LedgerCounts Counts, IReadOnlyList<string> Warnings);

/// <summary>How far an ingest got, for a progress line.</summary>
/// <param name="Stage">scan (headers are read), check (of a branch that is to replace blocks held), blocks, txid or script.</param>
/// <param name="Share">0 to 1 within the stage.</param>
public readonly record struct BitcoinIngestStep(string Stage, double Share, int Height, uint Transactions);

/// <summary>The whole way from blocks to a ledger that can be read.</summary>
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
        using var session = new IngestSession(options, scan.Network, held is { Written.Blocks: > 0 } ? held.FirstHeight : source.FirstHeight, following: false, progress, cancel);
        session.Take(source);
        session.Publish();
        return session.Result(warnings);
    }

    /// <summary>Takes a node's best chain into a ledger.</summary>
    /// <param name="follow">Null: stop at the node's tip. Else stay attached until cancelled, or until <see cref="BitcoinIngestOptions.To"/> is held, and tell each event here.</param>
    /// <exception cref="LedgerException">The node, a block or the ledger is not as it must be; the message says which and where.</exception>
    public static BitcoinIngestResult FromNode(
        BitcoinIngestOptions options, NodeAccess access, Action<BitcoinIngestStep>? progress = null, Action<FollowEvent>? follow = null, CancellationToken cancel = default)
    {
        using var ingest = new NodeIngest(options, access, follow, progress, cancel);
        return ingest.Run();
    }
}
