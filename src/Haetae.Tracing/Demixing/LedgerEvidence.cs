using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing.Demixing;

/// <summary>What happens around a mix and undoes it: outputs spent together later, addresses used again.</summary>
/// <remarks>
/// <c>post-mix-merge</c>. Contract: two or more outputs of the mix are spent by one transaction that is no CoinJoin by any rule; they are each other's. Score 900; where the spender has
/// over 20 inputs 600, as services gather the coins of many. Errs: where two participants paid the same service straight from the mix, which then gathers both; on PayJoin; on a CoinJoin that no rule knows.
/// <c>address-reuse</c>. Contract: an output pays a script that an input of the mix spends from (score 1,000), or one that another transaction pays too (800, the witness): whoever is known by that
/// address is the output's owner. Errs: where the address is a service's. At most <see cref="MostWitnesses"/> witnesses an output.
/// Sources: Goldfeder, Kalodner, Reisman, Narayanan, "When the cookie meets the blockchain" (2018); crocs-muni (2025) on post-mix behaviour.
/// </remarks>
public static class LedgerEvidence
{
    /// <summary>The rule of outputs spent together.</summary>
    public const string Merge = "post-mix-merge";

    /// <summary>The rule of addresses used again.</summary>
    public const string Reuse = "address-reuse";

    /// <summary>Transactions shown for one reused address.</summary>
    public const int MostWitnesses = 5;

    private const int ManyInputs = 20;

    /// <summary>What the ledger says of the outputs of a transaction, by rule and place.</summary>
    public static IEnumerable<LinkEvidence> Of(BitcoinLedger ledger, uint transaction, CancellationToken cancel = default) =>
        [.. Merges(ledger, transaction, cancel), .. Reuses(ledger, transaction, cancel)];

    private static IEnumerable<LinkEvidence> Merges(BitcoinLedger ledger, uint transaction, CancellationToken cancel)
    {
        var graph = ledger.Graph;
        var first = graph.FirstOutput[transaction];
        var spent = Enumerable.Range(0, (int)(graph.FirstOutput[transaction + 1L] - first)).Select(o => (Output: o, Spender: graph.SpenderOf(first + o))).Where(pair => pair.Spender != 0);
        foreach (var together in spent.GroupBy(pair => pair.Spender).Where(group => group.Count() > 1).OrderBy(group => group.Key))
        {
            cancel.ThrowIfCancellationRequested();
            var spender = together.Key;
            if (IsMix(ledger, spender)) continue;
            var inputs = graph.FirstInput[spender + 1L] - graph.FirstInput[spender];
            List<CoinPlace> places = [.. together.Select(pair => CoinPlace.Out(pair.Output))];
            foreach (var place in places)
                yield return new LinkEvidence(Merge, place, [.. places.Where(other => other != place)], inputs > ManyInputs ? 600 : 900, $"spent together with {(places.Count == 2 ? "it" : "them")} in a transaction of {inputs} inputs that is no CoinJoin") { Witness = spender };
        }
    }

    private static IEnumerable<LinkEvidence> Reuses(BitcoinLedger ledger, uint transaction, CancellationToken cancel)
    {
        var shape = TransactionShape.Of(ledger, transaction);
        var spent = shape.Inputs.Select((input, place) => (input, place)).Where(pair => pair.input.Script is not null).ToLookup(pair => Convert.ToHexString(pair.input.Script!), pair => CoinPlace.In(pair.place));
        for (var o = 0; o < shape.Outputs.Count; o++)
        {
            cancel.ThrowIfCancellationRequested();
            var script = shape.Outputs[o].Script;
            if (Script.IsUnspendable(script)) continue;
            if (spent[Convert.ToHexString(script)].ToList() is { Count: > 0 } inputs) yield return new LinkEvidence(Reuse, CoinPlace.Out(o), inputs, 1_000, "pays the address that the input spends from");
            foreach (var other in ledger.FindOutputs(script).Select(ledger.Graph.TransactionOf).Where(tx => tx != transaction).Distinct().Order().Take(MostWitnesses))
                yield return new LinkEvidence(Reuse, CoinPlace.Out(o), [], 800, "its address was paid by another transaction too") { Witness = other };
        }
    }

    private static bool IsMix(BitcoinLedger ledger, uint transaction) =>
        CoinJoins.PassesBlockSci(ledger, transaction) || CoinJoinRules.First(CoinJoinRules.Judge(TransactionShape.Of(ledger, transaction))) is { Kind: not (CoinJoinKind.WhirlpoolTx0 or CoinJoinKind.ChipMixerFunding) };
}
