using System.Globalization;
using Haetae.Tracing.Mixers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>Pools as text.</summary>
internal static class PoolText
{
    private const int MostRows = 20;

    internal static void Write(PoolAnswer answer, TextWriter output)
    {
        for (var p = 0; p < answer.Pools.Count; p++)
        {
            var (events, broken, _) = answer.Pools[p];
            output.WriteLine($"Pool          {PlainText.Of(events.Pool.Address is null ? events.Pool.Name : $"{events.Pool.Name}, {events.Pool.Denomination} base units of {events.Pool.Symbol}")}: {Amounts.Count(events.Deposits.Count, "deposit", "deposits")}, {Amounts.Count(events.Withdrawals.Count, "withdrawal", "withdrawals")}, {Amounts.Count(events.Withdrawals.Count(one => one.IsRelayed))} of these by a relayer");
            output.WriteLine(broken.Count == 0
                ? "Invariants    hold: no leaf gap, leaves in order, nothing spent twice, never more out than in (inside a block deposits are taken to come first)"
                : $"Invariants    BROKEN in {Amounts.Count(broken.Count, "row", "rows")}: rows are missing, doubled or wrong, and what follows means little");
            foreach (var one in broken.Take(MostRows)) output.WriteLine($"  {one.Rule}: {one.Row}");
            if (broken.Count > MostRows) output.WriteLine($"  and {Amounts.Count(broken.Count - MostRows)} more: --json lists all.");
            Spread("Naive sets", answer.Pools[p].Spread(one => one.Naive), output);
            Spread("After links", answer.Pools[p].Spread(one => one.Linked), output);
            foreach (var run in answer.Runs) output.WriteLine($"  {run.Method,-19} {Rule(run, p)}");
            output.WriteLine();
        }

        foreach (var (pool, of) in answer.Candidates) Candidates(answer, pool, of, output);
        foreach (var note in answer.Notes) output.WriteLine($"Note          {PlainText.Of(note)}");
        output.WriteLine("Links are evidence, not fact: docs/accuracy.md says how often each rule is right. --json lists every withdrawal.");
    }

    private static void Spread(string name, (int Least, int Median, int Most)? spread, TextWriter output)
    {
        if (spread is var (least, median, most)) output.WriteLine($"{name,-13} {Amounts.Count(least)} to {Amounts.Count(most)} deposits, the middle one {Amounts.Count(median)}");
    }

    private static string Rule(HeuristicRun run, int pool)
    {
        if (run.NotRun is { } reason) return $"not run: {reason}";
        var links = run.Links.Where(link => link.Pool == pool).ToList();
        var text = $"{Amounts.Count(links.Select(link => link.Withdrawal).Distinct().Count(), "withdrawal", "withdrawals")} linked, {Amounts.Count(links.Where(link => link.Rivals == 0).Select(link => link.Withdrawal).Distinct().Count())} without a rival";
        return run.Tested > 0 ? $"{text} ({Amounts.Count(run.Tested, "pair", "pairs")} tested over all pools, best score {links.Select(link => link.Score).DefaultIfEmpty().Max()})" : text;
    }

    private static void Candidates(PoolAnswer answer, int pool, WithdrawalCandidates of, TextWriter output)
    {
        var (events, _, sets) = answer.Pools[pool];
        var withdrawal = events.Withdrawals[of.Withdrawal];
        output.WriteLine($"Withdrawal    0x{withdrawal.Transaction}, block {withdrawal.Block}, to {withdrawal.Recipient.ToEip55()}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Hides among   {sets[of.Withdrawal].Naive:#,0} deposits, {of.Candidates:#,0} of them not spent by others as links have it; as many as {of.EffectiveHundredths / 100:#,0}.{of.EffectiveHundredths % 100:00} equally likely ones"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Candidates    the likeliest {of.Top.Count:#,0}, links trusted at {DepositCandidates.UsualTrust / 10} % (a judgement)"));
        foreach (var candidate in of.Top)
        {
            var deposit = events.Deposits[candidate.Deposit];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {candidate.Millionths / 10_000,3}.{candidate.Millionths % 10_000:0000} %  leaf {deposit.Leaf}, block {deposit.Block}, 0x{deposit.Transaction}  {string.Join(", ", candidate.Methods)}").TrimEnd());
        }

        output.WriteLine();
    }
}
