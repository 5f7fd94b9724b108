using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Bitcoin;

public class AddressTests
{
    private const string Key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    [SharedDataFact]
    public void Core_s_valid_addresses_are_read_and_written_back()
    {
        var count = 0;
        foreach (var (text, hex, details) in ValidVectors().Where(vector => !vector.Details.GetProperty("isPrivkey").GetBoolean()))
        {
            Assert.True(BitcoinNetwork.TryParse(details.GetProperty("chain").GetString(), out var network));
            Assert.True(Address.TryParse(text, network, out var script, out var error), $"{text}: {error}");
            Assert.Equal(hex, Convert.ToHexStringLower(script));
            Assert.True(Address.TryEncode(script, network, out var written), text);
            Assert.Equal(text, written);

            // Where Core's flag is set, upper case is the same address; elsewhere the flipped text must not pass.
            var flips = details.TryGetProperty("tryCaseFlip", out var flag) && flag.GetBoolean();
            Assert.Equal(flips, Address.TryParse(FlipCase(text), network, out var flipped, out _));
            if (flips) Assert.Equal(script, flipped);
            count++;
        }

        Assert.Equal(54, count);
    }

    [SharedDataFact]
    public void Core_s_private_keys_are_never_taken_for_addresses_nor_repeated()
    {
        var count = 0;
        foreach (var (text, _, _) in ValidVectors().Where(vector => vector.Details.GetProperty("isPrivkey").GetBoolean()))
        {
            foreach (var network in BitcoinNetwork.All)
            {
                Assert.False(Address.TryParse(text, network, out _, out var error));
                Assert.Equal("this is a private key, not an address; whoever reads it can take the coins", error);
            }

            count++;
        }

        Assert.Equal(16, count);
    }

    [SharedDataFact]
    public void Core_s_invalid_addresses_are_refused_on_every_network_with_a_reason()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path_("bitcoin", "vectors", "key_io_invalid.json")));
        Assert.Equal(70, vectors.RootElement.GetArrayLength());
        foreach (var text in vectors.RootElement.EnumerateArray().Select(vector => vector[0].GetString()!))
        {
            foreach (var network in BitcoinNetwork.All)
            {
                Assert.False(Address.TryParse(text, network, out var script, out var error), $"'{text}' passed on {network}");
                Assert.Empty(script);
                Assert.NotEmpty(error);
            }
        }
    }

    [Theory]
    [InlineData("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "mainnet", "testnet3, testnet4 or signet")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "signet", "mainnet")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "regtest", "mainnet")]
    [InlineData("1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "testnet4", "mainnet")]
    [InlineData("mww4LvqtTMKvmeQvizPz2EQv26xTneWrbg", "mainnet", "testnet3, testnet4, signet or regtest")]
    public void An_address_of_another_network_is_refused_by_name(string text, string held, string theirs)
    {
        Assert.True(BitcoinNetwork.TryParse(held, out var network));
        Assert.False(Address.TryParse(text, network, out var script, out var error));
        Assert.Equal($"'{text}' is an address of {theirs}, this ledger holds {held}", error);
        Assert.Empty(script);
    }

    [Theory]
    [InlineData("", "an empty text is no address")]
    [InlineData("1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mp", "the checksum does not match")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "the checksum does not match")]
    [InlineData("1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2m0", "'0' at position 34 is not used in Base58")]
    [InlineData(" 1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "U+0020 at position 1 is not used in Base58")]
    [InlineData("3QJmnh", "it holds nothing but a checksum")]
    public void What_is_no_address_is_refused_for_its_reason(string text, string reason)
    {
        Assert.False(Address.TryParse(text, BitcoinNetwork.Mainnet, out _, out var error));
        Assert.Equal(reason, error);
    }

    [Fact]
    public void A_payload_of_the_wrong_length_or_version_is_refused()
    {
        Assert.False(Address.TryParse(Base58Check.Encode(new byte[20]), BitcoinNetwork.Mainnet, out _, out var error));
        Assert.Equal("an address of version 0 holds 20 bytes, this one 19", error);
        Assert.False(Address.TryParse(Base58Check.Encode([48, .. new byte[20]]), BitcoinNetwork.Mainnet, out _, out error));
        Assert.Equal("no Bitcoin network has addresses of version 48", error);
    }

    [Fact]
    public void Text_too_long_for_any_address_is_refused_before_it_is_read()
    {
        Assert.False(Address.TryParse("bc1" + new string('q', 1_000_000), BitcoinNetwork.Mainnet, out _, out var error));
        Assert.Equal("an address has at most 90 characters, this text 1000003", error);
    }

    [Theory]
    [InlineData($"21{Key}ac")]
    [InlineData($"5121{Key}51ae")]
    [InlineData("6a0401020304")]
    [InlineData("00024e73")]
    [InlineData("")]
    public void A_bare_key_multisig_data_and_the_non_standard_have_no_address(string hex)
    {
        Assert.False(Address.TryEncode(Convert.FromHexString(hex), BitcoinNetwork.Mainnet, out var address));
        Assert.Empty(address);
    }

    [Theory]
    [InlineData("mainnet", "bc1pfeessrawgf")]
    [InlineData("regtest", "bcrt1pfeesnyr2tx")]
    public void An_anchor_has_the_address_Core_gives_it(string name, string expected)
    {
        Assert.True(BitcoinNetwork.TryParse(name, out var network));
        Assert.True(Address.TryEncode(Convert.FromHexString("51024e73"), network, out var address));
        Assert.Equal(expected, address);
    }

    [Fact]
    public void Random_text_never_makes_the_parser_fail()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] openings = ["", "1", "3", "bc1", "BC1", "tb1", "11", "xprv1"];
        for (var round = 0; round < 20_000; round++)
        {
            var letters = new char[random.Next(0, 95)];
            for (var i = 0; i < letters.Length; i++) letters[i] = (char)(random.Next(20) == 0 ? random.Next(65_536) : random.Next(33, 127));
            var text = openings[random.Next(openings.Length)] + new string(letters);
            var failure = Record.Exception(() => Address.TryParse(text, BitcoinNetwork.Mainnet, out _, out _));
            Assert.True(failure is null, $"seed {seed}, round {round}: {failure}");
        }
    }

    private static List<(string Text, string Hex, JsonElement Details)> ValidVectors()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path_("bitcoin", "vectors", "key_io_valid.json")));
        return [.. vectors.RootElement.EnumerateArray().Select(vector => (vector[0].GetString()!, vector[1].GetString()!, vector[2].Clone()))];
    }

    private static string FlipCase(string text) =>
        string.Concat(text.Select(letter => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter)));
}
