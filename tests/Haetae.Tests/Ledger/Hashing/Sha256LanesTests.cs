using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger.Hashing;

namespace Haetae.Tests.Ledger.Hashing;

public unsafe class Sha256LanesTests
{
    /// <summary>The messages and digests NIST publishes with FIPS 180-4.</summary>
    public static TheoryData<string, int, string> Fips => new()
    {
        { "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        {
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        },
        {
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1,
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        },
        { "a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
    };

    [Theory]
    [MemberData(nameof(Fips))]
    public void Published_vectors_come_out_of_every_lane(string text, int repeats, string digest)
    {
        var message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, repeats)));
        foreach (var lanes in HashingPaths.LaneCounts)
            Assert.All(HashSideBySide(lanes, [.. Enumerable.Repeat(message, lanes)]), hash => Assert.Equal(digest, hash));
    }

    [Fact]
    public void Lanes_do_not_mix()
    {
        var random = new Random(1009);
        foreach (var lanes in HashingPaths.LaneCounts)
        {
            for (var length = 0; length < 300; length++)
            {
                var messages = new byte[lanes][];
                for (var lane = 0; lane < lanes; lane++) random.NextBytes(messages[lane] = new byte[length]);
                var expected = messages.Select(message => Convert.ToHexStringLower(SHA256.HashData(message)));
                Assert.Equal(expected, HashSideBySide(lanes, messages));
            }
        }
    }

    // Pads and feeds messages of one length to the kernel, block by block.
    private static string[] HashSideBySide(int lanes, byte[][] messages)
    {
        var length = messages[0].Length;
        var size = ((length + 8) / 64 + 1) * 64;
        var padded = new byte[lanes * size];
        for (var lane = 0; lane < lanes; lane++)
        {
            var one = padded.AsSpan(lane * size, size);
            messages[lane].CopyTo(one);
            one[length] = 0x80;
            BinaryPrimitives.WriteInt64BigEndian(one[^8..], 8L * length);
        }

        var state = new uint[8 * lanes];
        var words = new uint[16 * lanes];
        for (var i = 0; i < 8; i++) state.AsSpan(i * lanes, lanes).Fill(Sha256Tables.Initial[i]);

        // Safety: the arrays are pinned and sized for the lanes; the last block of each message ends with its padded size.
        fixed (byte* from = padded)
        fixed (uint* s = state, w = words)
        {
            var pointers = stackalloc byte*[lanes];
            for (var lane = 0; lane < lanes; lane++) pointers[lane] = from + (nint)lane * size;
            for (nint offset = 0; offset < size; offset += 64)
            {
                if (lanes == Sha256Lanes16.Lanes)
                {
                    Sha256Lanes16.LoadWords(pointers, offset, w);
                    Sha256Lanes16.Compress(s, w);
                }
                else
                {
                    Sha256Lanes8.LoadWords(pointers, offset, w);
                    Sha256Lanes8.Compress(s, w);
                }
            }
        }

        return [.. Enumerable.Range(0, lanes).Select(Digest)];
        string Digest(int lane) => string.Concat(Enumerable.Range(0, 8).Select(i => $"{state[i * lanes + lane]:x8}"));
    }
}
