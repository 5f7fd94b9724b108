using System.Globalization;
using Haetae.Intel.Pools;
using Haetae.Tracing.Mixers;

namespace Haetae.Cli.Accuracy;

/// <summary>Rules that link withdrawals of pools with deposits, against simulated users; and what the recorded lists let be asked, where nobody knows the truth.</summary>
internal static class PoolMeasures
{
    private const ulong Seed = 424_242, HeldOutSeed = 20_261_121, LaterSeed = 20_261_122;
    private const int Users = 5_000, LeastScore = 500;

    internal static readonly Measurement[] All =
    [
        new("pools-simulated", AccuracySection.Pools, Simulated),
        new("pools-held-out", AccuracySection.Pools, HeldOut),
        new("pools-recorded", AccuracySection.Pools, Recorded),
    ];

    private static readonly (string Method, PoolHabit Habit)[] Meant =
    [
        (AddressMatch.Name, PoolHabit.Reuse), (GasPriceMatch.Name, PoolHabit.TypedGas), (LinkedAddress.Name, PoolHabit.LinkedWallets), (MultiDenomination.Name, PoolHabit.Denominations),
        (FifoBursts.Name, PoolHabit.Script), (VolumeMatch.Name, PoolHabit.Thief),
    ];

    private static IEnumerable<Figure> Simulated(AccuracyData data, CancellationToken cancel)
    {
        var people = new PoolPopulation(Seed, Users);
        var set = string.Create(CultureInfo.InvariantCulture, $"{Users:#,0} simulated users of four pools");
        var note = string.Create(CultureInfo.InvariantCulture, $"seed {Seed}; habits and their shares are ours, not measured: tests the rule, not the world");
        var runs = AnonymitySets.Ask(people.Book, new PoolTerms());
        foreach (var (method, habit) in Meant)
        {
            cancel.ThrowIfCancellationRequested();
            var links = runs.Single(run => run.Method == method).Links;
            var claims = links.Where(link => link.Score >= LeastScore).ToList();
            var linked = claims.Where(link => IsRight(people, link)).Select(link => (link.Pool, link.Withdrawal)).ToHashSet();
            yield return Row(method, $"{set}: links without rivals", "right", Share(links.Where(link => link.Rivals == 0), link => IsRight(people, link)));
            yield return Row(method, $"{set}: links with rivals", "right", Share(links.Where(link => link.Rivals > 0), link => IsRight(people, link)));
            yield return Row(method, $"the same: withdrawals of users with the habit ({Words(habit)})", "linked", Share(Withdrawals(people).Where(one => HabitOf(people, one) == habit), linked.Contains));
            yield return Row(method, "the same: all withdrawals", "linked", Share(Withdrawals(people), linked.Contains));
            var wrong = claims.Where(link => !IsRight(people, link)).Select(link => (link.Pool, link.Withdrawal)).ToHashSet();
            yield return Row(method, "the same: withdrawals of careful users", "falsely linked", Share(Withdrawals(people).Where(one => HabitOf(people, one) == PoolHabit.Careful), wrong.Contains));
        }

        var any = runs.SelectMany(run => run.Links).Where(link => link.Score >= LeastScore).ToLookup(link => (link.Pool, link.Withdrawal));
        yield return Row("any rule", "the same: all withdrawals", "linked", Share(Withdrawals(people), one => any[one].Any(link => IsRight(people, link))));
        yield return Row("any rule", "the same: withdrawals of careful users", "falsely linked", Share(Withdrawals(people).Where(one => HabitOf(people, one) == PoolHabit.Careful), one => any[one].Any(link => !IsRight(people, link))));
        foreach (var figure in Candidates(people, runs, any, Row)) yield return figure;

        Figure Row(string method, string of, string measure, Rate rate) => new(AccuracySection.Pools, method, of, measure, rate, method == FifoBursts.Name ? note + "; its score was chosen on these very users: not held out" : note);
    }

    // Other users of the same making, drawn when every rule and term stood; for the gas price later ones, drawn when its second version did.
    private static IEnumerable<Figure> HeldOut(AccuracyData data, CancellationToken cancel) =>
        HeldOut(HeldOutSeed, "all rules", [.. Meant.Where(one => one.Method != GasPriceMatch.Name)], book => AnonymitySets.Ask(book, new PoolTerms()), cancel)
            .Concat(HeldOut(LaterSeed, "the rule's second version", [.. Meant.Where(one => one.Method == GasPriceMatch.Name)], book => [GasPriceMatch.Of(book, new PoolTerms())], cancel));

    private static IEnumerable<Figure> HeldOut(ulong seed, string stood, (string Method, PoolHabit Habit)[] meant, Func<PoolBook, IReadOnlyList<HeuristicRun>> ask, CancellationToken cancel)
    {
        var people = new PoolPopulation(seed, Users);
        var set = string.Create(CultureInfo.InvariantCulture, $"{Users:#,0} other simulated users");
        var note = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, first drawn when {stood} stood: held out; habits and their shares are ours all the same");
        var runs = ask(people.Book);
        foreach (var (method, habit) in meant)
        {
            cancel.ThrowIfCancellationRequested();
            var links = runs.Single(run => run.Method == method).Links;
            var claims = links.Where(link => link.Score >= LeastScore).ToLookup(link => IsRight(people, link), link => (link.Pool, link.Withdrawal));
            var (right, wrong) = (claims[true].ToHashSet(), claims[false].ToHashSet());
            yield return Row(method, $"{set}: links without rivals", "right", Share(links.Where(link => link.Rivals == 0), link => IsRight(people, link)));
            yield return Row(method, $"{set}: withdrawals of those with the habit ({Words(habit)})", "linked", Share(Withdrawals(people).Where(one => HabitOf(people, one) == habit), right.Contains));
            yield return Row(method, $"{set}: withdrawals of careful ones", "falsely linked", Share(Withdrawals(people).Where(one => HabitOf(people, one) == PoolHabit.Careful), wrong.Contains));
        }

        Figure Row(string method, string of, string measure, Rate rate) => new(AccuracySection.Pools, method, of, measure, rate, note);
    }

    // Whether links lead to the very deposit, and whether they take the true one away from others.
    private static IEnumerable<Figure> Candidates(PoolPopulation people, IReadOnlyList<HeuristicRun> runs, ILookup<(int Pool, int Withdrawal), PoolLink> any, Func<string, string, string, Rate, Figure> row)
    {
        long kept = 0, unlinked = 0, first = 0, likely = 0, reduced = 0, naive = 0;
        for (var pool = 0; pool < people.Book.Pools.Count; pool++)
        {
            var sets = AnonymitySets.Of(people.Book, pool, runs, LeastScore);
            var view = new DepositCandidates(people.Book, pool, runs);
            var spentBy = AnonymitySets.SpentBy(people.Book, pool, runs, LeastScore);
            var depositOf = people.DepositTruth[pool].Index().ToDictionary(one => one.Item.Note, one => one.Index);
            for (var w = 0; w < sets.Count; w++)
            {
                var truth = depositOf[people.WithdrawalTruth[pool][w].Note];
                if (any.Contains((pool, w)))
                {
                    if (view.Of(w, 1).Top is not [{ Millionths: >= 500_000 } best]) continue;
                    likely++;
                    if (best.Deposit == truth) first++;
                    continue;
                }

                unlinked++;
                if (spentBy[truth] < 0) kept++;
                naive += sets[w].Naive;
                reduced += sets[w].Naive - sets[w].Linked;
            }
        }

        yield return row("sets after links", "the same: unlinked withdrawals, their true deposit still in the set", "kept", new Rate(kept, unlinked));
        yield return row("sets after links", "the same: deposits in naive sets of unlinked withdrawals, all together", "taken out", new Rate(reduced, naive));
        yield return row("candidates", "the same: a deposit of one half or more is the very one", "right", new Rate(first, likely));
    }

    private static string Words(PoolHabit habit) => habit switch
    {
        PoolHabit.Reuse => "address reuse",
        PoolHabit.TypedGas => "typed gas price",
        PoolHabit.LinkedWallets => "linked wallets",
        PoolHabit.Denominations => "several denominations",
        PoolHabit.Script => "a program's pace",
        PoolHabit.Thief => "a thief's volume",
        _ => throw new ArgumentOutOfRangeException(nameof(habit), habit, null),
    };

    private static bool IsRight(PoolPopulation people, PoolLink link) => people.DepositTruth[link.Pool][link.Deposits[0]].User == people.WithdrawalTruth[link.Pool][link.Withdrawal].User;

    private static IEnumerable<(int Pool, int Withdrawal)> Withdrawals(PoolPopulation people) => people.WithdrawalTruth.SelectMany((pool, p) => pool.Select((_, w) => (p, w)));

    private static PoolHabit HabitOf(PoolPopulation people, (int Pool, int Withdrawal) one) => people.Habits[people.WithdrawalTruth[one.Pool][one.Withdrawal].User];

    private static Rate Share<T>(IEnumerable<T> all, Func<T, bool> holds)
    {
        long hits = 0, of = 0;
        foreach (var one in all)
        {
            of++;
            if (holds(one)) hits++;
        }

        return new Rate(hits, of);
    }

    private static IEnumerable<Figure> Recorded(AccuracyData data, CancellationToken cancel)
    {
        const string note = "no truth: depositors and gas prices are not in the lists, so only sets and pauses can be asked";
        List<PoolEvents> pools = [.. new[] { "0.1", "1", "10", "100" }.Select(name => Read(data, name))];
        foreach (var pool in pools)
        {
            cancel.ThrowIfCancellationRequested();
            var book = new PoolBook([pool]);
            var set = $"recorded {pool.Pool.Name} pool of Tornado Cash";
            var rows = pool.Deposits.Count + pool.Withdrawals.Count;
            yield return new Figure(AccuracySection.Pools, "invariants", $"{set}: deposits and withdrawals", "broken", new Rate(PoolInvariants.Check(pool).Count, rows), "inside a block deposits are taken to come first");
            yield return new Figure(AccuracySection.Pools, "naive sets", $"{set}: withdrawals", "under 100 deposits", Share(AnonymitySets.Of(book, 0, []), one => one.Naive < 100), note);
            yield return new Figure(AccuracySection.Pools, "relayed", $"{set}: withdrawals", "with a fee", Share(pool.Withdrawals, withdrawal => withdrawal.IsRelayed), note);
            var bursts = FifoBursts.Of(book, new PoolTerms());
            var named = bursts.Links.Select(link => link.Withdrawal).Distinct().Count();
            var score = bursts.Links.Select(link => link.Score).DefaultIfEmpty().Max();
            yield return new Figure(AccuracySection.Pools, FifoBursts.Name, $"{set}: withdrawals", "named", new Rate(named, pool.Withdrawals.Count), string.Create(CultureInfo.InvariantCulture, $"no truth; {bursts.Tested:#,0} pairs of bursts tested at one in a hundred; best score {score}, where 0 means that luck explains them all"));
        }
    }

    private static PoolEvents Read(AccuracyData data, string name)
    {
        var (deposits, _) = List($"deposits_eth_{name}.json.zip");
        var (_, withdrawals) = List($"withdrawals_eth_{name}.json.zip");
        return new PoolEvents(new Pool(name + " ETH", PoolEventList.NamedPool($"deposits_eth_{name}.json")!.Value.Denomination, "ETH", 18), deposits, withdrawals);

        (IReadOnlyList<PoolDeposit> Deposits, IReadOnlyList<PoolWithdrawal> Withdrawals) List(string file)
        {
            var path = data.File("ethereum", "tornado-cash", file);
            using var stream = File.OpenRead(path);
            return PoolEventList.Read(stream, path);
        }
    }
}
