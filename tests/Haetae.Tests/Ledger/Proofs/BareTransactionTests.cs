using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Proofs;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Proofs;

public sealed class BareTransactionTests(PracticeLedger practice) : IClassFixture<PracticeLedger>
{
    [Fact]
    public void Every_transaction_read_back_from_the_block_files_is_what_the_ledger_says()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        using var source = BlockBytes.FromFiles(practice.Blocks, BitcoinNetwork.Regtest, null, default);
        var graph = ledger.Graph;
        var witnesses = 0;
        for (uint tx = 0; tx < graph.TransactionCount; tx++)
        {
            var raw = source.Read(ledger.BlockHashes[graph.BlockIndexOf(tx)], [ledger.Metas[tx]], default)[0];
            var bytes = BareTransaction.WithoutWitness(raw);
            if (bytes.Length < raw.Length) witnesses++;
            var bare = BareTransaction.Read(bytes, out var wrong);
            Assert.True(bare is not null, wrong);
            Assert.Equal(ledger.TxIds[tx], bare.Id);
            Assert.Equal((ledger.Metas[tx].Version, ledger.Metas[tx].LockTime, (int)ledger.Metas[tx].StrippedSize), (bare.Version, bare.LockTime, bytes.Length));
            Assert.Equal(graph.FirstInput[tx + 1L] - graph.FirstInput[tx], bare.Inputs.Count);
            for (var i = 0; i < bare.Inputs.Count; i++)
            {
                var previous = graph.Previous[graph.FirstInput[tx] + i];
                var maker = graph.TransactionOf(previous);
                Assert.Equal(new Outpoint(ledger.TxIds[maker], (uint)(previous - graph.FirstOutput[maker])), bare.Inputs[i]);
                Assert.Equal(ledger.Sequences[graph.FirstInput[tx] + i], bare.Sequences[i]);
            }

            for (var o = 0; o < bare.Values.Count; o++)
            {
                Assert.Equal(graph.Value[graph.FirstOutput[tx] + o], bare.Values[o]);
                Assert.True(bare.ScriptOf(o).SequenceEqual(ledger.ScriptOf(graph.FirstOutput[tx] + o)));
            }
        }

        Assert.True(witnesses > 100, $"only {witnesses} transactions had a witness");
    }

    [Fact]
    public void Cut_or_lengthened_bytes_are_no_transaction_and_none_of_them_throws()
    {
        using var ledger = BitcoinLedger.Open(practice.Folder);
        using var source = BlockBytes.FromFiles(practice.Blocks, BitcoinNetwork.Regtest, null, default);
        var bytes = BareTransaction.WithoutWitness(source.Read(ledger.BlockHashes[0], [ledger.Metas[0]], default)[0]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(BareTransaction.Read(bytes.AsMemory(0, length), out var wrong));
            Assert.NotNull(wrong);
        }

        Assert.Null(BareTransaction.Read(new byte[] { 0 }.Concat(bytes).ToArray(), out _));
        Assert.Null(BareTransaction.Read(bytes.Concat(new byte[] { 0 }).ToArray(), out var surplus));
        Assert.Contains("1 bytes follow", surplus, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_beyond_what_is_there_are_refused_before_memory_is_taken()
    {
        byte[] manyInputs = [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0];
        Assert.Null(BareTransaction.Read(manyInputs, out var wrong));
        Assert.Contains("items are announced", wrong, StringComparison.Ordinal);
        byte[] tooMuch = [1, 0, 0, 0, 1, .. new byte[32], 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0];
        Assert.Null(BareTransaction.Read(tooMuch, out wrong));
        Assert.Contains("21 million", wrong, StringComparison.Ordinal);
    }
}
