using Haetae.Ledger.Bitcoin;

namespace Haetae.Tests.Ledger.Bitcoin;

/// <summary>The segwit addresses of BIP 350 (which replaces those of BIP 173), and random ones.</summary>
public class SegwitAddressTests
{
    [Theory]
    [InlineData("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262")]
    [InlineData("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("BC1SW50QGDZ25J", "6002751e")]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323")]
    [InlineData("tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433")]
    [InlineData("tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")]
    public void The_valid_addresses_of_BIP_350_stand_for_their_scripts(string text, string script)
    {
        var network = text.StartsWith("tb", StringComparison.Ordinal) ? BitcoinNetwork.Testnet3 : BitcoinNetwork.Mainnet;
        Assert.True(Address.TryParse(text, network, out var read, out var error), error);
        Assert.Equal(script, Convert.ToHexStringLower(read));
        Assert.True(Address.TryEncode(read, network, out var written));
        Assert.Equal(text.ToLowerInvariant(), written);
    }

    [Theory]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "witness version 1 takes a Bech32m checksum, this is Bech32")]
    [InlineData("tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", "witness version 2 takes a Bech32m checksum, this is Bech32")]
    [InlineData("BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "witness version 16 takes a Bech32m checksum, this is Bech32")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "witness version 0 takes a Bech32 checksum, this is Bech32m")]
    [InlineData("tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", "witness version 0 takes a Bech32 checksum, this is Bech32m")]
    [InlineData("bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "'o' at position 60 is not used in Bech32")]
    [InlineData("BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "there is no witness version 17, the last is 16")]
    [InlineData("bc1pw5dgrnzv", "a witness program has 2 to 40 bytes, this one 1")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", "a witness program has 2 to 40 bytes, this one 41")]
    [InlineData("BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "a program of witness version 0 has 20 or 32 bytes, this one 16")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "it mixes upper and lower case")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "the last character carries bits that belong to no byte")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "the last character carries bits that belong to no byte")]
    [InlineData("bc1gmk9yu", "it holds no witness version")]
    public void The_invalid_addresses_of_BIP_350_are_refused_for_their_reason(string text, string reason)
    {
        Assert.False(SegwitAddress.TryDecode(text, out _, out _, out var program, out var error));
        Assert.Equal(reason, error);
        Assert.Empty(program);
    }

    [Fact]
    public void A_prefix_of_no_Bitcoin_network_is_named()
    {
        const string Text = "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut";
        Assert.False(Address.TryParse(Text, BitcoinNetwork.Mainnet, out _, out var error));
        Assert.Equal("no Bitcoin network has addresses that begin 'tc1'", error);
    }

    [Fact]
    public void Any_witness_program_comes_back_from_its_address()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var version = random.Next(0, 17);
            var program = new byte[version == 0 ? random.Next(2) * 12 + 20 : random.Next(2, 41)];
            random.NextBytes(program);
            var text = SegwitAddress.Encode("bcrt", version, program);
            var where = $"seed {seed}, version {version}, {Convert.ToHexStringLower(program)}: {text}";
            Assert.True(SegwitAddress.TryDecode(text, out var prefix, out var readVersion, out var read, out var error), $"{where} {error}");
            Assert.True(prefix == "bcrt" && readVersion == version && program.AsSpan().SequenceEqual(read), where);
        }
    }

    [Theory]
    [InlineData(17, 32)]
    [InlineData(-1, 32)]
    [InlineData(0, 21)]
    [InlineData(1, 1)]
    [InlineData(1, 41)]
    public void A_program_without_an_address_is_not_written(int version, int length) =>
        Assert.Throws<ArgumentException>(() => SegwitAddress.Encode("bc", version, new byte[length]));
}
