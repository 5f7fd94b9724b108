using Haetae.Intel.Pools;
using Haetae.Tests.Support;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Tracing.Mixers;

public sealed class AnonymitySetTests
{
    [Fact]
    public void A_linked_withdrawal_takes_one_deposit_from_all_others()
    {
        var book = new PoolScene().In(1, 'a').In(2, 'a').In(3, 'b').Out(4, 'x').Out(5, 'a').In(6, 'c').Out(7, 'y').Book();
        var sets = AnonymitySets.Of(book, 0, AnonymitySets.Ask(book, new PoolTerms()));
        // The owner of a's withdrawal made two deposits: one is spent, and others still hide behind the second.
        Assert.Equal([new AnonymitySet(0, 3, 2), new AnonymitySet(1, 3, 2), new AnonymitySet(2, 4, 3)], sets);
    }

    [Fact]
    public void Links_below_the_least_score_leave_sets_alone()
    {
        var book = new PoolScene().In(1, 'a').Out(2, 'a').In(3, 'b').Out(4, 'x').Book();
        Assert.Equal([1, 1], AnonymitySets.Of(book, 0, [AddressMatch.Of(book)]).Select(set => set.Linked));
        Assert.Equal([1, 2], AnonymitySets.Of(book, 0, [AddressMatch.Of(book)], leastScore: 1_001).Select(set => set.Linked));
    }

    [Fact]
    public void Sets_equal_the_slow_count()
    {
        var random = new Random(11);
        for (var round = 0; round < 30; round++)
        {
            var scene = new PoolScene();
            uint block = 1;
            for (var i = 0; i < 40; i++)
            {
                block += (uint)random.Next(3);
                if (random.Next(2) == 0) scene.In(block, (char)('a' + random.Next(6)));
                else scene.Out(block, (char)('a' + random.Next(12)));
            }

            var book = scene.Book();
            var runs = AnonymitySets.Ask(book, new PoolTerms());
            var (deposits, withdrawals) = (book.Pools[0].Deposits, book.Pools[0].Withdrawals);
            var spentBy = AnonymitySets.SpentBy(book, 0, runs);
            foreach (var set in AnonymitySets.Of(book, 0, runs))
            {
                List<int> before = [.. Enumerable.Range(0, deposits.Count).Where(d => deposits[d].Block <= withdrawals[set.Withdrawal].Block)];
                List<int> own = [.. before.Where(d => deposits[d].Depositor == withdrawals[set.Withdrawal].Recipient)];
                Assert.Equal(before.Count, set.Naive);
                Assert.Equal(own.Count > 0 ? own.Count : before.Count(d => spentBy[d] < 0), set.Linked);
                var all = new DepositCandidates(book, 0, runs).Of(set.Withdrawal, 1_000);
                Assert.Equal(all.Candidates, all.Top.Count);
                if (all.Candidates == 0) continue;
                Assert.InRange(all.Top.Sum(one => one.Millionths), 1_000_000 - all.Candidates, 1_000_000 + all.Candidates);
                Assert.InRange(all.EffectiveHundredths, 100, 100L * all.Candidates);
                Assert.All(all.Top, one => Assert.True(deposits[one.Deposit].Block <= withdrawals[set.Withdrawal].Block && (spentBy[one.Deposit] < 0 || one.Methods.Count > 0)));
            }
        }
    }

    [Fact]
    public void Without_links_every_candidate_is_as_likely()
    {
        var book = new PoolScene().In(1, 'a').In(2, 'b').In(3, 'c').In(4, 'd').Out(5, 'x').Book();
        var of = new DepositCandidates(book, 0, []).Of(0, 2);
        Assert.Equal((4, 400), (of.Candidates, of.EffectiveHundredths));
        Assert.Equal([(3, 250_000), (2, 250_000)], of.Top.Select(one => (one.Deposit, one.Millionths)));
    }

    [Fact]
    public void A_link_of_full_score_is_trusted_as_far_as_said()
    {
        var book = new PoolScene().In(1, 'a').In(2, 'b').Out(5, 'a').Book();
        var of = new DepositCandidates(book, 0, [AddressMatch.Of(book)], trust: 900).Of(0, 2);
        // 0.9 by the link, and half of the 0.1 it leaves; 2 to the power of H(0.95) = 0.2864 is 1.2196.
        Assert.Equal([(0, 950_000), (1, 50_000)], of.Top.Select(one => (one.Deposit, one.Millionths)));
        Assert.Equal(122, of.EffectiveHundredths);
        Assert.Equal([AddressMatch.Name], of.Top[0].Methods);
    }

    [Fact]
    public void Broken_rules_are_named_with_their_row()
    {
        var whole = new PoolScene().In(1, 'a').In(5, 'b').Out(1, 'x').Out(6, 'y').Book().Pools[0];
        Assert.Empty(PoolInvariants.Check(whole));
        Assert.Equal(["no leaf gap"], Rules(whole with { Deposits = [whole.Deposits[0], whole.Deposits[1] with { Leaf = 2 }] }));
        Assert.Equal(["no leaf gap"], Rules(whole with { Deposits = [whole.Deposits[0] with { Leaf = 3 }, whole.Deposits[1] with { Leaf = 4 }] }));
        Assert.Equal(["leaves in order of block", "leaves in order of time"], Rules(whole with { Deposits = [whole.Deposits[0], whole.Deposits[1] with { Block = 0, Time = 0 }] }));
        Assert.Equal(["unique commitments"], Rules(whole with { Deposits = [whole.Deposits[0], whole.Deposits[1] with { Commitment = whole.Deposits[0].Commitment }] }));
        Assert.Equal(["unique nullifiers"], Rules(whole with { Withdrawals = [whole.Withdrawals[0], whole.Withdrawals[1] with { NullifierHash = whole.Withdrawals[0].NullifierHash }] }));
        Assert.Equal(["withdrawals never above deposits"], Rules(whole with { Withdrawals = [whole.Withdrawals[0], whole.Withdrawals[1] with { Block = 4 }] }));
        Assert.Equal(["no fee above the denomination"], Rules(whole with { Withdrawals = [whole.Withdrawals[0] with { Fee = whole.Pool.Denomination + 1 }] }));
        var broken = Assert.Single(PoolInvariants.Check(whole with { Withdrawals = [whole.Withdrawals[0], whole.Withdrawals[1] with { Block = 4 }] }));
        Assert.Contains($"0x{whole.Withdrawals[1].Transaction}", broken.Row, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_without_a_time_lie_between_dated_ones()
    {
        var clock = new PoolScene().In(10, 'a').In(20, 'b').In(15, 'c', dated: false).Book().Clock;
        Assert.Equal((10U, 20U), clock.Between(15));
        Assert.Equal((10U, 10U), clock.Between(10));
        Assert.Equal((null, 10U), clock.Between(9));
        Assert.Equal((20U, null), clock.Between(21));
        Assert.Equal([10, 10, 15, 20, 20], new uint[] { 9, 10, 15, 20, 21 }.Select(clock.At));
    }

    [SharedDataTheory]
    [InlineData("0.1", 22_654, 19_051)]
    [InlineData("1", 39_917, 37_139)]
    [InlineData("10", 40_921, 39_051)]
    [InlineData("100", 27_544, 25_608)]
    public void The_recorded_lists_keep_every_invariant(string pool, int deposits, int withdrawals)
    {
        var folder = SharedData.Path_("ethereum", "tornado-cash");
        var events = Assert.Single(PoolFolder.Read([Path.Combine(folder, $"withdrawals_eth_{pool}.json.zip"), Path.Combine(folder, $"deposits_eth_{pool}.json.zip")]));
        Assert.Equal((pool + " ETH", deposits, withdrawals), (events.Pool.Name, events.Deposits.Count, events.Withdrawals.Count));
        Assert.Empty(PoolInvariants.Check(events));
        // The check would see it: the first withdrawal again, and a hole.
        Assert.Equal(["unique nullifiers"], Rules(events with { Withdrawals = [.. events.Withdrawals, events.Withdrawals[0] with { Block = uint.MaxValue }] }));
        Assert.Equal(["no leaf gap"], Rules(events with { Deposits = [.. events.Deposits.Take(100), .. events.Deposits.Skip(101)], Withdrawals = [] }));
    }

    private static IEnumerable<string> Rules(PoolEvents events) => PoolInvariants.Check(events).Select(one => one.Rule);
}
