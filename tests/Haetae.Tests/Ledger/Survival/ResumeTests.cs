using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>However an ingest is cut up, the columns come out the same.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_cancelled_ingest_goes_on_to_the_same_bytes()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var chain = _bench.Chain(11, 6_000);
        var whole = _bench.Path_("whole");
        Workbench.Ingest(chain, whole);
        var cancelled = 0;
        for (var round = 0; round < 8; round++)
        {
            var ledger = _bench.Path_($"cancelled-{round}");
            for (var attempt = 0; attempt < 4; attempt++)
            {
                using var source = new CancellationTokenSource();
                var steps = 1 + random.Next(25);
                try
                {
                    Workbench.Ingest(chain, ledger, 1 + random.Next(3), progress: _ => { if (Interlocked.Decrement(ref steps) == 0) source.Cancel(); }, cancel: source.Token);
                    break;
                }
                catch (OperationCanceledException)
                {
                    cancelled++;
                }
            }

            Workbench.Ingest(chain, ledger);
            Assert.True(Workbench.Difference(whole, ledger) is { Length: 0 }, $"seed {seed}, round {round}: {Workbench.Difference(whole, ledger)}");
        }

        Assert.InRange(cancelled, 8, int.MaxValue);
    }

    [Fact]
    public void A_cancelled_ingest_keeps_what_it_had_written()
    {
        var chain = _bench.Chain(16, 60_000);
        var ledger = _bench.Path_("ledger");
        using var source = new CancellationTokenSource();
        var blocks = 0;
        Assert.Throws<OperationCanceledException>(() => Workbench.Ingest(chain, ledger, 1, checkpoint: 1L << 40, cancel: source.Token, progress: step =>
        {
            if (step.Stage != "blocks") return;
            blocks = step.Height + 1;
            source.Cancel();
        }));
        Assert.InRange(blocks, 1, int.MaxValue);
        Assert.Equal(blocks, Haetae.Ledger.Storage.Manifest.Read(ledger)!.Written.Blocks);
    }

    [Theory]
    [InlineData(64, 7)]
    [InlineData(2_000, 10)]
    [InlineData(10_000, 26)]
    public void Late_spends_give_the_same_bytes_wherever_the_ingest_is_stopped(long window, int rangeBits)
    {
        var chain = _bench.Chain(17, 6_000);
        var whole = _bench.Path_("whole");
        Workbench.Ingest(chain, whole);
        var ledger = _bench.Path_("ledger");
        var stops = 0;
        var late = 0L;
        for (var done = false; !done; stops++)
        {
            using var source = new CancellationTokenSource();
            var options = new BitcoinIngestOptions { Blocks = chain, Ledger = ledger, Threads = 2, CheckpointBytes = 50_000, SpenderWindow = new SpenderWindow(window, rangeBits) };
            var steps = 0;
            try
            {
                BitcoinIngest.FromFiles(options, step =>
                {
                    if (step.Stage == "blocks" && ++steps == 4 + stops % 3) source.Cancel();
                }, source.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                late += Haetae.Ledger.Storage.Manifest.Read(ledger)!.LateSpends.Sum();
            }

            if (done) break;
            // as a kill leaves it: a later entry behind those that count
            foreach (var path in Directory.GetFiles(ledger, "out.spender.*.late")) File.AppendAllText(path, "half an entry that never counted");
        }

        Assert.True(late > 0 && stops > 5, $"{late} late spends, {stops} stops");
        Assert.Equal("", Workbench.Difference(whole, ledger));
        Assert.Empty(LedgerVerifier.Verify(ledger, 2, null, CancellationToken.None));
    }

    [Fact]
    public void Two_halves_give_the_columns_of_one_run()
    {
        var chain = _bench.Chain(12, 6_000);
        var whole = _bench.Path_("whole");
        var halves = _bench.Path_("halves");
        var all = Workbench.Ingest(chain, whole);
        Workbench.Ingest(chain, halves, to: all.TipHeight * 2 / 3);
        Assert.Equal(all.Counts, Workbench.Ingest(chain, halves).Counts);
        Assert.Equal("", Workbench.Difference(whole, halves, name => Workbench.IsColumn(name) || name.EndsWith(".crc", StringComparison.Ordinal)));
        Assert.Empty(LedgerVerifier.Verify(halves, 2, null, CancellationToken.None));
    }

    [Fact]
    public void One_two_and_four_threads_write_the_same_bytes()
    {
        var chain = _bench.Chain(13, 6_000);
        foreach (var threads in new[] { 1, 2, 4 }) Workbench.Ingest(chain, _bench.Path_($"by-{threads}"), threads);
        Assert.Equal("", Workbench.Difference(_bench.Path_("by-1"), _bench.Path_("by-2")));
        Assert.Equal("", Workbench.Difference(_bench.Path_("by-1"), _bench.Path_("by-4")));
    }

    [Fact]
    public void A_second_writer_is_told_that_there_is_a_first()
    {
        var ledger = _bench.Path_("ledger");
        using (LedgerWriter.Open(ledger, BitcoinNetwork.Regtest, 0))
        {
            var told = Assert.Throws<LedgerException>(() => LedgerWriter.Open(ledger, BitcoinNetwork.Regtest, 0));
            Assert.Contains("Another program is writing", told.Message, StringComparison.Ordinal);
            Assert.Contains(ledger, told.Message, StringComparison.Ordinal);
        }

        LedgerWriter.Open(ledger, BitcoinNetwork.Regtest, 0).Dispose();
    }

    [Fact]
    public void What_a_killed_writer_left_beside_the_columns_is_cleared_away()
    {
        var chain = _bench.Chain(14, 1_000);
        Workbench.Ingest(chain, _bench.Path_("clean"));
        Workbench.Ingest(chain, _bench.Path_("littered"));
        foreach (var name in new[] { "txid.0-77.idx", "txid.0-99.idx.new", "script.0-99.idx.deal", "manifest.json.new" }) File.WriteAllText(Path.Combine(_bench.Path_("littered"), name), "scrap");
        Workbench.Ingest(chain, _bench.Path_("littered"));
        Assert.Equal("", Workbench.Difference(_bench.Path_("clean"), _bench.Path_("littered")));
    }

    [Fact]
    public void A_lost_index_is_never_read_as_an_empty_one()
    {
        var chain = _bench.Chain(16, 6_000);
        var ledger = _bench.Path_("robbed");
        Workbench.Ingest(chain, ledger, to: 60);
        byte[] script;
        using (var open = BitcoinLedger.Open(ledger)) script = open.ScriptOf(0);
        File.Delete(Directory.GetFiles(ledger, "script.*.idx").Single());
        var told = 0;
        Workbench.Ingest(chain, ledger, progress: _ => Look());
        Look();
        Assert.InRange(told, 1, int.MaxValue);

        void Look()
        {
            try
            {
                using var open = BitcoinLedger.Open(ledger);
                Assert.Contains(0, open.FindOutputs(script));
            }
            catch (LedgerException)
            {
                Interlocked.Increment(ref told);
            }
        }
    }

    [Fact]
    public void A_lost_index_is_made_anew()
    {
        var chain = _bench.Chain(15, 1_000);
        Workbench.Ingest(chain, _bench.Path_("whole"));
        Workbench.Ingest(chain, _bench.Path_("robbed"));
        File.Delete(Directory.GetFiles(_bench.Path_("robbed"), "script.*.idx").Single());
        Workbench.Ingest(chain, _bench.Path_("robbed"));
        Assert.Equal("", Workbench.Difference(_bench.Path_("whole"), _bench.Path_("robbed")));
    }
}
