using Haetae.Cli.Exercise;
using Haetae.Tracing.Mixers;

namespace Haetae.Cli.Accuracy;

/// <summary>How a simulated user takes points for anonymity mining.</summary>
internal enum ClaimHabit
{
    /// <summary>Takes none.</summary>
    None,

    /// <summary>Takes the points of each note by themselves: the very number that the rule asks for.</summary>
    EachNote,

    /// <summary>Takes the points of all notes in one sum.</summary>
    AllAtOnce,

    /// <summary>Takes a part of the sum and leaves the rest.</summary>
    SomePart,
}

/// <summary>Points that the users of a population take for having left notes in pools. The same on every machine for a seed.</summary>
/// <remarks>
/// Points gather, by the pool's rate for each block between deposit and withdrawal, in an account that nobody sees; what is taken out of it is public, and the pool it came from is not: every claim stands for every pool
/// of the book. One user in five claims, in one of three ways: our choice, not measured.
/// </remarks>
internal sealed class PoolClaims
{
    internal PoolClaims(PoolPopulation people, ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var user = 0; user < people.Habits.Count; user++) Habits.Add(random.OneIn(5) ? (ClaimHabit)random.Between(1, 3) : ClaimHabit.None);
        var earned = Earned(people);
        var claims = new List<MiningClaim>();
        for (var user = 0; user < Habits.Count; user++)
        {
            var sum = earned[user].Sum();
            if (sum == 0 || Habits[user] == ClaimHabit.None) continue;
            List<long> taken = Habits[user] switch
            {
                ClaimHabit.EachNote => earned[user],
                ClaimHabit.AllAtOnce => [sum],
                _ => [random.Between(1L, sum)],
            };
            foreach (var points in taken)
                for (var pool = 0; pool < people.Book.Pools.Count; pool++) claims.Add(new MiningClaim(pool, (ulong)points));
        }

        Book = people.Book with { Claims = claims };
    }

    /// <summary>By user.</summary>
    internal List<ClaimHabit> Habits { get; } = [];

    /// <summary>The population's pools, with the claims.</summary>
    internal PoolBook Book { get; }

    // By user, the points of each note, by pool and then in the order of withdrawal.
    private static List<long>[] Earned(PoolPopulation people)
    {
        List<long>[] earned = [.. people.Habits.Select(_ => new List<long>())];
        for (var p = 0; p < people.Book.Pools.Count; p++)
        {
            var pool = people.Book.Pools[p];
            var rate = MiningPoints.RateOf(pool.Pool)!.Value;
            var blockOf = people.DepositTruth[p].Index().ToDictionary(one => one.Item.Note, one => pool.Deposits[one.Index].Block);
            foreach (var (w, (user, note)) in people.WithdrawalTruth[p].Index()) earned[user].Add(rate * ((long)pool.Withdrawals[w].Block - blockOf[note]));
        }

        return earned;
    }
}
