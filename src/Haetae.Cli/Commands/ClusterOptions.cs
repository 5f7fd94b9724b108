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
            Description = "Which CoinJoins join nobody: all (those that BlockSci's test or any rule of 'haetae coinjoin' finds), blocksci (BlockSci's test alone) or none (every transaction counts as one owner's).",
            DefaultValueFactory = _ => "all",
            HelpName = "RULE",
        };
        option.AcceptOnlyFromAmong("all", "blocksci", "none");
        return option;
    }

    internal static CoinJoinGuard GuardOf(string text) => CoinJoinGuards.Parse(text) ?? throw new UsageException($"--coinjoins {text}: it is none, blocksci or all.");

    internal static Option<int> Most() => new("--max-transactions")
    {
        Description = "Look at no more spending transactions than this; the answer says so if it was too few.",
        DefaultValueFactory = _ => 1_000_000,
        HelpName = "N",
    };

    /// <summary>The address of an output's script, or the script in hex where it has none.</summary>
    internal static string Name(BitcoinLedger ledger, long output) => Name(ledger, ledger.ScriptOf(output));

    internal static string Name(BitcoinLedger ledger, byte[] script) => Address.TryEncode(script, ledger.Network, out var address) ? address : Convert.ToHexStringLower(script);
}
