namespace Haetae.Tracing;

/// <summary>What a search for paid makers found.</summary>
/// <param name="Gains">Satoshi that each maker found comes out with beyond what he brought, in the order of their changes from the largest; null where no sharing-out was found.</param>
/// <param name="Luck">For each of these matches, how many would be expected by luck, in thousandths, rounded up.</param>
/// <param name="Complete">False where there were too many inputs or steps: not found then says nothing.</param>
internal readonly record struct MakerSearch(IReadOnlyList<long>? Gains, IReadOnlyList<long> Luck, bool Complete);

/// <summary>Whether the inputs can be shared out so that all participants but one come out with more than they brought.</summary>
/// <remarks>
/// JoinMarket's makers are paid by the taker, who alone pays the miners: a maker's inputs are never worth more than his equal output and his change, and less by the fee he
/// asked. In a Stonewall, an exchange's batch or a round whose fee is shared, somebody else pays too. All selections of up to
/// 18 funds are looked at, beyond that those of four funds (up to 40) or three (up to 64). With many funds some selection fits by luck: <see cref="FundSelections.LuckInThousandths"/>.
/// Contract: a maker who gives more to the miners than he earns breaks it; no published default does.
/// Source: JoinMarket's documentation (makers' offers: an absolute or relative fee, less a contribution to the miners').
/// </remarks>
internal static class MakersPaid
{
    private const int MostFundsInFull = 18, MostTogether = 4;
    private const int MostSteps = 200_000, MostMatches = 200;

    internal static MakerSearch Search(ShapeFacts facts)
    {
        var changes = facts.Times.Where(pair => pair.Key != facts.Mode).SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value)).OrderDescending().ToArray();
        var funds = facts.Shape.Inputs.GroupBy(input => Convert.ToHexString(input.Script!)).Select(group => group.Sum(input => input.Value!.Value)).OrderDescending().ToArray();
        if (funds.Length > FundSelections.MostFunds) return new(null, [], Complete: false);
        var selections = FundSelections.Of(funds, MostFundsInFull, MostTogether);
        var steps = 0;
        var complete = selections.IsComplete;
        // The closest fees first: what they explain needs no dearer makers.
        foreach (var most in new[] { facts.Mode / 10_000, facts.Mode / 1_000, MostGain(facts.Mode) })
        {
            // Who has no change is the taker; where all have one, each may be his.
            for (var taker = 0; taker < (changes.Length == facts.Equal ? changes.Length : 1); taker++)
            {
                long[] makers = changes.Length == facts.Equal ? [.. changes.Where((_, change) => change != taker)] : changes;
                var placed = Place(selections, makers, facts.Mode, most, ref steps, out var gains);
                if (placed is null) complete = false;
                if (placed == true) return new(gains, [.. gains.Select((gain, maker) => selections.LuckInThousandths(facts.Mode + makers[maker], gain))], Complete: true);
            }
        }

        return new(null, [], complete);
    }

    /// <summary>What a taker gives a maker, at most: 2 % of the amount or 50,000 sat, never a tenth.</summary>
    internal static long MostGain(long amount) => Math.Min(Math.Max(50_000, amount / 50), amount / 10);

    // Gives each maker a selection of his own; null where it took too long.
    private static bool? Place(FundSelections selections, long[] makers, long equal, long most, ref int steps, out long[] gains)
    {
        var ranges = makers.Select(change => selections.Between(equal + change - most, equal + change)).ToArray();
        var order = Enumerable.Range(0, makers.Length).OrderBy(maker => ranges[maker].End - ranges[maker].First).ToArray();
        gains = new long[makers.Length];
        return Next(0, 0UL, ref steps, gains);

        bool? Next(int at, ulong used, ref int taken, long[] found)
        {
            if (at == order.Length) return true;
            var (first, end) = ranges[order[at]];
            for (var selection = end - 1; selection >= Math.Max(first, end - MostMatches); selection--)
            {
                if (++taken > MostSteps) return null;
                if ((selections.Mask(selection) & used) != 0) continue;
                found[order[at]] = equal + makers[order[at]] - selections.Sum(selection);
                if (Next(at + 1, used | selections.Mask(selection), ref taken, found) is var next and not false) return next;
            }

            return false;
        }
    }
}
