namespace Haetae.Tracing.Change;

/// <summary>BlockSci's first rule: the one output that is both new and smaller than every input.</summary>
/// <remarks>
/// Contract: of a transaction that is no CoinJoin by BlockSci's test and pays two scripts or more, the output that is below the least input and whose script no earlier
/// transaction paid, if it is the only one. Errs: when the payee is new and is paid less than the change. Source: BlockSci, LegacyChange.
/// </remarks>
public sealed class LegacyRule : IChangeRule
{
    private static readonly IChangeRule Both = new OptimalChangeRule().And(new FreshAddressRule()).Unique();

    public string Name => "legacy";

    public SortedSet<int> Candidates(ChangeTransaction transaction) =>
        transaction.IsCoinJoin || transaction.Outputs.Count(output => output.IsSpendable) < 2 ? [] : Both.Candidates(transaction);
}
