using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Haetae.Ledger;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Flow;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Thefts;

/// <summary>The books of several thefts and of all together.</summary>
internal sealed class TheftsBook(UtxoGraph graph, TraceQuery query, ImmutableArray<Theft> thefts, TheftClaims claims, uint limit) : ITaintBook
{
    private readonly Page[] _pages = [.. thefts.Select(_ => new Page())];
    private readonly Page _all = new();
    private readonly Dictionary<(long Output, int Earlier, int Later), long> _collisions = [];

    public bool Wants(long output, bool followed) => !followed || query.RecordFlow;

    public void Followed(long output, ReadOnlySpan<Tagged> parts, long total)
    {
        foreach (var (tag, amount) in parts) _pages[tag].Followed.Add(new TaintStep(output, amount));
        _all.Followed.Add(new TaintStep(output, total));
    }

    public void Ended(long output, ReadOnlySpan<Tagged> parts, long total, EndReason reason)
    {
        foreach (var (tag, amount) in parts) _pages[tag].End(output, amount, reason);
        _all.End(output, total, reason);
    }

    public void Renewed(long output, ReadOnlySpan<Tagged> parts, long total) => throw new NotSupportedException("A theft's seeds hold what reaches them.");

    public void Lost(ReadOnlySpan<Tagged> parts, long total)
    {
        foreach (var (tag, amount) in parts) _pages[tag].Fees += amount;
        _all.Fees += total;
    }

    public void Absorbed(int tag, long amount)
    {
        _pages[tag].Absorbed += amount;
        _all.Absorbed += amount;
    }

    public void Collided(Collision collision)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_collisions, (collision.Output, collision.Earlier, collision.Later), out _) += collision.Value;
        _pages[collision.Later].Collided += collision.Value;
        _all.Collided += collision.Value;
    }

    public TheftsOutcome Finish(Policy policy, long visited)
    {
        var results = new TheftOutcome[thefts.Length];
        for (var tag = 0; tag < results.Length; tag++)
        {
            var (page, seeds) = (_pages[tag], claims.Lists[tag]);
            results[tag] = new TheftOutcome(thefts[tag], seeds.Total, page.Collided, Outcome(policy, page, seeds, seeds.Total, visited));
        }

        var union = new SeedList(graph, claims.Union(), limit);
        var stolen = claims.Lists.Sum(seeds => seeds.Total);
        return new TheftsOutcome(
            Outcome(policy, _all, union, stolen, visited), results,
            [.. _collisions.Select(pair => new Collision(pair.Key.Earlier, pair.Key.Later, pair.Key.Output, pair.Value))
                .OrderBy(collision => collision.Output).ThenBy(collision => collision.Earlier).ThenBy(collision => collision.Later)]);
    }

    private TraceOutcome Outcome(Policy policy, Page page, SeedList seeds, long stolen, long visited)
    {
        var ends = ChunkedList<TaintEnd>.Sorted(page.Ends, (a, b) => a.Output.CompareTo(b.Output));
        var books = new TraceBooks(
            Seeds: stolen - page.Collided,
            Held: page.Sum(EndReason.Unspent) + page.Sum(EndReason.Until),
            Parked: page.Sum(EndReason.UnknownValue) + page.Sum(EndReason.Service) + page.Sum(EndReason.CoinJoin) + page.Sum(EndReason.NotFetched),
            Fees: page.Fees,
            Absorbed: page.Absorbed,
            Cut: page.Sum(EndReason.MinValue) + page.Sum(EndReason.MaxTransactions));
        var flow = query.RecordFlow ? new LineFlow(graph, seeds, page.Followed, outOfOrder: true) : null;
        return new TraceOutcome(policy, books, visited, ends, page.Limits(), flow, query.PathsToEnds);
    }

    private sealed class Page
    {
        private readonly long[] _counts = new long[Enum.GetValues<EndReason>().Length];
        private readonly long[] _sums = new long[Enum.GetValues<EndReason>().Length];

        public ChunkedList<TaintEnd> Ends { get; } = new();

        public ChunkedList<TaintStep> Followed { get; } = new();

        public long Fees { get; set; }

        public long Absorbed { get; set; }

        public long Collided { get; set; }

        public long Sum(EndReason reason) => _sums[(int)reason];

        public void End(long output, long amount, EndReason reason)
        {
            _counts[(int)reason]++;
            _sums[(int)reason] += amount;
            Ends.Add(new TaintEnd(output, amount, reason));
        }

        public List<LimitHit> Limits()
        {
            var limits = new List<LimitHit>();
            for (var reason = EndReason.Until; reason <= EndReason.UnknownValue; reason++)
            {
                if (_counts[(int)reason] > 0) limits.Add(new LimitHit(reason, _counts[(int)reason], Sum(reason)));
            }

            if (_counts[(int)EndReason.NotFetched] is > 0 and var open) limits.Add(new LimitHit(EndReason.NotFetched, open, Sum(EndReason.NotFetched)));

            return limits;
        }
    }
}
