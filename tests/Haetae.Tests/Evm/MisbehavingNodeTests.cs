using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Evm;

/// <summary>A table of tests with a real EVM node: skipped, and said to be skipped, where it is not installed.</summary>
public sealed class AnvilTheoryAttribute : TheoryAttribute
{
    public AnvilTheoryAttribute() => Skip = new AnvilFactAttribute().Skip;
}

/// <summary>A node whose answers are spoilt on the way: asked again, or a clear error, and never a row that is not so.</summary>
[Collection(BazaarTests.Name)]
public sealed class MisbehavingNodeTests(BazaarChain shared) : IDisposable
{
    private static readonly ChainName Chain = ChainName.Evm(31337);

    private readonly string _root = Directory.CreateTempSubdirectory("haetae-meddler").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private EvmIngestResult Ingest(NodeAccess access)
    {
        using var ledger = AccountLedgerWriter.Open(Spoilt, Chain);
        using var ingest = new EvmIngest(new EvmIngestOptions { To = shared.Bazaar.Height, BlocksAtOnce = 4, AtOnce = 2, CheckpointEvery = TimeSpan.Zero }, access, null, null, CancellationToken.None);
        return ingest.Run(ledger);
    }

    private static string Digest(string folder)
    {
        using var ledger = AccountLedger.Open(folder);
        return ledger.Digest;
    }

    private string Spoilt => Path.Combine(_root, "spoilt");

    /// <summary>What comes right when asked again changes nothing in what is stored, and neither does another way of asking.</summary>
    [AnvilTheory]
    [InlineData(Meddling.CutShort)]
    [InlineData(Meddling.Drop)]
    [InlineData(Meddling.Busy)]
    [InlineData(Meddling.TooMany)]
    [InlineData(Meddling.RateLimited)]
    [InlineData(Meddling.NoBlockReceipts)]
    [InlineData(Meddling.Shuffled)]
    [InlineData(Meddling.MissingReceipt)]
    [InlineData(Meddling.ForeignReceipt)]
    [InlineData(Meddling.OtherParent)]
    [InlineData(Meddling.FewTraces)]
    [InlineData(Meddling.NoBatches)]
    [InlineData(Meddling.ShortBatches)]
    public void What_passes_is_asked_again_and_the_ledger_is_the_same(Meddling meddling)
    {
        var whole = Digest(shared.Ledger);
        using var meddler = new Meddler(shared.Anvil, meddling) { Every = meddling == Meddling.NoBlockReceipts ? 1 : 3 };
        Assert.Equal(EvmTracing.CallTracer, Ingest(meddler.Access).Tracing);
        Assert.True(meddler.Spoilt > 0, "nothing was spoilt");
        Assert.Equal(whole, Digest(Spoilt));
    }

    /// <summary>What does not come right ends in an error that says what and where; what was stored before is true, and the ingest goes on from there.</summary>
    [AnvilTheory]
    [InlineData(Meddling.CutShort, "the connection broke within an answer")]
    [InlineData(Meddling.Drop, "gives no answer to")]
    [InlineData(Meddling.Busy, "it is too busy (503)")]
    [InlineData(Meddling.TooMany, "it is too busy (429)")]
    [InlineData(Meddling.RateLimited, "request rate limited")]
    [InlineData(Meddling.WrongId, "under a number that was not asked, or twice")]
    [InlineData(Meddling.TooFew, "does not give one answer to each of")]
    [InlineData(Meddling.NoResult, "without a result")]
    [InlineData(Meddling.Page, "something that is not JSON")]
    [InlineData(Meddling.Huge, "are the most there can be")]
    [InlineData(Meddling.Endless, "something that is not JSON")]
    [InlineData(Meddling.MissingReceipt, "receipts")]
    [InlineData(Meddling.ForeignReceipt, "is of another transaction or block")]
    [InlineData(Meddling.OtherParent, "does not follow")]
    [InlineData(Meddling.OtherBlock, "it gives block 3")]
    [InlineData(Meddling.HashesOnly, "without the content of its transactions")]
    [InlineData(Meddling.FewTraces, "traces")]
    public void What_does_not_pass_is_an_error_and_the_ingest_goes_on_when_it_has(Meddling meddling, string said)
    {
        var whole = Digest(shared.Ledger);
        using var meddler = new Meddler(shared.Anvil, meddling) { Spare = 14 };
        var error = Assert.ThrowsAny<LedgerException>(() => Ingest(meddler.Access));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.True(meddler.Spoilt > 0, "nothing was spoilt");
        using (var part = AccountLedger.Open(Spoilt))
        using (var full = AccountLedger.Open(shared.Ledger))
        {
            Assert.InRange(part.BlockNumbers.Length, 1, full.BlockNumbers.Length - 1);
            for (long i = 0; i < part.BlockNumbers.Length; i++) Assert.Equal(full.BlockHashes[i], part.BlockHashes[i]);
            Assert.Equal((full.Graph.TxFirstTransfer[part.Graph.TransactionCount], full.Graph.TxId[part.Graph.TransactionCount - 1L]), (part.Graph.TransferCount, part.Graph.TxId[part.Graph.TransactionCount - 1L]));
        }

        meddler.Heal();
        Assert.True(Ingest(meddler.Access).First > 0);
        Assert.Equal(whole, Digest(Spoilt));
    }

    [AnvilFact]
    public void A_node_that_pruned_the_state_is_said_to_have_and_not_to_lack_the_methods()
    {
        using var meddler = new Meddler(shared.Anvil, Meddling.Pruned);
        var said = Assert.Throws<LedgerException>(() => Ingest(meddler.Access)).Message;
        foreach (var words in new[] { "pruned the state", "required historical state unavailable", "archive node", "--no-traces" }) Assert.Contains(words, said, StringComparison.Ordinal);
    }

    /// <summary>Asked about tracing at a block it does not have, a node seems to know none: a ledger without internal calls would come of it.</summary>
    [AnvilFact]
    public void A_tip_that_is_not_there_is_an_error_and_not_a_ledger_without_internal_calls()
    {
        using var meddler = new Meddler(shared.Anvil, Meddling.HighTip);
        using (var ledger = AccountLedgerWriter.Open(Spoilt, Chain))
        using (var ingest = new EvmIngest(new EvmIngestOptions(), meddler.Access, null, null, CancellationToken.None))
            Assert.Contains("tells of block 65535 and does not have it", Assert.Throws<LedgerException>(() => ingest.Run(ledger)).Message, StringComparison.Ordinal);
        meddler.Heal();
        Ingest(meddler.Access);
        Assert.Equal(Digest(shared.Ledger), Digest(Spoilt));
    }
}
