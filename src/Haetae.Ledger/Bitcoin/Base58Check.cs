using System.Security.Cryptography;

namespace Haetae.Ledger.Bitcoin;

/// <summary>Base58 with a checksum: the payload and the first four bytes of its SHA-256, taken twice.</summary>
public static class Base58Check
{
    public const int ChecksumLength = 4;

    /// <summary>The longest payload, in bytes; an address has 21, the version byte among them.</summary>
    public const int MaximumPayload = Base58.MaximumBytes - ChecksumLength;

    public static string Encode(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaximumPayload)
            throw new ArgumentException($"A payload has at most {MaximumPayload} bytes, not {payload.Length}.", nameof(payload));

        Span<byte> bytes = stackalloc byte[payload.Length + ChecksumLength];
        payload.CopyTo(bytes);
        WriteChecksum(payload, bytes[payload.Length..]);
        return Base58.Encode(bytes);
    }

    /// <summary>Reads the payload into the front of <paramref name="destination"/>; on false, <paramref name="error"/> says why in plain words.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written, out string error)
    {
        written = 0;
        Span<byte> bytes = stackalloc byte[Math.Min(destination.Length, MaximumPayload) + ChecksumLength];
        if (!Base58.TryDecode(text, bytes, out var length, out error)) return false;
        if (length < ChecksumLength)
        {
            error = "it is too short to hold a checksum";
            return false;
        }

        var payload = bytes[..(length - ChecksumLength)];
        Span<byte> expected = stackalloc byte[ChecksumLength];
        WriteChecksum(payload, expected);
        if (!expected.SequenceEqual(bytes[payload.Length..length]))
        {
            error = "the checksum does not match";
            return false;
        }

        payload.CopyTo(destination);
        written = payload.Length;
        return true;
    }

    private static void WriteChecksum(ReadOnlySpan<byte> payload, Span<byte> checksum)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        SHA256.HashData(hash, hash);
        hash[..ChecksumLength].CopyTo(checksum);
    }
}
