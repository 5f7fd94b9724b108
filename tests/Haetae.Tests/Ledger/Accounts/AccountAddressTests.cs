using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Ledger.Accounts;

public sealed class AccountAddressTests
{
    // EIP-55's own test cases: all capitals, all small, mixed.
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Addresses_are_printed_as_EIP_55_says_and_read_in_any_case(string text)
    {
        Assert.Equal(text, AccountAddress.Parse(text).ToEip55());
        Assert.Equal(text, AccountAddress.Parse(text.ToUpperInvariant()).ToEip55());
        Assert.Equal(text, AccountAddress.Parse(@"\x" + text[2..].ToLowerInvariant()).ToEip55());
        Assert.Equal(text.ToLowerInvariant(), AccountAddress.Parse(text.AsSpan()[2..]).ToString());
    }

    // The contract of USDT on TRON, in the three forms that TRON's tools print.
    [Fact]
    public void Tron_addresses_are_read_and_printed()
    {
        const string usdt = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
        var address = AccountAddress.Parse(usdt);
        Assert.Equal("0xa614f803b6fd780986a42c78ec9c7f77e6ded13c", address.ToString());
        Assert.Equal(usdt, AccountAddress.Parse("41a614f803b6fd780986a42c78ec9c7f77e6ded13c").ToTron());
        Assert.Equal(usdt, ChainName.Tron.Show(address));
    }

    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EEG")]
    [InlineData("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u")]
    [InlineData("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")]
    [InlineData("")]
    public void What_is_no_address_is_refused_with_a_reason(string text)
    {
        Assert.False(AccountAddress.TryParse(text, out _, out var error));
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("eth", "eip155:1/slip44:60")]
    [InlineData("TRX", "tron:0x2b6653dc/slip44:195")]
    [InlineData("eip155:1/0xdAC17F958D2ee523a2206206994597C13D831ec7", "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7")]
    [InlineData("tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")]
    [InlineData("tron:0x2b6653dc/trc10:1002000", "tron:0x2b6653dc/trc10:1002000")]
    [InlineData("eip155:1/erc721:0x06012c8cf97BEaD5deAe237070F9587f8E7A266d/771769", "eip155:1/erc721:0x06012c8cf97bead5deae237070f9587f8e7a266d/771769")]
    public void Assets_are_named_as_CAIP_19_and_read_back(string text, string caip19)
    {
        Assert.True(AssetName.TryParse(text, out var asset));
        Assert.Equal(caip19, asset.Caip19);
        Assert.True(AssetName.TryParse(caip19, out var again));
        Assert.Equal(asset, again);
    }

    [Fact]
    public void Any_EVM_chain_goes_by_its_number()
    {
        Assert.True(ChainName.TryParse("eip155:56", out var bsc));
        Assert.Equal("BNB Smart Chain", bsc.Title);
        Assert.True(ChainName.TryParse("EIP155:31337", out var local));
        Assert.Equal("eip155:31337/slip44:native", AssetName.Native(local).Caip19);
        Assert.False(ChainName.TryParse("eip155:", out _));
    }
}
