using System.Buffers.Binary;
using System.Numerics;

namespace Haetae.Ledger.Hashing;

/// <summary>Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with the padding from before the standard (first bit 1 instead of 0110).</summary>
/// <remarks>Source: The Keccak reference, version 3.0, and the Ethereum yellow paper. Addresses, event signatures and EIP-55 rest on it.</remarks>
public static class Keccak256
{
    public const int Size = 32;

    private const int Rate = 136; // bytes taken in between two permutations: 1600 bits less twice 256

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    // Lane t of the walk that rho and pi take through the state together, and how far it is turned there.
    private static ReadOnlySpan<byte> Lanes => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    private static ReadOnlySpan<byte> Turns => [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        var hash = new byte[Size];
        HashData(data, hash);
        return hash;
    }

    /// <param name="data">What is hashed.</param>
    /// <param name="hash">Receives 32 bytes.</param>
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (; data.Length >= Rate; data = data[Rate..]) Absorb(state, data);
        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x01;
        last[Rate - 1] |= 0x80;
        Absorb(state, last);
        for (var lane = 0; lane < Size / 8; lane++) BinaryPrimitives.WriteUInt64LittleEndian(hash[(8 * lane)..], state[lane]);
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var lane = 0; lane < Rate / 8; lane++) state[lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * lane)..]);
        Permute(state);
    }

    private static void Permute(Span<ulong> a)
    {
        Span<ulong> column = stackalloc ulong[5];
        for (var round = 0; round < 24; round++)
        {
            for (var x = 0; x < 5; x++) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
            for (var x = 0; x < 5; x++)
            {
                var parity = column[(x + 4) % 5] ^ BitOperations.RotateLeft(column[(x + 1) % 5], 1);
                for (var y = 0; y < 25; y += 5) a[y + x] ^= parity;
            }

            var moving = a[1];
            for (var t = 0; t < 24; t++)
            {
                var lane = Lanes[t];
                (moving, a[lane]) = (a[lane], BitOperations.RotateLeft(moving, Turns[t]));
            }

            for (var y = 0; y < 25; y += 5)
            {
                a.Slice(y, 5).CopyTo(column);
                for (var x = 0; x < 5; x++) a[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
            }

            a[0] ^= RoundConstants[round];
        }
    }
}
