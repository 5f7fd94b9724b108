using System.Globalization;
using Haetae.Ledger;

namespace Haetae.Tracing.Mixers;

/// <summary>A rule that events of a real pool never break, broken: rows are missing, doubled or wrong.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Row">What breaks it: the transaction and what stands beside it.</param>
public sealed record BrokenRule(string Rule, string Row);

/// <summary>What must hold for the events of a pool whatever its users do. Broken, sets and links mean nothing.</summary>
/// <remarks>
/// Contract: leaves are 0, 1, 2 … without a gap; blocks and times do not fall from leaf to leaf; no commitment is put in and no nullifier spent twice; at the end of every block no more was withdrawn
/// than deposited; no fee exceeds the denomination. Inside a block deposits count first, because lists do not tell the order: the generous reading. Source: the pool's contract, which appends each commitment at the next leaf and
/// refuses a nullifier it has seen.
/// </remarks>
public static class PoolInvariants
{
    /// <summary>Everything that is broken, rule by rule, in the order of rows; empty: nothing is.</summary>
    public static IReadOnlyList<BrokenRule> Check(PoolEvents events)
    {
        var broken = new List<BrokenRule>();
        var commitments = new HashSet<Hash256>();
        for (var i = 0; i < events.Deposits.Count; i++)
        {
            var deposit = events.Deposits[i];
            var expected = i == 0 ? 0 : events.Deposits[i - 1].Leaf + 1L;
            if (deposit.Leaf != expected) broken.Add(new BrokenRule("no leaf gap", Row(deposit, $"leaf {expected} was expected")));
            if (i > 0 && deposit.Block < events.Deposits[i - 1].Block) broken.Add(new BrokenRule("leaves in order of block", Row(deposit, $"the leaf before is in block {events.Deposits[i - 1].Block}")));
            if (i > 0 && deposit.Time < events.Deposits[i - 1].Time) broken.Add(new BrokenRule("leaves in order of time", Row(deposit, $"the leaf before is of {events.Deposits[i - 1].Time}")));
            if (!commitments.Add(deposit.Commitment)) broken.Add(new BrokenRule("unique commitments", Row(deposit, $"commitment {deposit.Commitment} was put in before")));
        }

        var nullifiers = new HashSet<Hash256>();
        List<uint> blocks = [.. events.Deposits.Select(deposit => deposit.Block).Order()];
        var ready = 0;
        foreach (var (withdrawn, withdrawal) in events.Withdrawals.OrderBy(withdrawal => withdrawal.Block).Index())
        {
            while (ready < blocks.Count && blocks[ready] <= withdrawal.Block) ready++;
            if (!nullifiers.Add(withdrawal.NullifierHash)) broken.Add(new BrokenRule("unique nullifiers", Row(withdrawal, $"nullifier {withdrawal.NullifierHash} was spent before")));
            if (withdrawn + 1 > ready) broken.Add(new BrokenRule("withdrawals never above deposits", Row(withdrawal, $"it is number {withdrawn + 1}, and {ready} were deposited until then")));
            if (withdrawal.Fee > events.Pool.Denomination) broken.Add(new BrokenRule("no fee above the denomination", Row(withdrawal, $"its fee is {withdrawal.Fee}")));
        }

        return [.. broken.GroupBy(one => one.Rule).SelectMany(rule => rule)];
    }

    private static string Row(PoolDeposit deposit, FormattableString what) =>
        FormattableString.Invariant($"deposit at leaf {deposit.Leaf}, block {deposit.Block}, transaction 0x{deposit.Transaction}: ") + what.ToString(CultureInfo.InvariantCulture);

    private static string Row(PoolWithdrawal withdrawal, FormattableString what) =>
        FormattableString.Invariant($"withdrawal in block {withdrawal.Block}, transaction 0x{withdrawal.Transaction}: ") + what.ToString(CultureInfo.InvariantCulture);
}
