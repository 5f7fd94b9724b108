using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Storage;
using Xunit.Abstractions;

namespace Haetae.Tests.Ledger.Accounts.Storage;

/// <summary>Damage to a stored account ledger is found, and named; what a kill leaves is the last checkpoint.</summary>
public sealed class AccountDamageTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-damage-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Made(string name, int seed, int checkpoints, int blocks)
    {
        var folder = Path.Combine(_root, name);
        var told = new RandomTransfers(seed);
        using var writer = AccountLedgerWriter.Open(folder, RandomTransfers.Chain);
        for (var c = 0; c < checkpoints; c++)
        {
            told.Tell(blocks, writer);
            writer.Checkpoint();
        }

        return folder;
    }

    [Fact]
    public void Verify_finds_every_flipped_byte()
    {
        var folder = Made("whole", 21, 3, 100);
        Assert.Empty(AccountLedgerVerifier.Verify(folder, 2, null, CancellationToken.None));
        var random = new Random(21);
        var tried = 0;
        foreach (var path in Directory.GetFiles(folder).Where(path => new FileInfo(path).Length > 0))
        {
            var bytes = File.ReadAllBytes(path);
            for (var i = 0; i < 8; i++, tried++)
            {
                var at = i == 0 ? bytes.Length - 1 : random.Next(bytes.Length);
                var flip = (byte)(1 << random.Next(8));
                bytes[at] ^= flip;
                File.WriteAllBytes(path, bytes);
                IReadOnlyList<string> findings;
                try
                {
                    findings = AccountLedgerVerifier.Verify(folder, 2, null, CancellationToken.None);
                }
                catch (LedgerException wrong)
                {
                    findings = [wrong.Message]; // a manifest that claims to be of another kind
                }

                Assert.True(findings.Count > 0, $"{path}, byte {at} of {bytes.Length}: not found");
                bytes[at] ^= flip;
            }

            File.WriteAllBytes(path, bytes);
        }

        output.WriteLine($"{tried} bytes flipped");
    }

    [Theory]
    [InlineData("tr.amount.col")]
    [InlineData("tr.from.col")]
    [InlineData("account.address.col")]
    public void A_flipped_byte_is_an_error_that_names_the_file_when_it_is_first_read(string file)
    {
        var folder = Made("flipped", 22, 1, 100);
        var path = Path.Combine(folder, file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(path, bytes);
        using var ledger = AccountLedger.Open(folder);
        var wrong = Assert.Throws<LedgerCorruptException>(() => (ledger.Graph.Amount[0], ledger.Graph.From[0], ledger.AddressOf(0)));
        Assert.Contains(file, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(file, Assert.Throws<LedgerCorruptException>(() => AccountLedgerWriter.Open(folder, RandomTransfers.Chain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_or_cut_file_is_an_error_that_names_it()
    {
        var folder = Made("cut", 23, 1, 100);
        foreach (var path in Directory.GetFiles(folder).Where(path => new FileInfo(path).Length > 8 && Path.GetExtension(path) is ".col" or ".idx" or ".json"))
        {
            if (Path.GetFileName(path) == Manifest.FileName) continue;
            var bytes = File.ReadAllBytes(path);
            File.Delete(path);
            Assert.Contains(Path.GetFileName(path), Assert.ThrowsAny<LedgerException>(() => AccountLedger.Open(folder).Dispose()).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, bytes);
        }

        using (var ledger = AccountLedger.Open(folder)) Assert.True(ledger.AccountCount > 0);
    }

    [Fact]
    public void What_a_writer_left_behind_its_last_checkpoint_changes_nothing()
    {
        var whole = Made("straight", 24, 2, 60);
        var killed = Path.Combine(_root, "killed");
        var told = new RandomTransfers(24);
        using (var writer = AccountLedgerWriter.Open(killed, RandomTransfers.Chain))
        {
            told.Tell(60, writer);
            writer.Checkpoint();
            told.Tell(60, writer);
            Assert.NotNull(writer.HashOfBlock(101)); // writes the batch into the columns
        }

        File.WriteAllText(Path.Combine(killed, "transfer.7-9.idx.new"), "half");
        File.WriteAllText(Path.Combine(killed, "txid.0-999999.idx"), "nobody names it");
        File.WriteAllText(Path.Combine(killed, "statements.77.json"), "{}");
        var again = new RandomTransfers(24);
        using (var writer = AccountLedgerWriter.Open(killed, RandomTransfers.Chain))
        {
            again.Tell(60, new Deaf());
            again.Tell(60, writer);
            writer.Checkpoint();
        }

        using var expected = AccountLedger.Open(whole);
        using var actual = AccountLedger.Open(killed);
        SameView.Holds(expected, actual);
        Assert.Equal(expected.Digest, actual.Digest);
        Assert.Equal([], Directory.GetFiles(killed).Select(path => Path.GetFileName(path)).Where(name => name!.EndsWith(".new", StringComparison.Ordinal) || name is "txid.0-999999.idx" or "statements.77.json"));
    }

    [Fact]
    public void A_reader_that_was_open_while_blocks_were_taken_back_is_told()
    {
        var folder = Path.Combine(_root, "undone");
        var told = new RandomTransfers(25);
        using var writer = AccountLedgerWriter.Open(folder, RandomTransfers.Chain);
        told.Tell(100, writer);
        writer.Checkpoint();
        using var reader = AccountLedger.Open(folder);
        Assert.False(reader.IsReorganised());
        writer.UndoFrom(150);
        Assert.True(reader.IsReorganised());
        Assert.Throws<LedgerException>(() => reader.OfOneBranch(() => reader.Graph.TransactionCount));
    }

    [Fact]
    public void Many_small_checkpoints_leave_few_files_and_the_same_answers()
    {
        var folder = Made("many", 26, 120, 2);
        var table = new AccountTableBuilder(RandomTransfers.Chain);
        new RandomTransfers(26).Tell(240, table);
        Assert.True(Directory.GetFiles(folder, "*.idx").Length <= 30);
        using var ledger = AccountLedger.Open(folder);
        SameView.Holds(table.Build(), ledger);
        Assert.Empty(AccountLedgerVerifier.Verify(folder, 2, null, CancellationToken.None));
    }

    [Fact]
    public void A_second_writer_is_refused()
    {
        var folder = Made("locked", 27, 1, 5);
        using var first = AccountLedgerWriter.Open(folder, RandomTransfers.Chain);
        Assert.Contains("Another program", Assert.Throws<LedgerException>(() => AccountLedgerWriter.Open(folder, RandomTransfers.Chain)).Message, StringComparison.Ordinal);
    }

    /// <summary>Takes nothing in: moves made transfers on.</summary>
    private sealed class Deaf : IAccountSink
    {
        public Haetae.Ledger.Chains.ChainName Chain => RandomTransfers.Chain;

        public void AddBlock(uint number, Hash256 hash, Hash256 parent, uint time)
        {
        }

        public uint AddTransaction(Hash256 id, uint time, uint block, TxMarks marks) => 0;

        public long AddTransfer(AccountAddress? from, AccountAddress? to, Haetae.Ledger.Chains.AssetName asset, UInt256 amount, TransferKind kind) => 0;

        public void AddEvent(AccountAddress emitter, ReadOnlySpan<Hash256> topics, ReadOnlySpan<byte> data)
        {
        }

        public void AddGasPrice(UInt256 price)
        {
        }

        public void DescribeAsset(Haetae.Ledger.Chains.AssetName asset, string? symbol, int? decimals)
        {
        }

        public void AddNote(string sentence)
        {
        }
    }
}
