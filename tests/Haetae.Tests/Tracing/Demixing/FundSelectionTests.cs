using System.Numerics;
using Haetae.Tracing;

namespace Haetae.Tests.Tracing.Demixing;

/// <summary>Selections of funds against the plain way to make them.</summary>
public class FundSelectionTests
{
    [Theory]
    [InlineData(6, 18, 4)]
    [InlineData(9, 4, 3)]
    [InlineData(7, 2, 2)]
    public void They_are_all_of_few_or_some_of_many(int funds, int inFull, int together)
    {
        var random = new Random(funds);
        var amounts = Enumerable.Range(0, funds).Select(_ => random.NextInt64(1, 1_000)).ToArray();
        var selections = FundSelections.Of(amounts, inFull, together);
        var expected = Enumerable.Range(1, (1 << funds) - 1).Where(mask => funds <= inFull || BitOperations.PopCount((uint)mask) <= together)
            .Select(mask => (Sum: Enumerable.Range(0, funds).Where(fund => (mask >> fund & 1) != 0).Sum(fund => amounts[fund]), Mask: (ulong)mask)).Order().ToList();
        var (first, end) = selections.Between(0, long.MaxValue - 1);
        Assert.Equal(expected, Enumerable.Range(first, end - first).Select(selection => (Sum: selections.Sum(selection), Mask: selections.Mask(selection))).Order());
        Assert.Equal(funds <= inFull, selections.IsComplete);
        var (from, to) = selections.Between(500, 900);
        Assert.Equal(expected.Count(item => item.Sum is >= 500 and <= 900), to - from);
    }

    [Fact]
    public void They_are_never_more_than_stated()
    {
        foreach (var funds in new[] { 18, 19, 40, 41, 64 })
        {
            var (first, end) = FundSelections.Of([.. Enumerable.Range(1, funds).Select(i => (long)i)], 18, 4).Between(0, long.MaxValue - 1);
            Assert.InRange(end - first, 1, FundSelections.Most);
        }
    }

    [Fact]
    public void Luck_is_what_lies_around_spread_evenly()
    {
        // 900 to 1,100 holds two of these; of 200 satoshi, 11 would hold 0.11.
        var selections = FundSelections.Of([950, 1_050, 5_000], 18, 4);
        Assert.Equal(110, selections.LuckInThousandths(1_000, 10));
    }
}
