using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing.Demixing;

/// <summary>The change of a Whirlpool tx0: it goes back to the one who enters the pool.</summary>
/// <remarks>
/// Contract: a tx0 has one owner, so all its inputs, its entries and its change are his; of the two outputs that are neither entry nor data one is the coordinator's fee. Candidates for the change are those two; the
/// one farther from the pool's published fee is first and scores 950 where only it is outside the fee's range (half to three times), 500 where both could be the fee. With a single such output
/// there is no change. Errs: where somebody else paid for the entry.
/// Source: Samourai Wallet on "doxxic change".
/// </remarks>
public static class Tx0Change
{
    /// <summary>The rule's name.</summary>
    public const string Name = "tx0-change";

    /// <summary>The change of a tx0, with the inputs it belongs to; nothing where the verdict is another.</summary>
    public static IEnumerable<LinkEvidence> Of(TransactionShape shape, CoinJoinVerdict verdict)
    {
        if (verdict.Kind != CoinJoinKind.WhirlpoolTx0) return [];
        var entry = verdict.Denominations[0];
        List<int> rest = [.. Enumerable.Range(0, shape.Outputs.Count).Where(o => shape.Outputs[o].Value != entry && Script.Classify(shape.Outputs[o].Script) != ScriptKind.NullData)];
        if (rest.Count != 2) return [];
        IReadOnlyList<CoinPlace> inputs = [.. Enumerable.Range(0, shape.Inputs.Count).Select(CoinPlace.In)];
        var fee = WhirlpoolTx0Rule.FeeOf(entry);
        List<int> outside = [.. rest.Where(o => shape.Outputs[o].Value < fee / 2 || shape.Outputs[o].Value > 3 * fee)];
        if (outside.Count == 1) return [new LinkEvidence(Name, CoinPlace.Out(outside[0]), inputs, 950, "the change of a tx0; the other output is the coordinator's fee")];
        return rest.OrderByDescending(o => Math.Abs(shape.Outputs[o].Value - fee))
            .Select(o => new LinkEvidence(Name, CoinPlace.Out(o), inputs, 500, "the change of a tx0 or the coordinator's fee: both amounts could be either") { Rivals = 1 });
    }
}
