using Haetae.Tests.Tracing.CoinJoins;
using Haetae.Tracing.Change;

namespace Haetae.Tests.Tracing.Change;

/// <summary>Each rule on transactions written by hand, worked out on paper from the rule's own words (BlockSci's set; GraphSense's one-time change).</summary>
public sealed class ChangeRuleTests
{
    private static readonly byte[] Own = Shapes.Key(), Old = Shapes.OldKey();

    [Theory]
    // a payment of 0.3 BTC from 1 BTC, change of the same kind to a new script; the payee's script is old
    [InlineData("plain", "peeling-chain", "")]
    [InlineData("plain", "power-of-ten", "1")]
    [InlineData("plain", "optimal-change", "0 1")]
    [InlineData("plain", "address-type", "1")]
    [InlineData("plain", "locktime", "0 1")]
    [InlineData("plain", "address-reuse", "")]
    [InlineData("plain", "client-behavior", "1")]
    [InlineData("plain", "legacy", "1")]
    [InlineData("plain", "fixed-fee", "0 1")]
    [InlineData("plain", "spent", "")]
    [InlineData("plain", "one-time-change", "1")]
    // two inputs of 1 and 0.5 BTC: only an output below 0.5 BTC can be change by the optimal rule
    [InlineData("two-inputs", "optimal-change", "1")]
    [InlineData("two-inputs", "address-type", "")]
    [InlineData("two-inputs", "legacy", "1")]
    [InlineData("two-inputs", "one-time-change", "")]
    // both outputs at least as large as the least input: nothing is optimal, nothing legacy
    [InlineData("large-outputs", "optimal-change", "")]
    [InlineData("large-outputs", "legacy", "")]
    [InlineData("large-outputs", "address-type", "0 1")]
    [InlineData("large-outputs", "client-behavior", "0 1")]
    // change back to the address spent from
    [InlineData("reuse", "address-reuse", "1")]
    [InlineData("reuse", "client-behavior", "0")]
    [InlineData("reuse", "legacy", "0")]
    [InlineData("reuse", "one-time-change", "0")]
    // both outputs spent; only the second one's spender sets a lock time, as this transaction does, and pays its rate
    [InlineData("spenders", "locktime", "1")]
    [InlineData("spenders", "fixed-fee", "1")]
    [InlineData("spenders", "peeling-chain", "1")]
    [InlineData("spenders", "spent", "0 1")]
    // data is nobody's change, and a payment beside data alone is not legacy's change
    [InlineData("data", "optimal-change", "0")]
    [InlineData("data", "power-of-ten", "0")]
    [InlineData("data", "legacy", "")]
    [InlineData("data", "spent", "")]
    // a CoinJoin has no legacy change
    [InlineData("coinjoin", "legacy", "")]
    [InlineData("coinjoin", "optimal-change", "0 1")]
    // a coinbase has no change by any rule
    [InlineData("coinbase", "power-of-ten", "")]
    [InlineData("coinbase", "optimal-change", "")]
    [InlineData("coinbase", "client-behavior", "")]
    [InlineData("coinbase", "locktime", "")]
    // what an input brings is not known: the optimal rule rules out only what a known input rules out
    [InlineData("unknown", "optimal-change", "0")]
    [InlineData("unknown", "address-type", "")]
    [InlineData("unknown", "fixed-fee", "0 1")]
    public void A_rule_names_what_it_cannot_rule_out(string vector, string rule, string places) =>
        Assert.Equal(places, string.Join(' ', ChangeRules.Find(rule)!.Candidates(Vector(vector))));

    [Theory]
    [InlineData(100_000, 5, "")]
    [InlineData(100_001, 5, "0")]
    [InlineData(1_000_000, 6, "")]
    [InlineData(1_100_000, 6, "0")]
    [InlineData(1_100_000, 5, "")]
    [InlineData(0, 6, "")]
    public void A_power_of_ten_is_no_change(long value, int digits, string places) =>
        Assert.Equal(places, string.Join(' ', new PowerOfTenRule(digits).Candidates(Transaction([new(Own, 200_000_000)], [Output(Shapes.Key(), value)]))));

    [Fact]
    public void Rules_are_put_together_as_sets()
    {
        foreach (var vector in new[] { "plain", "two-inputs", "large-outputs", "reuse", "spenders", "data", "coinjoin", "coinbase", "unknown" })
            foreach (var one in ChangeRules.All)
                foreach (var other in ChangeRules.All)
                {
                    var transaction = Vector(vector);
                    var (a, b) = (one.Candidates(transaction), other.Candidates(transaction));
                    Assert.Equal(a.Union(b).Order(), one.Or(other).Candidates(transaction));
                    Assert.Equal(a.Intersect(b).Order(), one.And(other).Candidates(transaction));
                    Assert.Equal(a.Except(b).Order(), one.Minus(other).Candidates(transaction));
                    Assert.Equal(a.Count == 1 ? a : [], one.Unique().Candidates(transaction));
                    Assert.Empty(new NoneRule().Candidates(transaction));
                }
    }

    [Fact]
    public void The_rules_have_the_names_that_are_documented()
    {
        Assert.Equal(ChangeRules.All.Count, ChangeRules.All.Select(rule => rule.Name).Distinct().Count());
        var document = Architecture.Repository.Read("docs/methods.md");
        Assert.All(ChangeRules.All, rule => Assert.Contains($"`{rule.Name}`", document, StringComparison.Ordinal));
        Assert.Null(ChangeRules.Find("guess"));
    }

    [Fact]
    public void One_time_change_asks_for_all_its_marks()
    {
        Assert.Equal([1], OneTime(change => change));
        Assert.Empty(OneTime(change => change with { Value = 12_346_000 })); // a multiple of 1,000
        Assert.Empty(OneTime(change => change with { Script = Shapes.OldKey() })); // another kind than the inputs
        Assert.Empty(OneTime(change => change with { Once = false })); // paid again, or before
        Assert.Empty(OneTime(change => change with { Value = 150_000_001 })); // not below the input
        Assert.Empty(OneTime(change => change, others: 9)); // eleven outputs
        Assert.Equal([1], OneTime(change => change, others: 8));
        Assert.Empty(OneTime(change => change, twin: true)); // two such outputs
    }

    [Fact]
    public void The_surest_sign_of_each_output_is_told()
    {
        Assert.Equal([new ChangeSign(1, 50, "one-time-change")], ChangeRules.Consensus(Vector("plain")));
        Assert.Equal([new ChangeSign(0, 50, "one-time-change"), new ChangeSign(1, 100, "direct-change")], ChangeRules.Consensus(Vector("reuse")));
        Assert.Equal([new ChangeSign(0, 50, "multi-input-change"), new ChangeSign(1, 50, "one-time-change")], ChangeRules.Consensus(Vector("plain"), place => place == 0));
        Assert.Empty(ChangeRules.Consensus(Vector("coinbase"), _ => true));
        Assert.Empty(ChangeRules.Consensus(Vector("data")));
    }

    private static ChangeTransaction Vector(string name) => name switch
    {
        "plain" => Transaction([new(Own, 100_000_000)], [Output(Old, 30_000_000, isFirst: false, isOnce: false), Output(Shapes.Key(), 69_990_001)]),
        "two-inputs" => Transaction([new(Own, 100_000_000), new(Old, 50_000_000)], [Output(Shapes.Key(), 120_000_000), Output(Shapes.Key(), 29_990_001)]),
        "large-outputs" => Transaction([new(Own, 100_000_000), new(Shapes.Key(), 50_000_000)], [Output(Shapes.Key(), 50_000_000), Output(Shapes.Key(), 99_990_000)]),
        "reuse" => Transaction([new(Own, 100_000_000)], [Output(Shapes.Key(), 30_000_001), Output(Own, 69_990_001, isFirst: false, isOnce: false)]),
        "spenders" => Transaction(
            [new(Own, 100_000_000)], [Output(Shapes.Key(), 30_000_001, new ChangeSpender(0, 9_000, false)), Output(Shapes.Key(), 69_990_001, new ChangeSpender(799_998, 10_000, true))], lockTime: 799_999, isPeelingChain: true),
        "data" => Transaction([new(Own, 100_000_000)], [Output(Shapes.OldKey(), 99_990_001), Output(Shapes.Data(40), 1)]),
        "coinjoin" => Transaction([new(Own, 100_000_000), new(Shapes.Key(), 100_000_000)], [Output(Shapes.Key(), 40_000_000), Output(Shapes.Key(), 59_000_000)], isCoinJoin: true),
        "coinbase" => Transaction([], [Output(Shapes.Key(), 50_0000_0001)]),
        "unknown" => Transaction([new(Own, 50_000_000), new(null, null)], [Output(Shapes.Key(), 40_000_000), Output(Shapes.Key(), 60_000_000)], fee: null),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such vector"),
    };

    private sealed record Change(byte[] Script, long Value, bool Once);

    private static IEnumerable<int> OneTime(Func<Change, Change> alter, int others = 0, bool twin = false)
    {
        var change = alter(new Change(Shapes.Key(), 12_345_678, true));
        List<ChangeOutput> outputs = [Output(Old, 30_000_000, isFirst: false, isOnce: false), Output(change.Script, change.Value, isOnce: change.Once)];
        if (twin) outputs.Add(Output(Shapes.Key(), 22_345_678));
        for (var i = 0; i < others; i++) outputs.Add(Output(Shapes.OldKey(), 1_000));
        return new OneTimeChangeRule().Candidates(Transaction([new(Own, 100_000_000)], [.. outputs]));
    }

    private static ChangeOutput Output(byte[] script, long value, ChangeSpender? spender = null, bool isFirst = true, bool isOnce = true) => new(script, value, spender, () => isFirst, () => isOnce);

    private static ChangeTransaction Transaction(ChangeInput[] inputs, ChangeOutput[] outputs, uint lockTime = 0, long? fee = 10_000, bool isPeelingChain = false, bool isCoinJoin = false) =>
        new(inputs, outputs, lockTime, fee, isPeelingChain, isCoinJoin);
}
