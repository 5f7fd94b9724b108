using System.IO.Compression;
using System.Text;
using Haetae.Intel;
using Haetae.Intel.Pools;

namespace Haetae.Tests.Intel.Pools;

public sealed class PoolEventListTests
{
    private const string One = "\"blockNumber\":7,\"transactionHash\":\"0x1111111111111111111111111111111111111111111111111111111111111111\"";
    private const string Deposit = "{" + One + ",\"commitment\":\"0x2222222222222222222222222222222222222222222222222222222222222222\",\"leafIndex\":3,\"timestamp\":\"1655095216\"}";
    private const string Withdrawal = "{" + One + ",\"nullifierHash\":\"0x3333333333333333333333333333333333333333333333333333333333333333\",\"to\":\"0x4adF585001CDc2C408Fb14bf38D7Ad730A385F11\",\"fee\":\"31773000000000000\"}";

    [Fact]
    public void A_row_says_what_it_has_and_no_more()
    {
        var deposit = Assert.Single(Read($"[{Deposit}]").Deposits);
        Assert.Equal((7U, 3U, 1_655_095_216U), (deposit.Block, deposit.Leaf, deposit.Time!.Value));
        Assert.Equal((null, null), (deposit.Depositor, deposit.GasPrice));
        var withdrawal = Assert.Single(Read($"[{Withdrawal}]").Withdrawals);
        Assert.Equal(("0x4adf585001cdc2c408fb14bf38d7ad730a385f11", "31773000000000000", true), (withdrawal.Recipient.ToString(), withdrawal.Fee.ToString(), withdrawal.IsRelayed));
        Assert.Equal((null, null, null), (withdrawal.Time, withdrawal.Relayer, withdrawal.GasPrice));
        Assert.Equal("1111111111111111111111111111111111111111111111111111111111111111", withdrawal.Transaction.ToString());
    }

    [Theory]
    [InlineData("{}", "row 0")]
    [InlineData("[[]]", "row 0")]
    [InlineData("[{\"commitment\":1}]", "row 0")]
    [InlineData("[{\"to\":null}]", "row 0")]
    [InlineData("[" + Deposit + ",{\"blockNumber\":-1}]", "row 1")]
    [InlineData("[" + Deposit, "row 0")]
    [InlineData("[" + Deposit + "," + Withdrawal + "]", "stand in one list")]
    public void A_bad_row_is_told_with_file_and_row(string text, string said)
    {
        var wrong = Assert.Throws<IntelException>(() => Read(text));
        Assert.StartsWith("deposits_eth_1.json", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"timestamp\":\"1655095216\"", "\"timestamp\":\"99999999999\"")]
    [InlineData("\"leafIndex\":3", "\"leafIndex\":3.5")]
    [InlineData("0x2222", "0x22")]
    public void A_value_out_of_range_is_refused(string value, string other) =>
        Assert.Contains("row 0", Assert.Throws<IntelException>(() => Read($"[{Deposit.Replace(value, other, StringComparison.Ordinal)}]")).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_are_put_in_order()
    {
        var read = Read($"[{Deposit},{Deposit.Replace("\"leafIndex\":3", "\"leafIndex\":1", StringComparison.Ordinal)}]").Deposits;
        Assert.Equal([1U, 3U], read.Select(deposit => deposit.Leaf));
    }

    [Fact]
    public void An_archive_holds_one_file_and_is_bounded()
    {
        Assert.Single(PoolEventList.Read(Zip(("a", $"[{Deposit}]")), "deposits_eth_1.json.zip").Deposits);
        Assert.Contains("2 files", Assert.Throws<IntelException>(() => PoolEventList.Read(Zip(("a", "[]"), ("b", "[]")), "x.zip")).Message, StringComparison.Ordinal);
        Assert.Throws<IntelException>(() => PoolEventList.Read(new MemoryStream([1, 2, 3]), "x.zip"));
        var spaces = new string(' ', (int)PoolEventList.MaximumUnpacked + 1); // 64 KiB packed
        Assert.Contains("unpacks to more", Assert.Throws<IntelException>(() => PoolEventList.Read(Zip(("a", spaces)), "x.zip")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deposits_eth_0.1.json.zip", "100000000000000000")]
    [InlineData("/a/b/withdrawals_eth_100.json", "100000000000000000000")]
    [InlineData("deposits_ETH_10.json", "10000000000000000000")]
    [InlineData("deposits_eth_0.json", null)]
    [InlineData("deposits_eth_.json", null)]
    [InlineData("deposits_eth_1.2.3.json", null)]
    [InlineData("deposits_eth_-1.json", null)]
    [InlineData("deposits_dai_100.json", null)]
    [InlineData("readme.json", null)]
    public void A_name_tells_the_pool(string name, string? denomination) => Assert.Equal(denomination, PoolEventList.NamedPool(name)?.Denomination.ToString());

    private static (IReadOnlyList<Haetae.Tracing.Mixers.PoolDeposit> Deposits, IReadOnlyList<Haetae.Tracing.Mixers.PoolWithdrawal> Withdrawals) Read(string text) =>
        PoolEventList.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "deposits_eth_1.json");

    private static MemoryStream Zip(params (string Name, string Text)[] files)
    {
        var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        packed.Position = 0;
        return packed;
    }
}
