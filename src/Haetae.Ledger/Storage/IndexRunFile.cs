using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>The head of an index run; 64 bytes.</summary>
/// <remarks>
/// <code>
///  0  magic "HaetaeIx"      8   bucket bits (4)   12  bytes a number: 4 or 5 (4)
/// 16  entries n (8)        24   distinct full keys (8)
/// 32  from transaction (4) 36   to transaction (4)    40  CRC-32C of the checksums at the end (4)    44  CRC-32C of bytes 0 to 43 (4)
/// 64  directory: first entry of each bucket, 5 bytes each, 2^bits + 1 of them, padded to 8
///     keys: 4 bytes each, the bits of the key that follow the bucket's
///     numbers: n of them, padded with 8 zero bytes
///     checksums: CRC-32C of each 256 KiB of the directory, then of the keys, then of the numbers; each of the three begins anew and ends with the rest
/// </code>
/// An entry's bucket is the top bits of its 64-bit key. Entries are sorted by full key, then number.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct IndexRunHeader
{
    internal const int Size = 64;
    internal const ulong MagicValue = 0x7849_6561_7465_6148; // "HaetaeIx"

    internal ulong Magic;
    internal int BucketBits;
    internal int NumberWidth;
    internal long Entries;
    internal long Distinct;
    internal uint From;
    internal uint To;
    internal uint SumsCrc;
    internal uint HeadCrc;
}

/// <summary>The layout of an index run, shared by the builder and the reader.</summary>
internal static class IndexRunFile
{
    internal const string TxIdKind = "txid";
    internal const string ScriptKind = "script";

    /// <summary>From an address to its account, in runs of accounts.</summary>
    internal const string AccountKind = "account";

    /// <summary>From an account to its transfers, in runs of transactions.</summary>
    internal const string TransferKind = "transfer";

    internal static string Name(string kind, uint from, uint to) => $"{kind}.{from}-{to}.idx";

    internal static int NumberWidth(string kind) => kind is TxIdKind or AccountKind ? 4 : 5;

    /// <summary>About 32 entries a bucket, and at least 256 buckets, so that a partition of the build is a whole number of buckets.</summary>
    internal static int BucketBits(long entries)
    {
        var bits = 8;
        while (bits < 31 && entries >> (bits + 6) > 0) bits++;
        return bits;
    }

    internal static long DirectoryBytes(int bucketBits) => (5 * ((1L << bucketBits) + 1) + 7) / 8 * 8;

    internal static long KeysAt(int bucketBits) => IndexRunHeader.Size + DirectoryBytes(bucketBits);

    internal static long NumbersAt(int bucketBits, long entries) => KeysAt(bucketBits) + 4 * entries;

    /// <summary>The three parts that are checked by themselves: directory, keys, numbers.</summary>
    internal static (long At, long Bytes)[] Parts(int bucketBits, long entries, int width) =>
    [
        (IndexRunHeader.Size, DirectoryBytes(bucketBits)),
        (KeysAt(bucketBits), 4 * entries),
        (NumbersAt(bucketBits, entries), width * entries + 8),
    ];

    /// <summary>Checksums of a part: one for each full block, and one for the rest, be it nothing.</summary>
    internal static int Sums(long bytes) => checked((int)(bytes / Checksums.BlockBytes) + 1);

    internal static long SumsAt(int bucketBits, long entries, int width) => NumbersAt(bucketBits, entries) + width * entries + 8;

    internal static long Length(int bucketBits, long entries, int width) =>
        SumsAt(bucketBits, entries, width) + 4L * Parts(bucketBits, entries, width).Sum(part => Sums(part.Bytes));

    /// <summary>The 32 bits of a key that an entry keeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Kept(ulong key, int bucketBits) => (uint)(key << bucketBits >> 32);
}
