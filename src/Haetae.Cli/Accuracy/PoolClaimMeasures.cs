using System.Globalization;
using Haetae.Tracing.Mixers;

namespace Haetae.Cli.Accuracy;

/// <summary>Points claimed for notes, against simulated users who claim some: in pools that few use and in pools that many use.</summary>
internal static class PoolClaimMeasures
{
    private const ulong Seed = 535_353, HeldOutSeed = 20_261_122;
    private const int Few = 300, Many = 5_000;

    internal static readonly Measurement[] All = [new("pools-claims", AccuracySection.Pools, Measure)];

    private static IEnumerable<Figure> Measure(AccuracyData data, CancellationToken cancel)
    {
        foreach (var (users, seed, drawn) in new[] { (Few, Seed, ""), (Many, Seed, ""), (Few, HeldOutSeed, ", first drawn when the rule stood: held out"), (Many, HeldOutSeed, ", first drawn when the rule stood: held out") })
        {
            cancel.ThrowIfCancellationRequested();
            var people = new PoolPopulation(seed, users);
            var claims = new PoolClaims(people, seed + 1);
            var links = MiningPoints.Of(claims.Book).Links;
            var right = links.Where(link => IsRight(people, link)).Select(link => (link.Pool, link.Withdrawal)).ToHashSet();
            var wrong = links.Where(link => !IsRight(people, link)).Select(link => (link.Pool, link.Withdrawal)).ToHashSet();
            var set = string.Create(CultureInfo.InvariantCulture, $"{users:#,0} simulated users of four pools, one in five claims points");
            var note = string.Create(CultureInfo.InvariantCulture, $"seed {seed}{drawn}; who claims, and how, is ours, not measured; a claim does not tell its pool and is asked of all four");
            List<(int Pool, int Withdrawal, ClaimHabit Habit)> all = [.. people.WithdrawalTruth.SelectMany((pool, p) => pool.Select((one, w) => (p, w, claims.Habits[one.User])))];
            yield return Row($"{set}: links", "right", links, link => IsRight(people, link));
            yield return Row("the same: withdrawals of users who claim note by note", "linked", all.Where(one => one.Habit == ClaimHabit.EachNote), one => right.Contains((one.Pool, one.Withdrawal)));
            yield return Row("the same: withdrawals of users who claim nothing", "falsely linked", all.Where(one => one.Habit == ClaimHabit.None), one => wrong.Contains((one.Pool, one.Withdrawal)));

            Figure Row<T>(string of, string measure, IEnumerable<T> cases, Func<T, bool> holds)
            {
                var list = cases.ToList();
                return new Figure(AccuracySection.Pools, MiningPoints.Name, of, measure, new Rate(list.Count(holds), list.Count), note);
            }
        }
    }

    private static bool IsRight(PoolPopulation people, PoolLink link) => people.DepositTruth[link.Pool][link.Deposits[0]].User == people.WithdrawalTruth[link.Pool][link.Withdrawal].User;
}
