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

    /// <summary>A column of <paramref name="items"/> items beginning at a byte.</summary>
    internal Column<T> Column<T>(long items, long at = 0) where T : unmanaged
    {
        Require(at, items * sizeof(T));
        return new Column<T>((T*)(_bytes + at), items);
    }

    /// <summary>A packed column of <paramref name="items"/> items beginning at a byte.</summary>
    internal Packed40Column Packed(long items, long at = 0)
    {
        Require(at, items == 0 ? 0 : 5 * items + Packed40Column.Slack);
        return new Packed40Column(_bytes + at, items);
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
