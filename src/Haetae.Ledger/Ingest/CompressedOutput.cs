using System.Globalization;
using System.Numerics;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Ingest;

/// <summary>Bitcoin Core's short form of an output (compressor.h), as its undo files and its unspent set hold it.</summary>
internal static class CompressedOutput
{
    private const int Specials = 6;
    private const int KeyHash = 0, ScriptHash = 1, EvenKey = 2, OddKey = 3;

    // The field of secp256k1, and the exponent that gives square roots in it: (p + 1) / 4.
    private static readonly BigInteger Field = BigInteger.Parse("0fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private static readonly BigInteger RootExponent = (Field + 1) / 4;

    /// <summary>Core's VARINT: seven bits a byte, the highest first, each byte but the last counting one more than it says.</summary>
    internal static ulong VarInt(ref BlockReader reader)
    {
        for (ulong value = 0; ;)
        {
            var next = reader.Bytes(1)[0];
            if (value > ulong.MaxValue >> 7) throw new BlockFormatException("a number does not fit 64 bits", reader.At);
            value = value << 7 | next & 0x7fUL;
            if (next < 0x80) return value;
            if (value++ == ulong.MaxValue) throw new BlockFormatException("a number does not fit 64 bits", reader.At);
        }
    }

    /// <summary>Passes over an output.</summary>
    internal static void Skip(ref BlockReader reader)
    {
        VarInt(ref reader);
        reader.Bytes(ScriptLength(ref reader, out _));
    }

    /// <summary>Reads an output: its script into <paramref name="script"/>, its satoshi as the answer.</summary>
    internal static long Read(ref BlockReader reader, Buffer<byte> script)
    {
        var value = Amount(VarInt(ref reader));
        if (value > Satoshi.Maximum) throw new BlockFormatException("an output has more than 21 million coins", reader.At);
        var bytes = reader.Bytes(ScriptLength(ref reader, out var special));
        script.Count = 0;
        Append(script, special switch
        {
            KeyHash => [Opcode.Duplicate, Opcode.Hash160, 20, .. bytes, Opcode.EqualVerify, Opcode.CheckSig],
            ScriptHash => [Opcode.Hash160, 20, .. bytes, Opcode.Equal],
            EvenKey or OddKey => [33, (byte)special, .. bytes, Opcode.CheckSig],
            < Specials => [65, 4, .. bytes, .. OtherHalf(bytes, odd: (special & 1) != 0, reader.At), Opcode.CheckSig],
            _ => bytes,
        });
        return (long)value;
    }

    private static void Append(Buffer<byte> script, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(script.Room(bytes.Length));
        script.Count += bytes.Length;
    }

    /// <summary>Bytes that stand for the script, and which special form they have (<see cref="Specials"/>: none, they are the script).</summary>
    private static int ScriptLength(ref BlockReader reader, out int special)
    {
        var code = VarInt(ref reader);
        special = (int)Math.Min(code, Specials);
        if (special < Specials) return special is KeyHash or ScriptHash ? 20 : 32;
        if (code - Specials > (ulong)reader.Left) throw new BlockFormatException($"a script of {code - Specials} bytes is announced where {reader.Left} are left", reader.At);
        return (int)(code - Specials);
    }

    /// <summary>Decimal zeros at the end of an amount are kept as their number: x = 1 + 10 * (9 * n + d - 1) + zeros, with nine zeros 1 + 10 * (n - 1) + 9.</summary>
    internal static UInt128 Amount(ulong compressed)
    {
        if (compressed == 0) return 0;
        compressed--;
        var zeros = (int)(compressed % 10);
        compressed /= 10;
        UInt128 amount = zeros == 9 ? (UInt128)compressed + 1 : (UInt128)(compressed / 9) * 10 + compressed % 9 + 1;
        for (; zeros > 0; zeros--) amount *= 10;
        return amount;
    }

    /// <summary>The y of a public key of which x and y's parity are known.</summary>
    private static byte[] OtherHalf(ReadOnlySpan<byte> horizontal, bool odd, int at)
    {
        var x = new BigInteger(horizontal, isUnsigned: true, isBigEndian: true);
        var square = (x * x % Field * x + 7) % Field;
        var y = BigInteger.ModPow(square, RootExponent, Field);
        if (x >= Field || y * y % Field != square) throw new BlockFormatException("a public key lies on no point of the curve", at);
        if (y.IsEven == odd) y = Field - y;
        var bytes = new byte[32];
        y.TryWriteBytes(bytes.AsSpan(32 - y.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}
