namespace Haetae.Tracing.Engine;

/// <summary>The transactions that taint has reached and that still wait for their turn, taken in chain order.</summary>
/// <remarks>A spend always lies later in the chain than what it spends, so nothing is ever added before the last one taken, save after a <see cref="Rewind"/>.</remarks>
internal interface IOpenTransactions
{
    /// <summary>Opens a transaction, or adds to the taint of an open one.</summary>
    void Add(uint transaction, long tainted);

    /// <summary>Takes the first open transaction if it lies before <paramref name="before"/>.</summary>
    /// <param name="tainted">The sum of what was added for it; 0 where amounts are not kept.</param>
    bool TryTake(uint before, out uint transaction, out long tainted);

    /// <summary>Lets transactions from here on be added again, though a later one was looked at. None before may be open.</summary>
    void Rewind(uint transaction);
}
