namespace Haetae.Tracing.Change;

/// <summary>Change that goes back to an address that was spent from.</summary>
/// <remarks>
/// Contract: outputs whose script an input spends from. The surest of these rules, as far as it speaks. Errs: where somebody pays an address that also pays here (a CoinJoin or
/// PayJoin with a reused address). Source: BlockSci, AddressReuseChange.
/// </remarks>
public sealed class AddressReuseRule : OutputRule
{
    public override string Name => "address-reuse";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => transaction.IsPaidBack(output);
}
