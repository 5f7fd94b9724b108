namespace Haetae.Ledger.Evm.Etl;

/// <summary>The rows of one block out of all tables, and how they belong together.</summary>
internal sealed class EtlBlockRows(string source, ulong number, bool hasTransactions)
{
    internal List<EvmBlock> Blocks { get; init; } = [];

    internal List<(EvmTransaction Row, EvmReceipt? Within)> Transactions { get; init; } = [];

    internal List<EvmReceipt> Receipts { get; init; } = [];

    internal List<EvmLog> Logs { get; init; } = [];

    internal List<EtlTokenTransfer> Tokens { get; init; } = [];

    internal List<EvmTrace> Traces { get; init; } = [];

    /// <summary>As rows other than the block's own tell it.</summary>
    internal ulong? Time { get; set; }

    internal EvmBlockActivity Join()
    {
        if (Blocks.Count > 1) throw Wrong("is in the table of blocks twice, as where a folder holds a table in two forms: leave one of them out");
        var block = Blocks.Count == 1 ? Blocks[0] : null;
        var time = block?.Timestamp ?? Time ?? Transactions.Select(one => one.Row.BlockTimestamp).FirstOrDefault(told => told is not null)
            ?? throw Wrong("has no time: no table of blocks holds it, and no row has a 'block_timestamp'. Put the blocks into the folder");
        var receipts = ByHash(Receipts, one => one.TransactionHash, "the table of receipts");
        var transactions = ByHash(Transactions, one => one.Row.Hash, "the table of transactions");
        var logs = Logs.Concat(Tokens.Select(one => one.ToLog(0))).ToLookup(one => one.TransactionHash ?? throw Wrong("has an event without a transaction"));
        var traces = Traces.Where(one => one.TransactionHash is not null).ToLookup(one => one.TransactionHash!.Value);
        var unnamed = Traces.Where(one => one.TransactionHash is null && one.TransactionIndex is not null).ToLookup(one => one.TransactionIndex!.Value);
        var activities = new List<EvmActivity>();
        foreach (var (id, index) in Order(transactions, receipts, logs, traces))
        {
            var (row, within) = transactions.GetValueOrDefault(id);
            if (row is null && hasTransactions) throw Wrong($"has rows of transaction 0x{id}, which the table of transactions does not hold");
            var steps = traces[id].ToList();
            if (steps.Count == 0 && index is { } at) steps = [.. unnamed[at]]; // geth's tracer tells places, not hashes
            activities.Add(new EvmActivity
            {
                Id = id,
                Transaction = row,
                Receipt = receipts.GetValueOrDefault(id) ?? within,
                Logs = [.. logs[id].OrderBy(log => log.Index)],
                Call = EvmTraceTree.Tree(steps, source),
            });
        }

        return new EvmBlockActivity
        {
            Number = number,
            Time = time,
            Block = block,
            Source = source,
            Transactions = activities,
            Loose = [.. Traces.Where(one => one.TransactionHash is null && one.TransactionIndex is null)],
        };
    }

    /// <summary>Transactions in the order of the chain: by their place where a row tells it, else by their first event.</summary>
    private IEnumerable<(Hash256 Id, ulong? Index)> Order(
        Dictionary<Hash256, (EvmTransaction Row, EvmReceipt? Within)> transactions, Dictionary<Hash256, EvmReceipt> receipts,
        ILookup<Hash256, EvmLog> logs, ILookup<Hash256, EvmTrace> traces)
    {
        var places = new Dictionary<Hash256, ulong?>();
        foreach (var (id, one) in transactions) places[id] = one.Row.Index;
        foreach (var (id, one) in receipts) places.TryAdd(id, one.TransactionIndex);
        foreach (var one in traces) places.TryAdd(one.Key, one.First().TransactionIndex);
        foreach (var one in logs) places.TryAdd(one.Key, Tokens.Count > 0 ? null : one.First().TransactionIndex);
        var ordered = places.Select(one => (one.Key, one.Value)).OrderBy(one => one.Value ?? 0).ThenBy(one => logs[one.Key].Select(log => log.Index).DefaultIfEmpty().Min()).ToList();
        for (var i = 1; i < ordered.Count; i++)
            if (ordered[i].Value is { } place && place == ordered[i - 1].Value) throw Wrong($"has two transactions at place {place}: 0x{ordered[i - 1].Key} and 0x{ordered[i].Key}");
        return ordered;
    }

    private Dictionary<Hash256, T> ByHash<T>(List<T> rows, Func<T, Hash256> hash, string table)
    {
        var byHash = new Dictionary<Hash256, T>(rows.Count);
        foreach (var row in rows)
            if (!byHash.TryAdd(hash(row), row)) throw Wrong($"has transaction 0x{hash(row)} twice in {table}, as where a folder holds a table in two forms: leave one of them out");
        return byHash;
    }

    private LedgerException Wrong(string what) => new($"{source}: block {number} {what}.");
}
