using System.Buffers.Binary;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Tests.Ledger.Bitcoin;

public class BitcoinNetworkTests
{
    [Theory]
    [InlineData("f9beb4d9", "mainnet")]
    [InlineData("0b110907", "testnet3")]
    [InlineData("1c163f28", "testnet4")]
    [InlineData("0a03cf40", "signet")]
    [InlineData("fabfb5da", "regtest")]
    public void The_first_bytes_of_a_block_file_name_its_network(string magic, string name)
    {
        var number = BinaryPrimitives.ReadUInt32LittleEndian(Convert.FromHexString(magic));
        Assert.True(BitcoinNetwork.TryFromMagic(number, out var network));
        Assert.Equal(name, network.Name);
    }

    [Fact]
    public void Bytes_of_no_network_are_not_taken_for_one() => Assert.False(BitcoinNetwork.TryFromMagic(0, out _));

    [Theory]
    [InlineData("mainnet", "mainnet")]
    [InlineData("main", "mainnet")]
    [InlineData("Bitcoin", "mainnet")]
    [InlineData("testnet", "testnet3")]
    [InlineData("test", "testnet3")]
    [InlineData("testnet4", "testnet4")]
    [InlineData("SIGNET", "signet")]
    [InlineData("regt", "regtest")]
    public void A_network_is_found_by_each_of_its_names(string text, string name)
    {
        Assert.True(BitcoinNetwork.TryParse(text, out var network));
        Assert.Equal(name, network.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("litecoin")]
    public void An_unknown_name_finds_no_network(string? text) => Assert.False(BitcoinNetwork.TryParse(text, out _));

    [Fact]
    public void The_chain_id_is_the_one_CAIP_2_gives_as_its_example() =>
        Assert.Equal("bip122:000000000019d6689c085ae165831e93", BitcoinNetwork.Mainnet.ChainId);

    [Fact]
    public void Names_magics_and_chain_ids_are_each_unique()
    {
        Assert.Equal(5, BitcoinNetwork.All.Length);
        Assert.Equal(5, BitcoinNetwork.All.Select(network => network.Name).Distinct().Count());
        Assert.Equal(5, BitcoinNetwork.All.Select(network => network.Magic).Distinct().Count());
        Assert.Equal(5, BitcoinNetwork.All.Select(network => network.ChainId).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 5_000_000_000)]
    [InlineData(209_999, 5_000_000_000)]
    [InlineData(210_000, 2_500_000_000)]
    [InlineData(840_000, 312_500_000)]
    [InlineData(6_929_999, 1)]
    [InlineData(6_930_000, 0)]
    [InlineData(64 * 210_000, 0)]
    [InlineData(int.MaxValue, 0)]
    public void The_subsidy_halves_every_210_000_blocks_and_ends(int height, long expected) =>
        Assert.Equal(new Satoshi(expected), BitcoinNetwork.Mainnet.Subsidy(new BlockHeight(height)));

    [Theory]
    [InlineData(149, 5_000_000_000)]
    [InlineData(150, 2_500_000_000)]
    public void On_regtest_the_subsidy_halves_every_150_blocks(int height, long expected) =>
        Assert.Equal(new Satoshi(expected), BitcoinNetwork.Regtest.Subsidy(new BlockHeight(height)));

    [Fact]
    public void All_subsidies_together_stay_below_21_million_coins()
    {
        long total = 0;
        for (var height = 0; height < 7_000_000; height += 210_000)
            total += 210_000 * BitcoinNetwork.Mainnet.Subsidy(new BlockHeight(height)).Value;
        Assert.Equal(2_099_999_997_690_000, total);
    }
}
