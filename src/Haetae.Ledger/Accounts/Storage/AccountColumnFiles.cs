using System.Runtime.InteropServices;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>The column files of an account ledger open for writing: what lies behind the manifest's counts is scrap.</summary>
internal sealed class AccountColumnFiles : IDisposable
{
    private readonly string _folder;
    private readonly Dictionary<AccountColumn, SafeFileHandle> _files = [];

    internal AccountColumnFiles(string folder)
    {
        _folder = folder;
        foreach (var column in AccountColumns.All)
            _files[column] = File.OpenHandle(Path.Combine(folder, column.FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    /// <summary>Cuts every column to what the manifest vouches for, where no reader can have mapped more, and checks the block that will be added to.</summary>
    /// <remarks>What is appended to a block gets a new checksum, which would cover up damage.</remarks>
    internal void TakeUp(AccountManifest manifest)
    {
        foreach (var (column, file) in _files)
        {
            var bytes = IsEmpty(manifest, column) ? 0 : column.Bytes(manifest.Counts);
            var length = RandomAccess.GetLength(file);
            if (length < bytes)
                throw new LedgerCorruptException($"{Path.Combine(_folder, column.FileName)}: {length} bytes where the manifest vouches for {bytes}: the file was cut. Ingest into a new folder.");
            // once transactions were taken back, a reader may have mapped more than any manifest still tells: then no file gets shorter
            if (manifest.Undone == 0 && length > bytes + column.Padding) RandomAccess.SetLength(file, bytes + column.Padding);
            if (!manifest.Tails.TryGetValue(column.Name, out var tail)) continue;
            var rest = new byte[bytes % Checksums.BlockBytes];
            Checksums.Fill(file, rest, bytes - rest.Length, column.FileName);
            if (Checksums.Crc(rest) != tail)
                throw new LedgerCorruptException($"{Path.Combine(_folder, column.FileName)}: bytes {bytes - rest.Length} to {bytes} are not what was written. The file was changed or the disk is damaged: ingest into a new folder.");
        }
    }

    /// <summary>Before its first checkpoint a ledger has not even the one item that columns of ends begin with.</summary>
    internal static bool IsEmpty(AccountManifest manifest, AccountColumn column) => !manifest.Tails.ContainsKey(column.Name);

    internal void Put<T>(AccountColumn column, long item, ReadOnlySpan<T> items) where T : unmanaged
    {
        const int piece = 1 << 20; // larger single writes are slower
        var bytes = MemoryMarshal.AsBytes(items);
        for (var at = 0; at < bytes.Length; at += piece)
            RandomAccess.Write(_files[column], bytes.Slice(at, Math.Min(piece, bytes.Length - at)), item * column.Width + at);
    }

    /// <summary>Writes 40-bit numbers, and the end behind them, which the next call writes again, alike.</summary>
    internal void PutPacked(AccountColumn column, long item, ReadOnlySpan<long> numbers, long end)
    {
        var bytes = new byte[5 * (numbers.Length + 1)];
        for (var i = 0; i < numbers.Length; i++) Packed40.Write(bytes, i, numbers[i]);
        Packed40.Write(bytes, numbers.Length, end);
        RandomAccess.Write(_files[column], bytes, item * column.Width);
    }

    internal void Read<T>(AccountColumn column, long item, Span<T> items) where T : unmanaged =>
        Checksums.Fill(_files[column], MemoryMarshal.AsBytes(items), item * column.Width, column.FileName);

    internal long ReadPacked(AccountColumn column, long item)
    {
        Span<byte> bytes = stackalloc byte[5];
        Read(column, item, bytes);
        return Packed40.Read(bytes, 0);
    }

    /// <summary>Puts zeros behind the columns that need them, and brings the checksums up to date.</summary>
    /// <returns>Those of the last, not yet full blocks.</returns>
    internal SortedDictionary<string, uint> Seal(AccountCounts before, AccountCounts after, int threads)
    {
        var tails = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        SideBySide.ForEach(_files, threads, CancellationToken.None, pair =>
        {
            var (column, file) = pair;
            if (!column.IsIn(after)) return;
            if (column.Padding > 0) RandomAccess.Write(file, new byte[column.Padding], column.Bytes(after));
            var tail = Checksums.Extend(Path.Combine(_folder, column.SumsFileName), file, column.FileName, column.Bytes(before), column.Bytes(after));
            lock (tails) tails[column.Name] = tail;
            RandomAccess.FlushToDisk(file);
        });
        return tails;
    }

    /// <summary>Checksums of what would be each column's last, not full block if the ledger held no more than so much. Nothing is written.</summary>
    internal SortedDictionary<string, uint> Tails(AccountCounts counts)
    {
        var tails = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        foreach (var (column, file) in _files)
        {
            if (!column.IsIn(counts)) continue;
            var bytes = column.Bytes(counts);
            var rest = new byte[bytes % Checksums.BlockBytes];
            Checksums.Fill(file, rest, bytes - rest.Length, column.FileName);
            tails[column.Name] = Checksums.Crc(rest);
        }

        return tails;
    }

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
    }
}
