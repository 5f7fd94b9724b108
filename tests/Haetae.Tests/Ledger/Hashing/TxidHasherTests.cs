using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Hashing;

namespace Haetae.Tests.Ledger.Hashing;

public class TxidHasherTests
{
    [Fact]
    public void Double_hash_is_the_hash_of_the_hash()
    {
        Assert.Equal(
            "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50",
            Convert.ToHexStringLower(DoubleSha256.Hash(Encoding.ASCII.GetBytes("hello")).ToArray()));
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void First_transaction_ever_has_its_known_hash(int path)
    {
        var version = Convert.FromHexString("01000000");
        var body = Convert.FromHexString(
            "010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a61" +
            "6e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2" +
            "052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7" +
            "ba0b8d578a4c702b6bf11d5fac");
        var lockTime = Convert.FromHexString("00000000");
        using var hasher = HashingPaths.Hasher(path);
        var results = new Hash256[1];
        hasher.Begin();
        hasher.Add(version, body, lockTime);
        hasher.Finish(results);
        Assert.Equal("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", results[0].ToString());
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Every_length_in_one_batch(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        Check(hasher, Messages(seed: 4001, Enumerable.Range(0, 4001)), "lengths 0 to 4000");
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Every_length_alone(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        foreach (var message in Messages(seed: 4002, Enumerable.Range(0, 4001))) Check(hasher, [message], $"length {message.Length} alone");
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Batches_of_every_small_size_and_a_large_one(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        foreach (var size in Enumerable.Range(0, 41).Append(5_000))
        {
            // Of one length, so that groups end together; then of few; then of many.
            foreach (var spread in new[] { 1, 130, 3_000 })
            {
                var random = new Random(size);
                var lengths = Enumerable.Range(0, size).Select(_ => 200 + random.Next(spread)).ToArray();
                Check(hasher, Messages(seed: size, lengths), $"{size} messages, spread {spread}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Random_mixes(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        for (var turn = 0; turn < 200; turn++)
        {
            var seed = Random.Shared.Next();
            var random = new Random(seed);
            var largest = 1 << random.Next(1, 14);
            var lengths = Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(largest)).ToArray();
            Check(hasher, Messages(seed, lengths), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Long_messages_among_short_ones(int path)
    {
        // 48 SHA blocks hold 3,063 bytes: the last for the lanes; and the longest allowed.
        using var hasher = HashingPaths.Hasher(path);
        int[] lengths = [250, 3_062, 3_063, 3_064, 1 << 20, 10, 100_000, TxidHasher.MaxMessageLength, 0, 3_063, 3_064];
        Check(hasher, Messages(seed: 48, lengths), "long messages");
        Check(hasher, Messages(seed: 49, [1 << 20]), "1 MB alone");
    }

    [Theory]
    [MemberData(nameof(HashingPaths.All), MemberType = typeof(HashingPaths))]
    public void Pieces_are_joined_and_less_than_reserved_may_be_used(int path)
    {
        using var hasher = HashingPaths.Hasher(path);
        var message = Messages(seed: 7, [500])[0];
        var results = new Hash256[5];
        hasher.Begin();
        hasher.Add(message);
        hasher.Add(message.AsSpan(0, 4), message.AsSpan(4, 492), message.AsSpan(496));
        hasher.Add([], message, []);
        message.CopyTo(hasher.Reserve(100_000));
        hasher.Commit(500);
        hasher.Reserve(10).Fill(0xFF);
        message.CopyTo(hasher.Reserve(500));
        hasher.Commit(500);
        Assert.Equal(5, hasher.Count);
        hasher.Finish(results);
        Assert.All(results, hash => Assert.Equal(DoubleSha256.Hash(message), hash));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        var hasher = new TxidHasher();
        hasher.Begin();
        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Commit(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Reserve(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Reserve(TxidHasher.MaxMessageLength + 1));
        hasher.Reserve(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Commit(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Commit(-1));
        hasher.Commit(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Commit(10));
        Assert.Throws<ArgumentException>(() => hasher.Finish([]));
        hasher.Dispose();
        hasher.Dispose();
        Assert.Throws<ObjectDisposedException>(hasher.Begin);
        Assert.Throws<ObjectDisposedException>(() => hasher.Reserve(1));
        Assert.Throws<ObjectDisposedException>(() => hasher.Finish(new Hash256[1]));
        Assert.Throws<ObjectDisposedException>(() => hasher.MerkleRoot([default], out _));
        foreach (var path in Enum.GetValues<HashPath>().Where(path => !HashPaths.IsSupported(path)))
            Assert.Throws<PlatformNotSupportedException>(() => new TxidHasher(path));
    }

    private static byte[][] Messages(int seed, IEnumerable<int> lengths)
    {
        var random = new Random(seed);
        return [.. lengths.Select(length =>
        {
            var message = new byte[length];
            random.NextBytes(message);
            return message;
        })];
    }

    private static void Check(TxidHasher hasher, byte[][] messages, string what)
    {
        var results = new Hash256[messages.Length];
        hasher.Begin();
        foreach (var message in messages)
            hasher.Add(message.AsSpan(0, Math.Min(4, message.Length)), message.AsSpan(Math.Min(4, message.Length)));
        hasher.Finish(results);
        for (var i = 0; i < messages.Length; i++)
        {
            var expected = new Hash256(SHA256.HashData(SHA256.HashData(messages[i])));
            Assert.True(expected == results[i], $"{what}: message {i}, of {messages[i].Length} bytes");
        }
    }
}
