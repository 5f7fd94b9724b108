using Haetae.Ledger;
using Haetae.Tracing;

namespace Haetae.Tests.Tracing.Support;

/// <summary>A random ledger with a random theft in it, the same for the same seed.</summary>
internal sealed class RandomTheft
{
    public const long Subsidy = 40;

    public RandomTheft(ulong seed, bool unknownValues = false, bool large = false)
    {
        Seed = seed;
        var dice = new Dice(seed);
        var scale = large ? 1L + dice.Below(10_000_000_000) : 1;
        // Half the ledgers spread their transactions out, for the dense container works in words of 64, then 4,096, then 262,144.
        var gap = dice.OneIn(2) ? 0 : dice.OneIn(20) ? 4_000 : 100;
        var builder = new GraphBuilder();
        var spendable = new List<long>();
        var blocks = 2 + dice.Below(6);
        for (var block = 0; block < blocks; block++)
        {
            var coinbase = builder.Block(0, 0);
            var fees = 0L;
            for (var count = dice.Below(8); count > 0; count--)
            {
                var inputs = new List<long>();
                for (var n = 1 + dice.Below(4); n > 0 && spendable.Count > 0; n--)
                {
                    // Mostly young outputs, so that chains grow long.
                    var pick = spendable.Count - 1 - (int)dice.Below(dice.OneIn(2) ? spendable.Count : Math.Min(spendable.Count, 4));
                    inputs.Add(spendable[pick]);
                    spendable.RemoveAt(pick);
                }

                if (unknownValues && dice.OneIn(12)) inputs.Insert((int)dice.Below(inputs.Count + 1), OutputNum.NotHeld);
                if (inputs.Count == 0) break;
                var left = inputs.Where(input => input != OutputNum.NotHeld).Sum(builder.ValueOf);
                var values = new long[1 + dice.Below(5)];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = i == values.Length - 1 && dice.OneIn(2) ? left : dice.Below(left + 1);
                    left -= values[i];
                }

                if (gap > 0) builder.Skip(dice.Below(gap));
                var first = builder.Spend([.. inputs], values);
                spendable.AddRange(Enumerable.Range(0, values.Length).Select(i => first + i));
                fees += Math.Max(0, builder.FeeOf(builder.LastTransaction));
            }

            // The reward in two parts, sometimes not all of it claimed.
            var reward = Subsidy * scale + fees - (dice.OneIn(4) ? dice.Below(fees + 1) : 0);
            builder.SetValue(coinbase, dice.Below(reward + 1));
            builder.SetValue(coinbase + 1, reward - builder.ValueOf(coinbase));
            spendable.AddRange([coinbase, coinbase + 1]);
        }

        Graph = builder.Build();
        SubsidyAtHeight = _ => Subsidy * scale;
        var stolen = new SortedDictionary<long, long>();
        for (var count = 1 + dice.Below(4); count > 0; count--)
        {
            var output = dice.Below(Graph.OutputCount);
            if (Graph.Value[output] > 0) stolen[output] = dice.OneIn(3) ? 1 + dice.Below(Graph.Value[output]) : Graph.Value[output];
        }

        Query = new TraceQuery { Seeds = [.. stolen.Reverse().Select(pair => new StolenOutput(pair.Key, pair.Value))], SubsidyAtHeight = SubsidyAtHeight };
        MinValue = 1 + dice.Below(6 * scale);
        MaxTransactions = dice.Below(8);
        UntilHeight = Graph.HeightOf(Graph.TransactionOf(stolen.Keys.DefaultIfEmpty(0).Last())) + (int)dice.Below(3);
    }

    public ulong Seed { get; }

    public UtxoGraph Graph { get; }

    public TraceQuery Query { get; }

    public Func<int, long> SubsidyAtHeight { get; }

    /// <summary>A minimum, a count and a height that bite now and then.</summary>
    public long MinValue { get; }

    public long MaxTransactions { get; }

    public int UntilHeight { get; }

    /// <summary>Runs a check on many random thefts; a failure names the seed.</summary>
    public static void ForEach(int count, Action<RandomTheft> check, bool unknownValues = false, bool large = false)
    {
        for (var seed = 0UL; seed < (ulong)count; seed++)
        {
            var theft = new RandomTheft(seed, unknownValues, large);
            if (theft.Query.Seeds.Count == 0) continue;
            try
            {
                check(theft);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"random graph with seed {seed} (unknown values {unknownValues}, large {large})", failure);
            }
        }
    }
}
