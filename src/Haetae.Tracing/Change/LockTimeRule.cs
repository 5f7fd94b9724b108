namespace Haetae.Tracing.Change;

/// <summary>A wallet either sets lock times or it does not.</summary>
/// <remarks>
/// Contract: outputs that are unspent, or spent by a transaction that sets a lock time if and only if this one does. Errs: when payer and payee use the same program; one person
/// may use two. Source: BlockSci, LocktimeChange.
/// </remarks>
public sealed class LockTimeRule : OutputRule
{
    public override string Name => "locktime";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => output.Spender is not { } spender || spender.LockTime > 0 == transaction.LockTime > 0;
}
