using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Backward;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Tracing.Backward;

/// <summary>Sources and limits of the walk back, each on a ledger small enough to follow by hand.</summary>
public class BackwardRules
{
    private readonly GraphBuilder _builder = new();

    [Theory]
    [InlineData(Policy.Fifo, "4,1")]
    [InlineData(Policy.Lifo, "5")]
    [InlineData(Policy.Haircut, "2,3")]
    [InlineData(Policy.Tiho, "4,1")]
    [InlineData(Policy.CleanFirst, "4,1")]
    public void Two_miners_money_in_one_payment(Policy policy, string expected)
    {
        long first = _builder.Block(4), second = _builder.Block(6);
        var paid = _builder.Spend([first, second], 5, 5);
        var outcome = Walk(new BackwardQuery { Outputs = [paid] }).Trace(policy);

        Assert.Equal(expected, string.Join(',', outcome.Sources.OrderBy(source => source.Output).Select(source => source.Amount)));
        Assert.All(outcome.Sources, source => Assert.Equal(SourceReason.Coinbase, source.Reason));
    }

    [Fact]
    public void A_coinbase_that_is_asked_about_is_its_own_source()
    {
        var mined = _builder.Block(50);
        var outcome = Walk(new BackwardQuery { Outputs = [mined] }).Trace(Policy.Fifo);

        Assert.Equal([new MoneySource(mined, SourceReason.Coinbase, 50)], outcome.Sources);
        Assert.Equal([mined], outcome.Paths.Single().Steps.Select(step => step.Output));
    }

    [Fact]
    public void What_was_made_before_the_first_block_looked_at_is_a_source()
    {
        var mined = _builder.Block(50);
        var moved = _builder.Spend([mined], 50);
        _builder.Block(1);
        var paid = _builder.Spend([moved], 50);

        Assert.Equal([new MoneySource(moved, SourceReason.Since, 50)], Walk(new BackwardQuery { Outputs = [paid], SinceHeight = 1 }).Trace(Policy.Fifo).Sources);
        Assert.Equal([new MoneySource(mined, SourceReason.Coinbase, 50)], Walk(new BackwardQuery { Outputs = [paid] }).Trace(Policy.Fifo).Sources);
    }

    [Fact]
    public void The_latest_transactions_are_looked_at_first_and_the_rest_are_sources_by_name()
    {
        var mined = _builder.Block(50);
        var moved = _builder.Spend([mined], 50);
        var paid = _builder.Spend([moved], 50);
        var walk = Walk(new BackwardQuery { Outputs = [paid], MaxTransactions = 1 });

        foreach (var policy in new[] { Policy.Fifo, Policy.Haircut })
        {
            Assert.Equal(1, walk.Trace(policy).TransactionsVisited);
            Assert.Equal([new MoneySource(moved, SourceReason.MaxTransactions, 50)], walk.Trace(policy).Sources);
        }
    }

    [Fact]
    public void Beside_an_unknown_value_the_origin_cannot_be_told()
    {
        var mined = _builder.Block(10);
        var mixed = _builder.Spend([mined, OutputNum.NotHeld], 12);
        var paid = _builder.Spend([mixed], 12);
        var walk = Walk(new BackwardQuery { Outputs = [paid] });

        Assert.Equal([new MoneySource(mixed, SourceReason.UnknownValue, 12)], walk.Trace(Policy.Fifo).Sources);
        Assert.Equal([new MoneySource(mixed, SourceReason.UnknownValue, null)], walk.Trace(Policy.Poison).Sources);
    }

    [Fact]
    public void A_service_is_a_source_of_what_it_pays_out_but_not_of_what_it_is_paid()
    {
        var mined = _builder.Block(50);
        var deposit = _builder.Spend([mined], 50);
        var payout = _builder.Spend([deposit], 50);
        var stops = new Stops(deposit, EndReason.Service);

        Assert.Equal([new MoneySource(deposit, SourceReason.Service, 50)], Walk(new BackwardQuery { Outputs = [payout], Stops = stops }).Trace(Policy.Fifo).Sources);
        Assert.Equal([new MoneySource(mined, SourceReason.Coinbase, 50)], Walk(new BackwardQuery { Outputs = [deposit], Stops = stops }).Trace(Policy.Fifo).Sources);
        Assert.Equal(
            [new MoneySource(mined, SourceReason.Coinbase, 50), new MoneySource(deposit, SourceReason.Service, 50)],
            Walk(new BackwardQuery { Outputs = [deposit, payout], Stops = stops }).Trace(Policy.Haircut).Sources);
    }

    [Fact]
    public void What_a_CoinJoin_made_is_a_source()
    {
        long one = _builder.Block(50), other = _builder.Block(50);
        var mixed = _builder.Spend([one, other], 50, 50);
        var paid = _builder.Spend([mixed], 50);

        Assert.Equal(
            [new MoneySource(mixed, SourceReason.CoinJoin, 50)],
            Walk(new BackwardQuery { Outputs = [paid], Stops = new Stops(other, EndReason.CoinJoin) }).Trace(Policy.Fifo).Sources);
    }

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Lifo)]
    public void Where_every_satoshi_has_one_origin_only_its_own_transactions_are_looked_at(Policy policy)
    {
        long mine = _builder.Block(5), others = _builder.Block(5);
        var mineMoved = _builder.Spend([mine], 5);
        var othersMoved = _builder.Spend([others], 5);
        var paid = _builder.Spend([mineMoved, othersMoved], 5, 5) + (policy == Policy.Fifo ? 0 : 1);
        var walk = Walk(new BackwardQuery { Outputs = [paid] });

        Assert.Equal((2, 3), (walk.Trace(policy).TransactionsVisited, walk.Trace(Policy.Haircut).TransactionsVisited));
        Assert.Equal([new MoneySource(mine, SourceReason.Coinbase, 5)], walk.Trace(policy).Sources);
    }

    [Theory]
    [InlineData(Policy.Fifo)]
    [InlineData(Policy.Haircut)]
    public void A_policy_that_would_move_too_many_parts_says_so(Policy policy)
    {
        var mined = Enumerable.Range(0, 40).Select(_ => _builder.Block(10)).ToArray();
        var paid = _builder.Spend(mined, 400);
        var outcome = Walk(new BackwardQuery { Outputs = [paid], MostWork = 30 }).Trace(policy);

        Assert.True(outcome.TooMixed);
        Assert.Empty(outcome.Sources);
        Assert.False(Walk(new BackwardQuery { Outputs = [paid] }).Trace(policy).TooMixed);
    }

    [Fact]
    public void What_has_no_origin_is_refused()
    {
        var mined = _builder.Block(10, 0);
        Assert.Throws<ArgumentException>(() => Walk(new BackwardQuery { Outputs = [] }));
        Assert.Throws<ArgumentException>(() => Walk(new BackwardQuery { Outputs = [mined + 1] }));
        Assert.Throws<ArgumentException>(() => Walk(new BackwardQuery { Outputs = [7] }));
        Assert.Throws<ArgumentException>(() => Walk(new BackwardQuery { Outputs = [mined, mined] }));
        Assert.Throws<ArgumentException>(() => Walk(new BackwardQuery { Outputs = [mined] }).Trace(Policy.HaircutBlockSci));
    }

    private sealed class Stops(long where, EndReason reason) : ITraceStops
    {
        public EndReason? At(long output, uint spender) => output == where ? reason : null;
    }

    private BackwardTracer Walk(BackwardQuery query) => new(_builder.Build(), query);
}
