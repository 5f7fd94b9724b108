using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing;

/// <summary>The policies that fill outputs in an order, and the line taken from its back, agree with lists sorted and filled one by one.</summary>
public class FillingArithmetic
{
    private delegate long Division(ReadOnlySpan<long> values, long fee, long tainted, Span<long> shares, Span<long> scratch);

    public static TheoryData<Policy> Filling() => [Policy.Tiho, Policy.Tilo, Policy.DirtyFirst, Policy.CleanFirst];

    [Theory]
    [MemberData(nameof(Filling))]
    public void Every_small_transaction_is_divided_as_its_twin_divides_it(Policy policy)
    {
        for (var code = 0; code < 5 * 5 * 5 * 3 * 3; code++)
        {
            long[] values = [code % 5, code / 5 % 5, code / 25 % 5];
            Check(policy, values[..(1 + (code / 375))], code / 125 % 3);
        }
    }

    [Theory]
    [MemberData(nameof(Filling))]
    public void A_transaction_of_thousands_of_outputs_keeps_every_satoshi(Policy policy)
    {
        var dice = new Dice(11);
        for (var n = 0; n < 20; n++)
        {
            // Half of them with few different values: where equal outputs stand, their order decides.
            var values = Enumerable.Range(0, 3000).Select(_ => dice.Below(n < 10 ? 5 : 700_000_000_000)).ToArray();
            var fee = dice.Below(1000);
            Check(policy, values, fee, 1 + dice.Below(values.Sum() + fee));
        }
    }

    [Theory]
    [InlineData(Policy.Tiho, "0,5,3|0")]
    [InlineData(Policy.Tilo, "3,0,5|0")]
    public void Among_equal_outputs_the_first_comes_first(Policy policy, string expected)
    {
        var shares = new long[3];
        long[] values = policy == Policy.Tiho ? [1, 5, 5] : [5, 7, 5];
        var fee = DivisionOf(policy)(values, 0, 8, shares, new long[4]);
        Assert.Equal(expected, policy == Policy.Tiho ? $"{shares[0]},{shares[1]},{shares[2]}|{fee}" : $"{shares[2]},{shares[1]},{shares[0]}|{fee}");
    }

    [Theory]
    [MemberData(nameof(Filling))]
    public void Amounts_that_cannot_be_are_refused(Policy policy)
    {
        Assert.Equal(-1, DivisionOf(policy)([10], 0, 11, new long[1], new long[2])); // more taint than money
        Assert.Equal(-1, DivisionOf(policy)([Satoshi.Maximum + 1], 0, 5, new long[1], new long[2])); // more money than there is
    }

    [Fact]
    public void A_line_is_taken_from_its_back_piece_by_piece()
    {
        var dice = new Dice(5);
        PieceLine line = new(), back = new();
        for (var n = 0; n < 20_000; n++)
        {
            line.Clear();
            var satoshi = new List<bool>();
            for (var pieces = dice.Below(6); pieces > 0; pieces--)
            {
                var (amount, tainted) = (dice.Below(4), dice.OneIn(2));
                line.Append(tainted ? amount : -amount);
                satoshi.AddRange(Enumerable.Repeat(tainted, (int)amount));
            }

            if (satoshi.Count > 0 && dice.OneIn(3)) satoshi.RemoveRange(0, (int)Math.Abs(line.Take(1 + dice.Below(3)))); // some from the front
            var wanted = (int)dice.Below(satoshi.Count + 1);
            Assert.False(line.TryMoveBack(satoshi.Count + 1, back));
            Assert.True(line.TryMoveBack(wanted, back));
            Assert.Equal(satoshi[^wanted..], Drained(back));
            Assert.Equal(satoshi[..^wanted], Drained(line));
        }

        static List<bool> Drained(PieceLine line)
        {
            var satoshi = new List<bool>();
            while (line.Take(long.MaxValue) is var piece and not 0) satoshi.AddRange(Enumerable.Repeat(piece > 0, (int)Math.Abs(piece)));
            return satoshi;
        }
    }

    private static void Check(Policy policy, long[] values, long fee)
    {
        for (var tainted = 1L; tainted <= values.Sum() + fee; tainted++) Check(policy, values, fee, tainted);
    }

    private static void Check(Policy policy, long[] values, long fee, long tainted)
    {
        var twin = new SlowShares(new GraphBuilder().Build(), new TraceQuery { Seeds = [] }, policy);
        var shares = new long[values.Length];
        var feeShare = DivisionOf(policy)(values, fee, tainted, shares, new long[values.Length + 1]);
        if (!twin.Split(values, fee, tainted).AsSpan().SequenceEqual([.. shares, feeShare]))
            Assert.Fail($"{tainted} over {string.Join(',', values)}|{fee}: {string.Join(',', shares)}|{feeShare}");
        Assert.Equal(tainted, shares.Sum() + feeShare);
        Assert.InRange(feeShare, 0, fee);
        Assert.All(shares.Zip(values), pair => Assert.InRange(pair.First, 0, pair.Second));
    }

    private static Division DivisionOf(Policy policy) => policy switch
    {
        Policy.Tiho => Tiho.Split,
        Policy.Tilo => Tilo.Split,
        Policy.DirtyFirst => DirtyFirst.Split,
        Policy.CleanFirst => CleanFirst.Split,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };
}
