using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using static Haetae.Tests.Ledger.Survival.HandMade;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>Well-formed, mined blocks that lie: about who spends what, how much there is, or how long a thing is.</summary>
public sealed class HostileBlockTests : IDisposable
{
    private const long Subsidy = 50_0000_0000;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static readonly byte[] s_script = [0x51];
    private static readonly byte[] s_firstCoinbase = Coinbase(1, (Subsidy, s_script));
    private static readonly byte[] s_first = Block(BitcoinNetwork.Regtest.GenesisHash, s_firstCoinbase);
    private static readonly (Hash256, uint)[] s_money = [(Id(s_firstCoinbase), 0)];

    private BitcoinIngestResult Ingest(params byte[][] blocks)
    {
        var folder = _bench.Path_(Guid.NewGuid().ToString("N"));
        Write(folder, blocks);
        return BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = folder, Ledger = Path.Combine(folder, "ledger"), From = 1 });
    }

    private void Refused(string why, params byte[][] transactions)
    {
        var told = Assert.Throws<InvalidBlockException>(() => Ingest(s_first, Block(Hash(s_first), transactions)));
        Assert.Contains(why, told.Message, StringComparison.Ordinal);
        Assert.Contains("blk00000.dat at offset", told.Message, StringComparison.Ordinal);
        Assert.Contains("height 2", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_spend_is_taken() =>
        Assert.Equal(3u, Ingest(s_first, Block(Hash(s_first), Coinbase(2), Transaction(s_money, (Subsidy, s_script)))).Counts.Transactions);

    [Fact]
    public void A_transaction_cannot_spend_what_a_later_one_of_its_block_makes()
    {
        var later = Transaction(s_money, (Subsidy, s_script));
        var earlier = Transaction([(Id(later), 0)], (Subsidy, s_script));
        Refused("no earlier transaction made", Coinbase(2), earlier, later);
    }

    /// <summary>With a first height above 0 an output nobody holds is unknown, not wrong: so the second spend is told apart by being known to be spent nowhere.</summary>
    [Fact]
    public void A_second_spend_in_a_range_never_counts_twice()
    {
        var result = Ingest(s_first, Block(Hash(s_first), Coinbase(2), Transaction(s_money, (Subsidy, s_script)), Transaction(s_money, (1, s_script))));
        Assert.Equal(1, result.Counts.UnknownInputs);
    }

    [Fact]
    public void Amounts_that_are_negative_too_large_or_overflow_are_refused()
    {
        const string why = "is negative or makes more than 21 million coins";
        Refused(why, Coinbase(2), Transaction(s_money, (-1, s_script)));
        Refused(why, Coinbase(2), Transaction(s_money, (long.MaxValue, s_script), (long.MaxValue, s_script), (2, s_script)));
        Refused(why, Coinbase(2), Transaction(s_money, (2_100_000_000_000_000, s_script), (1, s_script)));
    }

    [Fact]
    public void More_out_than_in_is_refused()
    {
        Refused("where the outputs take", Coinbase(2), Transaction(s_money, (Subsidy + 1, s_script)));
        Refused("where subsidy and fees make", Coinbase(2, (Subsidy + 1, s_script)));
    }

    [Fact]
    public void A_block_without_transactions_or_with_a_second_coinbase_is_refused()
    {
        Refused("two equal transactions", Coinbase(2), Transaction(s_money, (1, s_script)), Transaction(s_money, (1, s_script)), Transaction(s_money, (1, s_script)));
        Refused("a coinbase input stands in a later transaction", Coinbase(2), Coinbase(3));
        var empty = Assert.ThrowsAny<LedgerException>(() => Ingest(s_first, [.. Block(Hash(s_first)), .. new byte[80]]));
        Assert.Contains("has no transaction", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_of_megabytes_are_kept_exactly()
    {
        var script = new byte[3_900_000];
        new Random(1).NextBytes(script);
        var result = Ingest(s_first, Block(Hash(s_first), Coinbase(2), Transaction(s_money, (Subsidy, script), (0, new byte[90_000]))));
        Assert.InRange(result.Counts.ScriptBytes, script.Length + 90_000, script.Length + 90_100);
        using var ledger = BitcoinLedger.Open(Directory.GetDirectories(Directory.GetDirectories(_bench.Root).Single()).Single());
        Assert.Equal(script, ledger.ScriptOf(ledger.Counts.Outputs - 2));
        Assert.Single(ledger.FindOutputs(script));
    }
}
