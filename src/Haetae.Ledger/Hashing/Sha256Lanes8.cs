using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Haetae.Ledger.Hashing;

/// <summary>SHA-256 of eight messages side by side: lane l of every vector belongs to message l. Needs AVX2.</summary>
/// <remarks>
/// State and message words lie in memory one vector after another: word i of lane l is at <c>8 * i + l</c>. AVX2 has 16
/// registers, half of them taken by the state: the message words stay in memory, and the loop is of eight rounds.
/// </remarks>
internal static unsafe class Sha256Lanes8
{
    internal const int Lanes = 8;

    /// <summary>Turns the next 64 bytes of each of eight messages into sixteen vectors of message words.</summary>
    /// <remarks>Safety: <paramref name="messages"/> holds 8 pointers, each with 64 readable bytes at <paramref name="offset"/>;
    /// <paramref name="words"/> has room for 128 words.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoadWords(byte** messages, nint offset, uint* words)
    {
        // Reverses the bytes of each word: messages are big-endian.
        var swap = Vector256.Create(Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));

        // One half of the block (8 words of 8 messages) after the other.
        for (var half = 0; half < 2; half++, offset += Vector256<byte>.Count, words += 8 * Lanes)
        {
            // First within four messages: vector g + j then holds, in half q, word 4q + j of messages g to g + 3.
            for (var g = 0; g < Lanes; g += 4)
            {
                var r0 = Avx2.Shuffle(Vector256.Load(messages[g] + offset), swap).AsUInt32();
                var r1 = Avx2.Shuffle(Vector256.Load(messages[g + 1] + offset), swap).AsUInt32();
                var r2 = Avx2.Shuffle(Vector256.Load(messages[g + 2] + offset), swap).AsUInt32();
                var r3 = Avx2.Shuffle(Vector256.Load(messages[g + 3] + offset), swap).AsUInt32();
                var low01 = Avx2.UnpackLow(r0, r1).AsUInt64();
                var low23 = Avx2.UnpackLow(r2, r3).AsUInt64();
                var high01 = Avx2.UnpackHigh(r0, r1).AsUInt64();
                var high23 = Avx2.UnpackHigh(r2, r3).AsUInt64();
                var to = words + Lanes * g;
                Avx2.UnpackLow(low01, low23).AsUInt32().Store(to);
                Avx2.UnpackHigh(low01, low23).AsUInt32().Store(to + Lanes);
                Avx2.UnpackLow(high01, high23).AsUInt32().Store(to + 2 * Lanes);
                Avx2.UnpackHigh(high01, high23).AsUInt32().Store(to + 3 * Lanes);
            }

            // Then vectors j and 4 + j exchange halves and become words j and 4 + j.
            for (var j = 0; j < 4; j++)
            {
                var at = words + Lanes * j;
                var u0 = Vector256.Load(at);
                var u1 = Vector256.Load(at + 4 * Lanes);
                Avx2.Permute2x128(u0, u1, 0x20).Store(at);
                Avx2.Permute2x128(u0, u1, 0x31).Store(at + 4 * Lanes);
            }
        }
    }

    /// <summary>Takes one block of each message into its state. The message words are used up: they hold others afterwards.</summary>
    /// <remarks>Safety: <paramref name="state"/> holds 64 words, <paramref name="words"/> 128, neither overlapping the other.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compress(uint* state, uint* words)
    {
        var a = Vector256.Load(state);
        var b = Vector256.Load(state + 1 * Lanes);
        var c = Vector256.Load(state + 2 * Lanes);
        var d = Vector256.Load(state + 3 * Lanes);
        var e = Vector256.Load(state + 4 * Lanes);
        var f = Vector256.Load(state + 5 * Lanes);
        var g = Vector256.Load(state + 6 * Lanes);
        var h = Vector256.Load(state + 7 * Lanes);

        // The words are a ring of sixteen, in halves: the one this turn uses up and then fills for the turn after next, and the other.
        var near = words;
        var far = words + 8 * Lanes;
        var k = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Sha256Tables.RoundConstants));
        for (var round = 0; round < Sha256Tables.Rounds; round += 8, k += 8)
        {
            var extend = round < Sha256Tables.Rounds - Sha256Tables.BlockWords;
            Round(a, b, c, ref d, e, f, g, ref h, near, k[0], 0);
            if (extend) Extend(near, far, 0);
            Round(h, a, b, ref c, d, e, f, ref g, near, k[1], 1);
            if (extend) Extend(near, far, 1);
            Round(g, h, a, ref b, c, d, e, ref f, near, k[2], 2);
            if (extend) Extend(near, far, 2);
            Round(f, g, h, ref a, b, c, d, ref e, near, k[3], 3);
            if (extend) Extend(near, far, 3);
            Round(e, f, g, ref h, a, b, c, ref d, near, k[4], 4);
            if (extend) Extend(near, far, 4);
            Round(d, e, f, ref g, h, a, b, ref c, near, k[5], 5);
            if (extend) Extend(near, far, 5);
            Round(c, d, e, ref f, g, h, a, ref b, near, k[6], 6);
            if (extend) Extend(near, far, 6);
            Round(b, c, d, ref e, f, g, h, ref a, near, k[7], 7);
            if (extend) Extend(near, far, 7);
            var used = near;
            near = far;
            far = used;
        }

        (Vector256.Load(state) + a).Store(state);
        (Vector256.Load(state + 1 * Lanes) + b).Store(state + 1 * Lanes);
        (Vector256.Load(state + 2 * Lanes) + c).Store(state + 2 * Lanes);
        (Vector256.Load(state + 3 * Lanes) + d).Store(state + 3 * Lanes);
        (Vector256.Load(state + 4 * Lanes) + e).Store(state + 4 * Lanes);
        (Vector256.Load(state + 5 * Lanes) + f).Store(state + 5 * Lanes);
        (Vector256.Load(state + 6 * Lanes) + g).Store(state + 6 * Lanes);
        (Vector256.Load(state + 7 * Lanes) + h).Store(state + 7 * Lanes);
    }

    /// <summary>
    /// One round: <paramref name="d"/> and <paramref name="h"/> become the new e and a, and the caller moves the names on by one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, ref Vector256<uint> d,
        Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, ref Vector256<uint> h, uint* near, uint constant, int j)
    {
        var t = h + (Vector256.Load(near + Lanes * j) + Vector256.Create(constant)) + (g ^ (e & (f ^ g)));
        t += RotateRight(e, 6) ^ RotateRight(e, 11) ^ RotateRight(e, 25);
        d += t;
        h = t + ((a & b) | (c & (a | b))) + (RotateRight(a, 2) ^ RotateRight(a, 13) ^ RotateRight(a, 22));
    }

    /// <summary>Replaces word <paramref name="j"/> of the near half by the word sixteen rounds on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Extend(uint* near, uint* far, int j)
    {
        // One, nine and fourteen words further round the ring.
        var w15 = Vector256.Load(j < 7 ? near + Lanes * (j + 1) : far);
        var w7 = Vector256.Load(j < 7 ? far + Lanes * (j + 1) : near);
        var w2 = Vector256.Load(j < 2 ? far + Lanes * (j + 6) : near + Lanes * (j - 2));
        var s0 = RotateRight(w15, 7) ^ RotateRight(w15, 18) ^ Vector256.ShiftRightLogical(w15, 3);
        var s1 = RotateRight(w2, 17) ^ RotateRight(w2, 19) ^ Vector256.ShiftRightLogical(w2, 10);
        (Vector256.Load(near + Lanes * j) + w7 + s0 + s1).Store(near + Lanes * j);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight(Vector256<uint> x, int bits) =>
        Vector256.ShiftRightLogical(x, bits) ^ Vector256.ShiftLeft(x, 32 - bits);
}
