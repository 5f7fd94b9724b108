using Haetae.Cli.Accuracy;
using Haetae.Tracing;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>What the generator makes are transactions that could be: nobody makes money, and scripts are used once.</summary>
public class GeneratedShapesTests
{
    [Fact]
    public void Rounds_pay_a_fee_and_use_no_script_twice()
    {
        var generated = new GeneratedShapes(5);
        for (var i = 0; i < 300; i++)
        {
            Sound(generated.JoinMarket(generated.AnyPlaces()).Shape);
            Sound(generated.JoinMarket(2).Shape);
            Sound(generated.Stonewall());
            Sound(generated.Ordinary());
        }

        for (var i = 0; i < 20; i++) Sound(generated.Wasabi2());
    }

    [Fact]
    public void A_seed_makes_the_same_rounds_again()
    {
        GeneratedShapes one = new(77), again = new(77), other = new(78);
        List<long> first = Amounts(one), second = Amounts(again), third = Amounts(other);
        Assert.Equal(first, second);
        Assert.NotEqual(first, third);

        static List<long> Amounts(GeneratedShapes from) => [.. Enumerable.Range(0, 20).SelectMany(_ => from.JoinMarket(from.AnyPlaces()).Shape.Outputs).Select(output => output.Value)];
    }

    [Fact]
    public void Rounds_have_as_many_equal_outputs_as_places()
    {
        var generated = new GeneratedShapes(6);
        for (var places = 2; places <= 15; places++)
        {
            var round = generated.JoinMarket(places).Shape;
            Assert.Equal(places, round.Outputs.GroupBy(output => output.Value).Max(group => group.Count()));
            Assert.InRange(round.Outputs.Count, 2 * places - 1, 2 * places);
        }
    }

    private static void Sound(TransactionShape shape)
    {
        Assert.All(shape.Outputs, output => Assert.True(output.Value > 0));
        Assert.InRange(shape.Inputs.Sum(input => input.Value!.Value) - shape.Outputs.Sum(output => output.Value), 1, 10_000_000);
        var scripts = shape.Inputs.Select(input => Convert.ToHexString(input.Script!)).Concat(shape.Outputs.Select(output => Convert.ToHexString(output.Script))).ToList();
        Assert.Equal(scripts.Count, scripts.Distinct().Count());
    }
}
