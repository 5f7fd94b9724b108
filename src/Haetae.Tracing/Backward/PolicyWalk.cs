using Haetae.Ledger;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Backward;

/// <summary>One policy run forward from the sources of an ancestry to the outputs asked about.</summary>
internal sealed class PolicyWalk(UtxoGraph graph, BackwardQuery query, Ancestry ancestry, Policy policy)
{
    private readonly TheftClaims _claims = new(graph, [.. ancestry.Sources.Select(source => source.Output)]);

    private Action<long>? Tell => query.Progress is { } tell
        ? done => tell($"telling sources apart, {PolicyNames.NameOf(policy)}", done, ancestry.Transactions.Count)
        : null;

    private IReadOnlyList<MoneySource> Sources => ancestry.Sources;

    public BackwardOutcome Trace(CancellationToken cancellation)
    {
        var visited = ancestry.Transactions.Count;
        if (policy == Policy.Poison) return new BackwardOutcome(policy, visited, Sources, [], TooMixed: false);
        var arrived = Run([], cancellation).Arrived;
        int[] byAmount = [.. Enumerable.Range(0, arrived.Length).Where(tag => arrived[tag] > 0).OrderByDescending(tag => arrived[tag]).ThenBy(tag => tag)];
        return new BackwardOutcome(
            policy, visited, [.. byAmount.Select(tag => Sources[tag] with { Amount = arrived[tag] })],
            Paths([.. byAmount.Take(query.PathsFromSources)], cancellation), TooMixed: false);
    }

    // The parts of a few sources on their way: the same run again, with these alone written down.
    private List<TaintPath> Paths(int[] tags, CancellationToken cancellation)
    {
        if (tags.Length == 0) return [];
        var book = Run(tags, cancellation);
        return [.. tags.Select(tag =>
        {
            var seed = new SeedList(graph, [new StolenOutput(Sources[tag].Output, graph.Value[Sources[tag].Output])], graph.TransactionCount);
            var end = book.LargestOf(tag);
            var flow = new LineFlow(graph, seed, book.FollowedOf(tag), outOfOrder: true);
            return PathFinder.Find(flow, [new TaintEnd(end.Output, end.Tainted, EndReason.Unspent)], 1)[0];
        })];
    }

    private SourceBook Run(int[] watched, CancellationToken cancellation)
    {
        var book = new SourceBook(query.Outputs, ancestry.Between, Sources.Count, watched);
        var drop = new TraceQuery { Seeds = [] };
        switch (policy)
        {
            case Policy.Fifo: Line(fromBack: false); break;
            case Policy.Lifo: Line(fromBack: true); break;
            case Policy.Haircut: Shares<PartHaircut>(); break;
            case Policy.Tiho: Shares<PartTiho>(); break;
            case Policy.Tilo: Shares<PartTilo>(); break;
            case Policy.DirtyFirst: Shares<PartDirtyFirst>(); break;
            case Policy.CleanFirst: Shares<PartCleanFirst>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(policy), policy, null);
        }

        return book;

        void Line(bool fromBack) => new LineTheftsRun(graph, drop, graph.TransactionCount, _claims, book, Sources.Count, fromBack)
        {
            Within = ancestry.Transactions,
            SeedsBeginAnew = true,
            MostWork = query.MostWork,
            MostOpenParts = query.MostWork / 4,
            Progress = Tell,
        }.Follow(cancellation);

        void Shares<TPolicy>() where TPolicy : struct, IPartPolicy => new ShareTheftsRun<TPolicy>(graph, drop, graph.TransactionCount, _claims, book, Sources.Count)
        {
            Within = ancestry.Transactions,
            SeedsBeginAnew = true,
            MostWork = query.MostWork,
            MostOpenParts = query.MostWork / 4,
            Progress = Tell,
        }.Follow(cancellation);
    }
}
