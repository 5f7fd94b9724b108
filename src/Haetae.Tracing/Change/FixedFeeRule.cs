namespace Haetae.Tracing.Change;

/// <summary>A program with a fixed fee rate pays it again when it spends its change.</summary>
/// <remarks>
/// Contract: outputs that are unspent, or spent at the same satoshi for 1,000 virtual bytes, rounded down; unknown fees rule nothing out. Errs: on every program that estimates its fees,
/// whose change this rule rules out once it is spent. Source: BlockSci, FixedFeeChange.
/// </remarks>
public sealed class FixedFeeRule : OutputRule
{
    public override string Name => "fixed-fee";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) =>
        output.Spender?.FeePerKilobyte is not { } rate || transaction.FeePerKilobyte is not { } own || rate == own;
}
