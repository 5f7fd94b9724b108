using System.Numerics;

namespace Haetae.Tracing.Demixing;

/// <summary>Whose change it is in a round of equal outputs: the inputs that are worth the equal amount, the change and a fee.</summary>
/// <remarks>
/// Contract: the candidates of a change are the selections of input scripts (all of up to 12, else three at most) whose sum, less the equal amount and the change, is a fee that the kind of round allows: in
/// JoinMarket a maker's gain (none to 2 %; the taker's change is not looked for), in Wasabi 1 up to the coordinator's fee and the miners', elsewhere up to the miners'. The score is 1,000 / (1 + luck), where luck is
/// how many selections would come as close by chance: 1,000 where that is none, 500 where it is one. Change so linked is peeled from the mix: it was never mixed.
/// Errs: on owners who bring more coins than are tried, where two change outputs are one owner's, and by luck, of which score and rivals tell. Source: Maxwell (2013) on change in CoinJoin;
/// Möser, Böhme (2016).
/// </remarks>
public static class ChangeArithmetic
{
    /// <summary>The rule's name.</summary>
    public const string Name = "change-arithmetic";

    private const int MostFundsInFull = 12, MostTogether = 3, MostFits = 1_000, MostShown = 5, MostChanges = 128;

    /// <summary>Ranked candidates for each change of a round, in order of the outputs; nothing where it is no round of one equal amount, is too large, or the value of an input is unknown.</summary>
    public static IEnumerable<LinkEvidence> Of(TransactionShape shape, CoinJoinVerdict verdict)
    {
        var facts = new ShapeFacts(shape);
        if (verdict.Kind is not (CoinJoinKind.JoinMarket or CoinJoinKind.EqualOutputs or CoinJoinKind.Wasabi1 or CoinJoinKind.Wasabi11) || !facts.ValuesKnown || !facts.ScriptsKnown) yield break;
        var funds = shape.Inputs.Select((input, place) => (input, place)).GroupBy(pair => Convert.ToHexString(pair.input.Script!))
            .Select(group => (Sum: group.Sum(pair => pair.input.Value!.Value), Places: group.Select(pair => CoinPlace.In(pair.place)).ToList())).ToArray();
        if (funds.Length > FundSelections.MostFunds || facts.Others > MostChanges) yield break;
        var selections = FundSelections.Of([.. funds.Select(fund => fund.Sum)], MostFundsInFull, MostTogether);
        var (least, most) = Fees(facts, verdict);
        for (var o = 0; o < shape.Outputs.Count; o++)
        {
            var change = shape.Outputs[o].Value;
            if (change == 0 || verdict.Denominations.Contains(change)) continue;
            var taken = facts.Mode + change;
            var (first, end) = selections.Between(taken + least, taken + most);
            // In JoinMarket the closest come last, below what is taken out; elsewhere first, above it.
            var fits = Enumerable.Range(least < 0 ? Math.Max(first, end - MostFits) : first, Math.Min(end - first, MostFits)).Select(selection =>
            {
                var fee = selections.Sum(selection) - taken;
                return new LinkEvidence(Name, CoinPlace.Out(o), Places(funds, selections.Mask(selection)), (int)(1_000_000 / (1_000 + selections.LuckInThousandths(taken, Math.Abs(fee)))), Why(fee));
            });
            foreach (var candidate in LinkEvidence.Ranked(fits).Take(MostShown)) yield return candidate;
        }
    }

    private static (long Least, long Most) Fees(ShapeFacts facts, CoinJoinVerdict verdict)
    {
        var fee = facts.Shape.Inputs.Sum(input => input.Value!.Value) - facts.Shape.Outputs.Sum(output => output.Value);
        if (verdict.Kind == CoinJoinKind.JoinMarket) return (-MakersPaid.MostGain(facts.Mode), 0);
        // The coordinator asked 0.003 % of the equal amount for each participant, of each of them.
        return verdict.Kind == CoinJoinKind.EqualOutputs ? (0, fee) : (0, facts.Mode / 100_000 * facts.Equal * 3 + fee);
    }

    private static string Why(long fee) => fee < 0 ? $"worth the equal amount and this change, with {-fee} sat gained" : $"worth the equal amount, this change and {fee} sat of fees";

    private static List<CoinPlace> Places((long Sum, List<CoinPlace> Places)[] funds, ulong mask)
    {
        var places = new List<CoinPlace>();
        for (; mask != 0; mask &= mask - 1) places.AddRange(funds[BitOperations.TrailingZeroCount(mask)].Places);
        places.Sort();
        return places;
    }
}
