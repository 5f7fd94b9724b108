namespace Haetae.Tracing.Change;

/// <summary>Change is smaller than every input: else the wallet could have left that input out.</summary>
/// <remarks>
/// Contract: outputs below the least input; of inputs whose amount is unknown nothing is assumed. Errs: on wallets that gather small coins on purpose, and says nothing of
/// transactions with one input, where every output is smaller. Source: BlockSci, OptimalChangeChange; Nick, "Data-Driven De-Anonymization in Bitcoin" (2015).
/// </remarks>
public sealed class OptimalChangeRule : OutputRule
{
    public override string Name => "optimal-change";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => transaction.LeastInput is not { } least || output.Value < least;
}
