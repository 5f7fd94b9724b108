using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>How much of <c>out.spender</c> an ingest keeps mapped, so that its random writes stay in memory.</summary>
/// <param name="Outputs">At most so many of the latest outputs; spends of earlier ones are written down first. Null: all.</param>
/// <param name="RangeBits">Those are put in by ranges of two to this power.</param>
internal readonly record struct SpenderWindow(long? Outputs, int RangeBits)
{
    /// <summary>2 GiB of the column; ranges of 256 MiB.</summary>
    internal static SpenderWindow Usual => new(1L << 29, 26);

    /// <summary>A followed node spends a few thousand outputs a block: they are written where they belong at once.</summary>
    internal static SpenderWindow Whole => Usual with { Outputs = null };
}

/// <summary>Spends of outputs that lie too far back to keep their part of <c>out.spender</c> in memory: written down first, and put in range by range later.</summary>
/// <remarks>
/// Each range of 2^26 outputs, 256 MiB of the column, has a file <c>out.spender.N.late</c> of entries of 8 bytes: the output's place in the range (4)
/// and the spender (4). Appending is sequential, and putting in touches one range at a time, so no page of the column comes from the disk twice.
/// How many entries of each file count is for the manifest to say; putting them in twice changes nothing.
/// </remarks>
internal sealed class LateSpends(string folder, SpenderWindow window) : IDisposable
{
    private const int EntryBytes = 8;
    private const int BufferEntries = 1 << 13;

    // Replaced as a whole when a log is added: another thread may be flushing those there were.
    private volatile Log[] _logs = [];

    /// <summary>Whether there is anything to put in.</summary>
    internal bool Any => Array.Exists(_logs, log => log.Count > 0);

    internal static string FileName(int range) => $"out.spender.{range}.late";

    /// <summary>Writes a spend down. One thread at a time.</summary>
    internal void Add(long output, uint spender)
    {
        var range = (int)(output >> window.RangeBits);
        while (_logs.Length <= range) _logs = [.. _logs, new Log(Path.Combine(folder, FileName(_logs.Length)))];
        _logs[range].Add((uint)(output & ((1L << window.RangeBits) - 1)), spender);
    }

    /// <summary>Hands everything to the files and returns how many entries each range has. On the thread that adds.</summary>
    internal long[] Snapshot()
    {
        foreach (var log in _logs) log.Write();
        return [.. _logs.Select(log => log.Count)];
    }

    /// <summary>Makes what was handed to the files safe. On any thread.</summary>
    internal void Flush()
    {
        foreach (var log in _logs) log.Flush();
    }

    /// <summary>Puts all entries into the column, which must be long enough.</summary>
    /// <param name="counts">How many of each range's entries count.</param>
    /// <param name="transactions">A spender not below this is damage.</param>
    internal static void PutIn(string folder, string column, SpenderWindow window, IReadOnlyList<long> counts, uint transactions, int threads, CancellationToken cancel)
    {
        SideBySide.For(counts.Count, threads, cancel, range =>
        {
            if (counts[range] == 0) return;
            var path = Path.Combine(folder, FileName(range));
            if (!File.Exists(path)) throw new LedgerCorruptException($"{path}: the file is missing. Ingest into a new folder.");
            using var log = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = File.OpenHandle(column, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            PutIn(log, target, path, (long)range << window.RangeBits, 4L << window.RangeBits, counts[range], transactions, cancel);
        });
    }

    private static unsafe void PutIn(SafeFileHandle log, SafeFileHandle target, string path, long firstOutput, long bytes, long count, uint transactions, CancellationToken cancel)
    {
        var length = Math.Min(bytes, RandomAccess.GetLength(target) - 4 * firstOutput);
        if (length <= 0) throw new LedgerCorruptException($"{path}: its outputs lie behind the end of out.spender.col. Ingest into a new folder.");
        using var file = MemoryMappedFile.CreateFromFile(target, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        using var view = file.CreateViewAccessor(4 * firstOutput, length);
        var entries = new ulong[1 << 16];
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        try
        {
            // Safety: every place is held against the length of the view.
            var spenders = (uint*)(pointer + view.PointerOffset);
            for (long at = 0; at < count; at += entries.Length)
            {
                cancel.ThrowIfCancellationRequested();
                var some = entries.AsSpan(0, (int)Math.Min(entries.Length, count - at));
                Storage.Checksums.Fill(log, MemoryMarshal.AsBytes(some), EntryBytes * at, Path.GetFileName(path));
                foreach (var entry in some)
                {
                    var (place, spender) = ((uint)entry, (uint)(entry >> 32));
                    if (4L * place >= length || spender >= transactions)
                        throw new LedgerCorruptException($"{path}: it says that transaction {spender} spends output {firstOutput + place}, which cannot be. Ingest into a new folder.");
                    spenders[place] = spender;
                }
            }
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        view.Flush();
    }

    /// <summary>Forgets everything; the files are deleted.</summary>
    internal void Clear()
    {
        foreach (var log in _logs) log.Dispose();
        _logs = [];
        foreach (var path in Directory.EnumerateFiles(folder, "out.spender.*.late")) File.Delete(path);
    }

    public void Dispose()
    {
        foreach (var log in _logs) log.Dispose();
    }

    private sealed class Log(string path) : IDisposable
    {
        private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        private readonly ulong[] _buffer = new ulong[BufferEntries];
        private int _filled;
        private long _written;

        internal long Count => _written + _filled;

        internal void Add(uint place, uint spender)
        {
            _buffer[_filled++] = place | (ulong)spender << 32;
            if (_filled == _buffer.Length) Write();
        }

        internal void Write()
        {
            if (_filled == 0) return;
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(_buffer.AsSpan(0, _filled)), EntryBytes * _written);
            _written += _filled;
            _filled = 0;
        }

        internal void Flush() => RandomAccess.FlushToDisk(_file);

        public void Dispose() => _file.Dispose();
    }
}
