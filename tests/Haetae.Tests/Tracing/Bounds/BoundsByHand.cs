using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Bounds;

namespace Haetae.Tests.Tracing.Bounds;

/// <summary>Bounds of ledgers small enough to reckon by hand, of very deep ones, and what is refused.</summary>
public class BoundsByHand
{
    private readonly GraphBuilder _builder = new();

    [Fact]
    public void A_payment_of_seven_out_of_ten_half_stolen_holds_two_to_five()
    {
        var stolen = _builder.Block(5);
        var clean = _builder.Block(5);
        var paid = _builder.Spend([stolen, clean], 7, 2); // and a fee of 1

        Assert.Equal(new TaintBounds(2, 5), BoundsOf([paid], new StolenOutput(stolen, 5)));
        Assert.Equal(new TaintBounds(0, 2), BoundsOf([paid + 1], new StolenOutput(stolen, 5)));
        Assert.Equal(new TaintBounds(0, 1), BoundsOf([ReachedEnd.Fees], new StolenOutput(stolen, 5)));
        Assert.Equal(new TaintBounds(4, 5), BoundsOf([paid, paid + 1], new StolenOutput(stolen, 5))); // not 2 to 7: asked as one
    }

    [Fact]
    public void Money_that_parts_and_meets_again_is_counted_once()
    {
        var stolen = _builder.Block(10);
        var clean = _builder.Block(10);
        var parted = _builder.Spend([stolen], 6, 4);
        var one = _builder.Spend([parted, clean], 6, 10);
        var met = _builder.Spend([one, parted + 1], 9, 1);

        Assert.Equal(new TaintBounds(3, 9), BoundsOf([met], new StolenOutput(stolen, 10))); // 4 must meet, 1 of them can go the other way
        Assert.Equal(new TaintBounds(0, 6), BoundsOf([one + 1], new StolenOutput(stolen, 10)));
    }

    [Fact]
    public void What_comes_back_to_the_stolen_part_of_a_seed_is_absorbed_and_the_rest_is_not()
    {
        var stolen = _builder.Block(6);
        var clean = _builder.Block(4);
        var mixed = _builder.Spend([clean, stolen], 10); // of which 5 are stolen once more
        StolenOutput[] seeds = [new(stolen, 6), new(mixed, 5)];

        Assert.Equal(new TaintBounds(6, 10), BoundsOf([mixed], seeds));
        Assert.Equal(new TaintBounds(1, 5), BoundsOf([ReachedEnd.Absorbed], seeds));
    }

    [Theory]
    [InlineData(FeeRule.Drop, 0, 0)]
    [InlineData(FeeRule.CoinbaseAppend, 1, 2)]
    [InlineData(FeeRule.CoinbaseFeesFirst, 1, 2)]
    public void A_fee_flows_into_the_coinbase_where_the_rule_says_so(FeeRule rule, long least, long most)
    {
        var stolen = _builder.Block(10);
        var reward = _builder.Block(50, 1); // one satoshi of the two in fees was not claimed
        _builder.Spend([stolen], 8);
        var query = new TraceQuery { Seeds = [new(stolen, 10)], FeeRule = rule, SubsidyAtHeight = _ => 50 };

        Assert.Equal(new TaintBounds(least, most), BoundsUnder(query, [reward, reward + 1]));
    }

    [Fact]
    public void Where_the_reward_is_unknown_the_bounds_say_that_they_are_wide()
    {
        var stolen = _builder.Block(10);
        _builder.Block(52);
        _builder.Spend([stolen], 8);
        var query = new TraceQuery { Seeds = [new(stolen, 10)], FeeRule = FeeRule.CoinbaseAppend };

        Assert.False(ReachedGraph.Build(_builder.Build(), query, out _)!.IsTight);
        Assert.True(ReachedGraph.Build(_builder.Build(), query with { SubsidyAtHeight = _ => 50 }, out _)!.IsTight);
    }

    [Fact]
    public void A_network_beyond_the_limit_is_not_built_and_says_why()
    {
        var stolen = _builder.Block(10);
        _builder.Spend([_builder.Spend([stolen], 10)], 10);
        var query = new TraceQuery { Seeds = [new(stolen, 10)] };

        Assert.Null(ReachedGraph.Build(_builder.Build(), query, out var why, mostTransactions: 1));
        Assert.Equal("stolen money can reach more than 1 transactions", why);
        Assert.Equal(2, ReachedGraph.Build(_builder.Build(), query, out why, mostTransactions: 2)!.TransactionCount);
        Assert.Null(why);
    }

    [Fact]
    public void A_ledger_whose_amounts_disagree_is_named()
    {
        var stolen = _builder.Block(10);
        _builder.Spend([stolen], 9);
        _builder.SetValue(stolen, 20);
        Assert.Contains("disagree", Assert.Throws<LedgerCorruptException>(() => ReachedGraph.Build(_builder.Build(), new TraceQuery { Seeds = [new(stolen, 20)] }, out _)).Message, StringComparison.Ordinal);
    }

    /// <summary>300,000 transactions in a row, each paying one satoshi to the side; every hundredth side payment is asked about.</summary>
    [Fact]
    public void A_chain_of_300_000_transactions_is_no_deeper_than_any_other()
    {
        const int length = 300_000;
        var stolen = _builder.Block(length);
        var clean = _builder.Block(length);
        var at = _builder.Spend([stolen, clean], 2 * length);
        var sides = new List<long>();
        for (var left = 2 * length - 1; left > length; left--)
        {
            var first = _builder.Spend([at], 1, left);
            sides.Add(first);
            at = first + 1;
        }

        var asked = sides.Where((_, index) => index % 100 == 0).ToList();
        Assert.Equal(new TaintBounds(0, asked.Count), BoundsOf(asked, new StolenOutput(stolen, length)));
        Assert.Equal(new TaintBounds(1, length), BoundsOf([at], new StolenOutput(stolen, length)));
        Assert.Equal(new TaintBounds(0, sides.Count), BoundsOf(sides, new StolenOutput(stolen, length)));
        Assert.Equal(new TaintBounds(length, length), BoundsOf([at, .. sides], new StolenOutput(stolen, length)));
    }

    /// <summary>Two lines side by side that exchange coins at every step: the worst case for ways that must be taken back.</summary>
    [Fact]
    public void A_ladder_of_20_000_rungs_is_searched_in_good_time()
    {
        const int rungs = 20_000;
        var stolen = _builder.Block(rungs);
        var clean = _builder.Block(rungs);
        var parted = _builder.Spend([stolen, clean], rungs, rungs);
        var (one, other) = (parted, parted + 1);
        var sides = new List<long>();
        for (var left = (long)rungs; left > rungs / 2; left--)
        {
            var up = _builder.Spend([one], 1, left / 2, left - 1 - left / 2);
            var down = _builder.Spend([other], 1, left / 2, left - 1 - left / 2);
            sides.AddRange([up, down]);
            one = _builder.Spend([up + 1, down + 2], left - 1);
            other = _builder.Spend([down + 1, up + 2], left - 1);
        }

        Assert.Equal(new TaintBounds(0, sides.Count), BoundsOf(sides, new StolenOutput(stolen, rungs)));
        Assert.Equal(new TaintBounds(0, rungs / 2), BoundsOf([one], new StolenOutput(stolen, rungs)));
        Assert.Equal(new TaintBounds(0, rungs), BoundsOf([one, other], new StolenOutput(stolen, rungs)));
    }

    private TaintBounds BoundsOf(IReadOnlyList<long> ends, params StolenOutput[] seeds) => BoundsUnder(new TraceQuery { Seeds = seeds }, ends);

    private TaintBounds BoundsUnder(TraceQuery query, IReadOnlyList<long> ends)
    {
        var graph = ReachedGraph.Build(_builder.Build(), query, out var notBuilt)!;
        Assert.Null(notBuilt);
        var named = ends.ToHashSet();
        int[] chosen = [.. graph.Ends.Index().Where(end => named.Contains(end.Item.Output)).Select(end => end.Index)];
        var proof = chosen.Contains(ReachedGraph.AbsorbedEnd) ? null : new FlowBounds(graph).Prove(chosen, 10_000);
        Assert.Null(proof?.Fault(graph));
        return new FlowBounds(graph).Of(chosen);
    }
}
