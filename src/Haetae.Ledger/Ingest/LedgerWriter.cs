using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>A ledger open for appending. One at a time: a lock file is held until disposed.</summary>
/// <remarks>
/// Two steps a chunk. <see cref="Number"/>, in chain order, gives the chunk its numbers and resolves its inputs; <see cref="Write"/> puts
/// its columns into the files and may run beside others. What lies behind the manifest's counts is scrap: opening cuts it off.
/// </remarks>
internal sealed partial class LedgerWriter : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly Dictionary<ColumnSpec, SafeFileHandle> _columns = [];
    private readonly SpenderColumn _spender;
    private readonly BitcoinNetwork _network;

    internal OutpointNamer Namer { get; } = OutpointNamer.WithFreshSecret();

    /// <summary>Null once <see cref="ReleaseUnspent"/> let it go, and after a rehearsal until it is needed.</summary>
    internal UnspentTable Unspent { get; private set; } = new();

    internal Manifest Manifest { get; private set; }

    /// <summary>What the chunks numbered so far add up to.</summary>
    internal LedgerCounts Counts { get; private set; }

    internal string Folder => _folder;

    private bool IsWhole(Manifest manifest, string kind) => manifest.Indexes.All(run => run.Kind != kind || File.Exists(Path.Combine(_folder, run.File)));

    /// <summary>The ledger stays open between publishes: the unspent table is kept, and no file that a reader may have mapped gets shorter.</summary>
    internal bool Following { get; init; }

    // What was stored when the ledger was opened is checked before it is used.
    private readonly Dictionary<ColumnSpec, BlockGuard> _guards = [];

    private LedgerWriter(string folder, FileStream held, Manifest manifest, BitcoinNetwork network, SpenderWindow window)
    {
        _folder = folder;
        _lock = held;
        _network = network;
        // A kind of index of which a file was lost is made anew. Until then nothing is published: a reader without it would find nothing and not know why.
        var whole = manifest.Indexes.Where(run => IsWhole(manifest, run.Kind)).ToList();
        Manifest = whole.Count == manifest.Indexes.Count ? manifest : manifest with { Indexes = whole, Published = new(), PublishedSums = "" };
        Counts = manifest.Written;
        foreach (var column in LedgerColumns.All)
            _columns[column] = File.OpenHandle(Path.Combine(folder, column.FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        DeleteScrap();
        CutBack();
        GuardStored();
        SettleStored(window);
        _spender = new SpenderColumn(_columns[LedgerColumns.OutSpender], SpenderPath, Counts.Outputs, window);
        RebuildUnspent(freeSpenders: true);
    }

    /// <summary>Opens a ledger to append to, or makes a new one.</summary>
    /// <exception cref="LedgerException">Another writer holds it, or it is of another network or range.</exception>
    internal static LedgerWriter Open(string folder, BitcoinNetwork network, int firstHeight, bool following = false, SpenderWindow? window = null)
    {
        Directory.CreateDirectory(folder);
        var held = WriterLock.Take(folder);
        try
        {
            var manifest = Manifest.Read(folder);
            if (manifest is null or { Written.Blocks: 0, Published.Blocks: 0 }) // what an ingest that failed before its first block meant to begin with binds nobody
            {
                manifest = new Manifest { Network = network.Name, Chain = network.ChainId, FirstHeight = firstHeight, Written = new(), Published = new(), Undone = manifest?.Undone ?? 0 };
                manifest.Write(folder);
            }

            if (manifest.Network != network.Name)
                throw new LedgerException($"The ledger '{folder}' holds {manifest.Network}, the blocks are of {network.Name}. Name another folder with --ledger.");
            return new LedgerWriter(folder, held, manifest, network, following ? SpenderWindow.Whole : window ?? SpenderWindow.Usual) { Following = following };
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives a parsed chunk its numbers and resolves its inputs. Called in chain order, one chunk at a time.</summary>
    internal void Number(Chunk chunk, BlockSource source, Action waitForColumns)
    {
        if (_steppedBackTo is not null)
        {
            _steppedBackTo = null;
            ReleaseUnspent(); // the undo that was to follow did not: the table is of other counts
        }

        if (Unspent is null) RebuildUnspent(freeSpenders: false);
        chunk.Base = Counts;
        var resolver = new Resolver(this, chunk, source, _network, Manifest.FirstHeight, _rehearsed ?? chunk.Base);
        resolver.Run(IsRehearsing ? null : _spender, waitForColumns);
        Counts = Counts with
        {
            Blocks = Counts.Blocks + chunk.BlockCount,
            Transactions = checked(Counts.Transactions + (uint)chunk.TxId.Count),
            Inputs = Counts.Inputs + chunk.OutpointAt.Count,
            Outputs = Counts.Outputs + chunk.Value.Count,
            ScriptBytes = Counts.ScriptBytes + chunk.Script.Count,
            OutsideInputs = Counts.OutsideInputs + chunk.Outside.Count,
            OutsideScriptBytes = Counts.OutsideScriptBytes + chunk.OutsideScript.Count,
            UnknownInputs = Counts.UnknownInputs + resolver.UnknownInputs,
            WeakWorkBlocks = Counts.WeakWorkBlocks + WeakWork(chunk, source),
        };
    }

    private int WeakWork(Chunk chunk, BlockSource source)
    {
        ProofOfWork.TryTarget(_network.PowLimitBits, out var limit);
        var weak = 0;
        for (var b = 0; b < chunk.BlockCount; b++)
            if (ProofOfWork.TryTarget(source[chunk.FirstBlock + b].Bits, out var target) && target > limit) weak++;
        return weak;
    }

    internal void ReadColumn(ColumnSpec column, long item, Span<byte> target)
    {
        var handle = _columns[column];
        var offset = item * column.Width;
        if (target.Length > 0 && _guards.TryGetValue(column, out var guard) && offset < guard.Bytes) guard.Touch(offset, Math.Min(guard.Bytes, offset + target.Length) - 1);
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(handle, target, offset);
            if (read == 0) throw new LedgerCorruptException($"{Path.Combine(_folder, column.FileName)}: ends at byte {offset} where more was vouched for.");
            target = target[read..];
            offset += read;
        }
    }

    /// <summary>Height of the last block written; one below the first height when there is none.</summary>
    internal int TipHeight => Manifest.FirstHeight + Counts.Blocks - 1;

    /// <summary>The hash of the last block written.</summary>
    internal Hash256 TipHash() => Counts.Blocks == 0 ? default : HashAt(TipHeight);

    internal Hash256 HashAt(int height)
    {
        Span<byte> hash = stackalloc byte[32];
        ReadColumn(LedgerColumns.BlockHash, height - Manifest.FirstHeight, hash);
        return new Hash256(hash);
    }

    /// <summary>The work that the block at a height claims.</summary>
    internal UInt128 WorkAt(int height)
    {
        Span<byte> header = stackalloc byte[80];
        ReadColumn(LedgerColumns.BlockHeader, height - Manifest.FirstHeight, header);
        return ProofOfWork.TryTarget(BinaryPrimitives.ReadUInt32LittleEndian(header[72..]), out var target) ? ProofOfWork.Work(target) : 0;
    }

    /// <summary>Frees the table of unspent outputs, whose memory the index build can use. It is made again when a chunk is numbered.</summary>
    internal void ReleaseUnspent()
    {
        Unspent?.Dispose();
        Unspent = null!;
    }

    public void Dispose()
    {
        Unspent?.Dispose();
        try
        {
            _earlyFlush?.Wait();
        }
        catch (AggregateException)
        {
            // nothing more is written: what is safe, the last manifest says
        }

        _spender?.Dispose();
        foreach (var handle in _columns.Values) handle.Dispose();
        _lock.Dispose();
    }
}
