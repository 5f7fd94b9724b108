using Haetae.Ledger;

namespace Haetae.Tracing.Clusters;

/// <summary>Which transactions are left out of clustering because several owners may stand behind their inputs.</summary>
public enum CoinJoinGuard
{
    /// <summary>None: every transaction counts as one owner's.</summary>
    None,

    /// <summary>Those that BlockSci's test finds (<see cref="CoinJoins"/>).</summary>
    BlockSci,

    /// <summary>Those that BlockSci's test or any rule of <see cref="CoinJoinRules"/> finds, where the rule says that several owners stand behind it.</summary>
    All,
}

/// <summary>Words and versions of the guards.</summary>
public static class CoinJoinGuards
{
    /// <summary>Grows whenever a rule behind a guard answers differently, so that clusters stored by other rules are known for what they are.</summary>
    public const int RulesVersion = 2;

    /// <summary>The guard's name in options, files and JSON.</summary>
    public static string Word(CoinJoinGuard guard) => guard switch
    {
        CoinJoinGuard.None => "none",
        CoinJoinGuard.BlockSci => "blocksci",
        _ => "all",
    };

    /// <summary>The guard of a name; null when there is none.</summary>
    public static CoinJoinGuard? Parse(string word) => word switch
    {
        "none" => CoinJoinGuard.None,
        "blocksci" => CoinJoinGuard.BlockSci,
        "all" => CoinJoinGuard.All,
        _ => null,
    };

    /// <summary>Whether a guard keeps a transaction from joining anybody.</summary>
    public static bool LeavesOut(BitcoinLedger ledger, CoinJoinGuard guard, uint transaction) => new GuardScan(ledger, guard).LeavesOut(transaction);
}
