using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>Whirlpool's tx0: one owner's coin cut into entries for a pool.</summary>
/// <remarks>
/// Contract: exactly one data output, of 64 bytes or 80; 1 to 70 equal entries a little above a pool's amount; besides them a coordinator's fee (half
/// to three times the published one, 5 % of the small pools, 3.5 % of the large) and at most one change. The data hides the fee's address. The fees of the pools of 2025 are
/// taken as 5 %, without a source.
/// Errs: a single entry is a weaker sign than several; a fee waived by a code is missed. It is no CoinJoin: change and entries have one
/// owner, and that is its worth. Source: Samourai Wallet's whirlpool-client; fees as in docs/accuracy.md.
/// </remarks>
internal static class WhirlpoolTx0Rule
{
    internal const string Name = "whirlpool-tx0";
    private const int MostEntries = 70;

    private static readonly (long Pool, long Fee)[] Pools =
        [(100_000, 5_000), (1_000_000, 50_000), (2_500_000, 125_000), (5_000_000, 175_000), (25_000_000, 1_250_000), (50_000_000, 1_750_000)];

    /// <summary>The published fee of the pool that an entry is for: the largest pool below it.</summary>
    internal static long FeeOf(long entry) => Pools.Last(pool => pool.Pool < entry).Fee;

    internal static CoinJoinVerdict Judge(ShapeFacts facts)
    {
        if (facts.DataOutputs != 1) return Not($"{facts.DataOutputs} data outputs; a tx0 has one");
        if (facts.Shape.Outputs.Single(output => Script.Classify(output.Script) == ScriptKind.NullData).Script is not [0x6a, 0x40, ..] and not [0x6a, 0x4c, 0x50, ..]) return Not("the data output does not hold 64 or 80 bytes");
        if (facts.Before(WhirlpoolRule.FirstHeight)) return Not($"before height {WhirlpoolRule.FirstHeight} there was no Whirlpool");
        foreach (var (pool, fee) in Pools)
        {
            foreach (var (entry, times) in facts.Times)
            {
                if (entry <= pool || entry > pool + WhirlpoolRule.MostAbove || times > MostEntries || facts.Payments.Count - times is < 1 or > 2) continue;
                var fees = facts.Times.Where(pair => pair.Key != entry && pair.Key >= fee / 2 && pair.Key <= 3 * fee).Sum(pair => pair.Value);
                if (fees == 0) continue;
                return new(Name, CoinJoinKind.WhirlpoolTx0, Finding.Fires, $"{times} entries just above the pool's {pool} sat, a fee, and the data that names it")
                {
                    Denominations = [entry],
                    Participants = 1,
                    Confidence = times > 1 ? Confidence.High : Confidence.Medium,
                };
            }
        }

        return Not("no entries just above a pool's amount beside a fee of that pool");
    }

    private static CoinJoinVerdict Not(string reason) => new(Name, CoinJoinKind.WhirlpoolTx0, Finding.Silent, reason);
}
