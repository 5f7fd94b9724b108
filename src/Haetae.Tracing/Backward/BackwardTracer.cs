using Haetae.Ledger;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Backward;

/// <summary>Where outputs' money comes from, back to its sources.</summary>
/// <remarks>
/// The walk back finds the transactions in question and the outputs at which it stops, the sources. Then every source is a theft of its own, the
/// earliest in the chain first, and the policy runs forward over these transactions alone; what arrives in the outputs asked about is the
/// answer. So it agrees with forward traces by construction: under FIFO and LIFO a source's amount is what a forward trace of that source
/// alone says; under haircut it may differ from it by the rounding, for here no place may be filled twice. Fees are lost, as under
/// <see cref="FeeRule.Drop"/>: a coinbase is a source, whosever fees are in it.
/// </remarks>
public sealed class BackwardTracer
{
    private readonly UtxoGraph _graph;
    private readonly BackwardQuery _query;
    private readonly Ancestry _ancestry;
    private readonly TheftClaims _claims;

    /// <exception cref="ArgumentException">An output or an option does not fit the ledger.</exception>
    /// <exception cref="LedgerCorruptException">The ledger contradicts itself.</exception>
    public BackwardTracer(UtxoGraph graph, BackwardQuery query, CancellationToken cancellation = default)
    {
        if (query.Outputs.Count == 0) throw new ArgumentException("A walk back needs at least one output to begin at.", nameof(query));
        foreach (var output in query.Outputs)
        {
            if ((ulong)output >= (ulong)graph.OutputCount || graph.Value[output] == 0)
                throw new ArgumentException(FormattableString.Invariant($"Output {output} has no origin: the ledger does not hold it, or it holds nothing."), nameof(query));
        }

        if (query.Outputs.Distinct().Count() != query.Outputs.Count) throw new ArgumentException("An output is named twice.", nameof(query));
        _graph = graph;
        _query = query;
        _ancestry = new Ancestry(graph, query, cancellation);
        _claims = new TheftClaims(graph, [.. Sources.Select(source => source.Output)]);
    }

    /// <summary>Every output at which the walk stopped, in chain order. Under no policy does money come from anywhere else.</summary>
    public IReadOnlyList<MoneySource> Sources => _ancestry.Sources;

    /// <summary>Transactions looked at.</summary>
    public long TransactionsVisited => _ancestry.Transactions.Count;

    /// <summary>What of each source is in the outputs asked about, under one policy.</summary>
    /// <exception cref="ArgumentException">The policy knows no tags.</exception>
    public BackwardOutcome Trace(Policy policy, CancellationToken cancellation = default)
    {
        if (policy == Policy.Poison) return new BackwardOutcome(policy, Sources, [], TooMixed: false);
        try
        {
            var arrived = Run(policy, [], cancellation).Arrived;
            int[] byAmount = [.. Enumerable.Range(0, arrived.Length).Where(tag => arrived[tag] > 0).OrderByDescending(tag => arrived[tag]).ThenBy(tag => tag)];
            return new BackwardOutcome(
                policy, [.. byAmount.Select(tag => Sources[tag] with { Amount = arrived[tag] })],
                Paths(policy, [.. byAmount.Take(_query.PathsFromSources)], cancellation), TooMixed: false);
        }
        catch (TooMixedException)
        {
            return new BackwardOutcome(policy, [], [], TooMixed: true);
        }
        finally
        {
            _graph.KeepAlive();
        }
    }

    // The parts of a few sources on their way: the same run again, with these alone written down.
    private List<TaintPath> Paths(Policy policy, int[] tags, CancellationToken cancellation)
    {
        if (tags.Length == 0) return [];
        var book = Run(policy, tags, cancellation);
        return [.. tags.Select(tag =>
        {
            var seed = new SeedList(_graph, [new StolenOutput(Sources[tag].Output, _graph.Value[Sources[tag].Output])], _graph.TransactionCount);
            var end = book.LargestOf(tag);
            var flow = new LineFlow(_graph, seed, book.FollowedOf(tag), outOfOrder: true);
            return PathFinder.Find(flow, [new TaintEnd(end.Output, end.Tainted, EndReason.Unspent)], 1)[0];
        })];
    }

    private SourceBook Run(Policy policy, int[] watched, CancellationToken cancellation)
    {
        var book = new SourceBook(_query.Outputs, _ancestry.Between, Sources.Count, watched);
        var query = new TraceQuery { Seeds = [] };
        switch (policy)
        {
            case Policy.Fifo: Line(fromBack: false); break;
            case Policy.Lifo: Line(fromBack: true); break;
            case Policy.Haircut: Shares<PartHaircut>(); break;
            case Policy.Tiho: Shares<PartTiho>(); break;
            case Policy.Tilo: Shares<PartTilo>(); break;
            case Policy.DirtyFirst: Shares<PartDirtyFirst>(); break;
            case Policy.CleanFirst: Shares<PartCleanFirst>(); break;
            default: throw new ArgumentException(FormattableString.Invariant($"{PolicyNames.NameOf(policy)} knows no tags, so it cannot tell sources apart."), nameof(policy));
        }

        return book;

        void Line(bool fromBack) => new LineTheftsRun(_graph, query, _graph.TransactionCount, _claims, book, Sources.Count, fromBack)
        {
            Within = _ancestry.Transactions,
            SeedsBeginAnew = true,
            MostWork = _query.MostWork,
            MostOpenParts = _query.MostWork / 4,
        }.Follow(cancellation);

        void Shares<TPolicy>() where TPolicy : struct, IPartPolicy => new ShareTheftsRun<TPolicy>(_graph, query, _graph.TransactionCount, _claims, book, Sources.Count)
        {
            Within = _ancestry.Transactions,
            SeedsBeginAnew = true,
            MostWork = _query.MostWork,
            MostOpenParts = _query.MostWork / 4,
        }.Follow(cancellation);
    }
}

/// <summary>Where money comes from under one policy.</summary>
/// <param name="Sources">The largest first, among equals the earliest; under poison all, in chain order.</param>
/// <param name="Paths">From the largest sources, in the order of <paramref name="Sources"/>, a chain to the output that holds most of it.</param>
/// <param name="TooMixed">True when the sources are mixed in so many outputs that the policy gave up (<see cref="BackwardQuery.MostWork"/>): nothing is known then.</param>
public sealed record BackwardOutcome(Policy Policy, IReadOnlyList<MoneySource> Sources, IReadOnlyList<TaintPath> Paths, bool TooMixed);
