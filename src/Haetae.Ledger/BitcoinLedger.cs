using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <summary>A Bitcoin ledger open for reading: a snapshot of what was published when it was opened. Many may read beside one writer.</summary>
/// <remarks>Valid until disposed; columns and spans taken from it must not be used after that. Safe for use from many threads.</remarks>
public sealed partial class BitcoinLedger : ILedgerView, IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly List<BlockGuard> _guards = [];
    private readonly IndexRunReader[] _txidRuns;
    private readonly IndexRunReader[] _scriptRuns;
    private readonly Column<byte> _scripts;
    private readonly Packed40Column _scriptOffset;
    private readonly Column<OutsideRow> _outside;
    private readonly Column<byte> _outsideScripts;

    private BitcoinLedger(string folder, Manifest manifest, BitcoinNetwork network)
    {
        Folder = folder;
        Manifest = manifest;
        Network = network;
        var counts = Counts;
        try
        {
            BlockHashes = Map<Hash256>(LedgerColumns.BlockHash);
            BlockHeaders = Map<byte>(LedgerColumns.BlockHeader, 80L * counts.Blocks);
            BlockSizes = Map<int>(LedgerColumns.BlockSize);
            TxIds = Map<Hash256>(LedgerColumns.TxId);
            Metas = Map<TxMeta>(LedgerColumns.TxMeta);
            Sequences = Map<uint>(LedgerColumns.InSequence);
            ScriptKeys = Map<ulong>(LedgerColumns.OutKey);
            _scripts = Map<byte>(LedgerColumns.ScriptBytes);
            _scriptOffset = MapPacked(LedgerColumns.ScriptOffset);
            _outside = Map<OutsideRow>(LedgerColumns.OutsideInput);
            _outsideScripts = Map<byte>(LedgerColumns.OutsideScript);
            Graph = new UtxoGraph(
                manifest.FirstHeight,
                Map<uint>(LedgerColumns.BlockFirstTx),
                Map<uint>(LedgerColumns.BlockTime),
                MapPacked(LedgerColumns.TxFirstInput),
                MapPacked(LedgerColumns.TxFirstOutput),
                Map<long>(LedgerColumns.TxFee),
                MapPacked(LedgerColumns.InPrevious),
                Map<long>(LedgerColumns.OutValue),
                MapSpenders(),
                this)
            {
                OutsideValues = input => OutsideOf(input).Value,
            };
            _txidRuns = Runs(IndexRunFile.TxIdKind);
            _scriptRuns = Runs(IndexRunFile.ScriptKind);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens a ledger.</summary>
    /// <exception cref="LedgerException">There is none in the folder, or its first ingest has not finished.</exception>
    /// <exception cref="LedgerCorruptException">A file is missing, cut or contradicts the manifest.</exception>
    public static BitcoinLedger Open(string folder)
    {
        // A writer may publish between our reading of the manifest and our opening of the files it names: then begin again.
        for (var attempt = 0; ; attempt++)
        {
            var manifest = Manifest.Read(folder);
            try
            {
                var ledger = Open(folder, manifest);
                if (attempt >= MostAttempts || Manifest.Read(folder)?.Undone == ledger.Manifest.Undone) return ledger;
                ledger.Dispose();
            }
            catch (LedgerException) when (attempt < MostAttempts && Manifest.Read(folder)?.Digest != manifest?.Digest)
            {
                // the manifest is another one by now
            }
        }
    }

    private const int MostAttempts = 20;

    private static BitcoinLedger Open(string folder, Manifest? manifest)
    {
        if (manifest is null)
            throw NoLedger.In(folder);
        if (!BitcoinNetwork.TryParse(manifest.Network, out var network)) throw new LedgerCorruptException($"{Path.Combine(folder, Manifest.FileName)}: unknown network '{manifest.Network}'.");
        if (manifest.Published.Blocks == 0)
            throw new LedgerException($"The ledger in '{folder}' is not finished: {manifest.Written.Blocks} blocks are safe, the indexes are missing. Run the same 'haetae ingest' again; it goes on where it stopped.");
        return new BitcoinLedger(folder, manifest, network);
    }

    public string Folder { get; }

    public BitcoinNetwork Network { get; }

    public Manifest Manifest { get; }

    public LedgerCounts Counts => Manifest.Published;

    /// <summary>Who spends what, in numbers: what tracing walks.</summary>
    public UtxoGraph Graph { get; }

    public Column<Hash256> TxIds { get; }

    public Column<Hash256> BlockHashes { get; }

    /// <summary>80 bytes a block.</summary>
    public Column<byte> BlockHeaders { get; }

    /// <summary>Serialised bytes of each block.</summary>
    public Column<int> BlockSizes { get; }

    public Column<TxMeta> Metas { get; }

    /// <summary>Per input, its sequence number.</summary>
    public Column<uint> Sequences { get; }

    internal IReadOnlyList<IndexRunReader> ScriptRuns => _scriptRuns;

    /// <summary>What stands before the columns.</summary>
    internal IReadOnlyList<BlockGuard> Guards => _guards;

    /// <summary>Per output, the 64-bit key of its script; 0 for scripts that begin with OP_RETURN.</summary>
    public Column<ulong> ScriptKeys { get; }

    public int FirstHeight => Manifest.FirstHeight;

    public int TipHeight => Manifest.FirstHeight + Counts.Blocks - 1;

    public Hash256 TipHash => BlockHashes[Counts.Blocks - 1];

    /// <summary>Maps a column: readers see what is published of it, and its checksums reach as far as is written.</summary>
    private Column<T> Map<T>(ColumnSpec column, long? items = null) where T : unmanaged
    {
        var (file, guard) = MapGuarded(column);
        return file.Column<T>(items ?? column.Items(Counts), 0, guard);
    }

    private Packed40Column MapPacked(ColumnSpec column)
    {
        var (file, guard) = MapGuarded(column);
        return file.Packed(column.Items(Counts), 0, guard);
    }

    private Column<uint> MapSpenders()
    {
        var sums = SpenderSums.Read(Path.Combine(Folder, Manifest.PublishedSums), Counts.Outputs);
        var file = MapFile(LedgerColumns.OutSpender);
        _guards.Add(file.SpenderGuard(Counts.Outputs, Counts.Transactions, sums, Reorganised));
        return file.Column<uint>(Counts.Outputs, 0, _guards[^1]);
    }

    private (MappedFile File, BlockGuard Guard) MapGuarded(ColumnSpec column)
    {
        var (sums, tail) = Checksums.Read(Folder, column, Manifest);
        var file = MapFile(column);
        var guard = file.Guard(column.Bytes(Manifest.Written), sums, tail, 0, Reorganised);
        _guards.Add(guard);
        return (file, guard);
    }

    private MappedFile MapFile(ColumnSpec column)
    {
        var file = new MappedFile(Path.Combine(Folder, column.FileName));
        _open.Add(file);
        return file;
    }

    private IndexRunReader[] Runs(string kind)
    {
        var runs = new List<IndexRunReader>();
        foreach (var run in Manifest.Indexes.Where(run => run.Kind == kind).OrderBy(run => run.From))
        {
            if (run.File != Path.GetFileName(run.File)) throw new LedgerCorruptException($"The manifest names an index outside its folder: '{run.File}'.");
            var limit = !run.IsCut ? long.MaxValue : kind == IndexRunFile.TxIdKind ? run.To : Graph.FirstOutput[run.To];
            runs.Add(new IndexRunReader(Path.Combine(Folder, run.File), kind) { Limit = limit });
            _open.Add(runs[^1]);
        }

        return [.. runs];
    }

    /// <summary>The script of an output, as it stood on chain.</summary>
    public byte[] ScriptOf(long output) => ScriptCodec.Decode(StoredScript(output));

    private ReadOnlySpan<byte> StoredScript(long output)
    {
        var group = output / LedgerColumns.ScriptGroup;
        var at = _scriptOffset[group];
        _scripts.Touch(at, group + 1 < _scriptOffset.Length ? _scriptOffset[group + 1] : _scripts.Length);
        for (var left = output % LedgerColumns.ScriptGroup; left > 0; left--) at += ScriptCodec.StoredLength(Window(at));
        return Window(at);
    }

    /// <summary>Scripts from a place on; whoever reads them has had their blocks checked.</summary>
    private ReadOnlySpan<byte> Window(long at) => _scripts.Unguarded.Slice(at, (int)Math.Min(int.MaxValue, _scripts.Length - at));

    /// <summary>The 64-bit key of the script an input spends; where that is unknown, a key that no other input shares.</summary>
    public ulong InputScriptKey(long input)
    {
        var previous = Graph.Previous[input];
        if (previous != OutputNum.NotHeld) return ScriptKeys[previous];
        return OutsideOf(input).Script is { } script ? ScriptKey.Of(script) : ~(ulong)input;
    }

    /// <summary>Distinct output scripts, OP_RETURN left out (by their 64-bit keys: two scripts that share one count once).</summary>
    public long DistinctScripts()
    {
        if (_scriptRuns.Length == 1 && !_scriptRuns[0].IsCut) return _scriptRuns[0].Distinct;
        return IndexRunReader.DistinctAcross(_scriptRuns, ScriptKeys);
    }

    /// <summary>What an input spends that this ledger does not hold: its outpoint, and value and script where undo data gave them.</summary>
    public OutsideOutput OutsideOf(long input)
    {
        long low = 0, high = _outside.Length - 1;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            if (_outside[middle].Input < input) low = middle + 1;
            else high = middle;
        }

        if (_outside.Length == 0 || _outside[low].Input != input) throw new LedgerCorruptException($"Input {input} spends an output that is neither held nor listed as outside. Run 'haetae ledger verify'.");
        var row = _outside[low];
        byte[]? script = row.ScriptLength == OutsideRow.UnknownScript ? null : OutsideScript(row);
        return new OutsideOutput(row.TxId, row.Vout, row.Value < 0 ? null : row.Value, script);
    }

    /// <summary>The inputs that spend from before the first block and whose script is known, in order, each with its script's key.</summary>
    public IEnumerable<(long Input, ulong Key)> OutsideScriptKeys()
    {
        for (long i = 0; i < _outside.Length; i++)
            if (_outside[i] is var row && row.ScriptLength != OutsideRow.UnknownScript) yield return (row.Input, ScriptKey.Of(OutsideScript(row)));
    }

    /// <summary>The script that an input spends, as it stood on chain; null when it was paid before the first block and is not known.</summary>
    public byte[]? SpentScriptOf(long input) => Graph.Previous[input] is var previous && previous != OutputNum.NotHeld ? ScriptOf(previous) : OutsideOf(input).Script;

    private byte[] OutsideScript(OutsideRow row)
    {
        if (row.ScriptLength > int.MaxValue) throw new LedgerCorruptException($"outside.input.col: input {row.Input} states a script of {row.ScriptLength} bytes. Run 'haetae ledger verify'.");
        return _outsideScripts.Slice(row.ScriptOffset, (int)row.ScriptLength).ToArray();
    }

    public void Dispose()
    {
        foreach (var open in _open) open.Dispose();
        _open.Clear();
    }
}

/// <summary>An output from before the ledger's first block.</summary>
/// <param name="Value">Satoshi, or null when unknown.</param>
/// <param name="Script">Null when unknown.</param>
public sealed record OutsideOutput(Hash256 TxId, uint Vout, long? Value, byte[]? Script);
