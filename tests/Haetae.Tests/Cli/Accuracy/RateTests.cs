using Haetae.Cli.Accuracy;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>Shares and intervals against values worked out by hand or published.</summary>
public class RateTests
{
    [Theory]
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29 by Wilson's score.
    [InlineData(81, 263, 25.53, 36.62)]
    [InlineData(15, 148, 6.24, 16.05)]
    [InlineData(0, 20, 0.00, 16.11)]
    [InlineData(1, 29, 0.61, 17.18)]
    public void The_interval_is_wilsons(long hits, long of, double low, double high)
    {
        var interval = new Rate(hits, of).Interval();
        Assert.Equal((low, high), (Math.Round(interval.Low, 2), Math.Round(interval.High, 2)));
    }

    [Fact]
    public void All_and_none_end_exactly() => Assert.Equal((100.0, 0.0), (new Rate(7, 7).Interval().High, new Rate(0, 7).Interval().Low));

    [Fact]
    public void Of_none_nothing_is_known() => Assert.Equal((null, (0.0, 100.0)), (new Rate(0, 0).Share, new Rate(0, 0).Interval()));
}
