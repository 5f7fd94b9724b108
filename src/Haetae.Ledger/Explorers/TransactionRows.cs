namespace Haetae.Ledger.Explorers;

/// <summary>The rows of one transaction, of all lists that tell of it.</summary>
/// <remarks>
/// Rows that place it elsewhere than most do are left out, and of several rows for the transaction itself all but the first. Of as many rows for two
/// places those met first stand: a choice, not a finding, and the caller is told of it.
/// </remarks>
internal sealed class TransactionRows
{
    private readonly List<(EtherscanRow Row, int Met)> _rows;

    internal TransactionRows(Hash256 id, List<(EtherscanRow Row, int Met)> rows, Contradictions wrong)
    {
        Id = id;
        var places = rows.GroupBy(one => (one.Row.Block, one.Row.Time)).OrderByDescending(place => place.Count()).ThenBy(place => place.Min(one => one.Met)).ToList();
        (Block, Time) = places[0].Key;
        if (places.Count > 1)
            wrong.Add(id, FormattableString.Invariant($"transaction 0x{id} is said to be in block {Block} (time {Time}) and in block {places[1].Key.Block} (time {places[1].Key.Time})"));
        _rows = [.. places[0].OrderBy(one => one.Met)];
        foreach (var (row, _) in _rows)
        {
            Index ??= row.Index;
            if (row.List != EtherscanList.Transactions) continue;
            if (Own is null) Own = row;
            else wrong.Add(id, $"transaction 0x{id} is told {(Own == row ? "twice" : "in two ways")}");
        }

        _rows.RemoveAll(one => one.Row.List == EtherscanList.Transactions && !ReferenceEquals(one.Row, Own));
    }

    internal Hash256 Id { get; }

    internal uint Block { get; }

    internal uint Time { get; }

    internal int? Index { get; }

    /// <summary>The transaction's own row; null: whoever sent it was not asked for.</summary>
    internal EtherscanRow? Own { get; }

    internal bool IsFailed => Own is { IsFailed: true };

    internal IEnumerable<EtherscanRow> InOrder =>
        _rows.OrderBy(one => one.Row.List is EtherscanList.Transactions ? 0 : one.Row.List is EtherscanList.Internal ? 1 : 2).ThenBy(one => one.Row.Step, StepOrder.Instance).ThenBy(one => one.Met).Select(one => one.Row);

    /// <summary>Leaves out as few transactions as can be so that times never fall from one to the next.</summary>
    /// <param name="ordered">In the order of blocks.</param>
    /// <remarks>The longest run without a fall, by patience sorting: one row with a time far off costs itself, not all that come after it.</remarks>
    internal static List<TransactionRows> InTime(List<TransactionRows> ordered, Contradictions wrong)
    {
        var ends = new List<int>(); // per length, the run of that length that ends earliest
        var before = new int[ordered.Count];
        for (var i = 0; i < ordered.Count; i++)
        {
            int low = 0, high = ends.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (ordered[ends[middle]].Time <= ordered[i].Time) low = middle + 1;
                else high = middle;
            }

            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count) ends.Add(i);
            else ends[low] = i;
        }

        if (ends.Count == ordered.Count) return ordered;
        var stands = new bool[ordered.Count];
        for (var i = ends[^1]; i >= 0; i = before[i]) stands[i] = true;
        for (var i = 0; i < ordered.Count; i++)
            if (!stands[i]) wrong.Add(ordered[i].Id, FormattableString.Invariant($"transaction 0x{ordered[i].Id} in block {ordered[i].Block} is said to be of time {ordered[i].Time}, and the blocks around it are not"));
        return [.. ordered.Where((_, i) => stands[i])];
    }
}
