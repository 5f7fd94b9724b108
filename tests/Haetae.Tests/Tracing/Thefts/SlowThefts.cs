using System.Numerics;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tests.Tracing.Thefts;

/// <summary>The twin of the run for several thefts: every transaction in turn, every satoshi by itself with the number of its theft (-1: clean).</summary>
internal sealed class SlowThefts(UtxoGraph graph, TraceQuery query, IReadOnlyList<Theft> thefts, Policy policy)
{
    private readonly Dictionary<long, int[]> _open = [];
    private readonly Dictionary<uint, int[]> _blockFees = [];

    public SortedDictionary<(long Output, int Tag), TaintEnd> Ends { get; } = [];

    public long[] Fees { get; } = new long[thefts.Count];

    public long[] Absorbed { get; } = new long[thefts.Count];

    public SortedDictionary<(long Output, int Earlier, int Later), long> Collisions { get; } = [];

    /// <summary>Whose every output's satoshi are, for all with a stolen one.</summary>
    public Dictionary<long, int[]> Coins { get; } = [];

    public long Visited { get; private set; }

    private bool InLine => policy is Policy.Fifo or Policy.Lifo;

    public void Run()
    {
        var limit = query.UntilHeight is { } until && until < graph.FirstHeight + graph.BlockCount - 1
            ? graph.BlockFirstTx[until - graph.FirstHeight + 1]
            : graph.TransactionCount;
        for (var block = 0; block < graph.BlockCount && graph.BlockFirstTx[block] < limit; block++)
        {
            uint coinbase = graph.BlockFirstTx[block], end = graph.BlockFirstTx[block + 1];
            if (query.FeeRule == FeeRule.Drop) Place(coinbase, Clean(coinbase), limit);
            for (var transaction = coinbase + 1; transaction < end; transaction++) Step(transaction, limit);
            if (query.FeeRule != FeeRule.Drop) Place(coinbase, FromFees(coinbase, end), limit);
            _blockFees.Clear();
        }
    }

    private void Step(uint transaction, uint limit)
    {
        var tainted = Inputs(transaction).Where(_open.ContainsKey).ToList();
        var most = query.MaxTransactions ?? long.MaxValue;
        if (tainted.Count == 0 || Visited >= most || graph.Fee[transaction] == UtxoGraph.UnknownFee)
        {
            foreach (var output in tainted) End(output, _open[output], Visited >= most ? EndReason.MaxTransactions : EndReason.UnknownValue);
            Place(transaction, Clean(transaction), limit);
            return;
        }

        Visited++;
        int[] brought = [.. Inputs(transaction).SelectMany(input => _open.GetValueOrDefault(input) ?? Of(-1, graph.Value[input]))];
        var places = Divide(brought, [.. Outputs(transaction).Select(o => graph.Value[o])], graph.Fee[transaction]);
        if (query.FeeRule == FeeRule.Drop) Lose(places[^1]);
        else _blockFees[transaction] = places[^1];
        Place(transaction, places[..^1], limit);
    }

    private int[][] FromFees(uint coinbase, uint end)
    {
        long[] values = [.. Outputs(coinbase).Select(o => graph.Value[o])];
        var transactions = Enumerable.Range((int)coinbase + 1, (int)(end - coinbase - 1)).Select(t => (uint)t).ToArray();
        int[] fees = [.. transactions.SelectMany(t => _blockFees.GetValueOrDefault(t) ?? (graph.Fee[t] > 0 ? Of(-1, graph.Fee[t]) : []))];
        if (!InLine)
        {
            int[] dirty = [.. fees.Where(tag => tag >= 0).Order()];
            var taken = (int)Math.Min(dirty.Length, values.Sum());
            Lose(dirty[taken..]);
            return taken == 0 ? Clean(coinbase) : Divide([.. dirty[..taken], .. Of(-1, values.Sum() - taken)], values, 0)[..^1];
        }

        if (transactions.Any(t => graph.Fee[t] == UtxoGraph.UnknownFee))
        {
            Lose(fees);
            return Clean(coinbase);
        }

        var reward = Of(-1, query.SubsidyAtHeight!(graph.HeightOf(coinbase)));
        int[] line = query.FeeRule == FeeRule.CoinbaseAppend ? [.. reward, .. fees] : [.. fees, .. reward];
        line = policy == Policy.Lifo ? [.. Of(-1, values.Sum()), .. line] : [.. line, .. Of(-1, values.Sum())];
        var places = Divide(line, values, line.Length - values.Sum());
        Lose(places[^1]);
        return places[..^1];
    }

    private int[][] Divide(int[] brought, long[] values, long fee)
    {
        if (InLine)
        {
            var places = new List<int[]>();
            foreach (var value in values.Select(value => (int)value))
            {
                places.Add(policy == Policy.Lifo ? brought[^value..] : brought[..value]);
                brought = policy == Policy.Lifo ? brought[..^value] : brought[value..];
            }

            return [.. places, brought];
        }

        long[] rooms = [.. values, fee];
        if (policy == Policy.Haircut) return [.. Haircut(brought, rooms, thefts.Count).Select((parts, place) => Expanded(parts, rooms[place]))];
        var order = Enumerable.Range(0, values.Length);
        if (policy == Policy.Tiho) order = order.OrderByDescending(place => values[place]);
        if (policy == Policy.Tilo) order = order.OrderBy(place => values[place]);
        // One satoshi after the other, to the first place that is not full: the thefts in their order, clean money before or after them.
        var filled = rooms.Select(_ => new List<int>()).ToArray();
        foreach (var tag in policy == Policy.CleanFirst ? brought.Order() : brought.OrderBy(tag => tag < 0 ? int.MaxValue : tag))
        {
            var place = order.Append(values.Length).First(place => filled[place].Count < rooms[place]);
            filled[place].Add(tag);
        }

        return [.. filled.Select(place => place.ToArray())];
    }

    /// <summary>Every tag's part of every place, in big integers.</summary>
    public static long[][] Haircut(int[] brought, long[] values, int tags)
    {
        BigInteger total = brought.Length;
        var sums = Enumerable.Range(0, tags + 1).Select(tag => (BigInteger)brought.Count(t => t == (tag == tags ? -1 : tag))).ToArray(); // clean last
        var parts = values.Select(value => sums.Select(sum => (long)(sum * value / total)).ToArray()).ToArray();
        for (var tag = 0; tag <= tags; tag++)
        {
            var given = new int[values.Length];
            for (var missing = sums[tag] - parts.Sum(place => place[tag]); missing > 0; missing--)
            {
                var best = Enumerable.Range(0, values.Length).Where(place => parts[place].Sum() < values[place])
                    .OrderBy(place => given[place]).ThenByDescending(place => sums[tag] * values[place] % total).ThenBy(place => place).First();
                given[best]++;
                parts[best][tag]++;
            }
        }

        return [.. parts.Select(place => place[..tags])];
    }

    private void Place(uint transaction, int[][] coins, uint limit)
    {
        if (transaction >= limit) return;
        foreach (var (output, coin) in Outputs(transaction).Zip(coins))
        {
            var laid = LayOver(output, coin);
            var amount = laid.Count(tag => tag >= 0);
            if (amount == 0) continue;
            Coins[output] = laid;
            var spender = graph.SpenderOf(output);
            if (query.Stops?.At(output, spender < limit ? spender : 0) is { } stop) End(output, laid, stop);
            else if (spender == 0) End(output, laid, EndReason.Unspent);
            else if (spender >= limit) End(output, laid, EndReason.Until);
            else if (amount < (query.MinValue ?? 0)) End(output, laid, EndReason.MinValue);
            else _open[output] = laid;
        }
    }

    private int[] LayOver(long output, int[] coin)
    {
        var claims = Enumerable.Range(0, thefts.Count)
            .Select(tag => thefts[tag].Seeds.FirstOrDefault(seed => seed.Output == output).Stolen).ToArray();
        if (claims.All(claim => claim == 0)) return coin;
        if (InLine) return [.. coin.Select((tag, place) => Owner(output, tag, [.. Enumerable.Range(0, claims.Length).Where(t => place < claims[t])]))];
        var left = coin.Length;
        var laid = new long[claims.Length];
        for (var tag = 0; tag < claims.Length; tag++)
        {
            long arrived = coin.Count(t => t == tag);
            Absorbed[tag] += Math.Min(arrived, claims[tag]);
            var wanted = Math.Max(arrived, claims[tag]);
            laid[tag] = Math.Min(wanted, left);
            left -= (int)laid[tag];
            var lacks = wanted - laid[tag];
            for (var earlier = 0; earlier < tag && lacks > 0; earlier++)
            {
                var collided = Math.Min(lacks, laid[earlier]);
                if (collided > 0) Collide(output, earlier, tag, collided);
                lacks -= collided;
            }
        }

        return Expanded(laid, coin.Length);
    }

    // One satoshi of a seed: who brought it, who claims it.
    private int Owner(long output, int brought, int[] claimants)
    {
        if (claimants.Contains(brought)) Absorbed[brought]++;
        int[] all = [.. claimants.Append(brought).Where(tag => tag >= 0).Distinct().Order()];
        foreach (var later in all.Skip(1)) Collide(output, all[0], later, 1);
        return all.Length > 0 ? all[0] : -1;
    }

    private void Collide(long output, int earlier, int later, long amount) =>
        Collisions[(output, earlier, later)] = Collisions.GetValueOrDefault((output, earlier, later)) + amount;

    private void End(long output, int[] coin, EndReason reason)
    {
        foreach (var tag in coin.Where(tag => tag >= 0).Distinct()) Ends[(output, tag)] = new TaintEnd(output, coin.Count(t => t == tag), reason);
    }

    private void Lose(int[] coins)
    {
        foreach (var tag in coins.Where(tag => tag >= 0)) Fees[tag]++;
    }

    private int[][] Clean(uint transaction) => [.. Outputs(transaction).Select(output => Of(-1, graph.Value[output]))];

    private static int[] Expanded(long[] parts, long value) =>
        [.. parts.SelectMany((amount, tag) => Of(tag, amount)), .. Of(-1, value - parts.Sum())];

    private static int[] Of(int tag, long amount) => [.. Enumerable.Repeat(tag, (int)amount)];

    private IEnumerable<long> Inputs(uint transaction)
    {
        for (var i = graph.FirstInput[transaction]; i < graph.FirstInput[transaction + 1L]; i++) yield return graph.Previous[i];
    }

    private IEnumerable<long> Outputs(uint transaction)
    {
        for (var o = graph.FirstOutput[transaction]; o < graph.FirstOutput[transaction + 1L]; o++) yield return o;
    }
}
