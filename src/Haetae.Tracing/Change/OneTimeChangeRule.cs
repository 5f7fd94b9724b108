namespace Haetae.Tracing.Change;

/// <summary>GraphSense's rule: change is the one output to an address that nobody uses twice.</summary>
/// <remarks>
/// Contract: of a transaction with 2 to 10 outputs whose inputs are of one kind, the output of that kind, not a multiple of 1,000 satoshi, below the least input, to a script that no other
/// output of the ledger pays, if it is the only one. Confidence 50 of 100. Errs: later use of the address takes the verdict back, so it can change as the chain grows; and as <see cref="LegacyRule"/>.
/// Source: GraphSense, heuristics service (one-time change).
/// </remarks>
public sealed class OneTimeChangeRule : IChangeRule
{
    private static readonly IChangeRule Alike = new AddressTypeRule().And(new PowerOfTenRule(3)).And(new OptimalChangeRule());

    public string Name => "one-time-change";

    public SortedSet<int> Candidates(ChangeTransaction transaction)
    {
        if (transaction.Outputs.Count is < 2 or > 10) return [];
        var candidates = Alike.Candidates(transaction);
        candidates.RemoveWhere(place => !transaction.Outputs[place].IsPaidOnce);
        return candidates.Count == 1 ? candidates : [];
    }
}
