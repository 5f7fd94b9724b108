using Haetae.Ledger;

namespace Haetae.Tracing.Clusters;

/// <summary>Asks a guard about single transactions and counts what it leaves out, by detector. One instance a thread.</summary>
/// <remarks>
/// A rule that calls a transaction one owner's (Whirlpool's tx0, ChipMixer's funding) leaves nothing out. The rules read whole scripts and amounts, so they are asked only
/// where one of them can fire: each needs an amount that is paid three times and three inputs, or, for Wasabi 2, twice and five inputs with eight outputs.
/// </remarks>
internal sealed class GuardScan(BitcoinLedger ledger, CoinJoinGuard guard)
{
    /// <summary>The name under which BlockSci's test is counted.</summary>
    internal const string BlockSci = "blocksci";

    private readonly CoinJoins.Scan _blockSci = new(ledger);
    private readonly UtxoGraph _graph = ledger.Graph;
    private long[] _values = new long[64];

    /// <summary>How many transactions each detector left out, the first that fired counted; a transaction asked for twice counts twice.</summary>
    internal Dictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a transaction joins nobody.</summary>
    internal bool LeavesOut(uint transaction)
    {
        if (Detector(transaction) is not { } detector) return false;
        Counts[detector] = Counts.GetValueOrDefault(detector) + 1;
        return true;
    }

    /// <summary>The detector that keeps a transaction from joining anybody, or null.</summary>
    internal string? Detector(uint transaction)
    {
        if (guard == CoinJoinGuard.None) return null;
        if (guard == CoinJoinGuard.All && CanFire(transaction) && ByRules(transaction) is { } rule) return rule;
        return _blockSci.IsOne(transaction) ? BlockSci : null;
    }

    private string? ByRules(uint transaction) =>
        CoinJoinRules.Judge(TransactionShape.Of(ledger, transaction)).FirstOrDefault(verdict => verdict.Finding == Finding.Fires && IsShared(verdict.Kind))?.Rule;

    private static bool IsShared(CoinJoinKind kind) => kind is not (CoinJoinKind.WhirlpoolTx0 or CoinJoinKind.ChipMixerFunding);

    private bool CanFire(uint transaction)
    {
        var inputs = _graph.FirstInput[transaction + 1L] - _graph.FirstInput[transaction];
        var first = _graph.FirstOutput[transaction];
        var outputs = (int)(_graph.FirstOutput[transaction + 1L] - first);
        if (inputs < 3 || outputs < 3) return false;
        if (_values.Length < outputs) _values = new long[2 * outputs];
        var values = _values.AsSpan(0, outputs);
        _graph.Value.Slice(first, outputs).CopyTo(values);
        values.Sort();
        int most = 1, run = 1;
        for (var i = 1; i < outputs; i++)
        {
            run = values[i] == values[i - 1] ? run + 1 : 1;
            most = Math.Max(most, run);
        }

        return most >= 3 || (most == 2 && inputs >= 5 && outputs >= 8);
    }
}
