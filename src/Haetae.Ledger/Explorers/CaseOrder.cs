namespace Haetae.Ledger.Explorers;

/// <summary>Puts transactions into chain order: blocks rising; in a block a spend after what it spends, by place where places are told.</summary>
internal static class CaseOrder
{
    internal static CaseTransaction[] Of(IEnumerable<CaseTransaction> transactions)
    {
        var ordered = new List<CaseTransaction>();
        foreach (var block in transactions.GroupBy(transaction => transaction.Height).OrderBy(block => block.Key))
        {
            var usual = block.OrderByDescending(one => one.IsCoinbase).ThenBy(one => one.Place ?? int.MaxValue).ThenBy(one => one.Id.ToString(), StringComparer.Ordinal).ToList();
            Add(usual, ordered);
        }

        return [.. ordered];
    }

    /// <summary>Adds a block's transactions, each after those of the same block that it spends from. No recursion: chains within a block may be long.</summary>
    private static void Add(List<CaseTransaction> block, List<CaseTransaction> ordered)
    {
        var here = block.ToDictionary(one => one.Id);
        var begun = new HashSet<Hash256>();
        var added = new HashSet<Hash256>();
        var open = new Stack<CaseTransaction>();
        foreach (var next in block)
        {
            open.Push(next);
            while (open.TryPeek(out var one))
            {
                if (added.Contains(one.Id))
                {
                    open.Pop();
                    continue;
                }

                var waits = begun.Add(one.Id) ? one.Inputs.Select(input => input.Spent.TxId).Where(id => here.ContainsKey(id) && !begun.Contains(id)).ToList() : [];
                if (waits.Count == 0)
                {
                    added.Add(one.Id);
                    ordered.Add(open.Pop());
                    continue;
                }

                for (var i = waits.Count - 1; i >= 0; i--) open.Push(here[waits[i]]);
            }
        }
    }
}
