using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing;

/// <summary>One transaction each, worked out by two programs that know nothing of this one (design notes on methods, section 1.8).</summary>
public class PolicyVectors
{
    private static readonly Dictionary<string, (string Inputs, long[] Outputs)> Vectors = new()
    {
        // Pieces of an input are joined by +; t is tainted, c is clean.
        ["V1"] = ("3t 7c", [10]),
        ["V2"] = ("3t 7c", [4, 5]),
        ["V3"] = ("2c 3t 5c", [4, 4]),
        ["V4"] = ("100000t 50000c 7c", [33333, 66666, 50000]),
        ["V5"] = ("4t+1c 2t+3c", [3, 3, 3]),
        ["V6"] = ("5c+5t 10t", [7, 12]),
    };

    [Theory]
    [InlineData("V1", Policy.Fifo, "3|0")]
    [InlineData("V2", Policy.Fifo, "3,0|0")]
    [InlineData("V3", Policy.Fifo, "2,1|0")]
    [InlineData("V4", Policy.Fifo, "33333,66666,1|0")]
    [InlineData("V5", Policy.Fifo, "3,2,1|0")]
    [InlineData("V6", Policy.Fifo, "2,12|1")]
    [InlineData("V1", Policy.Haircut, "3|0")]
    [InlineData("V2", Policy.Haircut, "1,2|0")]
    [InlineData("V3", Policy.Haircut, "1,1|1")]
    [InlineData("V4", Policy.Haircut, "22221,44442,33332|5")]
    [InlineData("V5", Policy.Haircut, "2,2,2|0")]
    [InlineData("V6", Policy.Haircut, "5,9|1")]
    [InlineData("V1", Policy.HaircutBlockSci, "3|0")]
    [InlineData("V2", Policy.HaircutBlockSci, "1,1|1")]
    [InlineData("V3", Policy.HaircutBlockSci, "1,1|1")]
    [InlineData("V4", Policy.HaircutBlockSci, "22220,44441,33331|8")]
    [InlineData("V5", Policy.HaircutBlockSci, "1,1,1|1")]
    [InlineData("V6", Policy.HaircutBlockSci, "5,9|1")]
    [InlineData("V1", Policy.Poison, "10|0")]
    [InlineData("V2", Policy.Poison, "4,5|1")]
    [InlineData("V3", Policy.Poison, "4,4|2")]
    [InlineData("V4", Policy.Poison, "33333,66666,50000|8")]
    [InlineData("V5", Policy.Poison, "3,3,3|1")]
    [InlineData("V6", Policy.Poison, "7,12|1")]
    [InlineData("V1", Policy.Lifo, "3|0")]
    [InlineData("V2", Policy.Lifo, "0,2|1")]
    [InlineData("V3", Policy.Lifo, "0,3|0")]
    [InlineData("V4", Policy.Lifo, "0,49992,50000|8")]
    [InlineData("V5", Policy.Lifo, "0,2,3|1")]
    [InlineData("V6", Policy.Lifo, "7,8|0")]
    [InlineData("V1", Policy.Tiho, "3|0")]
    [InlineData("V2", Policy.Tiho, "0,3|0")]
    [InlineData("V3", Policy.Tiho, "3,0|0")]
    [InlineData("V4", Policy.Tiho, "0,66666,33334|0")]
    [InlineData("V5", Policy.Tiho, "3,3,0|0")]
    [InlineData("V6", Policy.Tiho, "3,12|0")]
    [InlineData("V1", Policy.Tilo, "3|0")]
    [InlineData("V2", Policy.Tilo, "3,0|0")]
    [InlineData("V3", Policy.Tilo, "3,0|0")]
    [InlineData("V4", Policy.Tilo, "33333,16667,50000|0")]
    [InlineData("V5", Policy.Tilo, "3,3,0|0")]
    [InlineData("V6", Policy.Tilo, "7,8|0")]
    [InlineData("V1", Policy.DirtyFirst, "3|0")]
    [InlineData("V2", Policy.DirtyFirst, "3,0|0")]
    [InlineData("V3", Policy.DirtyFirst, "3,0|0")]
    [InlineData("V4", Policy.DirtyFirst, "33333,66666,1|0")]
    [InlineData("V5", Policy.DirtyFirst, "3,3,0|0")]
    [InlineData("V6", Policy.DirtyFirst, "7,8|0")]
    [InlineData("V1", Policy.CleanFirst, "3|0")]
    [InlineData("V2", Policy.CleanFirst, "0,2|1")]
    [InlineData("V3", Policy.CleanFirst, "0,1|2")]
    [InlineData("V4", Policy.CleanFirst, "0,49992,50000|8")]
    [InlineData("V5", Policy.CleanFirst, "0,2,3|1")]
    [InlineData("V6", Policy.CleanFirst, "2,12|1")]
    public void Taint_of_each_output_and_of_the_fee(string vector, Policy policy, string expected)
    {
        var (inputs, outputs) = Vectors[vector];
        var builder = new GraphBuilder();
        var seeds = new List<StolenOutput>();
        var spent = new List<long>();
        foreach (var input in inputs.Split(' '))
        {
            // A mixed input is made of its pieces by a transaction of their own; under a share policy it carries their sum.
            var pieces = input.Split('+').Select(piece => (Amount: long.Parse(piece[..^1], null), Tainted: piece[^1] == 't')).ToArray();
            var coins = pieces.Select(piece => builder.Block(piece.Amount)).ToArray();
            seeds.AddRange(pieces.Zip(coins).Where(pair => pair.First.Tainted).Select(pair => new StolenOutput(pair.Second, pair.First.Amount)));
            spent.Add(coins.Length == 1 ? coins[0] : builder.Spend(coins, pieces.Sum(piece => piece.Amount)));
        }

        var first = builder.Spend([.. spent], outputs);
        var outcome = new Tracer(builder.Build()).Trace(new TraceQuery { Seeds = seeds }, policy);

        var taints = outputs.Select((_, i) => outcome.Ends.Where(end => end.Output == first + i).Sum(end => end.Tainted));
        Assert.Equal(expected, $"{string.Join(',', taints)}|{outcome.Books.Fees}");
        if (PolicyNames.Conserves(policy)) Assert.True(outcome.Conserves);
    }

    [Fact]
    public void BlockScis_arithmetic_loses_two_satoshi_where_the_fee_is_smaller_than_the_rounding()
    {
        var builder = new GraphBuilder();
        long a = builder.Block(6), b = builder.Block(4);
        builder.Spend([a, b], 3, 3, 3);
        var outcome = new Tracer(builder.Build()).Trace(new TraceQuery { Seeds = [new(a, 6)] }, Policy.HaircutBlockSci);

        Assert.False(outcome.Conserves);
        Assert.Equal(4, outcome.Books.Held + outcome.Books.Fees);
    }
}
