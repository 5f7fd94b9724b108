using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using static Haetae.Tests.Ledger.Survival.HandMade;

namespace Haetae.Tests.Ledger.Survival;

public sealed class ReorganisationTests : IDisposable
{
    private const long Subsidy = 50_0000_0000;
    private static readonly byte[] s_script = [0x51];

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static List<byte[]> Branch(Hash256 from, int length, byte tag)
    {
        var blocks = new List<byte[]>();
        for (var i = 0; i < length; i++)
        {
            var coinbase = Coinbase((byte)(tag + i), (Subsidy, s_script));
            blocks.Add(Block(i == 0 ? from : Hash(blocks[^1]), coinbase, Transaction([(Id(coinbase), 0)], (Subsidy - i, [0x52, tag]))));
        }

        return blocks;
    }

    [Fact]
    public void A_branch_with_more_work_replaces_and_gives_the_columns_of_a_run_on_it_alone()
    {
        var trunk = Branch(BitcoinNetwork.Regtest.GenesisHash, 20, 10);
        var stale = Branch(Hash(trunk[^1]), 5, 60);
        var better = Branch(Hash(trunk[^1]), 8, 100);
        Write(_bench.Path_("first"), [.. trunk, .. stale]);
        Write(_bench.Path_("both"), [.. trunk, .. stale, .. better]);
        Write(_bench.Path_("alone"), [.. trunk, .. better]);
        Ingest("alone", "expected");
        Ingest("first", "ledger");
        using (var reader = BitcoinLedger.Open(_bench.Path_("ledger")))
        {
            Assert.Equal(5, Ingest("both", "ledger").BlocksUndone);
            // what it reads now may be the new branch's, but its memory is still there
            for (long output = 0; output < reader.Counts.Outputs; output++) _ = reader.Graph.Value[output] + reader.Graph.SpenderOf(output);
        }

        Assert.Equal("", Workbench.ColumnDifference(_bench.Path_("expected"), _bench.Path_("ledger")));
        Assert.Empty(LedgerVerifier.Verify(_bench.Path_("ledger"), 1, null, CancellationToken.None));
    }

    private BitcoinIngestResult Ingest(string blocks, string ledger) =>
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = _bench.Path_(blocks), Ledger = _bench.Path_(ledger), From = 1, Threads = 1 });
}
