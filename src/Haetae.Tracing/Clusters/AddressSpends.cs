using Haetae.Ledger;

namespace Haetae.Tracing.Clusters;

/// <summary>The transactions that spend from a script, those that spend what was paid before the ledger's first block included, where that is known.</summary>
/// <remarks>Of a ledger that begins in the middle, the inputs from before it are gone through once and their keys kept: 16 bytes each.</remarks>
internal sealed class AddressSpends(BitcoinLedger ledger)
{
    private (ulong Key, long Input)[]? _outside;

    /// <summary>Spending transactions in chain order, each once.</summary>
    internal IReadOnlyList<uint> Of(byte[] script, ulong key)
    {
        var spenders = new List<uint>();
        foreach (var output in ledger.FindOutputs(script))
            if (ledger.Graph.SpenderOf(output) is var spender && spender != 0) spenders.Add(spender);
        if (ledger.Counts.OutsideInputs > 0) AddOutside(script, key, spenders);
        spenders.Sort();
        var kept = 0;
        for (var i = 0; i < spenders.Count; i++)
            if (i == 0 || spenders[i] != spenders[i - 1]) spenders[kept++] = spenders[i];
        spenders.RemoveRange(kept, spenders.Count - kept);
        return spenders;
    }

    private void AddOutside(byte[] script, ulong key, List<uint> spenders)
    {
        if (_outside is null)
        {
            _outside = [.. ledger.OutsideScriptKeys().Select(spend => (spend.Key, spend.Input))];
            Array.Sort(_outside);
        }

        var at = Array.BinarySearch(_outside, (key, 0L));
        for (at = at < 0 ? ~at : at; at < _outside.Length && _outside[at].Key == key; at++)
            if (ledger.OutsideOf(_outside[at].Input).Script is { } spent && spent.AsSpan().SequenceEqual(script)) spenders.Add(TransactionOfInput(_outside[at].Input));
    }

    private uint TransactionOfInput(long input)
    {
        uint low = 0, high = ledger.Graph.TransactionCount - 1;
        while (low < high)
        {
            var middle = (uint)(((ulong)low + high + 1) >> 1);
            if (ledger.Graph.FirstInput[middle] <= input) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
