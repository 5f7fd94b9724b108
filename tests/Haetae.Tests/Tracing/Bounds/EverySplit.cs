using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Bounds;

namespace Haetae.Tests.Tracing.Bounds;

/// <summary>The twin of the bounds: every way to divide every transaction's taint among its outputs and fee, one after the other.</summary>
/// <remarks>Walks the ledger itself, not the network. What comes out is every vector of amounts at ends that some rule gives; only for tiny amounts.</remarks>
internal sealed class EverySplit(UtxoGraph graph, TraceQuery query, int most)
{
    private readonly uint _limit = query.UntilHeight is { } until && until < graph.FirstHeight + graph.BlockCount - 1 ? graph.BlockFirstTx[until - graph.FirstHeight + 1] : graph.TransactionCount;
    private readonly Dictionary<long, long> _taint = [];
    private readonly SortedDictionary<long, long> _ends = [];
    private readonly Dictionary<long, long> _stolen = query.Seeds.ToDictionary(seed => seed.Output, seed => seed.Stolen);
    private int _steps;

    /// <summary>Every outcome: taint by end, as <see cref="ReachedEnd"/> names them.</summary>
    public List<Dictionary<long, long>> Outcomes { get; } = [];

    /// <summary>False when there are too many to try.</summary>
    public bool Run()
    {
        Block(0);
        return _steps <= most;
    }

    private void Block(int block)
    {
        if (block == graph.BlockCount || graph.BlockFirstTx[block] >= _limit)
        {
            Outcomes.Add(_ends.Where(end => end.Value > 0).ToDictionary());
            return;
        }

        // Fees wait until the block's end, where its coinbase stands.
        var coinbase = graph.BlockFirstTx[block];
        if (query.FeeRule == FeeRule.Drop) Put(coinbase, [.. Outputs(coinbase).Select(_ => 0L)], 0, () => Next(block, coinbase + 1, []));
        else Next(block, coinbase + 1, []);
    }

    private void Next(int block, uint transaction, Dictionary<uint, long> fees)
    {
        if (_steps > most) return;
        while (transaction < graph.BlockFirstTx[block + 1] && !Inputs(transaction).Any(_taint.ContainsKey) && !Outputs(transaction).Any(_stolen.ContainsKey)) transaction++;
        if (transaction == graph.BlockFirstTx[block + 1])
        {
            if (query.FeeRule == FeeRule.Drop) Block(block + 1);
            else Coinbase(block, fees);
            return;
        }

        long[] inputs = [.. Inputs(transaction).Where(_taint.ContainsKey)];
        long[] outputs = [.. Outputs(transaction)];
        var sum = inputs.Sum(input => _taint[input]);
        Divide([.. outputs.Select(output => graph.Value[output]), Math.Max(0, graph.Fee[transaction])], sum, shares =>
        {
            Put(transaction, shares[..^1], 0, () =>
            {
                if (shares[^1] == 0) Next(block, transaction + 1, fees);
                else if (query.FeeRule == FeeRule.Drop) With(ReachedEnd.Fees, shares[^1], () => Next(block, transaction + 1, fees));
                else Next(block, transaction + 1, new(fees) { [transaction] = shares[^1] });
            });
        });
    }

    private void Coinbase(int block, Dictionary<uint, long> fees)
    {
        uint coinbase = graph.BlockFirstTx[block], end = graph.BlockFirstTx[block + 1];
        var values = Outputs(coinbase).Select(output => graph.Value[output]).ToList();
        var known = Enumerable.Range((int)coinbase, (int)(end - coinbase)).All(t => graph.Fee[t] != UtxoGraph.UnknownFee);
        var unclaimed = known ? query.SubsidyAtHeight!(block) + Enumerable.Range((int)coinbase, (int)(end - coinbase)).Sum(t => graph.Fee[t]) - values.Sum() : fees.Values.Sum();
        Divide([.. values, Math.Max(0, unclaimed)], fees.Values.Sum(), shares => Put(coinbase, shares[..^1], 0, () => With(ReachedEnd.Fees, shares[^1], () => Block(block + 1))));
    }

    private void Divide(long[] places, long sum, Action<long[]> then)
    {
        var shares = new long[places.Length];
        Place(0, sum);

        void Place(int place, long left)
        {
            if (_steps++ > most) return;
            if (place == places.Length)
            {
                if (left == 0) then([.. shares]);
                return;
            }

            if (left > places.Skip(place).Sum()) return;
            for (var share = 0L; share <= Math.Min(left, places[place]); share++)
            {
                shares[place] = share;
                Place(place + 1, left - share);
            }
        }
    }

    // Lays seeds over what arrived, in every way: of what comes back, some part meets the stolen part.
    private void Put(uint transaction, long[] shares, int index, Action then)
    {
        if (index == shares.Length)
        {
            then();
            return;
        }

        var output = graph.FirstOutput[transaction] + index;
        var stolen = _stolen.GetValueOrDefault(output);
        var least = Math.Max(0, shares[index] - (graph.Value[output] - stolen));
        for (var absorbed = least; absorbed <= Math.Min(shares[index], stolen); absorbed++)
        {
            With(ReachedEnd.Absorbed, absorbed, () => Lie(output, stolen + shares[index] - absorbed, () => Put(transaction, shares, index + 1, then)));
        }
    }

    private void Lie(long output, long amount, Action then)
    {
        var spender = graph.SpenderOf(output);
        if (amount == 0)
        {
            then();
        }
        else if (spender == 0 || spender >= _limit || query.Stops?.At(output, spender) is not null || graph.Fee[spender] == UtxoGraph.UnknownFee)
        {
            With(output, amount, then);
        }
        else
        {
            _taint.Add(output, amount);
            then();
            _taint.Remove(output);
        }
    }

    private void With(long end, long amount, Action then)
    {
        _ends[end] = _ends.GetValueOrDefault(end) + amount;
        then();
        _ends[end] -= amount;
    }

    private IEnumerable<long> Inputs(uint transaction)
    {
        for (var i = graph.FirstInput[transaction]; i < graph.FirstInput[transaction + 1L]; i++) yield return graph.Previous[i];
    }

    private IEnumerable<long> Outputs(uint transaction)
    {
        for (var o = graph.FirstOutput[transaction]; o < graph.FirstOutput[transaction + 1L]; o++) yield return o;
    }
}
