namespace Haetae.Tracing.Change;

/// <summary>Most programs make a new address for change.</summary>
/// <remarks>
/// Contract: outputs whose script no earlier transaction paid. Errs: payees give new addresses too, and then both are left; in a ledger that begins in the middle an old address
/// looks new. Source: BlockSci, ClientChangeAddressBehaviorChange; Meiklejohn et al., "A Fistful of Bitcoins" (2013).
/// </remarks>
public sealed class FreshAddressRule : OutputRule
{
    public override string Name => "client-behavior";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => output.IsFirstPaidHere;
}
