namespace Haetae.Tracing;

/// <summary>Whether a transaction of two equal outputs and two changes falls into two halves that pay exactly the same part of the fee.</summary>
/// <remarks>
/// Samourai's Stonewall, one wallet's imitation of a CoinJoin of two, and its variant with a friend split the fee evenly between two sets of inputs; a taker pays all of it. Up to
/// 18 funds. The satoshi left where the fee is odd belongs to either. Source: Samourai Wallet's documentation of Stonewall, and recorded transactions, looked at one by one.
/// </remarks>
internal static class StonewallHalves
{
    private const int MostFunds = 18;

    internal static bool Found(ShapeFacts facts)
    {
        if (facts.Equal != 2 || facts.Others != 2) return false;
        var changes = facts.Times.Where(pair => pair.Key != facts.Mode).SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value)).ToArray();
        var funds = facts.Shape.Inputs.GroupBy(input => Convert.ToHexString(input.Script!)).Select(group => group.Sum(input => input.Value!.Value)).ToArray();
        if (funds.Length > MostFunds) return false;
        var all = funds.Sum();
        for (var mask = 1; mask < (1 << funds.Length) - 1; mask++)
        {
            long sum = 0;
            for (var fund = 0; fund < funds.Length; fund++)
                if ((mask >> fund & 1) != 0) sum += funds[fund];
            long one = sum - facts.Mode - changes[0], other = all - sum - facts.Mode - changes[1];
            if (one >= 0 && other >= 0 && Math.Abs(one - other) <= 1) return true;
        }

        return false;
    }
}
