namespace Haetae.Tracing.Policies;

/// <summary>Last in, first out: the satoshi that came into a transaction last leave it first.</summary>
/// <remarks>
/// Contract: the inputs' pieces stand in a line in input order; each output in turn takes its value from the back, in the order the pieces
/// have there; the fee is what is left at the front. As under FIFO, every satoshi of an output comes from exactly one satoshi of one input.
/// Assumes: what was added last is spent first, as for goods on a pile; the order of inputs and outputs says which money was paid where.
/// Errs: as <see cref="Fifo"/>: the payer chooses the order. It is FIFO's counterpart, not its opposite: where both name the same output,
/// the order decided nothing. Source: the inventory rule of accounting, brought to the inputs of one transaction.
/// </remarks>
internal readonly struct Lifo : ILinePolicy
{
    public static Policy Policy => Policy.Lifo;

    public static bool FromBack => true;
}
