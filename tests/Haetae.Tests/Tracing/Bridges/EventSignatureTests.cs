using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>Topics as nodes print them, and values found by name in data that may be anything.</summary>
public class EventSignatureTests
{
    [Theory]
    [InlineData("Transfer(address indexed from, address indexed to, uint value)", "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    [InlineData("event TransferOut(address indexed vault, address indexed to, address asset, uint amount, string memo)", "a9cd03aa3c1b4515114539cd53d22085129d495cb9e9f9af77864526240f1bf7")]
    [InlineData("MintAndWithdraw(address indexed mintRecipient, uint256 amount, address indexed mintToken)", "1b2a7ff080b8cb6ff436ce0372e399692bbfb6d4ae5766fd8d58a7b8cc6142e6")]
    [InlineData("LogMessagePublished(address indexed sender, uint64 sequence, uint32 nonce, bytes payload, uint8 consistencyLevel)", "6eb224fb001ed210e379b335e35efe88672a8ce935d981a6896b27ffdf52a3b2")]
    [InlineData("TransferRedeemed(uint16 indexed emitterChainId, bytes32 indexed emitterAddress, uint64 indexed sequence)", "caf280c8cfeba144da67230d9b009c8f868a75bac9a528fa0474be1ba317c169")]
    [InlineData("VerifyHeaderAndExecuteTxEvent(uint64 fromChainID, bytes toContract, bytes crossChainTxHash, bytes fromChainTxHash)", "8a4a2663ce60ce4955c595da2894de0415240f1ace024cfbff85f513b656bdae")]
    [InlineData("UnlockEvent(address toAssetHash, address toAddress, uint256 amount)", "d90288730b87c2b8e0c45bd82260fd22478aba30ae1c4d578b8daba9261604df")]
    [InlineData("WithdrawalRequested(bytes32 receiptHash, (uint256,uint8,(address,address,uint256),(address,address,uint256),(uint8,uint256,uint256)) receipt)", "f313c253a5be72c29d0deb2c8768a9543744ac03d6b3cafd50cc976f1c2632fc")]
    public void A_topic_is_what_public_code_gives(string signature, string topic) => Assert.Equal(topic, EventSignature.Parse(signature).Topic.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("Transfer")]
    [InlineData("Transfer(address from")]
    [InlineData("Transfer(address from) returns (bool)")]
    [InlineData("Transfer(adress from)")]
    [InlineData("Transfer(uint257 a)")]
    [InlineData("Transfer(uint8[3] a)")]
    [InlineData("T((((((uint8 a) b) c) d) e) f)")]
    [InlineData("T(bool indexed a, bool indexed b, bool indexed c, bool indexed d)")]
    public void What_is_no_signature_is_refused(string signature) => Assert.Throws<FormatException>(() => EventSignature.Parse(signature));

    [Fact]
    public void Values_are_found_by_name_in_topics_words_text_and_tuples()
    {
        var signature = EventSignature.Parse("E(bytes32 id, (uint256 nonce, bytes who, (uint256 a, uint256 b) pair) order, address indexed to, string memo, (uint8 x, uint8 y) still, uint256 last)");
        var to = AccountAddress.Parse("0x00000000000000000000000000000000000000aa");
        var one = EventData.Of(signature, to, [to], "id".PadLeft(4), new object[] { 7, "0x0102", new object[] { 8, 9 } }, "memo here", new object[] { 3, 4 }, 5);
        Assert.True(EventValues.TryRead(signature, one, out var values));
        Assert.Equal("memo here", System.Text.Encoding.ASCII.GetString(values.Find("memo")!.Value.Span));
        Assert.Equal(8, values.Find("order.pair.a")!.Value.Span[31]);
        Assert.Equal(9, values.Find("order.pair.b")!.Value.Span[31]);
        Assert.Equal(7, values.Find("order.nonce")!.Value.Span[31]);
        Assert.Equal(new byte[] { 1, 2 }, values.Find("order.who")!.Value.ToArray());
        Assert.Equal(4, values.Find("still.y")!.Value.Span[31]);
        Assert.Equal(5, values.Find("last")!.Value.Span[31]);
        Assert.Equal(0xaa, values.Find("to")!.Value.Span[31]);
        Assert.Null(values.Find("nothing"));
        Assert.Null(values.Find("order"));
        Assert.Null(values.Find("last.deeper"));
    }

    [Fact]
    public void Data_that_is_cut_or_changed_anywhere_gives_no_value_or_another_but_never_a_fault()
    {
        var signature = EventSignature.Parse("E((uint256 nonce, bytes who) order, string memo, bytes32[] many, uint256 last)");
        var whole = EventData.Of(signature, default, [], new object[] { 7, "0x010203" }, "a memo of some length", "0x", 5).Data;
        for (var length = 0; length < whole.Length; length++) Look(whole[..length]);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var dice = new Random(seed);
            var data = (byte[])whole.Clone();
            for (var change = dice.Next(1, 5); change > 0; change--) data[dice.Next(data.Length)] = (byte)(dice.Next(3) switch { 0 => 0xff, 1 => dice.Next(256), _ => 0 });
            Look(data);
        }

        void Look(byte[] data)
        {
            Assert.True(EventValues.TryRead(signature, new ChainEvent(0, default, [signature.Topic], data), out var values));
            foreach (var path in new[] { "order.nonce", "order.who", "memo", "many", "last" })
                if (values.Find(path) is { } value) Assert.InRange(value.Length, 0, data.Length);
        }
    }
}
