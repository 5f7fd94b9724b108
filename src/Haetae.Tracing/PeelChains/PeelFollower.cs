using Haetae.Ledger;

namespace Haetae.Tracing.PeelChains;

/// <summary>Follows a peel chain forward.</summary>
/// <remarks>
/// Contract: a hop has one input and two outputs that pay, and perhaps one that carries data. The chain goes on through an output whose script no earlier output paid and that a hop with the
/// same <see cref="Fingerprint"/> spends. If that is true of one output the other one was peeled; if of both or of neither, the chain ends there and says so: it never guesses.
/// Errs: when the payee's program has the same marks and pays on at once while the thief waits; and it loses a thief who changes programs. Amounts are not looked at.
/// Source: Kappos et al., "How to Peel a Million" (USENIX Security 2022); BlockSci for the shape.
/// </remarks>
public static class PeelFollower
{
    /// <summary>No chain is followed further.</summary>
    public const int MostHops = 100_000;

    /// <summary>From an output, through the transaction that spends it.</summary>
    public static PeelChain FromOutput(BitcoinLedger ledger, long output, int mostHops = MostHops, CancellationToken cancel = default) =>
        ledger.Graph.SpenderOf(output) is var spender && spender != 0 ? FromTransaction(ledger, spender, mostHops, cancel)
            : new PeelChain(ledger.Graph.Value[output], [], PeelEnd.NoHop, [output], [PeelMark.Unspent]);

    /// <summary>From a transaction, which is the first hop.</summary>
    public static PeelChain FromTransaction(BitcoinLedger ledger, uint transaction, int mostHops = MostHops, CancellationToken cancel = default)
    {
        var graph = ledger.Graph;
        var hops = new List<PeelHop>();
        if (!IsHop(ledger, transaction))
            return new PeelChain(0, hops, PeelEnd.NoHop, [], []);
        var start = Outputs(ledger, transaction).Sum(output => graph.Value[output]) + graph.Fee[transaction];
        for (var at = transaction; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var outputs = Outputs(ledger, at);
            var print = Fingerprint.Of(ledger, at);
            PeelMark[] marks = [.. outputs.Select(output => MarkOf(ledger, output, print))];
            var next = marks.Count(mark => mark == PeelMark.GoesOn) == 1 ? Array.IndexOf(marks, PeelMark.GoesOn) : -1;
            var time = graph.BlockTime[graph.BlockIndexOf(at)];
            var atLimit = hops.Count + 1 >= mostHops;
            if (next < 0 || atLimit)
            {
                hops.Add(new PeelHop(at, next < 0 ? null : outputs[1 - next], next < 0 ? null : outputs[next], graph.Fee[at], time));
                var end = next >= 0 ? PeelEnd.Limit : marks[0] == PeelMark.GoesOn ? PeelEnd.Ambiguous : PeelEnd.NoneGoesOn;
                return new PeelChain(start, hops, end, outputs, marks);
            }

            hops.Add(new PeelHop(at, outputs[1 - next], outputs[next], graph.Fee[at], time));
            at = graph.SpenderOf(outputs[next]);
        }
    }

    private static PeelMark MarkOf(BitcoinLedger ledger, long output, Fingerprint print)
    {
        var spender = ledger.Graph.SpenderOf(output);
        if (spender == 0) return PeelMark.Unspent;
        if (ledger.FindOutputs(ledger.ScriptOf(output)) is not [var first, ..] || first != output) return PeelMark.PaidBefore;
        if (!IsHop(ledger, spender)) return PeelMark.OtherShape;
        return Fingerprint.Of(ledger, spender) == print ? PeelMark.GoesOn : PeelMark.OtherFingerprint;
    }

    private static bool IsHop(BitcoinLedger ledger, uint transaction)
    {
        var graph = ledger.Graph;
        var outputs = graph.FirstOutput[transaction + 1L] - graph.FirstOutput[transaction];
        return graph.FirstInput[transaction + 1L] - graph.FirstInput[transaction] == 1 && outputs is 2 or 3 && graph.Fee[transaction] != UtxoGraph.UnknownFee && Outputs(ledger, transaction).Count == 2;
    }

    // Those that pay: data is left out. Its key tells, so that a crafted script costs nothing.
    private static List<long> Outputs(BitcoinLedger ledger, uint transaction)
    {
        var outputs = new List<long>();
        for (var output = ledger.Graph.FirstOutput[transaction]; output < ledger.Graph.FirstOutput[transaction + 1L]; output++)
            if (ledger.ScriptKeys[output] != 0) outputs.Add(output);
        return outputs;
    }
}
