using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Haetae.Ledger.Ingest;

/// <summary>Names outpoints by a secret drawn anew for each run, so that crafted transaction ids cannot collide in <see cref="UnspentTable"/>.</summary>
/// <remarks>The secret never reaches the disk and no stored byte depends on it. Two folded 64x64-bit multiplications a half, after wyhash's idea.</remarks>
internal readonly struct OutpointNamer
{
    private readonly ulong _s0, _s1, _s2, _s3, _s4, _s5, _s6, _s7, _stepKey, _stepTag;

    internal OutpointNamer(ReadOnlySpan<ulong> secret)
    {
        _s0 = secret[0];
        _s1 = secret[1];
        _s2 = secret[2];
        _s3 = secret[3];
        _s4 = secret[4];
        _s5 = secret[5];
        _s6 = secret[6];
        _s7 = secret[7];
        _stepKey = secret[8] | 1;
        _stepTag = secret[9] | 1;
    }

    internal static OutpointNamer WithFreshSecret()
    {
        Span<ulong> secret = stackalloc ulong[10];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secret));
        return new OutpointNamer(secret);
    }

    /// <summary>The part of the name that all outputs of one transaction share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TransactionName Name(ReadOnlySpan<byte> txid)
    {
        var a = MemoryMarshal.Read<ulong>(txid);
        var b = MemoryMarshal.Read<ulong>(txid[8..]);
        var c = MemoryMarshal.Read<ulong>(txid[16..]);
        var d = MemoryMarshal.Read<ulong>(txid[24..]);
        return new TransactionName(Fold(a ^ _s0, b ^ _s1) ^ Fold(c ^ _s2, d ^ _s3), Fold(a ^ _s4, c ^ _s5) ^ Fold(b ^ _s6, d ^ _s7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal OutpointName Name(TransactionName transaction, uint vout)
    {
        var key = transaction.First + vout * _stepKey;
        return new OutpointName(key == 0 ? 1 : key, (uint)((transaction.Second + vout * _stepTag) >> 41));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return high ^ low;
    }
}

/// <summary>128 secret-keyed bits of a transaction id.</summary>
internal readonly record struct TransactionName(ulong First, ulong Second);
