using System.Buffers.Binary;

namespace Haetae.Cli.Exercise;

/// <summary>Writes blk00000.dat, blk00001.dat ...: before each block the network's four magic bytes and the block's length.</summary>
internal sealed class BlockFiles(string folder) : IDisposable
{
    /// <summary>A file is closed before it would grow beyond this many bytes; small, so that a small exercise has several.</summary>
    private const long Limit = 4L << 20;

    private static readonly byte[] RegtestMagic = [0xfa, 0xbf, 0xb5, 0xda];

    private readonly List<string> _paths = [];
    private FileStream? _file;

    public void Append(byte[] block)
    {
        Span<byte> frame = stackalloc byte[8];
        RegtestMagic.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], block.Length);
        var file = Room(frame.Length + block.Length);
        file.Write(frame);
        file.Write(block);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Takes back everything written, after a failure.</summary>
    public void Delete()
    {
        Dispose();
        foreach (var path in _paths) File.Delete(path);
    }

    private FileStream Room(int bytes)
    {
        if (_file is not null && _file.Position + bytes <= Limit) return _file;
        _file?.Dispose();
        var path = Path.Combine(folder, $"blk{_paths.Count:D5}.dat");
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        _paths.Add(path);
        return _file;
    }
}
