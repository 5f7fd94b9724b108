namespace Haetae.Tracing.Policies;

/// <summary>First in, first out: the satoshi leave a transaction in the order in which they came in.</summary>
/// <remarks>
/// Contract: the inputs' pieces stand in a line in input order; each output in turn takes its value from the front; the fee is what is
/// left at the end. Every satoshi of an output comes from exactly one satoshi of one input, so the trace can be run backward.
/// Assumes: the order of inputs and outputs says which money was paid where, as Clayton's case assumes it of a bank account.
/// Errs: a wallet, or a thief, chooses that order, often at random; the answer is definite but may be definitely wrong. Show it beside
/// other policies. Source: Devaynes v Noble (Clayton's case, 1816); Anderson, Shumailov, Ahmed, "Making Bitcoin Legal" (2018).
/// </remarks>
internal readonly struct Fifo : ILinePolicy
{
    public static Policy Policy => Policy.Fifo;

    public static bool FromBack => false;
}
