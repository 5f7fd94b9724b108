using System.Security.Cryptography;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <content>Taking a ledger up: one writer, scrap cut off, what is added to checked.</content>
public sealed partial class AccountLedgerWriter
{
    private AccountLedgerWriter(string folder, FileStream held, AccountManifest manifest, ChainName chain, int threads)
    {
        (_folder, _lock, _manifest, Chain, _threads) = (folder, held, manifest, chain, threads);
        _files = new AccountColumnFiles(folder);
        try
        {
            DeleteScrap();
            _files.TakeUp(manifest);
            _written = manifest.Counts;
            _numbers = new AccountNumbers(folder, _files, manifest, threads);
            if (manifest.Statements > 0) Take(AccountStatements.Read(folder, manifest));
            TakeUpEnds();
            if (_assets.Count > 0) return;
            DescribeAsset(AssetName.Native(chain), chain.Symbol, chain.Decimals); // asset 0
        }
        catch
        {
            _numbers?.Dispose();
            _files.Dispose();
            throw;
        }
    }

    /// <summary>Opens a ledger to append to, or makes a new one.</summary>
    /// <param name="threads">For sorting indexes; 0: all processors.</param>
    /// <exception cref="LedgerException">Another writer holds it, or it is of another chain.</exception>
    /// <exception cref="LedgerCorruptException">A file is missing, cut or damaged.</exception>
    public static AccountLedgerWriter Open(string folder, ChainName chain, int threads = 0)
    {
        if (chain.Family == ChainFamily.Bitcoin) throw new ArgumentException($"{chain.Title} keeps no accounts.", nameof(chain));
        Directory.CreateDirectory(folder);
        var held = WriterLock.Take(folder);
        try
        {
            var manifest = AccountManifest.Read(folder);
            if (manifest is null or { Counts: { Transactions: 0, Blocks: 0 } }) // what an ingest that failed before its first row meant to begin with binds nobody
            {
                manifest = new AccountManifest { Chain = chain.Caip2, Undone = manifest?.Undone ?? 0 };
                manifest.Write(folder);
            }

            if (manifest.Chain != chain.Caip2)
                throw new LedgerException($"The ledger '{folder}' holds {manifest.Chain}, the rows are of {chain.Caip2}. Name another folder with --ledger.");
            return new AccountLedgerWriter(folder, held, manifest, chain, threads > 0 ? threads : Environment.ProcessorCount);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Deletes what a killed writer left: half-built files, indexes and statements that no manifest names.</summary>
    private void DeleteScrap()
    {
        var named = _manifest.Indexes.Select(run => run.File).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var name = Path.GetFileName(path);
            var isScrap = name.EndsWith(".idx", StringComparison.Ordinal) ? !named.Contains(name)
                : name.StartsWith("statements.", StringComparison.Ordinal) ? _manifest.Statements == 0 || name != AccountStatements.FileName(_manifest.Statements)
                : name.EndsWith(".idx.new", StringComparison.Ordinal) || name.EndsWith(".idx.deal", StringComparison.Ordinal) || name == Manifest.FileName + ".new";
            if (isScrap) File.Delete(path);
        }
    }

    /// <summary>Learns what the ledger ends with: its assets, the last time and the last block.</summary>
    private void TakeUpEnds()
    {
        _assets.Clear();
        _assetNumbers.Clear();
        var rows = new AssetRow[_written.Assets];
        _files.Read<AssetRow>(AccountColumns.Asset, 0, rows);
        foreach (var row in rows)
        {
            _assetNumbers[row.Name(Chain)] = (uint)_assets.Count;
            _assets.Add(row.Name(Chain));
        }

        _lastAsset = default;
        _storedAssets = _assets.Count;
        (_lastTime, _lastBlock, LastBlock) = (0, AccountGraph.NoBlock, null);
        (_eventful, _priced) = (null, null); // what is added next is another transaction
        var number = new uint[1];
        if (_written.Transactions > 0)
        {
            _files.Read<uint>(AccountColumns.TxTime, _written.Transactions - 1L, number);
            _lastTime = number[0];
            _files.Read<uint>(AccountColumns.TxBlock, _written.Transactions - 1L, number);
            _lastBlock = number[0];
        }

        if (_written.Blocks == 0) return;
        var hash = new Hash256[1];
        _files.Read<uint>(AccountColumns.BlockNumber, _written.Blocks - 1L, number);
        _files.Read<Hash256>(AccountColumns.BlockHash, _written.Blocks - 1L, hash);
        LastBlock = (number[0], hash[0]);
    }

    /// <summary>Writes the statements where they changed; the manifest that names them is to follow.</summary>
    private AccountManifest WithStatements(AccountManifest next)
    {
        var bytes = Statements().Bytes();
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (digest == next.StatementsSha256) return next;
        Durable.Replace(_folder, AccountStatements.FileName(next.Statements + 1), bytes);
        return next with { Statements = next.Statements + 1, StatementsSha256 = digest };
    }
}
