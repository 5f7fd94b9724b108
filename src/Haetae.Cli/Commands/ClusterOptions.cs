using System.CommandLine;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Clusters;

namespace Haetae.Cli.Commands;

/// <summary>What the verbs about clusters share: the guard, the limit, and addresses as people type them.</summary>
internal static class ClusterOptions
{
    internal static Option<string> Guard()
    {
        var option = new Option<string>("--coinjoins")
        {
            Description = "Which CoinJoins join nobody: blocksci (those its rule finds) or none (every transaction counts as one owner's).",
            DefaultValueFactory = _ => "blocksci",
            HelpName = "RULE",
        };
        option.AcceptOnlyFromAmong("blocksci", "none");
        return option;
    }

    internal static CoinJoinGuard GuardOf(string text) => text == "none" ? CoinJoinGuard.None : CoinJoinGuard.BlockSci;

    internal static Option<int> Most() => new("--max-transactions")
    {
        Description = "Look at no more spending transactions than this; the answer says so if it was too few.",
        DefaultValueFactory = _ => 1_000_000,
        HelpName = "N",
    };

    /// <summary>The address of an output's script, or the script in hex where it has none.</summary>
    internal static string Name(BitcoinLedger ledger, long output)
    {
        var script = ledger.ScriptOf(output);
        return Address.TryEncode(script, ledger.Network, out var address) ? address : Convert.ToHexStringLower(script);
    }
}
