namespace Haetae.Tracing.Change;

/// <summary>Outputs that have been spent: no sign of change, but the complement of the rules that let unspent outputs pass.</summary>
/// <remarks>Contract: spent outputs. Source: BlockSci, SpentChange.</remarks>
public sealed class SpentRule : OutputRule
{
    public override string Name => "spent";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => output.Spender is not null;
}

/// <summary>Names nothing: to compute clusters without change.</summary>
/// <remarks>Contract: the empty set. Source: BlockSci, NoChange.</remarks>
public sealed class NoneRule : IChangeRule
{
    public string Name => "none";

    public SortedSet<int> Candidates(ChangeTransaction transaction) => [];
}
