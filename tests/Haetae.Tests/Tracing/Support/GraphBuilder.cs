using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tests.Tracing.Support;

/// <summary>Builds a small ledger by hand: blocks, coinbases, spends.</summary>
internal sealed class GraphBuilder
{
    private readonly List<uint> _blockFirst = [];
    private readonly List<long> _firstInput = [];
    private readonly List<long> _firstOutput = [];
    private readonly List<long> _fees = [];
    private readonly List<long> _previous = [];
    private readonly List<long> _values = [];
    private readonly List<uint> _spenders = [];

    /// <summary>The number of the last transaction built.</summary>
    public uint LastTransaction => (uint)_fees.Count - 1;

    /// <summary>Starts a block with a coinbase that pays these amounts; returns its first output.</summary>
    public long Block(params long[] coinbase)
    {
        _blockFirst.Add((uint)_fees.Count);
        return Transaction(0, coinbase);
    }

    /// <summary>Spends outputs (or <see cref="OutputNum.NotHeld"/>) into new ones; returns the first of these.</summary>
    public long Spend(long[] inputs, params long[] values)
    {
        var unknown = inputs.Contains(OutputNum.NotHeld);
        var fee = unknown ? UtxoGraph.UnknownFee : inputs.Sum(input => _values[(int)input]) - values.Sum();
        if (!unknown && fee < 0) throw new InvalidOperationException("spends more than it has");
        var number = (uint)_fees.Count;
        var first = Transaction(fee, values);
        foreach (var input in inputs)
        {
            _previous.Add(input);
            if (input != OutputNum.NotHeld) _spenders[(int)input] = number;
        }

        return first;
    }

    /// <summary>Puts in transactions without inputs and outputs, so that what follows has higher numbers.</summary>
    public void Skip(long count)
    {
        for (; count > 0; count--) Transaction(0, []);
    }

    /// <summary>Changes what a coinbase pays, once its block's fees are known.</summary>
    public void SetValue(long output, long value) => _values[(int)output] = value;

    public long ValueOf(long output) => _values[(int)output];

    public long FeeOf(uint transaction) => _fees[(int)transaction];

    public UtxoGraph Build(int firstHeight = 0)
    {
        object[] owners = new object[8];
        var graph = new UtxoGraph(
            firstHeight,
            Column<uint>.FromArray([.. _blockFirst, (uint)_fees.Count], out owners[0]),
            Column<uint>.FromArray(new uint[_blockFirst.Count], out owners[1]),
            Packed40Column.FromArray([.. _firstInput, _previous.Count], out owners[2]),
            Packed40Column.FromArray([.. _firstOutput, _values.Count], out owners[3]),
            Column<long>.FromArray([.. _fees], out owners[4]),
            Packed40Column.FromArray([.. _previous], out owners[5]),
            Column<long>.FromArray([.. _values], out owners[6]),
            Column<uint>.FromArray([.. _spenders], out owners[7]),
            owners);
        return graph;
    }

    private long Transaction(long fee, long[] values)
    {
        _firstInput.Add(_previous.Count);
        _firstOutput.Add(_values.Count);
        _fees.Add(fee);
        var first = _values.Count;
        _values.AddRange(values);
        _spenders.AddRange(new uint[values.Length]);
        return first;
    }
}
