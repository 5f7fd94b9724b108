using Haetae.Ledger;
using Haetae.Tests.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>The first 4,313 blocks of the chain, and the first payments ever made.</summary>
public sealed class FirstPaymentsTests : RealBlocksTest
{
    private const long Coin = 100_000_000;

    // Block, id, what is paid, what comes back: the coins of block 9 and on, as every block explorer tells.
    private static readonly (int Height, string Id, long Paid, long Change)[] Payments =
    [
        (170, "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16", 10, 40),
        (181, "a16f3ce4dd5deb92d98ef5cf8afeaf0775ebca408f708b2146c4fb42b41e14be", 10, 30),
        (182, "591e91f809d716912ca1d4a9295e70c3e78bab077683f79350f101da64588073", 1, 29),
        (183, "12b5633bad1f9c167d523ad1aa1947b2732a865bf5414eab2f9e5ae5d5c191ba", 1, 28),
        (248, "828ef3b079f9c23829c56fe86e85b4a69d9e06e5b54ea597eef5fb3ffef509fe", 10, 18),
    ];

    [SharedDataFact]
    public void The_first_4313_blocks_give_4371_transactions_and_their_tip()
    {
        var result = Ingest(Data("mainnet-000000-004312.blk.dat"));
        Assert.Equal("mainnet", result.Network);
        Assert.Equal(4_313, result.Counts.Blocks);
        Assert.Equal(4_371u, result.Counts.Transactions);
        Assert.Equal(4_312, result.TipHeight);
        Assert.StartsWith("00000000a9da6357", result.TipHash.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, result.Counts.UnknownInputs);
        Assert.Equal(0, result.Counts.WeakWorkBlocks);
        Assert.Empty(result.Warnings);
    }

    [SharedDataFact]
    public void The_coins_of_block_9_go_where_the_first_payments_went()
    {
        Ingest(Data("mainnet-000000-004312.blk.dat"));
        var ledger = Open();
        var output = ledger.Graph.FirstOutput[ledger.Graph.BlockFirstTx[9]];
        Assert.Equal(50 * Coin, ledger.Graph.Value[output]);
        foreach (var (height, id, paid, change) in Payments)
        {
            var spender = ledger.Graph.SpenderOf(output);
            Assert.Equal(ledger.FindTransaction(Hash256.Parse(id)), spender);
            Assert.Equal(height, ledger.Graph.HeightOf(spender));
            Assert.Equal(0, ledger.Graph.Fee[spender]);
            var first = ledger.Graph.FirstOutput[spender];
            Assert.Equal(first + 2, ledger.Graph.FirstOutput[spender + 1]);
            Assert.Equal([paid * Coin, change * Coin], new[] { ledger.Graph.Value[first], ledger.Graph.Value[first + 1] });
            output = first + 1;
        }
    }

    [SharedDataTheory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Haircut)]
    public void A_trace_of_block_9_follows_every_first_payment_and_loses_nothing(Policy policy)
    {
        Ingest(Data("mainnet-000000-004312.blk.dat"));
        var ledger = Open();
        var seed = ledger.Graph.FirstOutput[ledger.Graph.BlockFirstTx[9]];
        var outcome = new Tracer(ledger.Graph).Trace(new TraceQuery { Seeds = [new StolenOutput(seed, 50 * Coin)], PathsToEnds = 100 }, policy);
        Assert.True(outcome.Conserves);
        Assert.Equal(0, outcome.Books.Fees);
        Assert.Equal(50 * Coin, outcome.Ends.Sum(end => end.Tainted));
        Assert.All(outcome.Ends, end => Assert.Equal(EndReason.Unspent, end.Reason));
        var visited = outcome.Spends().ToDictionary(spend => spend.Output, spend => spend);
        foreach (var (_, id, paid, change) in Payments)
        {
            Assert.Equal(ledger.FindTransaction(Hash256.Parse(id)), visited[seed].Spender);
            var first = ledger.Graph.FirstOutput[visited[seed].Spender];
            seed = first + 1;
            Assert.Equal(paid * Coin, TaintOf(first));
            Assert.Equal(change * Coin, TaintOf(seed));
        }

        long TaintOf(long output) => visited.TryGetValue(output, out var spend) ? spend.Tainted : outcome.Ends.Single(end => end.Output == output).Tainted;
    }
}
