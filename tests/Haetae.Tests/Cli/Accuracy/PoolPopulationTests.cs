using Haetae.Cli.Accuracy;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>Simulated users make pools that could be, and the truth is theirs.</summary>
public sealed class PoolPopulationTests
{
    private static readonly Lazy<PoolPopulation> People = new(() => new PoolPopulation(5, 1_000));

    [Fact]
    public void Their_pools_keep_every_invariant() => Assert.All(People.Value.Book.Pools, pool => Assert.Empty(PoolInvariants.Check(pool)));

    [Fact]
    public void Every_withdrawal_spends_an_earlier_note_of_its_user_once()
    {
        for (var pool = 0; pool < People.Value.Book.Pools.Count; pool++)
        {
            var events = People.Value.Book.Pools[pool];
            var deposits = People.Value.DepositTruth[pool].Zip(events.Deposits).ToDictionary(one => one.First.Note);
            Assert.Equal(events.Withdrawals.Count, People.Value.WithdrawalTruth[pool].Count);
            foreach (var (truth, withdrawal) in People.Value.WithdrawalTruth[pool].Zip(events.Withdrawals))
            {
                Assert.True(deposits.Remove(truth.Note, out var deposit));
                Assert.Equal(truth.User, deposit.First.User);
                Assert.True(deposit.Second.Time < withdrawal.Time);
            }
        }
    }

    [Fact]
    public void Every_habit_is_acted_out() => Assert.Equal(Enum.GetValues<PoolHabit>(), People.Value.Habits.Distinct().Order());

    [Fact]
    public void A_seed_makes_the_same_people_again()
    {
        static IEnumerable<string> Rows(ulong seed) => new PoolPopulation(seed, 200).Book.Pools.SelectMany(pool => pool.Withdrawals).Select(one => $"{one.Transaction} {one.Block} {one.Recipient}");
        Assert.Equal(Rows(9), Rows(9));
        Assert.NotEqual(Rows(9), Rows(10));
    }
}
