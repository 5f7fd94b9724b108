using System.Runtime.CompilerServices;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Numbers accounts in order of first appearance: a bounded table of the addresses met lately before sorted runs of all others.</summary>
/// <remarks>When the table is full, the accounts that no run holds yet are sorted into one, and it begins anew. So memory does not grow with the chain.</remarks>
internal sealed class AccountNumbers : IDisposable
{
    private readonly string _folder;
    private readonly AccountColumnFiles _files;
    private readonly int _threads;
    private readonly AddressTable _table = new();
    private readonly List<AccountAddress> _fresh = []; // met since the last batch was written
    private readonly uint[] _missing = new uint[2 * AccountBatch.Size];
    private readonly List<IndexRunReader> _readers = [];
    private List<IndexRun> _runs;
    private MappedFile? _map;
    private Column<AccountAddress> _addresses;
    private uint _stored;

    internal AccountNumbers(string folder, AccountColumnFiles files, AccountManifest manifest, int threads)
    {
        (_folder, _files, _threads) = (folder, files, threads);
        _stored = manifest.Counts.Accounts;
        _runs = [.. manifest.Indexes.Where(run => run.Kind == IndexRunFile.AccountKind).OrderBy(run => run.From)];
        OpenRuns();
    }

    /// <summary>Accounts there are, those of the batch at hand included.</summary>
    internal uint Count => _stored + (uint)_fresh.Count;

    /// <summary>The runs that file all stored accounts but the latest.</summary>
    internal IReadOnlyList<IndexRun> Runs => _runs;

    private void OpenRuns()
    {
        CloseRuns();
        if (_runs.Count == 0) return;
        _map = new MappedFile(Path.Combine(_folder, AccountColumns.Address.FileName));
        _addresses = _map.Column<AccountAddress>(_runs[^1].To);
        foreach (var run in Enumerable.Reverse(_runs))
            _readers.Add(new IndexRunReader(Path.Combine(_folder, run.File), run.Kind) { Limit = run.IsCut ? run.To : long.MaxValue });
    }

    private void CloseRuns()
    {
        foreach (var reader in _readers) reader.Dispose();
        _readers.Clear();
        _map?.Dispose();
        _map = null;
    }

    /// <summary>Gives every address its account, new ones in order of appearance; where nobody stands, <see cref="AccountGraph.Nobody"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Number(ReadOnlySpan<AccountAddress> addresses, ReadOnlySpan<bool> somebody, Span<uint> accounts)
    {
        const int ahead = 16;
        var missing = 0;
        for (var i = 0; i < addresses.Length; i++)
        {
            if (i + ahead < addresses.Length) _table.Prefetch(addresses[i + ahead].Key);
            accounts[i] = AccountGraph.Nobody;
            if (!somebody[i]) continue;
            if (_table.TryFind(addresses[i], addresses[i].Key, out var account)) accounts[i] = account;
            else _missing[missing++] = (uint)i;
        }

        if (_readers.Count > 0) LookUp(addresses, accounts, missing);
        for (var m = 0; m < missing; m++)
        {
            var i = (int)_missing[m];
            var key = addresses[i].Key;
            if (_table.TryFind(addresses[i], key, out var account)) // met a moment ago in this batch
            {
                accounts[i] = account;
                continue;
            }

            if (accounts[i] == AccountGraph.Nobody)
            {
                if (Count >= AccountGraph.Nobody - 1) throw new LedgerException("A ledger holds at most 4,294,967,294 accounts.");
                accounts[i] = Count;
                _fresh.Add(addresses[i]);
            }

            _table.Add(addresses[i], key, accounts[i]);
        }
    }

    private void LookUp(ReadOnlySpan<AccountAddress> addresses, Span<uint> accounts, int missing)
    {
        Span<AccountAddress> asked = stackalloc AccountAddress[AccountIndex.Batch];
        Span<uint> found = stackalloc uint[AccountIndex.Batch];
        for (var from = 0; from < missing; from += AccountIndex.Batch)
        {
            var count = Math.Min(AccountIndex.Batch, missing - from);
            for (var i = 0; i < count; i++) asked[i] = addresses[(int)_missing[from + i]];
            found.Fill(AccountGraph.Nobody);
            AccountIndex.Find(_readers, _addresses, asked[..count], found[..count]);
            for (var i = 0; i < count; i++) accounts[(int)_missing[from + i]] = found[i];
        }
    }

    /// <summary>Writes the addresses met since the last time behind the others, and files them where the table is full.</summary>
    internal void Write()
    {
        if (_fresh.Count > 0)
        {
            _files.Put<AccountAddress>(AccountColumns.Address, _stored, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_fresh));
            _stored += (uint)_fresh.Count;
            _fresh.Clear();
        }

        if (!_table.IsFull) return;
        FileFresh(CancellationToken.None);
        _table.Clear();
    }

    /// <summary>Sorts the accounts that no run holds into one; few runs are kept by sorting the newest ones again together.</summary>
    internal void FileFresh(CancellationToken cancel)
    {
        if ((_runs.Count == 0 ? 0 : _runs[^1].To) >= _stored) return;
        var merged = IndexRuns.ToMerge(_runs, _stored);
        var from = IndexRuns.Start(_runs, merged);
        var run = IndexBuilder.Build(_folder, IndexRunFile.AccountKind, from, _stored, _stored - from, Deal, _threads, null, cancel);
        _runs = [.. _runs.Take(_runs.Count - merged), run];
        OpenRuns();

        void Deal(KeyDeal deal)
        {
            var some = new AccountAddress[1 << 14];
            for (long at = from; at < _stored; at += some.Length)
            {
                cancel.ThrowIfCancellationRequested();
                var count = (int)Math.Min(some.Length, _stored - at);
                _files.Read(AccountColumns.Address, at, some.AsSpan(0, count));
                for (var i = 0; i < count; i++) deal.Add(some[i].Key, at + i);
            }
        }
    }

    /// <summary>Goes back to fewer accounts, which the manifest says already.</summary>
    internal void CutTo(AccountManifest manifest)
    {
        _stored = manifest.Counts.Accounts;
        _fresh.Clear();
        _table.Clear();
        _runs = [.. manifest.Indexes.Where(run => run.Kind == IndexRunFile.AccountKind).OrderBy(run => run.From)];
        OpenRuns();
    }

    public void Dispose() => CloseRuns();
}
