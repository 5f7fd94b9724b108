using Haetae.Cli.Accuracy;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>Pairs counted by sizes against pairs counted one by one.</summary>
public class PairCountTests
{
    [Fact]
    public void They_are_the_pairs_counted_one_by_one()
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var things = Enumerable.Range(0, random.Next(0, 60)).Select(_ => ((uint)random.Next(8), $"owner {random.Next(6)}")).ToList();
            long together = 0, owned = 0, both = 0;
            for (var one = 0; one < things.Count; one++)
            {
                for (var other = 0; other < one; other++)
                {
                    if (things[one].Item1 == things[other].Item1) together++;
                    if (things[one].Item2 == things[other].Item2) owned++;
                    if (things[one] == things[other]) both++;
                }
            }

            Assert.Equal(new PairCount(together, owned, both), PairCount.Of(things));
        }
    }
}
