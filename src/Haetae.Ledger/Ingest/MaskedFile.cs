using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Ingest;

/// <summary>A file of Bitcoin Core's <c>blocks</c> folder, open for reading, the folder's XOR key taken off what is read.</summary>
/// <param name="key">Eight bytes, or none.</param>
internal sealed class MaskedFile(string path, byte[] key) : IDisposable
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    internal string Path { get; } = path;

    /// <summary>As it was first asked for: what a node appends later is not seen.</summary>
    internal long Length { get => field >= 0 ? field : field = RandomAccess.GetLength(_handle); } = -1;

    /// <summary>Reads bytes at an offset; returns how many there were.</summary>
    internal int Read(long offset, Span<byte> target)
    {
        var read = 0;
        while (read < target.Length)
        {
            var more = RandomAccess.Read(_handle, target[read..], offset + read);
            if (more == 0) break;
            read += more;
        }

        if (key.Length != 0) Unmask(target[..read], offset);
        return read;
    }

    private void Unmask(Span<byte> bytes, long offset)
    {
        Span<byte> turned = stackalloc byte[8];
        for (var i = 0; i < 8; i++) turned[i] = key[(int)((offset + i) & 7)];
        var mask = BinaryPrimitives.ReadUInt64LittleEndian(turned);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < words.Length; i++) words[i] ^= mask;
        for (var i = words.Length * 8; i < bytes.Length; i++) bytes[i] ^= turned[i & 7];
    }

    public void Dispose() => _handle.Dispose();
}
