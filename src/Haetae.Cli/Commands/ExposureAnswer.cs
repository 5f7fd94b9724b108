using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Bounds;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>What was asked of an address, and the answer, with the ledger that names its parts.</summary>
internal sealed record ExposureAnswer(BitcoinLedger Ledger, string Address, byte[] Script, TraceRequest Asked, TraceQuery Query, Exposure Found)
{
    /// <summary>The last block looked at.</summary>
    internal int AsOf => Math.Min(Query.UntilHeight ?? int.MaxValue, Ledger.TipHeight);

    /// <summary>Where looking stopped, in sentences: a figure of nought is worth what its limits are worth.</summary>
    internal IReadOnlyList<string> Limits()
    {
        var limits = new List<string> { $"Looked at blocks {Ledger.Manifest.FirstHeight} to {AsOf}." };
        if (Asked.Stops.Length > 0) limits.Add($"Stolen money is parked at {string.Join(" and ", Asked.Stops.Reverse())}: what leaves such a place was not followed (--stops none follows it).");
        foreach (var what in Asked.Through) limits.Add($"Followed through {what}, at the asker's wish.");
        if (Ledger.Counts.UnknownInputs > 0) limits.Add($"It is parked, too, where a transaction spends an input of unknown value: the ledger holds {Amounts.Count(Ledger.Counts.UnknownInputs, "such input", "such inputs")}.");
        if (Ledger.Manifest.FirstHeight > 0) limits.Add($"The ledger starts at block {Ledger.Manifest.FirstHeight}.");
        if (Query.FeeRule == FeeRule.Drop) limits.Add("Fees are not followed to the miners.");
        if (!Found.IsTight) limits.Add("Where the reward of a block is not known, the bounds are wider than they need be.");
        return limits;
    }

    /// <summary>TXID:VOUT, height and value of an output on the way.</summary>
    internal (string TxId, long Vout, int Height, long Value) Place(long output)
    {
        var transaction = Ledger.Graph.TransactionOf(output);
        return (Ledger.TxIds[transaction].ToString(), output - Ledger.Graph.FirstOutput[transaction], Ledger.Graph.HeightOf(transaction), Ledger.Graph.Value[output]);
    }
}
