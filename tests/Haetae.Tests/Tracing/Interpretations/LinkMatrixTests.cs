using System.Diagnostics;
using System.Globalization;
using Haetae.Tracing.Interpretations;

namespace Haetae.Tests.Tracing.Interpretations;

/// <summary>Interpretations on the published vectors, and against a count that tries every partition.</summary>
public sealed class LinkMatrixTests
{
    [Theory]
    [InlineData("10 10", "8 2 3 7", 3)]
    [InlineData("10 10", "8 2 2 8", 5)]
    [InlineData("10 10", "5 5 5 5", 7)]
    [InlineData("10 10 2", "8 2 2 8 2", 28)]
    [InlineData("5 5 5", "5 3 2", 28)] // a fee of 5
    [InlineData("5 5 10", "5 5 10", 9)]
    public void Published_examples(string inputs, string outputs, int interpretations) => Assert.Equal((UInt128)interpretations, Of(inputs, outputs).Interpretations);

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 16)]
    [InlineData(4, 131)]
    [InlineData(5, 1_496)]
    [InlineData(6, 22_482)]
    [InlineData(7, 426_833)]
    [InlineData(8, 9_934_563)]
    [InlineData(9, 277_006_192)]
    public void Equal_amounts_follow_the_closed_form(int n, int interpretations) =>
        Assert.Equal((UInt128)interpretations, LinkMatrix.Of([.. Enumerable.Repeat(7L, n)], [.. Enumerable.Repeat(7L, n)])!.Interpretations);

    [Fact]
    public void A_coinjoin_with_change_is_read_beyond_twelve_outputs()
    {
        // nine owners, each with an equal output and a change that only its own input can bring
        long[] inputs = [.. Enumerable.Range(1, 9).Select(owner => 1_000_000L + (1L << (2 * owner)))];
        long[] outputs = [.. Enumerable.Repeat(1_000_000L, 9), .. Enumerable.Range(1, 9).Select(owner => 1L << (2 * owner))];
        var watch = Stopwatch.StartNew();
        var matrix = LinkMatrix.Of(inputs, outputs)!;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        for (var owner = 0; owner < 9; owner++) Assert.True(matrix.IsCertain(9 + owner, owner));
        Assert.False(matrix.IsCertain(0, 0));
        Assert.Equal(EqualOnes(20), LinkMatrix.Of([.. Enumerable.Repeat(7L, 20)], [.. Enumerable.Repeat(7L, 20)])!.Interpretations);
    }

    [Fact]
    public void Published_links()
    {
        var matrix = Of("10 10 2", "8 2 2 8 2");
        Assert.Equal(4.8074, matrix.Entropy, 4);
        Assert.Equal([".5714", ".5714", ".2500"], Row(matrix, 0));
        Assert.Equal([".4643", ".4643", ".5000"], Row(matrix, 1));
        Assert.Equal(".8889", Row(Of("5 5 10", "5 5 10"), 2)[2]);
        Assert.True(Of("3 7", "7 3").IsCertain(0, 1));
    }

    [Fact]
    public void Eight_equal_amounts_take_less_than_ten_milliseconds_and_twelve_of_each_less_than_some_seconds()
    {
        var eight = Enumerable.Repeat(7L, 8).ToArray();
        LinkMatrix.Of(eight, eight);
        var watch = Stopwatch.StartNew();
        LinkMatrix.Of(eight, eight);
        Assert.True(watch.Elapsed < TimeSpan.FromMilliseconds(10), $"{watch.Elapsed}");
        var random = new Random(3);
        watch.Restart();
        var inputs = Enumerable.Range(0, 12).Select(_ => random.NextInt64(1, 1_000_000_000)).ToArray();
        var outputs = inputs.Select(amount => amount - 100).ToArray();
        Assert.NotNull(LinkMatrix.Of(inputs, outputs));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void Amounts_made_to_be_slow_are_given_up_and_not_guessed()
    {
        long[] powers = [.. Enumerable.Range(0, 12).Select(bit => 1L << bit)];
        var watch = Stopwatch.StartNew();
        _ = LinkMatrix.Of(powers, [.. powers.Select(amount => Math.Max(0, amount - 1))]);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        Assert.Null(LinkMatrix.Of([.. Enumerable.Repeat(5L, 21)], [5]));
        Assert.Null(LinkMatrix.Of([.. Enumerable.Range(1, 14).Select(amount => (long)amount)], [5]));
        Assert.Throws<ArgumentException>(() => LinkMatrix.Of([5], [6]));
        Assert.Throws<ArgumentException>(() => LinkMatrix.Of([], []));
        Assert.Throws<ArgumentException>(() => LinkMatrix.Of([-1, 9], [6]));
    }

    [Fact]
    public void Random_transactions_agree_with_a_count_of_every_partition()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var inputs = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.NextInt64(0, 7)).ToArray();
            var outputs = Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.NextInt64(0, 7)).ToArray();
            if (inputs.Sum() < outputs.Sum()) continue;
            var (count, together) = Slowly(inputs, outputs);
            var matrix = LinkMatrix.Of(inputs, outputs)!;
            var where = $"seed {seed}, round {round}: {string.Join(' ', inputs)} -> {string.Join(' ', outputs)}";
            Assert.True((UInt128)count == matrix.Interpretations, $"{where}: {count}, {matrix.Interpretations}");
            for (var o = 0; o < outputs.Length; o++)
                for (var i = 0; i < inputs.Length; i++) Assert.True((UInt128)together[o, i] == matrix.Together[o][i], $"{where}, output {o}, input {i}");
        }
    }

    // The closed form: over all partitions of n into parts s, of which m are alike, n!² / (product of s!² and m!).
    private static UInt128 EqualOnes(int n)
    {
        static System.Numerics.BigInteger Factorial(int k) => Enumerable.Range(1, k).Aggregate(System.Numerics.BigInteger.One, (product, i) => product * i);
        System.Numerics.BigInteger Over(int left, int largest, System.Numerics.BigInteger below)
        {
            if (left == 0) return Factorial(n) * Factorial(n) / below;
            if (largest == 0) return 0;
            System.Numerics.BigInteger sum = 0;
            for (var alike = 0; alike * largest <= left; alike++)
                sum += Over(left - alike * largest, largest - 1, below * System.Numerics.BigInteger.Pow(Factorial(largest), 2 * alike) * Factorial(alike));
            return sum;
        }

        return (UInt128)Over(n, n, 1);
    }

    // Every way to give each input and output a group, groups numbered by their first input.
    private static (long Count, long[,] Together) Slowly(long[] inputs, long[] outputs)
    {
        var count = 0L;
        var together = new long[outputs.Length, inputs.Length];
        var groupOf = new int[inputs.Length + outputs.Length];
        void Place(int at, int groups)
        {
            if (at < groupOf.Length)
            {
                for (var group = 0; group < groups + (at < inputs.Length ? 1 : 0); group++)
                {
                    groupOf[at] = group;
                    Place(at + 1, Math.Max(groups, group + 1));
                }

                return;
            }

            var left = new long[groups];
            for (var i = 0; i < inputs.Length; i++) left[groupOf[i]] += inputs[i];
            for (var o = 0; o < outputs.Length; o++) left[groupOf[inputs.Length + o]] -= outputs[o];
            if (left.Any(sum => sum < 0)) return;
            count++;
            for (var o = 0; o < outputs.Length; o++)
                for (var i = 0; i < inputs.Length; i++)
                    if (groupOf[i] == groupOf[inputs.Length + o]) together[o, i]++;
        }

        Place(0, 0);
        return (count, together);
    }

    private static LinkMatrix Of(string inputs, string outputs) => LinkMatrix.Of(Amounts(inputs), Amounts(outputs))!;

    private static long[] Amounts(string text) => [.. text.Split(' ').Select(amount => long.Parse(amount, CultureInfo.InvariantCulture))];

    private static string[] Row(LinkMatrix matrix, int output) =>
        [.. Enumerable.Range(0, matrix.Together[output].Count).Select(input => matrix.Probability(output, input).ToString(".0000", CultureInfo.InvariantCulture))];
}
