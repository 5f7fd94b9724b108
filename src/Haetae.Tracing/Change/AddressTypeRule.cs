namespace Haetae.Tracing.Change;

/// <summary>A wallet takes its change in the kind of script that it spends from.</summary>
/// <remarks>
/// Contract: where all inputs are known to be of one kind, outputs of that kind; else no verdict. Errs: when payer and payee have one kind (then it says nothing), and on wallets
/// that move to a newer kind of change. Source: BlockSci, AddressTypeChange.
/// </remarks>
public sealed class AddressTypeRule : OutputRule
{
    public override string Name => "address-type";

    protected override bool Applies(ChangeTransaction transaction) => transaction.InputKind is not null;

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => output.Kind == transaction.InputKind;
}
