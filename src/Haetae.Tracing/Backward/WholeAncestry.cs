using Haetae.Ledger;

namespace Haetae.Tracing.Backward;

/// <summary>Every transaction that can have contributed. Each input of one in it is made by another or is a source, so nothing in it is of unknown origin.</summary>
internal sealed class WholeAncestry : Ancestry
{
    private readonly HashSet<long> _needed = [];

    public WholeAncestry(UtxoGraph graph, BackwardQuery query, CancellationToken cancellation) : base(graph, query)
    {
        foreach (var output in query.Outputs)
        {
            if (HasOrigin(output)) _needed.Add(output);
        }

        Walk(query, cancellation);
    }

    protected override void Visit(uint transaction)
    {
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++)
        {
            var output = Graph.Previous[input];
            if (output != OutputNum.NotHeld && Graph.Value[output] == 0) continue;
            if (HasOrigin(output, transaction)) _needed.Add(output);
        }
    }

    protected override IEnumerable<long> NeededOf(uint transaction)
    {
        var last = Graph.FirstOutput[transaction + 1L];
        for (var output = Graph.FirstOutput[transaction]; output < last; output++)
        {
            if (_needed.Contains(output)) yield return output;
        }
    }
}
