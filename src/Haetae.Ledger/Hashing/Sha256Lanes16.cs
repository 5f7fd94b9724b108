using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Haetae.Ledger.Hashing;

/// <summary>SHA-256 of sixteen messages side by side: lane l of every vector belongs to message l. Needs AVX-512 F and BW.</summary>
/// <remarks>
/// State and message words lie in memory one vector after another: word i of lane l is at <c>16 * i + l</c>. Inside
/// <see cref="Compress"/> all sixteen message words stay in registers, of which AVX-512 has 32.
/// </remarks>
internal static unsafe class Sha256Lanes16
{
    internal const int Lanes = 16;

    /// <summary>Turns the next 64 bytes of each of sixteen messages into sixteen vectors of message words.</summary>
    /// <remarks>Safety: <paramref name="messages"/> holds 16 pointers, each with 64 readable bytes at <paramref name="offset"/>;
    /// <paramref name="words"/> has room for 256 words.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoadWords(byte** messages, nint offset, uint* words)
    {
        // Reverses the bytes of each word: messages are big-endian.
        var swap = Vector512.Create(Vector256.Create(Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)));

        // First within four messages: vector 4g + j then holds, in quarter q, word 4q + j of messages 4g to 4g + 3.
        for (var g = 0; g < Lanes; g += 4)
        {
            var r0 = Avx512BW.Shuffle(Vector512.Load(messages[g] + offset), swap).AsUInt32();
            var r1 = Avx512BW.Shuffle(Vector512.Load(messages[g + 1] + offset), swap).AsUInt32();
            var r2 = Avx512BW.Shuffle(Vector512.Load(messages[g + 2] + offset), swap).AsUInt32();
            var r3 = Avx512BW.Shuffle(Vector512.Load(messages[g + 3] + offset), swap).AsUInt32();
            var low01 = Avx512F.UnpackLow(r0, r1).AsUInt64();
            var low23 = Avx512F.UnpackLow(r2, r3).AsUInt64();
            var high01 = Avx512F.UnpackHigh(r0, r1).AsUInt64();
            var high23 = Avx512F.UnpackHigh(r2, r3).AsUInt64();
            var to = words + Lanes * g;
            Avx512F.UnpackLow(low01, low23).AsUInt32().Store(to);
            Avx512F.UnpackHigh(low01, low23).AsUInt32().Store(to + Lanes);
            Avx512F.UnpackLow(high01, high23).AsUInt32().Store(to + 2 * Lanes);
            Avx512F.UnpackHigh(high01, high23).AsUInt32().Store(to + 3 * Lanes);
        }

        // Then the quarters: vectors j, 4 + j, 8 + j and 12 + j exchange theirs and become words j, 4 + j, 8 + j and 12 + j.
        for (var j = 0; j < 4; j++)
        {
            var at = words + Lanes * j;
            var u0 = Vector512.Load(at);
            var u1 = Vector512.Load(at + 4 * Lanes);
            var u2 = Vector512.Load(at + 8 * Lanes);
            var u3 = Vector512.Load(at + 12 * Lanes);
            var even01 = Avx512F.Shuffle4x128(u0, u1, 0x88);
            var even23 = Avx512F.Shuffle4x128(u2, u3, 0x88);
            var odd01 = Avx512F.Shuffle4x128(u0, u1, 0xDD);
            var odd23 = Avx512F.Shuffle4x128(u2, u3, 0xDD);
            Avx512F.Shuffle4x128(even01, even23, 0x88).Store(at);
            Avx512F.Shuffle4x128(odd01, odd23, 0x88).Store(at + 4 * Lanes);
            Avx512F.Shuffle4x128(even01, even23, 0xDD).Store(at + 8 * Lanes);
            Avx512F.Shuffle4x128(odd01, odd23, 0xDD).Store(at + 12 * Lanes);
        }
    }

    /// <summary>Takes one block of each message into its state.</summary>
    /// <remarks>Safety: <paramref name="state"/> holds 128 words, <paramref name="words"/> 256, neither overlapping the other.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compress(uint* state, uint* words)
    {
        var w0 = Vector512.Load(words);
        var w1 = Vector512.Load(words + 1 * Lanes);
        var w2 = Vector512.Load(words + 2 * Lanes);
        var w3 = Vector512.Load(words + 3 * Lanes);
        var w4 = Vector512.Load(words + 4 * Lanes);
        var w5 = Vector512.Load(words + 5 * Lanes);
        var w6 = Vector512.Load(words + 6 * Lanes);
        var w7 = Vector512.Load(words + 7 * Lanes);
        var w8 = Vector512.Load(words + 8 * Lanes);
        var w9 = Vector512.Load(words + 9 * Lanes);
        var w10 = Vector512.Load(words + 10 * Lanes);
        var w11 = Vector512.Load(words + 11 * Lanes);
        var w12 = Vector512.Load(words + 12 * Lanes);
        var w13 = Vector512.Load(words + 13 * Lanes);
        var w14 = Vector512.Load(words + 14 * Lanes);
        var w15 = Vector512.Load(words + 15 * Lanes);

        var a = Vector512.Load(state);
        var b = Vector512.Load(state + 1 * Lanes);
        var c = Vector512.Load(state + 2 * Lanes);
        var d = Vector512.Load(state + 3 * Lanes);
        var e = Vector512.Load(state + 4 * Lanes);
        var f = Vector512.Load(state + 5 * Lanes);
        var g = Vector512.Load(state + 6 * Lanes);
        var h = Vector512.Load(state + 7 * Lanes);

        var k = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Sha256Tables.RoundConstants));
        for (var round = 0; ; round += 16, k += 16)
        {
            Round(a, b, c, ref d, e, f, g, ref h, w0, k[0]);
            Round(h, a, b, ref c, d, e, f, ref g, w1, k[1]);
            Round(g, h, a, ref b, c, d, e, ref f, w2, k[2]);
            Round(f, g, h, ref a, b, c, d, ref e, w3, k[3]);
            Round(e, f, g, ref h, a, b, c, ref d, w4, k[4]);
            Round(d, e, f, ref g, h, a, b, ref c, w5, k[5]);
            Round(c, d, e, ref f, g, h, a, ref b, w6, k[6]);
            Round(b, c, d, ref e, f, g, h, ref a, w7, k[7]);
            Round(a, b, c, ref d, e, f, g, ref h, w8, k[8]);
            Round(h, a, b, ref c, d, e, f, ref g, w9, k[9]);
            Round(g, h, a, ref b, c, d, e, ref f, w10, k[10]);
            Round(f, g, h, ref a, b, c, d, ref e, w11, k[11]);
            Round(e, f, g, ref h, a, b, c, ref d, w12, k[12]);
            Round(d, e, f, ref g, h, a, b, ref c, w13, k[13]);
            Round(c, d, e, ref f, g, h, a, ref b, w14, k[14]);
            Round(b, c, d, ref e, f, g, h, ref a, w15, k[15]);
            if (round == Sha256Tables.Rounds - 16) break;

            w0 = Extend(w0, w1, w9, w14);
            w1 = Extend(w1, w2, w10, w15);
            w2 = Extend(w2, w3, w11, w0);
            w3 = Extend(w3, w4, w12, w1);
            w4 = Extend(w4, w5, w13, w2);
            w5 = Extend(w5, w6, w14, w3);
            w6 = Extend(w6, w7, w15, w4);
            w7 = Extend(w7, w8, w0, w5);
            w8 = Extend(w8, w9, w1, w6);
            w9 = Extend(w9, w10, w2, w7);
            w10 = Extend(w10, w11, w3, w8);
            w11 = Extend(w11, w12, w4, w9);
            w12 = Extend(w12, w13, w5, w10);
            w13 = Extend(w13, w14, w6, w11);
            w14 = Extend(w14, w15, w7, w12);
            w15 = Extend(w15, w0, w8, w13);
        }

        (Vector512.Load(state) + a).Store(state);
        (Vector512.Load(state + 1 * Lanes) + b).Store(state + 1 * Lanes);
        (Vector512.Load(state + 2 * Lanes) + c).Store(state + 2 * Lanes);
        (Vector512.Load(state + 3 * Lanes) + d).Store(state + 3 * Lanes);
        (Vector512.Load(state + 4 * Lanes) + e).Store(state + 4 * Lanes);
        (Vector512.Load(state + 5 * Lanes) + f).Store(state + 5 * Lanes);
        (Vector512.Load(state + 6 * Lanes) + g).Store(state + 6 * Lanes);
        (Vector512.Load(state + 7 * Lanes) + h).Store(state + 7 * Lanes);
    }

    /// <summary>
    /// One round: <paramref name="d"/> and <paramref name="h"/> become the new e and a, and the caller moves the names on by one.
    /// </summary>
    /// <remarks>The slow sums of e and a are added last: a round's length is the wait for them, not the number of instructions.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, ref Vector512<uint> d,
        Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, ref Vector512<uint> h, Vector512<uint> word, uint constant)
    {
        const byte choose = 0xCA, majority = 0xE8, xor = 0x96;
        var early = h + (word + Vector512.Create(constant)) + Avx512F.TernaryLogic(e, f, g, choose);
        var sumE = Avx512F.TernaryLogic(Avx512F.RotateRight(e, 6), Avx512F.RotateRight(e, 11), Avx512F.RotateRight(e, 25), xor);
        var sumA = Avx512F.TernaryLogic(Avx512F.RotateRight(a, 2), Avx512F.RotateRight(a, 13), Avx512F.RotateRight(a, 22), xor);
        d = d + early + sumE;
        h = early + sumE + Avx512F.TernaryLogic(a, b, c, majority) + sumA;
    }

    /// <summary>The message word sixteen rounds on, from the words 16, 15, 7 and 2 rounds before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Extend(Vector512<uint> w16, Vector512<uint> w15, Vector512<uint> w7, Vector512<uint> w2)
    {
        const byte xor = 0x96;
        var s0 = Avx512F.TernaryLogic(Avx512F.RotateRight(w15, 7), Avx512F.RotateRight(w15, 18), Avx512F.ShiftRightLogical(w15, 3), xor);
        var s1 = Avx512F.TernaryLogic(Avx512F.RotateRight(w2, 17), Avx512F.RotateRight(w2, 19), Avx512F.ShiftRightLogical(w2, 10), xor);
        return w16 + w7 + s0 + s1;
    }
}
