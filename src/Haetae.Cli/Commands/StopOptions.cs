using System.CommandLine;
using System.Globalization;
using Haetae.Intel.Clusters;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary>What the verbs that trace share: where a trace stops, and which stops are overridden.</summary>
internal static class StopOptions
{
    private const uint MostTransactionsClusteredAtOnce = 2_000_000;

    private static readonly string[] Known = ["coinjoins", "services"];

    private static readonly string[] KnownOnAccounts = ["bridges", "mixers", "services"];

    internal static Option<string[]> Stops()
    {
        var option = new Option<string[]>("--stops")
        {
            Description = "Where taint is parked: services (by tag or cluster), coinjoins (by rule), or none. On account chains: services (by tag), mixers and bridges (by the events they emit), or none.",
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

    internal static Option<string?> TagsAsOf() => new("--tags-as-of")
    {
        Description = "Go by the tags that were known on this day (2024-05-31); without it, by all that stand.",
        HelpName = "DATE",
    };

    internal const int UsualTrials = 12;

    internal static Option<int> Sensitivity() => new("--sensitivity")
    {
        Description = $"Try the answer without each of its N largest assumptions (a service's tags, a cluster, a CoinJoin); 0: none. Not done above {Amounts.Count(ReportBuilder.MostTransactionsTried)} transactions.",
        DefaultValueFactory = _ => UsualTrials,
        HelpName = "N",
    };

    internal static DateOnly? DayOf(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new UsageException($"{option.Name} {text}: a day looks like 2024-05-31.");

    /// <summary>What the store's tags say of the ledger's addresses; null: there is no store.</summary>
    internal static EntityBook? Entities(ParseResult parsed, ILedgerView ledger, DateOnly? asOf, CancellationToken cancel)
    {
        return Entities(Stores.Of(parsed), ledger, asOf, note => parsed.InvocationConfiguration.Error.WriteLine($"haetae: {note}"), cancel);
    }

    /// <summary>What a store of tags says of the ledger's addresses, and of their clusters: the stored ones, or computed now where the ledger is small.</summary>
    internal static EntityBook? Entities(StoreLocation place, ILedgerView view, DateOnly? asOf, Action<string>? note, CancellationToken cancel)
    {
        using var store = TagStore.OpenForReading(place);
        if (store is null) return null;
        var book = EntityBooks.Load(store, view, asOf, cancel);
        if (book.Count == 0) return book;
        if (view is not BitcoinLedger ledger)
        {
            note?.Invoke("A case ledger has no clusters, so tags speak for their own addresses only.");
            return book;
        }

        var cuts = ClusterViews.Ids(ClusterCuts.Current(place, ledger.Network.ChainId));
        var clusters = ClusterViews.Stored(ledger, CoinJoinGuard.All, cuts, out _, cancel)
            ?? (ledger.Counts.Transactions <= MostTransactionsClusteredAtOnce ? ClusterView.Compute(ledger, CoinJoinGuard.All, cuts, Environment.ProcessorCount, cancel) : null);
        if (clusters is null) note?.Invoke("No clusters are stored for this ledger, so tags speak for their own addresses only. 'haetae cluster build' makes them.");
        else book.SpreadOverClusters(output => clusters.ClusterIdOf(output) is var cluster && cluster == AddressNumbers.None ? null : cluster, clusters);
        return book;
    }

    /// <summary>The kinds in text order.</summary>
    internal static string[] Kinds(IEnumerable<string> asked) => Sorted(asked, Known, "known are");

    /// <summary>The kinds on an account chain, in text order; where none is asked for, all.</summary>
    internal static string[] AccountKinds(ParseResult parsed, Option<string[]> stops, IEnumerable<string> asked) =>
        parsed.GetResult(stops) is null or { Implicit: true } ? [.. KnownOnAccounts] : Sorted(asked, KnownOnAccounts, "on account chains known are");

    private static string[] Sorted(IEnumerable<string> asked, string[] known, string are)
    {
        var kinds = asked.Distinct().Order(StringComparer.Ordinal).ToArray();
        if (kinds is ["none"]) return [];
        foreach (var kind in kinds)
            if (!known.Contains(kind)) throw new UsageException($"--stops {kind}: {are} {string.Join(", ", known)}, or none alone.");
        return kinds;
    }

    /// <summary>The rules, with everything overridden resolved to numbers.</summary>
    /// <param name="kinds">As <c>Kinds</c> gives them.</param>
    internal static StopRules Rules(ILedgerView ledger, IReadOnlyCollection<string> kinds, IEnumerable<string> through, EntityBook? entities)
    {
        var transactions = new HashSet<uint>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var scripts = new HashSet<ulong>();
        foreach (var what in through)
        {
            if (what.Length == 64 && Hash256.TryParse(what, out var id))
            {
                var number = ledger.FindTransaction(id);
                if (number < 0) throw new NotFoundException($"--through {what}: the transaction is not in the ledger (heights {ledger.FirstHeight} to {ledger.TipHeight}).");
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
