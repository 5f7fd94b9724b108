using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A trace on an account ledger as it was asked for on the command line, and its way to numbers.</summary>
internal sealed record AccountTraceRequest(string[] From, string[] Policies)
{
    /// <summary>So many destinations get bounds: those that hold most.</summary>
    internal const int UsualDestinations = 20;

    internal string? Since { get; init; }

    internal string? Until { get; init; }

    /// <summary>The asset that a bare address means; null: any.</summary>
    internal string? Asset { get; init; }

    internal string? Amount { get; init; }

    internal string? MinValue { get; init; }

    internal long? MaxTransactions { get; init; }

    internal string[] Stops { get; init; } = ["services"];

    internal string[] Through { get; init; } = [];

    internal string[] Within { get; init; } = [];

    internal int Bounds { get; init; }

    /// <summary>Prices for values; null: none were asked for.</summary>
    internal IPriceBook? Prices { get; init; }

    /// <summary>Decimal places that were named for the prices, as CAIP-19=N.</summary>
    internal IReadOnlyList<string> Decimals { get; init; } = [];

    internal AccountNames? Names { get; init; }

    internal DateOnly? TagsAsOf { get; init; }

    internal AccountReport Run(IAccountView view, CancellationToken cancel)
    {
        if (MaxTransactions is < 1) throw new UsageException("--max-transactions must be 1 or more.");
        var query = Query(view);
        var policies = ParsePolicies();
        var parameters = new AccountParameters(From, [.. policies.Select(PolicyNames.NameOf)])
        {
            Amount = Amount,
            Asset = Asset,
            Since = Since,
            Until = Until,
            MinValue = MinValue,
            MaxTransactions = MaxTransactions,
            Stops = Stops,
            Through = Through,
            Within = [.. Within.Select(address => view.Chain.Show(AccountAddress.Parse(address)))],
            Bounds = Bounds,
            Values = Prices?.Currency,
            Decimals = Decimals,
        };
        var tags = Names is { Count: > 0 } ? new TraceTags(Names.Count, TagsAsOf, Clusters: false, Names.Digest()) : null;
        return new AccountReportBuilder(view, Names, Prices).Build(query, policies, parameters, tags, cancel);
    }

    /// <summary>What was asked, in the ledger's numbers.</summary>
    internal AccountQuery Query(IAccountView view)
    {
        var until = Until is null ? (uint?)null : LastUpTo(view, Until);
        return new AccountQuery
        {
            Seeds = Cut(view, Seeds(view, until)),
            UntilTransaction = until,
            MinValue = MinValue is null ? null : WholeAmount("--min-value", MinValue),
            MaxTransactions = MaxTransactions,
            Within = Within.Length == 0 ? null : Within.Select(address => AccountOf(view, "--within", address)).ToHashSet(),
            Stops = Stops.Length == 0 ? null : StopsOf(view, Names, Through, Stops),
            Values = Prices is null ? null : new PricedAssets(view, Prices),
        };
    }

    /// <summary>Stops at services by their tags, and at pools and bridges by what they emit, but for those followed through: addresses or names.</summary>
    internal static EventStops StopsOf(IAccountView view, AccountNames? tagged, IEnumerable<string> through, IReadOnlyCollection<string> kinds)
    {
        var accounts = new HashSet<uint>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var what in through)
        {
            if (AccountAddress.TryParse(what, out var address, out _)) accounts.Add(view.FindAccount(address) ?? throw new NotFoundException($"--through {what}: the ledger never met that account."));
            else if (tagged?.Knows(what) == true) names.Add(what);
            else throw new NotFoundException($"--through {what}: that is no address, and no tagged service goes by that name.");
        }

        var tags = kinds.Contains("services") && tagged is { Count: > 0 } ? new NamedStops(view, tagged, accounts, names) : null;
        return new EventStops(view, tags, account => accounts.Contains(account) || (tagged?.Of(account) is { } entity && (names.Contains(entity.Name) || names.Contains(entity.Key))))
        {
            Mixers = kinds.Contains("mixers"),
            Bridges = kinds.Contains("bridges"),
        };
    }

    private List<Policy> ParsePolicies()
    {
        var policies = new List<Policy>();
        foreach (var name in Policies)
        {
            if (name == "all") policies.AddRange(AccountTracer.Policies);
            else if (PolicyNames.TryParse(name, out var policy) && AccountTracer.Policies.Contains(policy)) policies.Add(policy);
            else throw new UsageException($"'{name}' is no policy on account chains; known are {string.Join(", ", AccountTracer.Policies.Select(PolicyNames.NameOf))} and all.");
        }

        return policies.Count > 0 ? [.. policies.Distinct()] : throw new UsageException("--policy names none.");
    }

    /// <summary>The transfers that items on the command line name, without those that move nothing.</summary>
    private SortedSet<long> Seeds(IAccountView view, uint? until)
    {
        if (From.Length == 0) throw new UsageException("Nothing is named: say what was stolen with --from WHAT: TXID, TXID:N (its Nth transfer, from 0) or ADDRESS.");
        if (Since is not null && From.All(item => !AccountAddress.TryParse(item, out _, out _))) throw new UsageException("--since goes with --from ADDRESS: a transaction named has its own time.");
        var asset = Asset is null ? (uint?)null : AssetOf(view, Asset);
        var seeds = new SortedSet<long>();
        foreach (var item in From)
        {
            var text = item.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? item[2..] : item;
            if (text.Length == 64 && Hash256.TryParse(text, out var id)) AddTransaction(view, item, id, null, asset, seeds);
            else if (text.Length > 65 && text[64] == ':' && Hash256.TryParse(text.AsSpan(0, 64), out id) && int.TryParse(text.AsSpan(65), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) AddTransaction(view, item, id, index, asset, seeds);
            else if (AccountAddress.TryParse(item, out _, out var error)) AddAddress(view, item, until, asset, seeds);
            else throw new UsageException($"--from '{item}' is neither TXID, TXID:N nor an address: {error}.");
        }

        foreach (var seed in seeds)
            if (view.Graph.TransactionOf(seed) > until) throw new UsageException($"--until {Until}: transfer {view.Graph.TxId[view.Graph.TransactionOf(seed)]} was made later.");
        return seeds;
    }

    private static void AddTransaction(IAccountView view, string item, Hash256 id, int? index, uint? asset, SortedSet<long> seeds)
    {
        var graph = view.Graph;
        var tx = view.FindTransaction(id) ?? throw new NotFoundException($"--from {item}: the transaction is not in the ledger.");
        long first = graph.TxFirstTransfer[tx], count = graph.TxFirstTransfer[tx + 1L] - first;
        if (index >= count) throw new NotFoundException($"--from {item}: the transaction has {Amounts.Count(count, "transfer", "transfers")}, counted from 0.");
        for (var at = index ?? 0; at < (index + 1 ?? count); at++)
        {
            if (IsFee(graph, first + at) || (index is null && asset is not null && graph.Asset[first + at] != asset)) continue;
            // What an account pays itself moves nothing either.
            if (!graph.Amount[first + at].IsZero && graph.To[first + at] != AccountGraph.Nobody && graph.To[first + at] != graph.From[first + at]) seeds.Add(first + at);
        }
    }

    private static bool IsFee(AccountGraph graph, long transfer) => graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt;

    private void AddAddress(IAccountView view, string item, uint? until, uint? asset, SortedSet<long> seeds)
    {
        var graph = view.Graph;
        var account = AccountOf(view, "--from", item);
        var since = Since is null ? 0 : FirstFrom(view, Since);
        var before = seeds.Count;
        foreach (var transfer in view.TransfersOf(account))
        {
            if (graph.To[transfer] != account || graph.From[transfer] == account || IsFee(graph, transfer) || graph.Amount[transfer].IsZero || (asset is not null && graph.Asset[transfer] != asset)) continue;
            var tx = graph.TransactionOf(transfer);
            if (tx >= since && !(tx > until)) seeds.Add(transfer);
        }

        if (seeds.Count == before) throw new NotFoundException($"--from {item}: nothing but fees, if anything, pays that account{(Since is null && Until is null ? "" : " between --since and --until")}{(Asset is null ? "" : $" in {Asset}")}.");
    }

    /// <summary>All of each transfer, or the first --amount base units in chain order.</summary>
    private List<StolenTransfer> Cut(IAccountView view, SortedSet<long> transfers)
    {
        if (transfers.Count == 0) throw new NotFoundException("Nothing is left to follow: the transfers named move nothing, pay fees, or go back to who paid them.");
        if (Amount is null) return [.. transfers.Select(transfer => new StolenTransfer(transfer, view.Graph.Amount[transfer]))];
        if (transfers.Select(transfer => view.Graph.Asset[transfer]).Distinct().Count() > 1) throw new UsageException("--amount goes with one asset: name it with --asset.");
        var stolen = new List<StolenTransfer>();
        var left = WholeAmount("--amount", Amount);
        foreach (var transfer in transfers)
        {
            if (left.IsZero) break;
            var part = UInt256.Min(left, view.Graph.Amount[transfer]);
            stolen.Add(new StolenTransfer(transfer, part));
            left -= part;
        }

        return left.IsZero ? stolen : throw new UsageException($"--amount {Amount} is more than the transfers named hold ({left} base units more).");
    }

    private static UInt256 WholeAmount(string option, string text) =>
        UInt256.TryParse(text, out var amount) && !amount.IsZero ? amount : throw new UsageException($"{option} {text}: this must be a whole number of base units, 1 or more.");

    private static uint AssetOf(IAccountView view, string text)
    {
        for (var asset = 0; asset < view.Assets.Count; asset++)
        {
            var known = view.Assets[asset];
            if (string.Equals(known.Name.Caip19, text, StringComparison.OrdinalIgnoreCase) || (asset == 0 && (string.Equals(text, known.Symbol, StringComparison.OrdinalIgnoreCase) || string.Equals(text, view.Chain.Alias, StringComparison.OrdinalIgnoreCase)))
                || (AccountAddress.TryParse(text, out var contract, out _) && known.Name.Contract == contract && known.Name.Kind == Ledger.Chains.AssetKind.Token)) return (uint)asset;
        }

        throw new NotFoundException($"--asset {text}: the ledger holds no such asset. Name it as CAIP-19 or by its contract's address.");
    }

    /// <summary>The account that an option or argument names.</summary>
    internal static uint AccountOf(IAccountView view, string option, string text)
    {
        if (!AccountAddress.TryParse(text, out var address, out var error)) throw new UsageException($"{option} {text}: {error}.");
        return view.FindAccount(address) ?? throw new NotFoundException($"{option} {text}: the ledger never met that account.");
    }

    private static uint FirstFrom(IAccountView view, string text)
    {
        var time = Seconds("--since", text);
        return Search(view, tx => view.Graph.TxTime[tx] >= time);
    }

    private static uint LastUpTo(IAccountView view, string text)
    {
        // A day means all of it.
        var time = Seconds("--until", text) + (text.Length == 10 ? 86_400 - 1 : 0);
        var after = Search(view, tx => view.Graph.TxTime[tx] > time);
        return after == 0 ? throw new NotFoundException($"--until {text}: the ledger begins later.") : after - 1;
    }

    // Times never fall in an account ledger.
    private static uint Search(IAccountView view, Func<uint, bool> holds)
    {
        uint low = 0, high = view.Graph.TransactionCount;
        while (low < high)
        {
            var middle = (uint)(((ulong)low + high) >> 1);
            if (holds(middle)) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private static long Seconds(string option, string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeSeconds() : throw new UsageException($"{option} {text}: a time looks like 2022-03-23 or 2022-03-23T13:29:09Z.");
}
