using System.Security.Cryptography;

namespace Haetae.Ledger.Hashing;

/// <summary>SHA-256 of SHA-256, the hash Bitcoin names blocks and transactions by: one message at a time, the obvious way.</summary>
public static class DoubleSha256
{
    public static Hash256 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(data, digest);
        SHA256.HashData(digest, digest);
        return new Hash256(digest);
    }
}
