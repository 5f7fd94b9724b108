using Haetae.Tracing.Engine;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Backward;

/// <summary>What of each source arrives in the outputs asked about; on the way, the parts of the few sources that are watched.</summary>
/// <param name="between">Those of them that are sources themselves of what was spent from them: what counts there is what arrives.</param>
internal sealed class SourceBook(IEnumerable<long> asked, IReadOnlySet<long> between, int sources, IReadOnlyList<int> watched) : ITaintBook
{
    private readonly HashSet<long> _asked = [.. asked];
    private readonly Dictionary<int, ChunkedList<TaintStep>> _followed = watched.ToDictionary(tag => tag, _ => new ChunkedList<TaintStep>());
    private readonly Dictionary<int, TaintStep> _largest = [];

    /// <summary>Per source, what arrives.</summary>
    public long[] Arrived { get; } = new long[sources];

    /// <summary>Where a watched source's parts went, in chain order.</summary>
    public ChunkedList<TaintStep> FollowedOf(int tag) => _followed[tag];

    /// <summary>The output asked about that holds most of a watched source, the first among equals.</summary>
    public TaintStep LargestOf(int tag) => _largest[tag];

    public bool Wants(long output, bool followed) => _asked.Contains(output) || (followed && watched.Count > 0);

    public void Followed(long output, ReadOnlySpan<Tagged> parts, long total)
    {
        if (watched.Count > 0)
        {
            foreach (var (tag, amount) in parts)
            {
                if (_followed.TryGetValue(tag, out var steps)) steps.Add(new TaintStep(output, amount));
            }
        }

        if (!between.Contains(output)) Arrive(output, parts);
    }

    public void Ended(long output, ReadOnlySpan<Tagged> parts, long total, EndReason reason) => Arrive(output, parts);

    public void Renewed(long output, ReadOnlySpan<Tagged> parts, long total)
    {
        if (between.Contains(output)) Arrive(output, parts);
    }

    public void Lost(ReadOnlySpan<Tagged> parts, long total)
    {
    }

    public void Absorbed(int tag, long amount) => throw new NotSupportedException("A source begins anew.");

    public void Collided(Collision collision) => throw new NotSupportedException("No output is two sources.");

    private void Arrive(long output, ReadOnlySpan<Tagged> parts)
    {
        if (!_asked.Contains(output)) return;
        foreach (var (tag, amount) in parts)
        {
            Arrived[tag] += amount;
            if (watched.Count == 0 || !_followed.ContainsKey(tag)) continue;
            var known = _largest.GetValueOrDefault(tag);
            if (amount > known.Tainted || (amount == known.Tainted && output < known.Output)) _largest[tag] = new TaintStep(output, amount);
        }
    }
}
