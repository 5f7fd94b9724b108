using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Support;
using Theirs = SimpleBase.Base58;

namespace Haetae.Tests.Ledger.Bitcoin;

public class Base58Tests
{
    [SharedDataFact]
    public void Core_s_vectors_are_written_and_read_back()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path_("bitcoin", "vectors", "base58_encode_decode.json")));
        Assert.NotEqual(0, vectors.RootElement.GetArrayLength());
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var bytes = Convert.FromHexString(vector[0].GetString()!);
            var text = vector[1].GetString()!;
            Assert.Equal(text, Base58.Encode(bytes));
            Assert.Equal(bytes, Decode(text));
        }
    }

    [Fact]
    public void Another_library_writes_the_same_for_random_bytes()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(0, 100)];
            random.NextBytes(bytes);
            bytes.AsSpan(0, random.Next(0, bytes.Length + 1) / 4).Clear();
            var text = Base58.Encode(bytes);
            Assert.True(text == Theirs.Bitcoin.Encode(bytes), $"seed {seed}, {Convert.ToHexStringLower(bytes)}: {text}");
            Assert.True(bytes.AsSpan().SequenceEqual(Decode(text)), $"seed {seed}, {Convert.ToHexStringLower(bytes)} came back otherwise");
        }
    }

    [Fact]
    public void The_longest_input_fits()
    {
        var bytes = new byte[Base58.MaximumBytes];
        Array.Fill(bytes, (byte)255);
        Assert.Equal(bytes, Decode(Base58.Encode(bytes)));
        Array.Clear(bytes);
        Assert.Equal(bytes, Decode(Base58.Encode(bytes)));
        Assert.Throws<ArgumentException>(() => Base58.Encode(new byte[Base58.MaximumBytes + 1]));
    }

    [Theory]
    [InlineData("1BoatS0", "'0' at position 7 is not used in Base58")]
    [InlineData("1Boat S", "U+0020 at position 6 is not used in Base58")]
    [InlineData("\u0416", "U+0416 at position 1 is not used in Base58")]
    public void A_character_outside_the_alphabet_is_named_with_its_place(string text, string expected)
    {
        Assert.False(Base58.TryDecode(text, new byte[32], out var written, out var error));
        Assert.Equal(expected, error);
        Assert.Equal(0, written);
    }

    [Fact]
    public void Text_too_long_for_the_destination_is_refused_before_it_is_read()
    {
        Assert.False(Base58.TryDecode(new string('0', 1_000_000), new byte[1_000_000], out _, out var error));
        Assert.Equal("it has 1000000 characters, too many for 256 bytes", error);
    }

    [Fact]
    public void More_bytes_than_the_destination_holds_are_refused()
    {
        Assert.False(Base58.TryDecode("11111", new byte[4], out _, out var error));
        Assert.Equal("it holds 5 bytes, more than 4", error);
    }

    [Fact]
    public void The_checked_form_returns_the_payload_and_refuses_each_changed_digit()
    {
        const string Text = "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo";
        var payload = new byte[21];
        Assert.True(Base58Check.TryDecode(Text, payload, out var written, out _));
        Assert.Equal(21, written);
        Assert.Equal("00a31c06bd463e3923bc1aadbde48b16976c080717", Convert.ToHexStringLower(payload));
        Assert.Equal(Text, Base58Check.Encode(payload));
        for (var i = 1; i < Text.Length; i++)
        {
            var changed = Text.ToCharArray();
            changed[i] = changed[i] == 'z' ? 'y' : 'z';
            Assert.False(Base58Check.TryDecode(changed, new byte[64], out _, out var error), new string(changed));
            Assert.Equal("the checksum does not match", error);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("111")]
    public void Text_without_room_for_a_checksum_is_refused(string text)
    {
        Assert.False(Base58Check.TryDecode(text, new byte[21], out _, out var error));
        Assert.Equal("it is too short to hold a checksum", error);
    }

    private static byte[] Decode(string text)
    {
        var bytes = new byte[Base58.MaximumBytes];
        Assert.True(Base58.TryDecode(text, bytes, out var written, out var error), $"{text}: {error}");
        return bytes[..written];
    }
}
