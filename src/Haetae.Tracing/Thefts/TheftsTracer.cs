using System.Collections.Immutable;
using Haetae.Ledger;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Thefts;

/// <summary>Follows several thefts at once, each with its own tag, forward through a ledger.</summary>
/// <remarks>
/// With one theft it says the same as <see cref="Tracer"/>, which is faster. What reaches a seed of another theft belongs to the earlier of the
/// two (<see cref="Collision"/>), what reaches a seed of its own is absorbed. May be used from several threads at once.
/// </remarks>
public sealed class TheftsTracer(UtxoGraph graph)
{
    /// <summary>Traces thefts under one policy.</summary>
    /// <param name="query">How far and by which rules; its own seeds are not read.</param>
    /// <param name="thefts">Any order; the earliest theft comes first in what is returned.</param>
    /// <exception cref="ArgumentException">A seed, a name or an option does not fit.</exception>
    /// <exception cref="LedgerCorruptException">The ledger contradicts itself.</exception>
    public TheftsOutcome Trace(TraceQuery query, IReadOnlyList<Theft> thefts, Policy policy, CancellationToken cancellation = default)
    {
        if (thefts.Count is 0 or > Theft.Most)
            throw new ArgumentException(FormattableString.Invariant($"{thefts.Count} thefts cannot be followed at once: 1 to {Theft.Most} can."), nameof(thefts));
        if (thefts.Select(theft => theft.Name).Distinct(StringComparer.Ordinal).Count() != thefts.Count)
            throw new ArgumentException("Two thefts have the same name.", nameof(thefts));
        var ordered = Theft.InOrder(thefts);
        var limit = TraceRun.FirstTransactionAfter(graph, query.UntilHeight);
        var claims = new TheftClaims(graph, ordered, limit);
        var book = new TheftsBook(graph, query, ordered, claims, limit);
        var visited = policy switch
        {
            Policy.Fifo => Line(fromBack: false),
            Policy.Lifo => Line(fromBack: true),
            Policy.Haircut => Shares<PartHaircut>(),
            Policy.Tiho => Shares<PartTiho>(),
            Policy.Tilo => Shares<PartTilo>(),
            Policy.DirtyFirst => Shares<PartDirtyFirst>(),
            Policy.CleanFirst => Shares<PartCleanFirst>(),
            Policy.Poison => Run(new PoisonTheftsRun(graph, query, limit, claims, book)),
            Policy.HaircutBlockSci => throw new ArgumentException("haircut-blocksci compares figures of a single theft; it knows no tags.", nameof(policy)),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
        };
        graph.KeepAlive();
        return book.Finish(policy, visited);

        long Line(bool fromBack)
        {
            if (LineTheftsRun.NeedsSubsidy(query, fromBack) && query.SubsidyAtHeight is null)
                throw new ArgumentException(FormattableString.Invariant($"Under {PolicyNames.NameOf(policy)} the fee rule {query.FeeRule} needs to know the subsidy."), nameof(query));
            return Run(new LineTheftsRun(graph, query, limit, claims, book, ordered.Length, fromBack));
        }

        long Shares<TPolicy>() where TPolicy : struct, IPartPolicy =>
            Run(new ShareTheftsRun<TPolicy>(graph, query, limit, claims, book, ordered.Length));

        long Run<TTaint>(TheftsRun<TTaint> run)
        {
            run.Follow(cancellation);
            return run.Visited;
        }
    }
}
