namespace Haetae.Tracing.Change;

/// <summary>In a peeling chain the change goes on peeling.</summary>
/// <remarks>
/// Contract: where the transaction is of a peeling chain (<see cref="PeelShape"/>), outputs that are unspent or spent by a transaction of one; else no verdict.
/// Errs: two ordinary payments in a row have the shape, and then the payee's next payment is taken for change as easily. Source: BlockSci, PeelingChainChange.
/// </remarks>
public sealed class PeelingChainRule : OutputRule
{
    public override string Name => "peeling-chain";

    protected override bool Applies(ChangeTransaction transaction) => transaction.IsPeelingChain;

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => output.Spender is null or { IsPeelingChain: true };
}
