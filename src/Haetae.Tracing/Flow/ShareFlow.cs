using Haetae.Ledger;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Flow;

/// <summary>The flow of a trace by shares: the taint that entered each visited transaction gives every output's again, exactly.</summary>
internal sealed class ShareFlow<TPolicy> : TaintFlow where TPolicy : struct, ISharePolicy
{
    private readonly ShareDivision<TPolicy> _division;
    private readonly IReadOnlyList<uint> _transactions;
    private readonly IReadOnlyList<long> _sums;
    private readonly long _minValue;
    private readonly ITraceStops? _stops;

    /// <param name="sums">The taint that entered each of the transactions; empty where the policy needs none.</param>
    public ShareFlow(UtxoGraph graph, SeedList seeds, long minValue, ITraceStops? stops, IReadOnlyList<uint> transactions, IReadOnlyList<long> sums, bool outOfOrder)
        : base(graph, seeds)
    {
        _division = new ShareDivision<TPolicy>(graph);
        _minValue = minValue;
        _stops = stops;
        (_transactions, _sums) = (transactions, sums);
        if (!outOfOrder) return;
        uint[] sortedTransactions = [.. transactions];
        long[] sortedSums = [.. sums];
        if (TPolicy.TakesWhole) Array.Sort(sortedTransactions);
        else Array.Sort(sortedTransactions, sortedSums);
        (_transactions, _sums) = (sortedTransactions, sortedSums);
    }

    public override long FollowedTaintOf(long output)
    {
        var transaction = Graph.TransactionOf(output);
        int low = 0, high = _transactions.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_transactions[middle] < transaction) low = middle + 1;
            else high = middle;
        }

        var arrived = low < _transactions.Count && _transactions[low] == transaction;
        if (!arrived && Seeds.StolenOf(output) == 0) return 0;
        var tainted = SharesOf(transaction, arrived, low)[(int)(output - Graph.FirstOutput[transaction])];
        return tainted >= _minValue && _stops?.At(output, Graph.SpenderOf(output)) is null ? tainted : 0;
    }

    protected override IEnumerable<TaintStep> TaintedOutputs()
    {
        int visited = 0, seed = 0;
        while (visited < _transactions.Count || seed < Seeds.Count)
        {
            var transaction = Math.Min(
                visited < _transactions.Count ? _transactions[visited] : uint.MaxValue,
                seed < Seeds.Count ? Seeds.TransactionAt(seed) : uint.MaxValue);
            var arrived = visited < _transactions.Count && _transactions[visited] == transaction;
            var first = Graph.FirstOutput[transaction];
            var shares = SharesOf(transaction, arrived, visited).ToArray();
            for (var i = 0; i < shares.Length; i++)
            {
                if (shares[i] > 0) yield return new TaintStep(first + i, shares[i]);
            }

            if (arrived) visited++;
            while (seed < Seeds.Count && Seeds.TransactionAt(seed) == transaction) seed++;
        }
    }

    private Span<long> SharesOf(uint transaction, bool arrived, int index)
    {
        var shares = _division.Divide(transaction, arrived, arrived && !TPolicy.TakesWhole ? _sums[index] : 0, out _);
        if (Seeds.Holds(transaction)) _division.LayOver(Seeds, Graph.FirstOutput[transaction], shares);
        return shares;
    }
}
