using System.Collections.Immutable;
using Haetae.Ledger;
using Haetae.Tracing.Engine;

namespace Haetae.Tracing.Thefts;

/// <summary>Which theft claims how much of which output, at its front.</summary>
internal sealed class TheftClaims
{
    private readonly Dictionary<long, Tagged[]> _byOutput = [];

    /// <param name="limit">The first transaction that is not looked at.</param>
    public TheftClaims(UtxoGraph graph, ImmutableArray<Theft> thefts, uint limit)
    {
        for (var tag = 0; tag < thefts.Length; tag++)
        {
            Lists.Add(new SeedList(graph, thefts[tag].Seeds, limit));
            foreach (var seed in thefts[tag].Seeds) Add(graph, seed.Output, new Tagged(tag, seed.Stolen));
        }
    }

    /// <summary>Each output belongs whole to the tag of its place.</summary>
    public TheftClaims(UtxoGraph graph, IReadOnlyList<long> outputs)
    {
        for (var tag = 0; tag < outputs.Count; tag++) Add(graph, outputs[tag], new Tagged(tag, graph.Value[outputs[tag]]));
    }

    /// <summary>Each theft's seeds, in the order of thefts.</summary>
    public List<SeedList> Lists { get; } = [];

    /// <summary>The transactions that made seeds.</summary>
    public HashSet<uint> Transactions { get; } = [];

    /// <summary>The claims on an output, the earlier theft's first; none for most outputs.</summary>
    public ReadOnlySpan<Tagged> On(long output) => _byOutput.TryGetValue(output, out var claims) ? claims : [];

    /// <summary>All seeds as those of one theft: of an output, the largest part that any theft claims.</summary>
    public List<StolenOutput> Union() => [.. _byOutput.Select(pair => new StolenOutput(pair.Key, pair.Value.Max(claim => claim.Amount)))];

    private void Add(UtxoGraph graph, long output, Tagged claim)
    {
        Transactions.Add(graph.TransactionOf(output));
        _byOutput[output] = _byOutput.TryGetValue(output, out var claims) ? [.. claims, claim] : [claim];
    }
}
