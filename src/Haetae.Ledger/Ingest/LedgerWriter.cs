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
internal sealed class LedgerWriter : IDisposable
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
        var held = Lock(folder);
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

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "writer.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException wrong) when (wrong.HResult is unchecked((int)0x80070020) or 11 or 35) // a sharing violation on Windows; EWOULDBLOCK on Linux, and on macOS
        {
            throw new LedgerException($"Another program is writing to the ledger '{folder}'. Wait for it, or stop it.");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"The ledger '{folder}' cannot be written: {wrong.Message} Free it, or name another folder with --ledger.", wrong);
        }
    }

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

    /// <summary>Gives a parsed chunk its numbers and resolves its inputs. Called in chain order, one chunk at a time.</summary>
    internal void Number(Chunk chunk, BlockSource source, Action waitForColumns)
    {
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

    /// <summary>Puts a numbered chunk's columns into the files. Several chunks may be written at once.</summary>
    internal void Write(Chunk chunk, BlockSource source)
    {
        var at = chunk.Base;
        WriteBlocks(chunk, source, at);
        Put(LedgerColumns.TxId, at.Transactions, MemoryMarshal.AsBytes(chunk.TxId.Span));
        Put(LedgerColumns.TxMeta, at.Transactions, MemoryMarshal.AsBytes(chunk.Meta.Span));
        Put(LedgerColumns.TxFee, at.Transactions, MemoryMarshal.AsBytes(chunk.Fee.Span));
        PutPacked(LedgerColumns.TxFirstInput, at.Transactions, chunk.FirstInput.Span, at.Inputs, at.Inputs + chunk.OutpointAt.Count);
        PutPacked(LedgerColumns.TxFirstOutput, at.Transactions, chunk.FirstOutput.Span, at.Outputs, at.Outputs + chunk.Value.Count);
        PutPacked(LedgerColumns.InPrevious, at.Inputs, chunk.Previous.Span);
        Put(LedgerColumns.InSequence, at.Inputs, MemoryMarshal.AsBytes(chunk.Sequence.Span));
        Put(LedgerColumns.OutValue, at.Outputs, MemoryMarshal.AsBytes(chunk.Value.Span));
        Put(LedgerColumns.OutKey, at.Outputs, MemoryMarshal.AsBytes(chunk.Key.Span));
        Put(LedgerColumns.ScriptBytes, at.ScriptBytes, chunk.Script.Span);
        var skip = (int)((LedgerColumns.ScriptGroup - at.Outputs % LedgerColumns.ScriptGroup) % LedgerColumns.ScriptGroup);
        var offsets = new List<long>(chunk.ScriptStart.Count / LedgerColumns.ScriptGroup + 1);
        for (var o = skip; o < chunk.ScriptStart.Count; o += LedgerColumns.ScriptGroup) offsets.Add(at.ScriptBytes + chunk.ScriptStart[o]);
        PutPacked(LedgerColumns.ScriptOffset, (at.Outputs + skip) / LedgerColumns.ScriptGroup, CollectionsMarshal.AsSpan(offsets));
        Put(LedgerColumns.OutsideInput, at.OutsideInputs, MemoryMarshal.AsBytes(chunk.Outside.Span));
        Put(LedgerColumns.OutsideScript, at.OutsideScriptBytes, chunk.OutsideScript.Span);
        FlushEarly(ColumnBytes(chunk));
    }

    /// <summary>About how many bytes a chunk adds to the columns.</summary>
    internal static long ColumnBytes(Chunk chunk) => 100L * chunk.TxId.Count + 9L * chunk.OutpointAt.Count + 21L * chunk.Value.Count + chunk.Script.Count;

    private void WriteBlocks(Chunk chunk, BlockSource source, LedgerCounts at)
    {
        var headers = new byte[80 * chunk.BlockCount];
        var hashes = new Hash256[chunk.BlockCount];
        var times = new uint[chunk.BlockCount];
        var sizes = new int[chunk.BlockCount];
        var firsts = new uint[chunk.BlockCount + 1];
        for (var b = 0; b < chunk.BlockCount; b++)
        {
            var block = source[chunk.FirstBlock + b];
            chunk.Raw.AsSpan(chunk.Blocks[b].Start, 80).CopyTo(headers.AsSpan(80 * b));
            hashes[b] = block.Hash;
            times[b] = block.Time;
            sizes[b] = block.Size;
        }

        for (var b = 0; b <= chunk.BlockCount; b++) firsts[b] = at.Transactions + (uint)chunk.BlockFirstTx[b];
        Put(LedgerColumns.BlockHeader, at.Blocks, headers);
        Put(LedgerColumns.BlockHash, at.Blocks, MemoryMarshal.AsBytes(hashes.AsSpan()));
        Put(LedgerColumns.BlockTime, at.Blocks, MemoryMarshal.AsBytes(times.AsSpan()));
        Put(LedgerColumns.BlockSize, at.Blocks, MemoryMarshal.AsBytes(sizes.AsSpan()));
        Put(LedgerColumns.BlockFirstTx, at.Blocks, MemoryMarshal.AsBytes(firsts.AsSpan()));
    }

    private void Put(ColumnSpec column, long item, ReadOnlySpan<byte> bytes)
    {
        const int piece = 1 << 20; // larger single writes are slower
        var offset = item * column.Width;
        for (; bytes.Length > 0; bytes = bytes[Math.Min(piece, bytes.Length)..], offset += piece)
            RandomAccess.Write(_columns[column], bytes[..Math.Min(piece, bytes.Length)], offset);
    }

    [ThreadStatic]
    private static byte[]? t_packed;

    private static Span<byte> PackBuffer(int items)
    {
        if (t_packed is null || t_packed.Length < 5 * items + 8) t_packed = new byte[5 * items + 8];
        return t_packed;
    }

    /// <summary>Packs chunk-relative numbers plus their base, and the end behind them: each chunk writes the item its successor will write again, alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PutPacked(ColumnSpec column, long item, ReadOnlySpan<int> numbers, long start, long end)
    {
        var bytes = PackBuffer(numbers.Length + 1);
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(5 * i)..], start + numbers[i]);
        Packed40.Write(bytes, numbers.Length, end);
        Put(column, item, bytes[..(5 * (numbers.Length + 1))]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PutPacked(ColumnSpec column, long item, ReadOnlySpan<long> numbers)
    {
        var bytes = PackBuffer(numbers.Length);
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(5 * i)..], numbers[i]);
        Put(column, item, bytes[..(5 * numbers.Length)]);
    }

    /// <summary>The sums of <c>out.spender</c> for what is numbered so far; to be taken before the next chunk is numbered.</summary>
    internal (ulong[] Sums, long[] Late) SpenderSnapshot() => _spender.Snapshot(Counts.Outputs);

    /// <summary>Makes everything up to <paramref name="counts"/> safe: columns flushed, then the manifest swapped. All chunks up to there must be written.</summary>
    /// <param name="spent"><see cref="SpenderSnapshot"/> at those counts.</param>
    /// <remarks>Two threads may come here at once: the manifest is written by one at a time and never goes back to fewer blocks.</remarks>
    internal void Checkpoint(LedgerCounts counts, (ulong[] Sums, long[] Late) spent)
    {
        lock (_columns)
        {
            if (IsRehearsing || counts.Blocks <= Manifest.Written.Blocks) return;
            var tails = Checksums.Update(_folder, _columns, Manifest.Written, counts, threads: 1);
            Swap(Manifest with { Written = counts, Tails = tails, LateSpends = spent.Late }, spent.Sums);
        }
    }

    /// <summary>Makes the columns safe, then puts a manifest that says so in the place of the one before.</summary>
    private void Swap(Manifest next, ulong[] spent)
    {
        Flush();
        var sums = next.Written.Blocks == 0 ? "" : SpenderSums.FileName(next.Written, next.Undone);
        if (sums.Length > 0)
        {
            var path = Path.Combine(_folder, sums);
            SpenderSums.Write(path + ".new", spent);
            File.Move(path + ".new", path, overwrite: true);
        }

        string[] last = [Manifest.SpenderSums, Manifest.PublishedSums];
        Manifest = next with { SpenderSums = sums, PublishedSums = next.Published == next.Written ? sums : next.Published.Blocks == 0 ? "" : Manifest.PublishedSums };
        Manifest.Write(_folder);
        foreach (var old in last)
            if (old.Length > 0 && old != Manifest.SpenderSums && old != Manifest.PublishedSums) File.Delete(Path.Combine(_folder, old));
    }

    private void Flush()
    {
        Volatile.Read(ref _earlyFlush)?.GetAwaiter().GetResult(); // what went wrong there is told here, and only once by the system
        _spender.Flush();
        foreach (var handle in _columns.Values) RandomAccess.FlushToDisk(handle);
    }

    private const long EarlyFlushBytes = 128L << 20;
    private long _unflushed;
    private Task? _earlyFlush;

    /// <summary>Sends what was written on its way to the disk while blocks are still being parsed, so that less is waited for in the end.</summary>
    private void FlushEarly(long written)
    {
        if (Interlocked.Add(ref _unflushed, written) < EarlyFlushBytes) return;
        var last = Volatile.Read(ref _earlyFlush);
        if (last is { IsCompletedSuccessfully: false }) return; // still at it, or failed: then the next checkpoint says so
        var next = new Task(() =>
        {
            foreach (var (column, handle) in _columns)
                if (!LedgerColumns.IsRewritten(column)) RandomAccess.FlushToDisk(handle);
        });
        if (Interlocked.CompareExchange(ref _earlyFlush, next, last) != last) return;
        Volatile.Write(ref _unflushed, 0);
        next.Start();
    }

    /// <summary>Frees the table of unspent outputs, whose memory the index build can use. It is made again when a chunk is numbered.</summary>
    internal void ReleaseUnspent()
    {
        Unspent?.Dispose();
        Unspent = null!;
    }

    /// <summary>Builds the indexes that are missing and shows readers everything written.</summary>
    internal void Publish(int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var counts = Counts;
        foreach (var (column, handle) in _columns)
        {
            var bytes = column.Bytes(counts);
            if ((MayCut && !Following) || RandomAccess.GetLength(handle) < bytes + column.Padding) RandomAccess.SetLength(handle, bytes + column.Padding);
            if (column.Padding > 0) RandomAccess.Write(handle, new byte[column.Padding], bytes);
        }

        // Indexes and checksums read columns that nobody writes any more, each its own: they go side by side.
        var built = new IndexRun?[2];
        SortedDictionary<string, uint> tails = [];
        SideBySide.Run(
            threads,
            cancel,
            () => built[0] = BuildMissing(IndexRunFile.ScriptKind, counts, threads, progress, cancel),
            () => built[1] = BuildMissing(IndexRunFile.TxIdKind, counts, threads, progress, cancel),
            () => tails = Checksums.Update(_folder, _columns, Manifest.Written, counts, threads));
        // in one order, whichever was built anew: the same ledger has the same manifest
        var runs = Manifest.Indexes.Where(run => !built.Any(fresh => fresh?.Kind == run.Kind && run.From >= fresh.From)).Concat(built.OfType<IndexRun>()).OrderBy(run => run.Kind, StringComparer.Ordinal).ThenBy(run => run.From).ToList();
        _spender.Settle(counts.Transactions, threads, cancel);
        Swap(Manifest with { Written = counts, Published = counts, Indexes = runs, Tails = tails, LateSpends = [] }, SpenderSnapshot().Sums);
        _spender.Settled();
        IndexRuns.DeleteOthers(_folder, runs);
    }

    private IndexRun? BuildMissing(string kind, LedgerCounts counts, int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var mine = Manifest.Indexes.Where(run => run.Kind == kind).OrderBy(run => run.From).ToList();
        if ((mine.Count == 0 ? 0 : mine[^1].To) >= counts.Transactions) return null;
        var merged = IndexRuns.ToMerge(mine, counts.Transactions);
        return IndexBuilder.Build(this, kind, IndexRuns.Start(mine, merged), counts, threads, progress, cancel);
    }

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

/// <summary>40-bit numbers in five bytes, little-endian.</summary>
internal static class Packed40
{
    internal static long Read(ReadOnlySpan<byte> bytes, int item)
    {
        var at = bytes.Slice(5 * item, 5);
        return BinaryPrimitives.ReadUInt32LittleEndian(at) | (long)at[4] << 32;
    }

    internal static void Write(Span<byte> bytes, int item, long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(5 * item)..], (uint)value);
        bytes[5 * item + 4] = (byte)(value >> 32);
    }
}
