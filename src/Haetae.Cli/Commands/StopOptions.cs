using System.CommandLine;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary>What the verbs that trace share: where a trace stops, and which stops are overridden.</summary>
internal static class StopOptions
{
    private static readonly string[] Known = ["coinjoins", "services"];

    internal static Option<string[]> Stops()
    {
        var option = new Option<string[]>("--stops")
        {
            Description = "Where taint is parked: services (by tag or cluster), coinjoins (by rule), or none.",
            DefaultValueFactory = _ => [.. Known],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "KIND",
        };
        return option;
    }

    internal static Option<string[]> Through() => new("--through")
    {
        Description = "Follow through a stop all the same: a CoinJoin's TXID, a service's ADDRESS, or its name. The answer says so.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "WHAT",
    };

    /// <summary>The kinds in text order.</summary>
    internal static string[] Kinds(IEnumerable<string> asked)
    {
        var kinds = asked.Distinct().Order(StringComparer.Ordinal).ToArray();
        if (kinds is ["none"]) return [];
        foreach (var kind in kinds)
            if (!Known.Contains(kind)) throw new UsageException($"--stops {kind}: known are {string.Join(", ", Known)}, or none alone.");
        return kinds;
    }

    /// <summary>The rules, with everything overridden resolved to numbers.</summary>
    /// <param name="kinds">As <see cref="Kinds"/> gives them.</param>
    internal static StopRules Rules(BitcoinLedger ledger, IReadOnlyCollection<string> kinds, IEnumerable<string> through, EntityBook? entities)
    {
        var transactions = new HashSet<uint>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var scripts = new HashSet<ulong>();
        foreach (var what in through)
        {
            if (what.Length == 64 && Hash256.TryParse(what, out var id))
            {
                var number = ledger.FindTransaction(id);
                if (number < 0) throw new NotFoundException($"--through {what}: the transaction is not in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}).");
                transactions.Add((uint)number);
            }
            else if (Address.TryParse(what, ledger.Network, out var script, out _))
            {
                scripts.Add(ScriptKey.Of(script));
            }
            else if (entities is not null && entities.Knows(what))
            {
                names.Add(what);
            }
            else
            {
                throw new NotFoundException($"--through {what}: that is no transaction id, no address of {ledger.Network.Name}, and no tagged service goes by that name.");
            }
        }

        return new StopRules
        {
            Services = kinds.Contains("services"),
            CoinJoins = kinds.Contains("coinjoins"),
            ThroughTransactions = transactions,
            ThroughEntities = names,
            ThroughScripts = scripts,
        };
    }
}
