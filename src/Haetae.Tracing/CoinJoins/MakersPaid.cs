namespace Haetae.Tracing;

/// <summary>What a search for paid makers found.</summary>
/// <param name="Gains">Satoshi that each maker found comes out with beyond what he brought, in the order of their changes from the largest; null where no sharing-out was found.</param>
/// <param name="Luck">For each of these matches, how many would be expected by luck, in thousandths, rounded up.</param>
/// <param name="Complete">False where there were too many inputs or steps: not found then says nothing.</param>
internal readonly record struct MakerSearch(IReadOnlyList<long>? Gains, IReadOnlyList<long> Luck, bool Complete);

/// <summary>Whether the inputs can be shared out so that all participants but one come out with more than they brought.</summary>
/// <remarks>
/// JoinMarket's makers are paid by the taker, who alone pays the miners: a maker's inputs are never worth more than his equal output and his change, and less by the fee he
/// asked. In a Stonewall, an exchange's batch or a round whose fee is shared, somebody else pays too. Inputs of one script stay together. All selections of up to
/// 18 funds are looked at, beyond that those of four funds (up to 40) or three (up to 64). With many funds some selection fits by luck: what luck would give is the number of
/// selections, spread evenly over the sum of the funds, that fall within the gain found. Contract: a maker who gives more to the miners than he earns breaks it; no published default does.
/// Source: JoinMarket's documentation (makers' offers: an absolute or relative fee, less a contribution to the miners').
/// </remarks>
internal static class MakersPaid
{
    private const int MostFundsInFull = 18, MostFundsByFour = 40, MostFunds = 64;
    private const int MostSteps = 200_000, MostMatches = 200;

    internal static MakerSearch Search(ShapeFacts facts)
    {
        var changes = facts.Times.Where(pair => pair.Key != facts.Mode).SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value)).OrderDescending().ToArray();
        var funds = facts.Shape.Inputs.GroupBy(input => Convert.ToHexString(input.Script!)).Select(group => group.Sum(input => input.Value!.Value)).OrderDescending().ToArray();
        var all = funds.Sum();
        if (funds.Length > MostFunds) return new(null, [], Complete: false);
        var (sums, masks) = Selections(funds);
        var steps = 0;
        var complete = funds.Length <= MostFundsInFull;
        // The closest fees first: what they explain needs no dearer makers.
        foreach (var most in new[] { facts.Mode / 10_000, facts.Mode / 1_000, MostGain(facts.Mode) })
        {
            // Who has no change is the taker; where all have one, each may be his.
            for (var taker = 0; taker < (changes.Length == facts.Equal ? changes.Length : 1); taker++)
            {
                long[] makers = changes.Length == facts.Equal ? [.. changes.Where((_, change) => change != taker)] : changes;
                var matches = makers.Select(change => Matches(sums, facts.Mode + change, most)).ToArray();
                var order = Enumerable.Range(0, makers.Length).OrderBy(maker => matches[maker].Count).ToArray();
                var gains = new long[makers.Length];
                var placed = Place(0, 0UL);
                if (placed is null) complete = false;
                if (placed == true) return new(gains, [.. gains.Select(gain => (long)(((Int128)sums.Length * (gain + 1) * 1_000 + all - 1) / all))], Complete: true);

                bool? Place(int at, ulong used)
                {
                    if (at == order.Length) return true;
                    foreach (var match in matches[order[at]])
                    {
                        if (++steps > MostSteps) return null;
                        if ((masks[match] & used) != 0) continue;
                        gains[order[at]] = facts.Mode + makers[order[at]] - sums[match];
                        if (Place(at + 1, used | masks[match]) is var next and not false) return next;
                    }

                    return false;
                }
            }
        }

        return new(null, [], complete);
    }

    /// <summary>What a taker gives a maker, at most: 2 % of the amount or 50,000 sat, never a tenth.</summary>
    private static long MostGain(long amount) => Math.Min(Math.Max(50_000, amount / 50), amount / 10);

    // Selections whose sum lies between what the maker takes out and the most he can gain below it; the closest first.
    private static List<int> Matches(long[] sums, long takesOut, long most)
    {
        var matches = new List<int>();
        var at = Array.BinarySearch(sums, takesOut);
        if (at < 0) at = ~at - 1;
        while (at + 1 < sums.Length && sums[at + 1] == takesOut) at++;
        for (; at >= 0 && sums[at] >= takesOut - most && matches.Count < MostMatches; at--) matches.Add(at);
        return matches;
    }

    private static (long[] Sums, ulong[] Masks) Selections(long[] funds)
    {
        var sums = new List<long>();
        var masks = new List<ulong>();
        if (funds.Length <= MostFundsInFull)
        {
            for (var mask = 1UL; mask < 1UL << funds.Length; mask++)
            {
                // One fund more than a selection that was summed before.
                var last = System.Numerics.BitOperations.TrailingZeroCount(mask);
                var rest = mask & (mask - 1);
                sums.Add(funds[last] + (rest == 0 ? 0 : sums[(int)rest - 1]));
                masks.Add(mask);
            }
        }
        else
        {
            Add(0, 0, 0, funds.Length <= MostFundsByFour ? 4 : 3);
        }

        long[] sorted = [.. sums];
        ulong[] which = [.. masks];
        Array.Sort(sorted, which);
        return (sorted, which);

        void Add(int from, long sum, ulong mask, int left)
        {
            for (var fund = from; fund < funds.Length && left > 0; fund++)
            {
                sums.Add(sum + funds[fund]);
                masks.Add(mask | 1UL << fund);
                Add(fund + 1, sum + funds[fund], mask | 1UL << fund, left - 1);
            }
        }
    }
}
