using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing;

/// <summary>Seeds, limits, unknown values and fee rules, each on a ledger small enough to follow by hand.</summary>
public class TraceRules
{
    private readonly GraphBuilder _builder = new();

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Haircut)]
    [InlineData(Policy.Lifo)]
    [InlineData(Policy.Tiho)]
    [InlineData(Policy.Tilo)]
    [InlineData(Policy.DirtyFirst)]
    [InlineData(Policy.CleanFirst)]
    public void Taint_that_comes_back_to_a_seed_is_absorbed(Policy policy)
    {
        var stolen = _builder.Block(10);
        var returned = _builder.Spend([stolen], 10);
        var outcome = Trace(policy, new TraceQuery { Seeds = [new(stolen, 10), new(returned, 10)] });

        Assert.Equal(10, outcome.Books.Absorbed);
        Assert.Equal(10, outcome.Books.Stolen);
        Assert.Equal([new TaintEnd(returned, 10, EndReason.Unspent)], outcome.Ends);
    }

    [Fact]
    public void A_partly_stolen_seed_absorbs_only_what_both_claim()
    {
        var stolen = _builder.Block(6);
        var clean = _builder.Block(4);
        var mixed = _builder.Spend([clean, stolen], 10); // four clean, then six tainted
        var outcome = Trace(Policy.Fifo, new TraceQuery { Seeds = [new(stolen, 6), new(mixed, 5)] });

        Assert.Equal(1, outcome.Books.Absorbed);
        Assert.Equal(10, outcome.Books.Held);
    }

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Haircut)]
    [InlineData(Policy.HaircutBlockSci)]
    [InlineData(Policy.Lifo)]
    [InlineData(Policy.Tiho)]
    [InlineData(Policy.Tilo)]
    [InlineData(Policy.DirtyFirst)]
    [InlineData(Policy.CleanFirst)]
    public void Taint_is_parked_where_another_input_is_unknown(Policy policy)
    {
        var stolen = _builder.Block(10);
        _builder.Spend([stolen, OutputNum.NotHeld], 12);
        var outcome = Trace(policy, new TraceQuery { Seeds = [new(stolen, 10)] });

        Assert.Equal([new TaintEnd(stolen, 10, EndReason.UnknownValue)], outcome.Ends);
        Assert.Equal(10, outcome.Books.Parked);
        Assert.Equal([new LimitHit(EndReason.UnknownValue, 1, 10)], outcome.Limits);
        Assert.Equal(0, outcome.TransactionsVisited);
    }

    [Fact]
    public void Poison_goes_through_unknown_values()
    {
        var stolen = _builder.Block(10);
        var paid = _builder.Spend([stolen, OutputNum.NotHeld], 12, 0);
        var outcome = Trace(Policy.Poison, new TraceQuery { Seeds = [new(stolen, 10)] });

        Assert.Equal([new TaintEnd(paid, 12, EndReason.Unspent)], outcome.Ends); // the output of value 0 holds nothing
    }

    [Fact]
    public void Crumbs_below_the_minimum_are_not_followed_but_counted()
    {
        var stolen = _builder.Block(100);
        var first = _builder.Spend([stolen], 97, 3);
        _builder.Spend([first + 1], 3);
        var outcome = Trace(Policy.Haircut, new TraceQuery { Seeds = [new(stolen, 100)], MinValue = 4 });

        Assert.Equal([new TaintEnd(first, 97, EndReason.Unspent), new TaintEnd(first + 1, 3, EndReason.MinValue)], outcome.Ends);
        Assert.Equal(3, outcome.Books.Cut);
    }

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Haircut)]
    [InlineData(Policy.Poison)]
    [InlineData(Policy.Lifo)]
    [InlineData(Policy.Tiho)]
    [InlineData(Policy.Tilo)]
    [InlineData(Policy.DirtyFirst)]
    [InlineData(Policy.CleanFirst)]
    public void A_count_of_transactions_leaves_the_rest_open_by_name(Policy policy)
    {
        var stolen = _builder.Block(10);
        var first = _builder.Spend([stolen], 6, 4);
        _builder.Spend([first], 6);
        var outcome = Trace(policy, new TraceQuery { Seeds = [new(stolen, 10)], MaxTransactions = 1, RecordFlow = false });

        Assert.Equal([new TaintEnd(first, 6, EndReason.MaxTransactions), new TaintEnd(first + 1, 4, EndReason.Unspent)], outcome.Ends);
        Assert.Equal(6, outcome.Books.Cut);
    }

    [Fact]
    public void What_is_spent_after_the_last_block_is_held_at_it()
    {
        var stolen = _builder.Block(10);
        _builder.Block(1);
        _builder.Spend([stolen], 10);
        var outcome = Trace(Policy.Fifo, new TraceQuery { Seeds = [new(stolen, 10)], UntilHeight = 0 });

        Assert.Equal([new TaintEnd(stolen, 10, EndReason.Until)], outcome.Ends);
        Assert.Equal(10, outcome.Books.Held);
        Assert.Equal([new LimitHit(EndReason.Until, 1, 10)], outcome.Limits);
    }

    [Theory]
    [InlineData(Policy.Fifo, FeeRule.Drop, "|2")]
    [InlineData(Policy.Fifo, FeeRule.CoinbaseAppend, "0,2|0")]
    [InlineData(Policy.Fifo, FeeRule.CoinbaseFeesFirst, "2,0|0")]
    [InlineData(Policy.Lifo, FeeRule.Drop, "|2")]
    [InlineData(Policy.Lifo, FeeRule.CoinbaseAppend, "2,0|0")]
    [InlineData(Policy.Lifo, FeeRule.CoinbaseFeesFirst, "0,2|0")]
    [InlineData(Policy.Tiho, FeeRule.CoinbaseAppend, "2,0|0")]
    [InlineData(Policy.Tilo, FeeRule.CoinbaseFeesFirst, "0,2|0")]
    [InlineData(Policy.DirtyFirst, FeeRule.CoinbaseAppend, "2,0|0")]
    [InlineData(Policy.CleanFirst, FeeRule.CoinbaseFeesFirst, "0,2|0")]
    public void A_tainted_fee_goes_where_the_rule_says(Policy policy, FeeRule rule, string expected)
    {
        var stolen = _builder.Block(10);
        var reward = _builder.Block(50, 2);
        _builder.Spend([stolen], 8);
        var outcome = Trace(policy, new TraceQuery { Seeds = [new(stolen, 10)], FeeRule = rule, SubsidyAtHeight = _ => 50 });

        long Of(long output) => outcome.Ends.Where(end => end.Output == output).Sum(end => end.Tainted);
        Assert.Equal(expected, (rule == FeeRule.Drop ? "" : $"{Of(reward)},{Of(reward + 1)}") + $"|{outcome.Books.Fees}");
        Assert.True(outcome.Conserves);
    }

    [Theory]
    [InlineData(Policy.Fifo, FeeRule.CoinbaseAppend)]
    [InlineData(Policy.Lifo, FeeRule.CoinbaseFeesFirst)]
    public void Where_new_coins_are_taken_before_fees_their_number_must_be_known(Policy policy, FeeRule rule)
    {
        var stolen = _builder.Block(10);
        Assert.Throws<ArgumentException>(() => Trace(policy, new TraceQuery { Seeds = [new(stolen, 10)], FeeRule = rule }));
    }

    [Fact]
    public void Coins_keep_their_order_inside_an_output_that_was_filled_from_the_back()
    {
        var stolen = _builder.Block(3);
        var clean = _builder.Block(7);
        var first = _builder.Spend([stolen, clean], 10); // still three tainted, then seven clean
        _builder.Spend([first], 4, 5);
        var outcome = Trace(Policy.Lifo, new TraceQuery { Seeds = [new(stolen, 3)] });

        Assert.Equal([new TaintEnd(first + 2, 2, EndReason.Unspent)], outcome.Ends);
        Assert.Equal(1, outcome.Books.Fees);
    }

    [Theory]
    [InlineData(0, 11, "cannot be stolen of its 10")]
    [InlineData(0, 0, "cannot be stolen of its 10")]
    [InlineData(7, 1, "the ledger does not hold it")]
    public void A_seed_that_cannot_be_is_refused_by_name(long output, long amount, string why)
    {
        _builder.Block(10);
        var refusal = Assert.Throws<ArgumentException>(() => Trace(Policy.Fifo, new TraceQuery { Seeds = [new(output, amount)] }));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"Output {output}", refusal.Message, StringComparison.Ordinal);
    }

    private TraceOutcome Trace(Policy policy, TraceQuery query) => new Tracer(_builder.Build()).Trace(query, policy);
}
