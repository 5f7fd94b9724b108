using System.CommandLine;
using System.Globalization;
using Haetae.Tracing.Bounds;

namespace Haetae.Cli.Commands;

/// <summary>What the verbs that trace share about bounds without a rule.</summary>
internal static class BoundsOptions
{
    /// <summary>As much as takes a few seconds at most.</summary>
    internal const int UsualTransactions = 100_000;

    internal static Option<string> Bounds() => new("--bounds")
    {
        Description = "The least and the most that any rule could place at the largest destinations: on (up to 2,000,000 transactions that stolen money can reach), off, or up to N of them.",
        DefaultValueFactory = _ => UsualTransactions.ToString(CultureInfo.InvariantCulture),
        HelpName = "on|off|N",
    };

    /// <summary>The largest network to look at; 0: none.</summary>
    internal static int Transactions(string asked) => asked switch
    {
        "on" => ReachedGraph.UsualLimit,
        "off" => 0,
        _ => int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0 ? most
            : throw new UsageException($"--bounds {asked}: say on, off, or a number of transactions from 1 to {int.MaxValue}."),
    };
}
