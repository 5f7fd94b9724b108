using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <summary>An account ledger open for reading: a snapshot of its last checkpoint when it was opened. Many may read beside one writer.</summary>
/// <remarks>Valid until disposed; columns and spans taken from it must not be used after that. Safe for use from many threads.</remarks>
public sealed partial class AccountLedger : IAccountView, IDisposable
{
    private const int MostAttempts = 20;
    private readonly List<IDisposable> _open = [];
    private readonly List<BlockGuard> _guards = [];
    private readonly IndexRunReader[] _idRuns;
    private readonly IndexRunReader[] _accountRuns;
    private readonly IndexRunReader[] _transferRuns;
    private readonly Column<AccountAddress> _addresses;
    private readonly Column<uint> _eventTx;
    private readonly Column<AccountAddress> _eventEmitter;
    private readonly Column<byte> _eventTopics;
    private readonly Packed40Column _eventFirst;
    private readonly Column<byte> _eventBytes;
    private readonly Column<uint> _gasTx;
    private readonly Column<ulong> _gasWord;
    private readonly Dictionary<(uint Account, uint Asset), UInt256> _openings;
    private readonly AccountCoverages _coverage;
    private readonly Lazy<string> _digest;

    private AccountLedger(string folder, AccountManifest manifest, ChainName chain)
    {
        (Folder, Manifest, Chain) = (folder, manifest, chain);
        try
        {
            Statements = AccountStatements.Read(folder, manifest);
            var amount = new AmountColumn(Map<UInt128>(AccountColumns.TransferAmount), Map<long>(AccountColumns.WideAt), Map<UInt256>(AccountColumns.WideAmount));
            Graph = new AccountGraph(
                Map<Hash256>(AccountColumns.TxId), Map<uint>(AccountColumns.TxTime), Map<uint>(AccountColumns.TxBlock), Map<byte>(AccountColumns.TxMarks), MapPacked(AccountColumns.TxFirst),
                Map<uint>(AccountColumns.TransferFrom), Map<uint>(AccountColumns.TransferTo), Map<uint>(AccountColumns.TransferAsset), Map<byte>(AccountColumns.TransferKind), amount, this);
            _addresses = Map<AccountAddress>(AccountColumns.Address);
            BlockNumbers = Map<uint>(AccountColumns.BlockNumber);
            BlockHashes = Map<Hash256>(AccountColumns.BlockHash);
            BlockParents = Map<Hash256>(AccountColumns.BlockParent);
            BlockTimes = Map<uint>(AccountColumns.BlockTime);
            BlockStarts = Map<BlockStartRow>(AccountColumns.BlockStart);
            _eventTx = Map<uint>(AccountColumns.EventTx);
            _eventEmitter = Map<AccountAddress>(AccountColumns.EventEmitter);
            _eventTopics = Map<byte>(AccountColumns.EventTopics);
            _eventFirst = MapPacked(AccountColumns.EventFirst);
            _eventBytes = Map<byte>(AccountColumns.EventBytes);
            _gasTx = Map<uint>(AccountColumns.GasTx);
            _gasWord = Map<ulong>(AccountColumns.GasWord);
            Assets = ReadAssets(Map<AssetRow>(AccountColumns.Asset));
            _idRuns = Runs(IndexRunFile.TxIdKind);
            _accountRuns = Runs(IndexRunFile.AccountKind);
            _transferRuns = Runs(IndexRunFile.TransferKind);
            _openings = Statements.Openings.ToDictionary(one => (one.Account, one.Asset), one => UInt256.Parse(one.Amount));
            _coverage = AccountCoverages.Of(Statements.Coverage);
            _digest = new Lazy<string>(TakeDigest);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens a ledger.</summary>
    /// <exception cref="LedgerException">There is none in the folder, or nothing has been made safe in it yet.</exception>
    /// <exception cref="LedgerCorruptException">A file is missing, cut or contradicts the manifest.</exception>
    public static AccountLedger Open(string folder)
    {
        // A writer may make a checkpoint between our reading of the manifest and our opening of the files it names: then begin again.
        for (var attempt = 0; ; attempt++)
        {
            var manifest = AccountManifest.Read(folder) ?? throw NoLedger.In(folder);
            if (manifest.Tails.Count == 0) throw NoLedger.Yet(folder);
            try
            {
                ChainName.TryParse(manifest.Chain, out var chain);
                var ledger = new AccountLedger(folder, manifest, chain!);
                if (attempt >= MostAttempts || AccountManifest.Read(folder)?.Undone == manifest.Undone) return ledger;
                ledger.Dispose();
            }
            catch (LedgerException) when (attempt < MostAttempts && AccountManifest.Read(folder)?.Digest != manifest.Digest)
            {
                // the manifest is another one by now
            }
        }
    }

    public string Folder { get; }

    public AccountManifest Manifest { get; }

    public AccountCounts Counts => Manifest.Counts;

    public AccountStatements Statements { get; }

    public ChainName Chain { get; }

    public AccountGraph Graph { get; }

    public uint AccountCount => Counts.Accounts;

    public IReadOnlyList<AssetInfo> Assets { get; }

    /// <summary>What its sources could not tell, and what follows from where it begins.</summary>
    public IReadOnlyList<string> Notes => BeginsWithChain ? [.. Statements.Notes, OpeningsNote] : Statements.Notes;

    private const string OpeningsNote = "The ledger begins with block 0. No contract came before it, so what an account held of a token before its first transfer here is nothing, unless the chain's genesis block itself put tokens into contracts. Of the chain's own coin it is not known: what the genesis block gave, blocks do not tell.";

    /// <summary>Whether the chain's first block is stored: there are no transfers before the ledger's.</summary>
    private bool BeginsWithChain => BlockNumbers.Length > 0 && BlockNumbers[0] == 0;

    /// <summary>Per stored block, its number, rising; empty where the source gave no blocks.</summary>
    public Column<uint> BlockNumbers { get; }

    public Column<Hash256> BlockHashes { get; }

    public Column<Hash256> BlockParents { get; }

    /// <summary>Per stored block, seconds since 1970.</summary>
    public Column<uint> BlockTimes { get; }

    internal Column<BlockStartRow> BlockStarts { get; }

    /// <summary>What stands before the columns.</summary>
    internal IReadOnlyList<BlockGuard> Guards => _guards;

    internal IReadOnlyList<IndexRunReader> TransferRuns => _transferRuns;

    internal IEnumerable<IndexRunReader> IndexReaders => _idRuns.Concat(_accountRuns).Concat(_transferRuns);

    /// <summary>SHA-256 over the counts, the checksums of all columns and the statements: the same rows, the same digest, however the indexes are cut.</summary>
    public string Digest => _digest.Value;

    private Column<T> Map<T>(AccountColumn column) where T : unmanaged
    {
        if (!column.IsIn(Counts)) return Column<T>.FromArray([], out _);
        var (file, guard) = MapGuarded(column);
        return file.Column<T>(column.Items(Counts), 0, guard);
    }

    private Packed40Column MapPacked(AccountColumn column)
    {
        var (file, guard) = MapGuarded(column);
        return file.Packed(column.Items(Counts), 0, guard);
    }

    private (MappedFile File, BlockGuard Guard) MapGuarded(AccountColumn column)
    {
        var bytes = column.Bytes(Counts);
        if (!Manifest.Tails.TryGetValue(column.Name, out var tail)) throw new LedgerCorruptException($"{Path.Combine(Folder, Ledger.Storage.Manifest.FileName)}: it has no checksum for the end of {column.FileName}. Ingest into a new folder.");
        var sums = Checksums.ReadFull(Path.Combine(Folder, column.SumsFileName), bytes);
        var file = new MappedFile(Path.Combine(Folder, column.FileName));
        _open.Add(file);
        _guards.Add(file.Guard(bytes, sums, tail, 0, Reorganised));
        return (file, _guards[^1]);
    }

    private IndexRunReader[] Runs(string kind)
    {
        var runs = new List<IndexRunReader>();
        foreach (var run in Manifest.Indexes.Where(run => run.Kind == kind).OrderBy(run => run.From))
        {
            var limit = !run.IsCut ? long.MaxValue : kind == IndexRunFile.TransferKind ? Graph.TxFirstTransfer[run.To] : run.To;
            runs.Add(new IndexRunReader(Path.Combine(Folder, run.File), kind) { Limit = limit });
            _open.Add(runs[^1]);
        }

        return [.. runs];
    }

    private AssetInfo[] ReadAssets(Column<AssetRow> rows)
    {
        var said = Statements.Assets.ToDictionary(one => one.Asset);
        var assets = new AssetInfo[rows.Length];
        for (var i = 0; i < assets.Length; i++)
        {
            if (!Enum.IsDefined((AssetKind)rows[i].Kind)) throw new LedgerCorruptException($"{Path.Combine(Folder, AccountColumns.Asset.FileName)}: asset {i} is of no kind there is. Ingest into a new folder.");
            var described = said.GetValueOrDefault((uint)i);
            assets[i] = new AssetInfo(rows[i].Name(Chain), described?.Symbol, described?.Decimals);
        }

        return assets;
    }

    private string TakeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{AccountManifest.FormatName}\n{Chain.Caip2}\n"));
        foreach (var column in AccountColumns.All.Where(column => column.IsIn(Counts)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{column.Name} {column.Items(Counts)} {Manifest.Tails[column.Name]:x8}\n")));
            foreach (var sum in Checksums.ReadFull(Path.Combine(Folder, column.SumsFileName), column.Bytes(Counts))) hash.AppendData(BitConverter.GetBytes(sum));
        }

        hash.AppendData(Encoding.UTF8.GetBytes(Manifest.StatementsSha256));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        foreach (var open in _open) open.Dispose();
        _open.Clear();
    }
}
