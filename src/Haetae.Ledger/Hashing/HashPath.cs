using System.Runtime.Intrinsics.X86;

namespace Haetae.Ledger.Hashing;

/// <summary>How many messages are hashed side by side. Every path gives the same hashes.</summary>
internal enum HashPath
{
    /// <summary>One at a time, by the platform's SHA-256.</summary>
    Plain = 1,

    /// <summary>Eight at a time, AVX2.</summary>
    Lanes8 = 8,

    /// <summary>Sixteen at a time, AVX-512.</summary>
    Lanes16 = 16,
}

internal static class HashPaths
{
    /// <summary>The widest path this processor runs.</summary>
    internal static HashPath Best =>
        IsSupported(HashPath.Lanes16) ? HashPath.Lanes16 :
        IsSupported(HashPath.Lanes8) ? HashPath.Lanes8 :
        HashPath.Plain;

    internal static bool IsSupported(HashPath path) => path switch
    {
        HashPath.Plain => true,
        HashPath.Lanes8 => Avx2.IsSupported,
        HashPath.Lanes16 => Avx512BW.IsSupported,
        _ => false,
    };
}
