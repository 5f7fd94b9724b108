using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Ledger.Accounts.Storage;

/// <summary>Gas prices in a stored ledger: exact, only where an event stands, and nothing to ledgers that were written before there were any.</summary>
public sealed class GasPriceTests : IDisposable
{
    private static readonly AssetName Ether = AssetName.Native(ChainName.Ethereum);
    private static readonly AccountAddress Pool = AccountAddress.Parse("0x00000000000000000000000000000000000000aa"), Payer = AccountAddress.Parse("0x00000000000000000000000000000000000000bb");
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-gas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Prices =>
        ["0", "1", "20000000000", "18446744073709551615", "18446744073709551616", "340282366920938463463374607431768211456", "115792089237316195423570985008687907853269984665640564039457584007913129639935"];

    [Theory]
    [MemberData(nameof(Prices))]
    public void Any_price_a_chain_can_say_comes_back_to_the_wei(string said)
    {
        var price = UInt256.Parse(said);
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum))
        {
            Tell(writer, 1, null);
            Tell(writer, 2, price);
            Tell(writer, 3, UInt256.One);
            writer.Checkpoint();
        }

        using var ledger = AccountLedger.Open(_folder);
        Assert.Equal([null, price, UInt256.One, null], Enumerable.Range(0, 4).Select(tx => ledger.GasPriceOf((uint)tx)));
        Assert.Empty(AccountLedgerVerifier.Verify(_folder, 2, null, CancellationToken.None));
    }

    [Fact]
    public void A_price_without_an_event_or_said_twice_is_refused()
    {
        using var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum);
        foreach (var sink in new IAccountSink[] { writer, new AccountTableBuilder(ChainName.Ethereum) })
        {
            Assert.Throws<InvalidOperationException>(() => sink.AddGasPrice(1));
            Tell(sink, 1, 5);
            Assert.Throws<InvalidOperationException>(() => sink.AddGasPrice(5));
            sink.AddTransaction(RandomTransfers.IdOf(9, 2), 1_002, 2);
            Assert.Throws<InvalidOperationException>(() => sink.AddGasPrice(5));
        }
    }

    [Fact]
    public void A_ledger_without_prices_is_what_it_was_before_there_were_any()
    {
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum))
        {
            for (uint block = 1; block <= 3; block++) Tell(writer, block, null);
            writer.Checkpoint();
        }

        // Taken from a program that knew no gas prices, told the same.
        using (var ledger = AccountLedger.Open(_folder)) Assert.Equal("7a20bbf12999be3c2b8ff0f13b384e1e940df8819ddb9e00ec80fab9d0b0f993", ledger.Digest);
        var manifest = File.ReadAllText(Path.Combine(_folder, "manifest.json"));
        Assert.Equal("8a60e5506691269bc215d3aec4e795c695cc28de1cae57550657eb78d995a571", AccountManifest.Read(_folder)!.Digest);
        Assert.DoesNotContain("gas", manifest, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_older_ledger_is_read_and_goes_on_with_prices_from_there()
    {
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum))
        {
            Tell(writer, 1, null);
            writer.Checkpoint();
        }

        foreach (var file in Directory.GetFiles(_folder, "gas.*")) File.Delete(file); // it never had them
        using (var old = AccountLedger.Open(_folder)) Assert.Null(old.GasPriceOf(0));
        Assert.Empty(AccountLedgerVerifier.Verify(_folder, 2, null, CancellationToken.None));
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum))
        {
            Tell(writer, 2, 7);
            writer.Checkpoint();
        }

        using (var grown = AccountLedger.Open(_folder)) Assert.Equal([null, (UInt256)7], new[] { grown.GasPriceOf(0), grown.GasPriceOf(1) });
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum)) writer.UndoFrom(2);
        using var back = AccountLedger.Open(_folder);
        Assert.Equal((1U, 0L), (back.Graph.TransactionCount, back.Counts.GasWords));
        Assert.DoesNotContain("gas", File.ReadAllText(Path.Combine(_folder, "manifest.json")), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(AccountLedgerVerifier.Verify(_folder, 2, null, CancellationToken.None));
    }

    [Fact]
    public void Prices_of_many_blocks_survive_checkpoints_and_what_is_not_checkpointed_does_not()
    {
        const uint blocks = 60_000; // more than a block of checksums holds
        static UInt256? Price(uint block) => block % 5 == 0 ? null : block % 1_000 == 1 ? new UInt256(block, block) : (UInt256)(1_000_000_000UL * block);
        for (uint from = 1; from <= blocks; from += 20_000)
        {
            using var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum);
            for (var block = from; block < from + 20_000; block++) Tell(writer, block, Price(block));
            writer.Checkpoint();
            for (var block = from + 20_000; block < from + 20_100; block++) Tell(writer, block, 13);
        }

        using var ledger = AccountLedger.Open(_folder);
        Assert.Equal(blocks, ledger.Graph.TransactionCount);
        for (uint tx = 0; tx < blocks; tx++) Assert.Equal(Price(tx + 1), ledger.GasPriceOf(tx));
    }

    [Fact]
    public void A_ledger_written_anew_keeps_events_and_their_prices()
    {
        var folder = Path.Combine(_folder, "ledger");
        var earlier = new AccountTableBuilder(ChainName.Ethereum);
        earlier.AddTransaction(RandomTransfers.IdOf(7, 1), 500);
        earlier.AddTransfer(Pool, Payer, Ether, 9);
        var writer = AccountLedgerWriter.Open(folder, ChainName.Ethereum);
        for (uint at = 1; at <= 2; at++)
        {
            writer.AddTransaction(RandomTransfers.IdOf(2, at), 1_000 + at); // rows without blocks, as tables may have them
            writer.AddTransfer(Payer, Pool, Ether, 5);
            writer.AddEvent(Pool, [RandomTransfers.IdOf(3, at)], [(byte)at]);
            if (at == 2) writer.AddGasPrice(UInt256.MaxValue);
        }

        writer.Checkpoint();
        LedgerRewrite.Merge(writer, earlier.Build(), "rows.csv", 1, (_, _) => { }, CancellationToken.None);
        using var ledger = AccountLedger.Open(folder);
        Assert.Equal((3U, 2), (ledger.Graph.TransactionCount, ledger.Events.Count()));
        Assert.Equal([null, null, UInt256.MaxValue], Enumerable.Range(0, 3).Select(tx => ledger.GasPriceOf((uint)tx)));
    }

    private static void Tell(IAccountSink sink, uint block, UInt256? price)
    {
        sink.AddBlock(block, RandomTransfers.IdOf(1, block), RandomTransfers.IdOf(1, block - 1), 1_000 + block);
        sink.AddTransaction(RandomTransfers.IdOf(2, block), 1_000 + block, block);
        sink.AddTransfer(Payer, Pool, Ether, 5);
        sink.AddEvent(Pool, [RandomTransfers.IdOf(3, block)], [(byte)block]);
        if (price is { } told) sink.AddGasPrice(told);
    }
}
