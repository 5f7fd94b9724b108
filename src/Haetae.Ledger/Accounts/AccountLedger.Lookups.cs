using System.Collections.Concurrent;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <content>Look-ups, many at once where many are asked: that hides the memory's latency.</content>
public sealed partial class AccountLedger
{
    /// <summary>Transfers of accounts that are kept once read, in numbers: 32 MB.</summary>
    private const long MostKept = 4 << 20;

    private ConcurrentDictionary<uint, long[]> _transfersOf = new();
    private long _kept;

    public AccountAddress AddressOf(uint account) => _addresses[account];

    public uint? FindAccount(AccountAddress address)
    {
        Span<uint> account = stackalloc uint[1];
        FindAccounts([address], account);
        return account[0] == AccountGraph.Nobody ? null : account[0];
    }

    /// <summary>The accounts of addresses; <see cref="AccountGraph.Nobody"/> for those the ledger never met.</summary>
    public void FindAccounts(ReadOnlySpan<AccountAddress> addresses, Span<uint> accounts)
    {
        accounts[..addresses.Length].Fill(AccountGraph.Nobody);
        for (var at = 0; at < addresses.Length; at += AccountIndex.Batch)
        {
            var count = Math.Min(AccountIndex.Batch, addresses.Length - at);
            AccountIndex.Find(_accountRuns, _addresses, addresses.Slice(at, count), accounts.Slice(at, count));
        }
    }

    public uint? FindTransaction(Hash256 id)
    {
        Span<long> transaction = [-1];
        AccountIndex.Find(_idRuns, Graph.TxId, [id], transaction);
        return transaction[0] < 0 ? null : (uint)transaction[0];
    }

    public void Prefetch(ReadOnlySpan<uint> accounts)
    {
        foreach (var run in _transferRuns)
        {
            foreach (var account in accounts) run.PrefetchDirectory(AccountIndex.TransferKey(account));
            foreach (var account in accounts) run.PrefetchKeys(AccountIndex.TransferKey(account));
        }
    }

    public ReadOnlySpan<long> TransfersOf(uint account)
    {
        if (account >= AccountCount) throw new ArgumentOutOfRangeException(nameof(account), account, "is no account of this ledger");
        if (_transfersOf.TryGetValue(account, out var known)) return known;
        var read = ReadTransfers(account);
        if (read.Length > MostKept / 4) return read;
        if (Interlocked.Add(ref _kept, read.Length + 8) > MostKept)
        {
            _transfersOf = new ConcurrentDictionary<uint, long[]>();
            Interlocked.Exchange(ref _kept, read.Length + 8);
        }

        _transfersOf[account] = read;
        return read;
    }

    /// <summary>Runs hold rising stretches of the chain, and each an account's transfers rising: one behind the other they rise too.</summary>
    private long[] ReadTransfers(uint account)
    {
        var key = AccountIndex.TransferKey(account);
        Span<(long Start, long End)> ranges = stackalloc (long, long)[64];
        if (_transferRuns.Length > ranges.Length) ranges = new (long, long)[_transferRuns.Length];
        long count = 0;
        for (var r = 0; r < _transferRuns.Length; r++)
        {
            ranges[r] = _transferRuns[r].Range(key);
            count += ranges[r].End - ranges[r].Start;
        }

        var found = new long[count];
        var at = 0;
        for (var r = 0; r < _transferRuns.Length; r++)
            for (var entry = ranges[r].Start; entry < ranges[r].End; entry++)
                if (_transferRuns[r].TryNumber(entry, out var transfer)) found[at++] = transfer;
        return at == found.Length ? found : found[..at];
    }

    /// <summary>What was said of it; else nothing, for tokens in a ledger that begins with the chain's first block.</summary>
    public UInt256? OpeningOf(uint account, uint asset) => _openings.TryGetValue((account, asset), out var amount) ? amount : asset != 0 && BeginsWithChain ? UInt256.Zero : null;

    public Coverage CoverageOf(uint account) => _coverage[account] ?? Statements.UsualCoverage;

    /// <summary>The place of a block among the stored ones; -1: not held.</summary>
    public long FindBlock(uint number) => First(BlockNumbers, number) is var at && at < BlockNumbers.Length && BlockNumbers[at] == number ? at : -1;

    /// <summary>The first item of a column that never falls that is not below a value.</summary>
    private static long First(Column<uint> column, uint value)
    {
        long low = 0, high = column.Length;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            if (column[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public IEnumerable<ChainEvent> Events
    {
        get
        {
            for (long at = 0; at < _eventTx.Length; at++) yield return EventAt(at);
        }
    }

    public IEnumerable<ChainEvent> EventsOf(uint transaction)
    {
        for (var at = First(_eventTx, transaction); at < _eventTx.Length && _eventTx[at] == transaction; at++) yield return EventAt(at);
    }

    internal bool HasEvents(uint transaction) => First(_eventTx, transaction) is var at && at < _eventTx.Length && _eventTx[at] == transaction;

    public UInt256? GasPriceOf(uint transaction)
    {
        Span<ulong> words = stackalloc ulong[GasPrices.MostWords];
        var count = 0;
        for (var at = First(_gasTx, transaction); at < _gasTx.Length && _gasTx[at] == transaction; at++)
        {
            if (count == words.Length) throw new LedgerCorruptException(FormattableString.Invariant($"{AccountColumns.GasTx.FileName}: the gas price of transaction {transaction} has more than 256 bits. Run 'haetae ledger verify'."));
            words[count++] = _gasWord[at];
        }

        return count == 0 ? null : GasPrices.Of(words[..count]);
    }

    /// <summary>The stored words of gas prices, each with its transaction.</summary>
    internal IEnumerable<(uint Transaction, ulong Word)> GasWords
    {
        get
        {
            for (long at = 0; at < _gasTx.Length; at++) yield return (_gasTx[at], _gasWord[at]);
        }
    }

    private ChainEvent EventAt(long at)
    {
        var (first, end, topics) = (_eventFirst[at], _eventFirst[at + 1], _eventTopics[at]);
        if (topics > 4 || end - first < topics * Hash256.Size || end - first > int.MaxValue)
            throw new LedgerCorruptException(FormattableString.Invariant($"{AccountColumns.EventTopics.FileName}: event {at} cannot be right. Run 'haetae ledger verify'."));
        var bytes = _eventBytes.Slice(first, (int)(end - first));
        var hashes = new Hash256[topics];
        for (var t = 0; t < topics; t++) hashes[t] = new Hash256(bytes.Slice(t * Hash256.Size, Hash256.Size));
        return new ChainEvent(_eventTx[at], _eventEmitter[at], hashes, bytes[(topics * Hash256.Size)..].ToArray());
    }

    /// <summary>Whether a writer took transactions back since this ledger was opened. What it answers may then mix two branches: open it anew.</summary>
    public bool IsReorganised() => AccountManifest.Read(Folder) is { } now && now.Undone != Manifest.Undone;

    /// <summary>An answer that takes several reads: of one branch, or an error.</summary>
    /// <exception cref="LedgerException">Transactions were taken back meanwhile; whatever else went wrong is put down to that.</exception>
    public T OfOneBranch<T>(Func<T> ask) => Branch.Read(ask);

    private OneBranch Branch => new(Folder, IsReorganised);

    private LedgerException? Reorganised() => Branch.Reason();
}
