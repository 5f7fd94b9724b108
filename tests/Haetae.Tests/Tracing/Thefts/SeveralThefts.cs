using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Thefts;

namespace Haetae.Tests.Tracing.Thefts;

/// <summary>Several random thefts on one random ledger; their seeds may overlap.</summary>
internal static class SeveralThefts
{
    public static List<Theft> On(RandomTheft ledger)
    {
        var dice = new Dice(ledger.Seed ^ 0xC0FFEE);
        var thefts = new List<Theft>();
        for (var count = 1 + dice.Below(4); count > 0; count--)
        {
            var seeds = new Dictionary<long, long>();
            for (var n = 1 + dice.Below(3); n > 0; n--)
            {
                var output = dice.Below(ledger.Graph.OutputCount);
                if (ledger.Graph.Value[output] > 0) seeds[output] = dice.OneIn(3) ? 1 + dice.Below(ledger.Graph.Value[output]) : ledger.Graph.Value[output];
            }

            if (seeds.Count > 0) thefts.Add(new Theft($"theft-{count}", [.. seeds.Select(seed => new StolenOutput(seed.Key, seed.Value))]));
        }

        return thefts.Count > 0 ? thefts : [new Theft("only", ledger.Query.Seeds)];
    }

    /// <summary>Limits that bite now and then, no earlier than the last seed.</summary>
    public static TraceQuery Limits(RandomTheft ledger, IEnumerable<Theft> thefts, FeeRule rule)
    {
        var last = thefts.SelectMany(theft => theft.Seeds).Max(seed => ledger.Graph.HeightOf(ledger.Graph.TransactionOf(seed.Output)));
        var query = ledger.Query with { Seeds = [], FeeRule = rule, Stops = ledger.Seed % 3 == 0 ? new RandomStops(ledger.Seed) : null };
        return (ledger.Seed % 5) switch
        {
            0 => query,
            1 => query with { MinValue = ledger.MinValue },
            2 => query with { MaxTransactions = ledger.MaxTransactions },
            3 => query with { UntilHeight = last + (int)(ledger.Seed % 2) },
            _ => query with { MinValue = ledger.MinValue, MaxTransactions = ledger.MaxTransactions, UntilHeight = last + (int)(ledger.Seed % 2) },
        };
    }
}
