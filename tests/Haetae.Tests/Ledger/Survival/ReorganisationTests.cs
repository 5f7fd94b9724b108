using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>A branch with more work replaces blocks held: readers never notice more than another snapshot, and a wrong branch changes nothing.</summary>
public sealed class ReorganisationTests : IDisposable
{
    private readonly Workbench _bench = new();
    private readonly Branches _trunk = Branches.FromGenesis().Grow(40, 20, 1);
    private readonly Branches _stale;
    private readonly Branches _better;

    public ReorganisationTests()
    {
        // more work in fewer bytes: the ledger is shorter afterwards
        _stale = _trunk.Grow(40, 30, 2);
        _better = _trunk.Grow(45, 8, 3);
        Branches.Write(_bench.Path_("stale"), _stale);
        Branches.Write(_bench.Path_("both"), _stale, _better);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_branch_with_more_work_replaces_and_gives_the_columns_of_a_run_on_it_alone()
    {
        var expected = Alone(_better, "better");
        Ingest("stale", "ledger");
        using (var reader = BitcoinLedger.Open(_bench.Path_("ledger")))
        {
            Assert.False(reader.IsReorganised());
            ReadEveryPage(reader);
            Assert.Equal(40, Ingest("both", "ledger").BlocksUndone);
            Assert.True(reader.IsReorganised());
            ReadEveryPage(reader);
            Ingest("both", "ledger"); // a writer that finds nothing to do leaves the files as they are, too
            ReadEveryPage(reader);
        }

        Assert.Equal("", Workbench.ColumnDifference(expected, _bench.Path_("ledger")));
        Assert.Empty(LedgerVerifier.Verify(_bench.Path_("ledger"), 1, null, CancellationToken.None));
        AssertAnswers(expected, _bench.Path_("ledger"));
    }

    [Fact]
    public void A_reorganisation_back_and_forth_leaves_no_trace_in_the_answers()
    {
        Ingest("stale", "ledger");
        var (tip, other) = (_stale, _better);
        for (var turn = 0; turn < 4; turn++)
        {
            other = other.Grow(tip.Blocks.Count - other.Blocks.Count + 1 + turn, 5, 10 + turn);
            Branches.Write(_bench.Path_($"turn-{turn}"), tip, other);
            Assert.Equal(other.Tip, Ingest($"turn-{turn}", "ledger").TipHash);
            (tip, other) = (other, tip);
            Assert.Empty(LedgerVerifier.Verify(_bench.Path_("ledger"), 1, null, CancellationToken.None));
            AssertAnswers(Alone(tip, $"alone-{turn}"), _bench.Path_("ledger"));
        }
    }

    [Fact]
    public async Task A_reader_sees_a_whole_branch_at_every_moment()
    {
        var expected = new Dictionary<Hash256, string>
        {
            [_stale.Tip] = Alone(_stale, "old"),
            [_trunk.Tip] = Alone(_trunk, "fork"),
            [_better.Until(_stale.Blocks.Count + 1).Tip] = Alone(_better.Until(_stale.Blocks.Count + 1), "enough"),
            [_better.Tip] = Alone(_better, "new"),
        };
        var seen = new HashSet<Hash256>();
        var ledger = _bench.Path_("ledger");
        Ingest("stale", "ledger");
        using var first = BitcoinLedger.Open(ledger);
        ReadEveryPage(first);
        using var stop = new CancellationTokenSource();
        var beside = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) Look();
        });
        Ingest("both", "ledger", _ =>
        {
            Look();
            ReadEveryPage(first);
        });
        await stop.CancelAsync();
        await beside;
        Look();
        ReadEveryPage(first);
        Assert.Equal(expected.Keys.Order(), seen.Order());

        void Look()
        {
            using var reader = BitcoinLedger.Open(ledger);
            Hash256 tip = default;
            var wrong = Record.Exception(() => AssertAnswers(expected[tip = reader.TipHash], reader));
            if (reader.IsReorganised()) return; // blocks were taken back meanwhile: a reader throws its answers away
            Assert.True(wrong is null, $"at tip {tip}: {wrong}");
            lock (seen) seen.Add(tip);
        }
    }

    [Fact]
    public void An_answer_read_across_a_reorganisation_is_an_error()
    {
        Ingest("stale", "ledger");
        using var reader = BitcoinLedger.Open(_bench.Path_("ledger"));
        Assert.Equal(_stale.Tip, reader.OfOneBranch(() => reader.TipHash));
        var told = Assert.Throws<LedgerException>(() => reader.OfOneBranch(() =>
        {
            Ingest("both", "ledger");
            return reader.FindTransaction(default);
        }));
        Assert.Contains("was reorganised while", told.Message, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => reader.OfOneBranch<int>(() => throw new LedgerCorruptException("what two branches mixed look like")));
        using var again = BitcoinLedger.Open(_bench.Path_("ledger"));
        Assert.Equal(_better.Tip, again.OfOneBranch(() => again.TipHash));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_branch_with_more_work_and_a_wrong_block_changes_nothing(bool spentTwice)
    {
        var wrong = _trunk.Grow(20, 8, 3).GrowWrong(spentTwice);
        Branches.Write(_bench.Path_("wrong"), _stale, wrong.Grow(30, 0, 4));
        Ingest("stale", "ledger");
        var before = Files("ledger");
        for (var run = 0; run < 2; run++)
        {
            var told = Assert.Throws<InvalidBlockException>(() => Ingest("wrong", "ledger"));
            Assert.Contains(spentTwice ? "spends an output that does not exist or is spent already" : "subsidy and fees make", told.Message, StringComparison.Ordinal);
            Assert.Contains(wrong.Tip.ToString(), told.Message, StringComparison.Ordinal);
            Assert.Contains($"the ledger keeps its own, up to height 80, block {_stale.Tip}", told.Message, StringComparison.Ordinal);
            Assert.Equal(before, Files("ledger"));
        }

        // and it goes on from there as if nothing had been
        Branches.Write(_bench.Path_("on"), _stale.Grow(3, 4, 5));
        Ingest("on", "ledger");
        Assert.Equal("", Workbench.ColumnDifference(Alone(_stale.Grow(3, 4, 5), "on-alone"), _bench.Path_("ledger")));
    }

    [Fact]
    public void An_ingest_stopped_while_a_branch_is_checked_changes_nothing()
    {
        Ingest("stale", "ledger");
        var before = Files("ledger");
        using var cancel = new CancellationTokenSource();
        var checkedUpTo = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Ingest("both", "ledger", step =>
        {
            if (step.Stage == "check" && ++checkedUpTo == 2) cancel.Cancel();
        }, cancel.Token));
        Assert.Equal(2, Math.Min(2, checkedUpTo));
        Assert.Equal(before, Files("ledger"));
        Assert.Equal(_better.Tip, Ingest("both", "ledger").TipHash);
        Assert.Equal("", Workbench.ColumnDifference(Alone(_better, "better"), _bench.Path_("ledger")));
    }

    [Fact]
    public void A_wrong_block_behind_enough_work_leaves_the_better_branch_up_to_where_it_has_more()
    {
        var enough = _better.Until(_stale.Blocks.Count + 1);
        var wrong = _better.GrowWrong(spentTwice: true);
        Branches.Write(_bench.Path_("wrong"), _stale, wrong.Grow(3, 0, 4));
        Ingest("stale", "ledger");
        for (var run = 0; run < 2; run++)
        {
            var told = Assert.Throws<InvalidBlockException>(() => Ingest("wrong", "ledger"));
            Assert.Contains($"block {wrong.Tip} at height {wrong.Blocks.Count - 1}", told.Message, StringComparison.Ordinal);
            Assert.Empty(LedgerVerifier.Verify(_bench.Path_("ledger"), 1, null, CancellationToken.None));
            AssertAnswers(run == 0 ? Alone(enough, "enough") : _bench.Path_("enough"), _bench.Path_("ledger"));
        }
    }

    [Fact]
    public void No_column_gets_shorter_than_what_a_reader_may_have_mapped()
    {
        Ingest("stale", "ledger");
        var ledger = _bench.Path_("ledger");
        var published = Manifest.Read(ledger)!.Published;
        using var cancel = new CancellationTokenSource();
        var stop = false;
        try
        {
            Ingest("both", "ledger", step => { Check(); if (stop |= step.Stage == "blocks" && Manifest.Read(ledger)!.Undone > 0) cancel.Cancel(); }, cancel.Token);
            Assert.Fail("the ingest was not stopped");
        }
        catch (OperationCanceledException)
        {
            Check();
        }

        Ingest("both", "ledger", _ => Check()); // starts by putting right what the stopped one left
        Check();

        void Check()
        {
            foreach (var column in LedgerColumns.All)
                Assert.InRange(new FileInfo(Path.Combine(ledger, column.FileName)).Length, column.Bytes(published) + column.Padding, long.MaxValue);
        }
    }

    private static void ReadEveryPage(BitcoinLedger reader)
    {
        // What it reads may be another branch's, but its memory must still be there: a fault would end the whole program. Blocks that
        // are read here for the first time are checked; later they are not, and nothing stands between the reader and what it has mapped.
        for (long output = 0; output < reader.Counts.Outputs; output++) _ = reader.Graph.Value[output] + reader.Graph.SpenderOf(output) + (long)reader.ScriptKeys[output];
        for (long input = 0; input < reader.Counts.Inputs; input++) _ = reader.Graph.Previous[input] + reader.Sequences[input];
        for (uint transaction = 0; transaction < reader.Counts.Transactions; transaction++) _ = reader.TxIds[transaction].Prefix + reader.Metas[transaction].Version + (ulong)reader.Graph.Fee[transaction];
        for (var block = 0; block < reader.Counts.Blocks; block++) _ = reader.BlockHashes[block].Prefix + reader.BlockHeaders.Slice(80L * block, 80)[79] + reader.Graph.BlockTime[block];
    }

    private static void AssertAnswers(string expected, string actual)
    {
        using var reader = BitcoinLedger.Open(actual);
        AssertAnswers(expected, reader);
    }

    private static void AssertAnswers(string expected, BitcoinLedger reader)
    {
        using var right = BitcoinLedger.Open(expected);
        Assert.Equal(right.Counts, reader.Counts);
        byte[][] scripts = [.. Branches.Scripts];
        ScriptBalance[] balances = new ScriptBalance[scripts.Length], rightBalances = new ScriptBalance[scripts.Length];
        reader.FindBalances(scripts, balances);
        right.FindBalances(scripts, rightBalances);
        Assert.Equal(rightBalances, balances);
        foreach (var script in scripts) Assert.Equal(right.FindOutputs(script), reader.FindOutputs(script));
        for (uint transaction = 0; transaction < right.Counts.Transactions; transaction++) Assert.Equal(transaction, reader.FindTransaction(right.TxIds[transaction]));
        for (long output = 0; output < right.Counts.Outputs; output++) Assert.Equal(right.Graph.SpenderOf(output), reader.Graph.SpenderOf(output));
        Assert.Equal(right.DistinctScripts(), reader.DistinctScripts());
    }

    /// <summary>A ledger made in one go from one chain.</summary>
    private string Alone(Branches chain, string name)
    {
        Branches.Write(_bench.Path_(name + "-blocks"), chain);
        Ingest(name + "-blocks", name);
        return _bench.Path_(name);
    }

    private SortedDictionary<string, string> Files(string ledger) =>
        new(Directory.EnumerateFiles(_bench.Path_(ledger)).Where(path => !path.EndsWith("writer.lock", StringComparison.Ordinal)).ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));

    private BitcoinIngestResult Ingest(string blocks, string ledger, Action<BitcoinIngestStep>? progress = null, CancellationToken cancel = default) =>
        Workbench.Ingest(_bench.Path_(blocks), _bench.Path_(ledger), checkpoint: progress is null ? 10_000_000 : 50_000, progress: progress, cancel: cancel);
}
