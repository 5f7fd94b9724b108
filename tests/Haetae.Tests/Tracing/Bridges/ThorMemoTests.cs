using System.Text;
using Haetae.Ledger;
using Haetae.Tracing.Bridges.ThorChain;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>Memos as THORChain's own documentation writes them.</summary>
public class ThorMemoTests
{
    private const string Eth = "0xe6a30f4f3bad978910e2cbb4d97581f5b5a0ade0";

    [Theory]
    [InlineData("SWAP:ETH.ETH:" + Eth, "ETH.ETH", Eth, null)]
    [InlineData("s:e:" + Eth, "ETH.ETH", Eth, null)]
    [InlineData("=:b:bc1q6527vxxqjpq80la2l0sw7hay3lj6dz07zs6gzl", "BTC.BTC", "bc1q6527vxxqjpq80la2l0sw7hay3lj6dz07zs6gzl", null)]
    [InlineData("=:BTC.BTC:bc1q6527vxxqjpq80la2l0sw7hay3lj6dz07zs6gzl/0x7a093cebfa77403672d68e1c22d0681400a36682", "BTC.BTC", "bc1q6527vxxqjpq80la2l0sw7hay3lj6dz07zs6gzl", null)]
    [InlineData("=:r:thor1el4ufmhll3yw7zxzszvfakrk66j7fx0tvcslym:19779138111", "THOR.RUNE", "thor1el4ufmhll3yw7zxzszvfakrk66j7fx0tvcslym", "19779138111")]
    [InlineData("=:ETH.USDT:dx:100e7:t:10", "ETH.USDT", "dx", "1000000000")]
    [InlineData("s:ETH.ETH:" + Eth + ":1e6/3/0:t:10", "ETH.ETH", Eth, "1000000")]
    [InlineData("=<:TR:TXYZ:5", "TRON.TRX", "TXYZ", "5")]
    [InlineData("=:ETH/USDC-0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48:thor15s4apx9ap7lazpsct42nmvf0t6am4r3w0r64f2:628197586176", "ETH/USDC-0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48", "thor15s4apx9ap7lazpsct42nmvf0t6am4r3w0r64f2", "628197586176")]
    [InlineData("=:BTC~BTC:thor1g6pnmnyeg48yc3lg796plt0uw50qpp7humfggz:1e6/1/0:dx:10", "BTC~BTC", "thor1g6pnmnyeg48yc3lg796plt0uw50qpp7humfggz", "1000000")]
    public void A_swap_says_what_to_whom_and_for_how_much_at_least(string text, string asset, string to, string? limit)
    {
        var memo = ThorMemoReader.Read(text)!;
        Assert.Equal(ThorMemoKind.Swap, memo.Kind);
        Assert.Equal((asset, to, limit), (memo.Asset, memo.Destination, memo.Limit?.ToString()));
    }

    [Fact]
    public void Refund_address_stream_and_affiliates_are_read()
    {
        var memo = ThorMemoReader.Read("=:ETH.ETH:" + Eth + "/bc1qback:10000000/3/7:t1/dx/ss:10/20/30")!;
        Assert.Equal(("bc1qback", 3u, 7u), (memo.RefundAddress, memo.Interval, memo.Quantity));
        Assert.Equal(["t1", "dx", "ss"], memo.Affiliates);
        Assert.Equal([10u, 20u, 30u], memo.AffiliateShares);
        Assert.False(memo.IsLimitOrder);
        Assert.True(ThorMemoReader.Read("=<:e:" + Eth)!.IsLimitOrder);
    }

    [Fact]
    public void A_short_word_in_place_of_an_address_is_a_name()
    {
        Assert.True(ThorMemoReader.Read("=:e:dx:161e6:t:10")!.DestinationIsName);
        Assert.False(ThorMemoReader.Read("=:e:" + Eth)!.DestinationIsName);
    }

    [Theory]
    [InlineData("=:BSC.BNB:" + Eth, "eip155:56")]
    [InlineData("=:b:bc1q", "bip122:000000000019d6689c085ae165831e93")]
    [InlineData("=:d:DADDRESS", "thorchain:DOGE")]
    [InlineData("=:BTC-BTC:thor1x", "thorchain:THOR")]
    public void An_asset_tells_its_chain(string text, string chain) => Assert.Equal(chain, ThorMemoReader.Read(text)!.AssetChain);

    [Theory]
    [InlineData("OUT:", ThorMemoKind.Out)]
    [InlineData("out:", ThorMemoKind.Out)]
    [InlineData("REFUND:", ThorMemoKind.Refund)]
    [InlineData("OUT:0x", ThorMemoKind.Out)]
    public void Outs_and_refunds_name_the_deposit_in_capitals(string start, ThorMemoKind kind)
    {
        var memo = ThorMemoReader.Read(start + new string('a', 63) + "B")!;
        Assert.Equal((kind, new string('A', 63) + "B"), (memo.Kind, memo.TransactionId));
    }

    [Theory]
    [InlineData("ADD:BTC.BTC:thor1x", "ADD")]
    [InlineData("+:ETH.ETH:", "+")]
    [InlineData("MIGRATE:123", "MIGRATE")]
    [InlineData("noop", "NOOP")]
    public void Other_functions_are_told_as_such(string text, string function)
    {
        var memo = ThorMemoReader.Read(text)!;
        Assert.Equal((ThorMemoKind.Other, function), (memo.Kind, memo.Function));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello world")]
    [InlineData("=")]
    [InlineData("=:")]
    [InlineData("=:nothing:addr")]
    [InlineData("OUT:abc")]
    [InlineData("OUT")]
    [InlineData("omni\0\0")]
    public void What_is_no_memo_is_none(string text) => Assert.Null(ThorMemoReader.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void An_amount_beyond_256_bits_is_no_limit() => Assert.Null(ThorMemoReader.Read("=:e:" + Eth + ":9e99")!.Limit);

    [Fact]
    public void Any_bytes_at_all_are_read_without_a_fault()
    {
        for (var seed = 0; seed < 50_000; seed++)
        {
            var dice = new Random(seed);
            var text = "=:e:0x12/34:1e6/3/4:a/b:1/2OUT:REFUND:sSwaP+<~-.";
            var bytes = new byte[dice.Next(0, 300)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = dice.Next(20) == 0 ? (byte)dice.Next(256) : (byte)text[dice.Next(text.Length)];
            ThorMemoReader.Read(bytes);
        }
    }
}
