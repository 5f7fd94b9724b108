using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>Output scripts as stored: one code byte, then the part that the code leaves open. Lossless for every script.</summary>
/// <remarks>
/// <code>
/// code  then                    stands for
///  0    length (LEB128), bytes  any other script
///  1    20 bytes                OP_DUP OP_HASH160 push20 OP_EQUALVERIFY OP_CHECKSIG     (P2PKH)
///  2    20 bytes                OP_HASH160 push20 OP_EQUAL                              (P2SH)
///  3    20 bytes                OP_0 push20                                             (P2WPKH)
///  4    32 bytes                OP_0 push32                                             (P2WSH)
///  5    32 bytes                OP_1 push32                                             (P2TR)
///  6    33 bytes                push33 OP_CHECKSIG                                      (P2PK, compressed)
///  7    65 bytes                push65 OP_CHECKSIG                                      (P2PK)
/// </code>
/// </remarks>
internal static class ScriptCodec
{
    /// <summary>The most bytes that encoding can add to a script's own length.</summary>
    internal const int Overhead = 6;

    private static ReadOnlySpan<byte> PayloadLength => [0, 20, 20, 20, 32, 32, 33, 65];

    /// <summary>Writes a script's stored form and returns its length. <paramref name="target"/> must have the script's length and <see cref="Overhead"/> more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Encode(ReadOnlySpan<byte> script, Span<byte> target)
    {
        switch (script.Length)
        {
            case 25 when BinaryPrimitives.ReadUInt32LittleEndian(script) << 8 == 0x14a97600u && script[23] == 0x88 && script[24] == 0xac:
                return Put(1, script.Slice(3, 20), target);
            case 23 when script[0] == 0xa9 && script[1] == 0x14 && script[22] == 0x87:
                return Put(2, script.Slice(2, 20), target);
            case 22 when script[0] == 0x00 && script[1] == 0x14:
                return Put(3, script.Slice(2, 20), target);
            case 34 when script[0] == 0x00 && script[1] == 0x20:
                return Put(4, script.Slice(2, 32), target);
            case 34 when script[0] == 0x51 && script[1] == 0x20:
                return Put(5, script.Slice(2, 32), target);
            case 35 when script[0] == 33 && script[34] == 0xac:
                return Put(6, script.Slice(1, 33), target);
            case 67 when script[0] == 65 && script[66] == 0xac:
                return Put(7, script.Slice(1, 65), target);
        }

        target[0] = 0;
        var at = 1;
        var rest = (uint)script.Length;
        for (; rest >= 0x80; rest >>= 7) target[at++] = (byte)(rest | 0x80);
        target[at++] = (byte)rest;
        script.CopyTo(target[at..]);
        return at + script.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(byte code, ReadOnlySpan<byte> payload, Span<byte> target)
    {
        target[0] = code;
        payload.CopyTo(target[1..]);
        return 1 + payload.Length;
    }

    /// <summary>The stored length of the script that begins <paramref name="stored"/>.</summary>
    /// <exception cref="LedgerCorruptException">The bytes are no stored script.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int StoredLength(ReadOnlySpan<byte> stored)
    {
        if (stored.Length > 0 && stored[0] is > 0 and <= 7) return 1 + PayloadLength[stored[0]];
        Raw(stored, out var start, out var length);
        return start + length;
    }

    private static void Raw(ReadOnlySpan<byte> stored, out int start, out int length)
    {
        ulong value = 0;
        for (int at = 1, shift = 0; stored.Length > at && stored[0] == 0 && shift <= 28; at++, shift += 7)
        {
            value |= (ulong)(stored[at] & 0x7f) << shift;
            if (stored[at] >= 0x80) continue;
            if (value > (ulong)(stored.Length - at - 1)) break;
            start = at + 1;
            length = (int)value;
            return;
        }

        throw new LedgerCorruptException("script.bytes.col: a stored script runs past its column or has an unknown code. Run 'haetae ledger verify'.");
    }

    /// <summary>The script itself, as it stood on chain.</summary>
    /// <exception cref="LedgerCorruptException">The bytes are no stored script.</exception>
    internal static byte[] Decode(ReadOnlySpan<byte> stored)
    {
        if (stored.Length < StoredLength(stored)) throw new LedgerCorruptException("script.bytes.col: a stored script runs past its column. Run 'haetae ledger verify'.");
        switch (stored[0])
        {
            case 1: return [0x76, 0xa9, 0x14, .. stored.Slice(1, 20), 0x88, 0xac];
            case 2: return [0xa9, 0x14, .. stored.Slice(1, 20), 0x87];
            case 3: return [0x00, 0x14, .. stored.Slice(1, 20)];
            case 4: return [0x00, 0x20, .. stored.Slice(1, 32)];
            case 5: return [0x51, 0x20, .. stored.Slice(1, 32)];
            case 6: return [33, .. stored.Slice(1, 33), 0xac];
            case 7: return [65, .. stored.Slice(1, 65), 0xac];
            default:
                Raw(stored, out var start, out var length);
                return stored.Slice(start, length).ToArray();
        }
    }
}

/// <summary>The 64-bit key of an output script: where the script index files it. Look-ups compare the whole script afterwards.</summary>
/// <remarks>Unkeyed, so that the same chain gives the same bytes everywhere; crafted collisions cost a look-up time, never its answer.</remarks>
public static class ScriptKey
{
    /// <summary>The key of scripts that are not indexed and can never be spent: those that begin with OP_RETURN.</summary>
    public const ulong Unspendable = 0;

    /// <summary>The key of a script.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadOnlySpan<byte> script)
    {
        if (script.Length > 0 && script[0] == 0x6a) return Unspendable;
        var hash = 0x9e3779b97f4a7c15UL ^ (ulong)script.Length;
        var rest = script;
        while (rest.Length >= 16)
        {
            hash = Fold(MemoryMarshal.Read<ulong>(rest) ^ hash, MemoryMarshal.Read<ulong>(rest[8..]) ^ 0xe7037ed1a0b428dbUL);
            rest = rest[16..];
        }

        if (rest.Length > 0)
        {
            ulong first = 0, second = 0;
            if (script.Length >= 16)
            {
                // The last 16 bytes once more: no byte is left out, and no loop over single bytes is needed.
                var tail = script[^16..];
                first = MemoryMarshal.Read<ulong>(tail);
                second = MemoryMarshal.Read<ulong>(tail[8..]);
            }
            else
            {
                for (var i = 0; i < rest.Length; i++)
                {
                    if (i < 8) first |= (ulong)rest[i] << (8 * i);
                    else second |= (ulong)rest[i] << (8 * (i - 8));
                }
            }

            hash = Fold(first ^ hash, second ^ 0x8ebc6af09c88c6e3UL);
        }

        hash = Fold(hash ^ 0x589965cc75374cc3UL, hash ^ 0x1d8e4e27c47d124fUL);
        return hash == Unspendable ? 1 : hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return high ^ low;
    }
}
