using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Haetae.Intel.Cases;

/// <summary>A named piece of a pack.</summary>
/// <param name="IsWhole">Whether its bytes are those its SHA-256 was made of.</param>
/// <param name="Offset">Where it begins in the file.</param>
public sealed record PackSection(string Name, ReadOnlyMemory<byte> Bytes, bool IsWhole, long Offset);

/// <summary>Something in a pack that does not hold.</summary>
/// <param name="Section">The section, or "header".</param>
/// <param name="What">Where in it, and what is wrong there.</param>
public sealed record PackFault(string Section, string What)
{
    public override string ToString() => $"{Section}: {What}";
}

/// <summary>The container of a pack, <c>haetae.pack/1</c>. <c>docs/case-format.md</c> draws it byte by byte.</summary>
/// <remarks>
/// Header (32 bytes: magic, length of the file, count of sections, zeros), directory (64 bytes a section: name, offset, length, SHA-256), the
/// SHA-256 of both, and the sections one after the other without gaps. So every byte of the file is under one hash or is compared with one.
/// </remarks>
public static class PackFile
{
    /// <summary>A longer file is not read.</summary>
    public const int MostBytes = 1 << 30;

    private const int HeaderBytes = 32;
    private const int EntryBytes = 64;
    private const int NameBytes = 16;
    private const int MostSections = 1000;

    private static ReadOnlySpan<byte> Magic => "haetae.pack/1\n\0\0"u8;

    /// <summary>Puts sections into one file.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, byte[] Bytes)> sections)
    {
        var begin = HeaderBytes + EntryBytes * sections.Count;
        var length = begin + SHA256.HashSizeInBytes + sections.Sum(section => (long)section.Bytes.Length);
        if (length > MostBytes) throw new IntelException($"The pack would have {length} bytes; {MostBytes} are the most. Trace less: --until, --min-value, or without poison.");
        var file = new byte[length];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(16), length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), sections.Count);
        var offset = begin + SHA256.HashSizeInBytes;
        for (var i = 0; i < sections.Count; i++)
        {
            var (name, bytes) = sections[i];
            var entry = file.AsSpan(HeaderBytes + EntryBytes * i, EntryBytes);
            Encoding.ASCII.GetBytes(name, entry[..NameBytes]);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[24..], bytes.Length);
            SHA256.HashData(bytes, entry[32..]);
            bytes.CopyTo(file, offset);
            offset += bytes.Length;
        }

        SHA256.HashData(file.AsSpan(0, begin), file.AsSpan(begin));
        return file;
    }

    /// <summary>The SHA-256 over header and directory, which hold those of all sections: it names the pack. Null where the file is too short to have one.</summary>
    public static string? DigestOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes) return null;
        var begin = HeaderBytes + EntryBytes * (long)BinaryPrimitives.ReadUInt32LittleEndian(file[24..]);
        return begin + SHA256.HashSizeInBytes > file.Length ? null : Convert.ToHexStringLower(file.Slice((int)begin, SHA256.HashSizeInBytes));
    }

    /// <summary>Takes a file apart. Null where it cannot be; the reason is among the faults, as are sections that are not whole.</summary>
    public static IReadOnlyList<PackSection>? Read(ReadOnlyMemory<byte> file, List<PackFault> faults)
    {
        var bytes = file.Span;
        if (WrongHeader(bytes, out var count) is { } wrong)
        {
            faults.Add(new PackFault("header", wrong));
            return null;
        }

        var begin = HeaderBytes + EntryBytes * count;
        if (!SHA256.HashData(bytes[..begin]).AsSpan().SequenceEqual(bytes.Slice(begin, SHA256.HashSizeInBytes)))
            faults.Add(new PackFault("header", $"bytes 0 to {begin - 1} (header and directory) are not those that the SHA-256 at byte {begin} was made of"));
        var sections = new List<PackSection>(count);
        long offset = begin + SHA256.HashSizeInBytes;
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.Slice(HeaderBytes + EntryBytes * i, EntryBytes);
            var (from, length) = (BinaryPrimitives.ReadInt64LittleEndian(entry[16..]), BinaryPrimitives.ReadInt64LittleEndian(entry[24..]));
            if (!TryName(entry[..NameBytes], out var name)) return Wrong($"entry {i} of the directory has no name of small letters, digits and points");
            if (sections.Any(section => section.Name == name)) return Wrong($"the directory names '{name}' twice");
            if (from != offset || length < 0 || length > file.Length - offset) return Wrong($"entry {i} of the directory ('{name}') says bytes {from} to {from + length - 1}, where the section before ends at {offset} and the file at {file.Length}");
            var content = file.Slice((int)offset, (int)length);
            var whole = SHA256.HashData(content.Span).AsSpan().SequenceEqual(entry[32..]);
            if (!whole) faults.Add(new PackFault($"section '{name}'", $"bytes {from} to {from + length - 1} of the file are not those that its SHA-256 in the directory was made of"));
            sections.Add(new PackSection(name, content, whole, offset));
            offset += length;
        }

        if (offset != file.Length) return Wrong($"{file.Length - offset} bytes follow the last section");
        return faults.Any(fault => fault.Section == "header") ? null : sections;

        IReadOnlyList<PackSection>? Wrong(string what)
        {
            faults.Add(new PackFault("header", what));
            return null;
        }
    }

    private static string? WrongHeader(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        var same = bytes.CommonPrefixLength(Magic);
        if (same < Magic.Length) return same == bytes.Length ? $"the file ends at byte {same}, within the first {Magic.Length}" : $"byte {same} is not the one that every pack has there: this is no pack of a case";
        if (bytes.Length < HeaderBytes + SHA256.HashSizeInBytes) return $"the file has {bytes.Length} bytes; no pack is so short";
        var stated = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (stated != bytes.Length) return $"it says at byte 16 that the file has {stated} bytes, and it has {bytes.Length}: {(bytes.Length < stated ? "it was cut off" : "something was appended")}, or the number changed";
        var sections = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        if (sections is 0 or > MostSections || HeaderBytes + EntryBytes * (long)sections + SHA256.HashSizeInBytes > bytes.Length) return $"it says at byte 24 that there are {sections} sections";
        if (bytes.Slice(28, 4).ContainsAnyExcept((byte)0)) return "bytes 28 to 31 are not zero";
        count = (int)sections;
        return null;
    }

    private static bool TryName(ReadOnlySpan<byte> bytes, out string name)
    {
        var end = bytes.IndexOf((byte)0);
        var letters = end < 0 ? bytes : bytes[..end];
        name = Encoding.ASCII.GetString(letters);
        return letters.Length > 0 && !letters.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789."u8) && !bytes[letters.Length..].ContainsAnyExcept((byte)0);
    }
}
