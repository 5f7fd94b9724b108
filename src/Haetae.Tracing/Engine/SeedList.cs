using Haetae.Ledger;

namespace Haetae.Tracing.Engine;

/// <summary>The seeds of a trace in chain order, with the transactions that made them.</summary>
internal sealed class SeedList
{
    private readonly long[] _outputs;
    private readonly long[] _stolen;
    private readonly uint[] _transactions;
    private int _next;

    /// <param name="limit">The first transaction that is not looked at.</param>
    public SeedList(UtxoGraph graph, IReadOnlyList<StolenOutput> seeds, uint limit)
    {
        if (seeds.Count == 0) throw new ArgumentException("A trace needs at least one stolen output.", nameof(seeds));
        _outputs = [.. seeds.Select(seed => seed.Output)];
        _stolen = [.. seeds.Select(seed => seed.Stolen)];
        Array.Sort(_outputs, _stolen);
        _transactions = new uint[_outputs.Length];
        for (var i = 0; i < _outputs.Length; i++)
        {
            var output = _outputs[i];
            if ((ulong)output >= (ulong)graph.OutputCount) throw Wrong(output, "the ledger does not hold it");
            if (i > 0 && _outputs[i - 1] == output) throw Wrong(output, "it is named twice");
            if (_stolen[i] <= 0 || _stolen[i] > graph.Value[output])
                throw Wrong(output, FormattableString.Invariant($"{_stolen[i]} satoshi cannot be stolen of its {graph.Value[output]}"));
            _transactions[i] = graph.TransactionOf(output);
            if (_transactions[i] >= limit) throw Wrong(output, "it was made after the last block looked at");
            Total += _stolen[i];
        }

        static ArgumentException Wrong(long output, string why) => new(FormattableString.Invariant($"Output {output} cannot be a seed: {why}."), nameof(seeds));
    }

    public int Count => _outputs.Length;

    /// <summary>Satoshi stolen altogether.</summary>
    public long Total { get; }

    /// <summary>The transaction that made the first seed not yet passed, or the largest number when all are.</summary>
    public uint NextTransaction => _next < _transactions.Length ? _transactions[_next] : uint.MaxValue;

    public long OutputAt(int index) => _outputs[index];

    public long StolenAt(int index) => _stolen[index];

    public uint TransactionAt(int index) => _transactions[index];

    /// <summary>Marks the seeds of the next transaction as dealt with.</summary>
    public void Pass()
    {
        var transaction = NextTransaction;
        while (_next < _transactions.Length && _transactions[_next] == transaction) _next++;
    }

    /// <summary>Whether the seed at an index was passed.</summary>
    public bool Passed(int index) => index < _next;

    /// <summary>The stolen part of an output; 0 when it is no seed.</summary>
    public long StolenOf(long output)
    {
        var index = Array.BinarySearch(_outputs, output);
        return index < 0 ? 0 : _stolen[index];
    }

    /// <summary>The index of an output among the seeds; negative when it is none.</summary>
    public int IndexOf(long output) => Array.BinarySearch(_outputs, output);

    /// <summary>Whether some output of a transaction is a seed.</summary>
    public bool Holds(uint transaction) => Array.BinarySearch(_transactions, transaction) >= 0;
}
