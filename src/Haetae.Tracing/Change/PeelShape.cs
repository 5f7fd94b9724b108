using Haetae.Ledger;

namespace Haetae.Tracing.Change;

/// <summary>BlockSci's shape of a peeling chain.</summary>
/// <remarks>
/// One input and two outputs, and the same of the transaction it spends from or of one that spends its outputs. It looks no further than one transaction, so it also
/// holds for any two ordinary payments in a row. Source: BlockSci, heuristics, isPeelingChain. What was paid before the ledger's first block does not have the shape.
/// </remarks>
public static class PeelShape
{
    /// <summary>One input, two outputs.</summary>
    public static bool Has(BitcoinLedger ledger, uint transaction)
    {
        var graph = ledger.Graph;
        return graph.FirstInput[transaction + 1L] - graph.FirstInput[transaction] == 1 && graph.FirstOutput[transaction + 1L] - graph.FirstOutput[transaction] == 2;
    }

    /// <summary>The shape, and the same before it or behind it.</summary>
    public static bool IsPeelingChain(BitcoinLedger ledger, uint transaction)
    {
        if (!Has(ledger, transaction)) return false;
        var graph = ledger.Graph;
        var previous = graph.Previous[graph.FirstInput[transaction]];
        if (previous != OutputNum.NotHeld && Has(ledger, graph.TransactionOf(previous))) return true;
        for (var output = graph.FirstOutput[transaction]; output < graph.FirstOutput[transaction + 1L]; output++)
            if (graph.SpenderOf(output) is var spender && spender != 0 && Has(ledger, spender)) return true;
        return false;
    }
}
