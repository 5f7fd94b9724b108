using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Ledger.Accounts.Storage;

public sealed class AccountLedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-accounts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 40)]
    public void What_is_read_back_is_what_a_table_in_memory_holds(int seed, int checkpoints)
    {
        var table = new AccountTableBuilder(RandomTransfers.Chain);
        var told = new RandomTransfers(seed);
        for (var c = 0; c < checkpoints; c++)
        {
            using var writer = AccountLedgerWriter.Open(_folder, RandomTransfers.Chain);
            told.Tell(400 / checkpoints, table, writer);
            writer.Checkpoint();
        }

        using var ledger = AccountLedger.Open(_folder);
        SameView.Holds(table.Build(), ledger);
    }

    [Fact]
    public void The_same_rows_have_the_same_digest_however_they_came()
    {
        var digests = new List<string>();
        foreach (var checkpoints in new[] { 1, 5, 50 })
        {
            var folder = Path.Combine(_folder, $"{checkpoints}");
            var told = new RandomTransfers(4);
            using (var writer = AccountLedgerWriter.Open(folder, RandomTransfers.Chain))
            {
                for (var c = 0; c < checkpoints; c++)
                {
                    told.Tell(200 / checkpoints, writer);
                    writer.Checkpoint();
                }
            }

            using var ledger = AccountLedger.Open(folder);
            digests.Add(ledger.Digest);
        }

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void An_address_that_was_never_met_is_not_found()
    {
        using (var writer = AccountLedgerWriter.Open(_folder, RandomTransfers.Chain))
        {
            new RandomTransfers(5).Tell(50, writer);
            writer.Checkpoint();
        }

        using var ledger = AccountLedger.Open(_folder);
        Assert.Null(ledger.FindAccount(AccountAddress.Parse("0x00000000000000000000000000000000000000ff")));
        Assert.Null(ledger.FindTransaction(default));
    }

    [Fact]
    public void What_was_added_after_the_last_checkpoint_is_not_there()
    {
        var told = new RandomTransfers(6);
        var table = new AccountTableBuilder(RandomTransfers.Chain);
        using (var writer = AccountLedgerWriter.Open(_folder, RandomTransfers.Chain))
        {
            told.Tell(100, writer, table);
            writer.Checkpoint();
            new RandomTransfers(7).Tell(0, writer);
            told.Tell(100, writer);
        }

        using var ledger = AccountLedger.Open(_folder);
        SameView.Holds(table.Build(), ledger);
    }

    [Fact]
    public void Blocks_taken_back_leave_the_ledger_that_never_had_them()
    {
        var kept = new RandomTransfers(8);
        var table = new AccountTableBuilder(RandomTransfers.Chain);
        string undone;
        uint fork;
        using (var writer = AccountLedgerWriter.Open(_folder, RandomTransfers.Chain))
        {
            kept.Tell(150, writer, table);
            writer.Checkpoint();
            fork = kept.NextBlock;
            kept.Tell(60, writer);
            Assert.Equal(0u, writer.UndoFrom(uint.MaxValue - 1));
            Assert.NotEqual(0u, writer.UndoFrom(fork));
            Assert.Equal(fork - 1, writer.LastBlock!.Value.Number);
            using (var between = AccountLedger.Open(_folder)) SameView.Holds(table.Build(), between);
            new Branch(fork).Tell(writer, table);
            writer.Checkpoint();
            using var after = AccountLedger.Open(_folder);
            SameView.Holds(table.Build(), after);
            undone = after.Digest;
        }

        var straight = Path.Combine(_folder, "straight");
        using (var writer = AccountLedgerWriter.Open(straight, RandomTransfers.Chain))
        {
            new RandomTransfers(8).Tell(150, writer);
            new Branch(fork).Tell(writer);
            writer.Checkpoint();
        }

        using var never = AccountLedger.Open(straight);
        Assert.Equal(never.Digest, undone);
    }

    [Fact]
    public void Openings_and_coverage_are_kept()
    {
        var (known, other) = (AccountAddress.Parse("0x00000000000000000000000000000000000000aa"), AccountAddress.Parse("0x00000000000000000000000000000000000000bb"));
        var ether = AssetName.Native(ChainName.Ethereum);
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum))
        {
            writer.AddTransaction(RandomTransfers.IdOf(1, 1), 1);
            writer.AddTransfer(other, known, ether, 5);
            writer.SetOpening(known, ether, UInt256.MaxValue);
            writer.SetCoverage(known, Coverage.Complete);
            writer.AddNote("Made for a test.");
            writer.Checkpoint();
        }

        using var ledger = AccountLedger.Open(_folder);
        Assert.Equal(UInt256.MaxValue, ledger.OpeningOf(ledger.FindAccount(known)!.Value, 0));
        Assert.Null(ledger.OpeningOf(ledger.FindAccount(other)!.Value, 0));
        Assert.Equal((Coverage.Complete, Coverage.Unknown), (ledger.CoverageOf(ledger.FindAccount(known)!.Value), ledger.CoverageOf(ledger.FindAccount(other)!.Value)));
        Assert.Equal(["Made for a test."], ledger.Notes);
        Assert.Equal([new AssetInfo(ether, "ETH", 18)], ledger.Assets);
    }

    /// <summary>What comes on the other branch: a new account, another asset, a wide amount.</summary>
    private sealed class Branch(uint block)
    {
        internal void Tell(params IAccountSink[] sinks)
        {
            foreach (var sink in sinks)
            {
                sink.AddBlock(block, RandomTransfers.IdOf(99, 1), RandomTransfers.IdOf(99, 2), 2_000_000_000);
                sink.AddTransaction(RandomTransfers.IdOf(99, 3), 2_000_000_000, block);
                var fresh = AccountAddress.Parse("0x00000000000000000000000000000000000000cc");
                sink.AddTransfer(fresh, AccountAddress.Parse("0x00000000000000000000000000000000000000dd"), AssetName.Token(RandomTransfers.Chain, fresh), UInt256.MaxValue, TransferKind.Token);
                sink.AddEvent(fresh, [RandomTransfers.IdOf(99, 4)], [1, 2, 3]);
                sink.AddGasPrice(UInt256.MaxValue);
            }
        }
    }
}
