using Haetae.Ledger;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing;

/// <summary>The haircut's shares are exact, though no wide division is made.</summary>
public class HaircutArithmetic
{
    [Fact]
    public void The_share_is_the_floor_of_the_true_quotient()
    {
        var dice = new Dice(7);
        const long bound = 1L << 51;
        for (var n = 0; n < 2_000_000; n++)
        {
            // Every magnitude, and often the largest total that is allowed.
            var total = dice.OneIn(4) ? bound - 1 - dice.Below(1000) : 1 + dice.Below(1L << (1 + (int)dice.Below(51)));
            var tainted = dice.OneIn(4) ? total - dice.Below(Math.Min(total, 10)) : dice.Below(total + 1);
            var value = dice.OneIn(4) ? total - dice.Below(Math.Min(total, 10)) : dice.Below(total + 1);
            Check(tainted, value, Math.Min(total, bound - 1));
        }

        // Where the quotient is a whole number or just misses it, the estimate errs most easily.
        for (var n = 0; n < 500_000; n++)
        {
            long quotient = 1 + dice.Below(1 << 25), divisor = 1 + dice.Below(1 << 25);
            var total = quotient * divisor;
            Check(quotient, divisor, total);
            Check(quotient * (divisor / 2), divisor, total);
            if (total > 1) Check(quotient, divisor, total - 1);
            Check(quotient, divisor, total + 1);
        }

        static void Check(long tainted, long value, long total)
        {
            if (tainted > total || value > total || total >= bound) return;
            var floor = ExactShare.Floor(tainted, value, total, (double)tainted / total, out var remainder);
            var (quotient, rest) = UInt128.DivRem((UInt128)tainted * (UInt128)value, (UInt128)total);
            if ((UInt128)floor != quotient || (UInt128)remainder != rest)
                Assert.Fail($"{tainted} x {value} / {total}: {floor} rest {remainder}, should be {quotient} rest {rest}");
        }
    }

    [Fact]
    public void Every_small_transaction_is_split_as_big_integers_split_it()
    {
        var twin = new SlowShares(new GraphBuilder().Build(), new TraceQuery { Seeds = [] }, Policy.Haircut);
        var shares = new long[3];
        var scratch = new long[8];
        for (var code = 0; code < 8 * 8 * 8 * 4 * 3; code++)
        {
            long[] values = [code % 8, code / 8 % 8, code / 64 % 8];
            long fee = code / 512 % 4;
            values = values[..(1 + (code / 2048))];
            var total = values.Sum() + fee;
            for (var tainted = 1L; tainted <= total; tainted++)
            {
                var feeShare = Haircut.Split(values, fee, tainted, shares.AsSpan(0, values.Length), scratch);
                var expected = twin.Split(values, fee, tainted);
                if (!expected.AsSpan().SequenceEqual([.. shares[..values.Length], feeShare]))
                    Assert.Fail($"{tainted} over {string.Join(',', values)}|{fee}: should be {string.Join(',', expected)}");
            }
        }
    }

    [Fact]
    public void A_transaction_of_thousands_of_outputs_is_split_exactly_too()
    {
        var twin = new SlowShares(new GraphBuilder().Build(), new TraceQuery { Seeds = [] }, Policy.Haircut);
        var dice = new Dice(3);
        for (var n = 0; n < 20; n++)
        {
            var values = Enumerable.Range(0, 3000).Select(_ => dice.Below(n < 10 ? 5 : 700_000_000_000)).ToArray();
            var fee = dice.Below(1000);
            var tainted = 1 + dice.Below(values.Sum() + fee);
            var shares = new long[values.Length];
            var feeShare = Haircut.Split(values, fee, tainted, shares, new long[(2 * values.Length) + 2]);
            Assert.Equal(twin.Split(values, fee, tainted).AsEnumerable(), shares.Append(feeShare));
        }
    }

    [Theory]
    [InlineData(11, "more taint than money")]
    [InlineData(Satoshi.Maximum + 1, "more money than there is")]
    public void Amounts_that_cannot_be_are_refused(long tainted, string why)
    {
        var value = why == "more taint than money" ? 10 : Satoshi.Maximum + 1;
        Assert.Equal(-1, Haircut.Split([value], 0, tainted, new long[1], new long[4]));
        Assert.Equal(-1, Haircut.Split([value, 0], 0, tainted, new long[2], new long[6]));
    }
}
