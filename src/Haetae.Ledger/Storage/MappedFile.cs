using System.IO.MemoryMappedFiles;

namespace Haetae.Ledger.Storage;

/// <summary>A file mapped for reading. The only place where a reader's pointers come from.</summary>
/// <remarks>Safety invariant: columns made here are valid until disposal, and never reach past the length that was mapped.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _bytes;
    private readonly string _path;

    internal MappedFile(string path)
    {
        _path = path;
        if (!File.Exists(path)) throw new LedgerCorruptException($"{path}: the file is missing. Ingest into a new folder.");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        Length = stream.Length;
        if (Length == 0)
        {
            stream.Dispose();
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _bytes = pointer + _view.PointerOffset;
    }

    internal long Length { get; }

    /// <summary>A column of <paramref name="items"/> items beginning at a byte, where its guard begins too.</summary>
    internal Column<T> Column<T>(long items, long at = 0, BlockGuard? guard = null) where T : unmanaged
    {
        Require(at, items * sizeof(T));
        return new Column<T>((T*)(_bytes + at), items, guard);
    }

    /// <summary>A packed column of <paramref name="items"/> items beginning at a byte, where its guard begins too.</summary>
    internal Packed40Column Packed(long items, long at = 0, BlockGuard? guard = null)
    {
        Require(at, items == 0 ? 0 : 5 * items + Packed40Column.Slack);
        return new Packed40Column(_bytes + at, items, guard);
    }

    /// <summary>A guard over <paramref name="bytes"/> bytes beginning at a byte.</summary>
    internal ChecksumGuard Guard(long bytes, uint[] sums, uint tail, long at = 0, Func<Exception?>? otherReason = null)
    {
        Require(at, bytes);
        return new ChecksumGuard(_path, bytes, sums, tail, (offset, length) => new ReadOnlySpan<byte>(_bytes + at + offset, length), otherReason);
    }

    /// <summary>A guard over a column of spenders.</summary>
    internal SpenderGuard SpenderGuard(long outputs, uint transactions, ulong[] sums, Func<Exception?> otherReason)
    {
        Require(0, 4 * outputs);
        return new SpenderGuard(_path, (uint*)_bytes, outputs, transactions, sums, otherReason);
    }

    private void Require(long at, long bytes)
    {
        if (at < 0 || bytes < 0 || at > Length || bytes > Length - at)
            throw new LedgerCorruptException($"{_path}: {Length} bytes where {at + bytes} are needed: the file was cut. Ingest into a new folder.");
    }

    public void Dispose()
    {
        if (_view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file!.Dispose();
    }
}
