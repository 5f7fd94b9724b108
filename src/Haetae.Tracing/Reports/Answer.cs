using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>What a trace says, in sentences: the answer first, then what a reader must know before relying on it.</summary>
public static class Answer
{
    /// <summary>The policy whose figures lead: the first that conserves amounts, else the first.</summary>
    public static PolicyResult Main(TraceReport report) =>
        report.Results.FirstOrDefault(result => result.Conserves) ?? report.Results.FirstOrDefault()
        ?? throw new ArgumentException("A trace without a single policy answers nothing.", nameof(report));

    /// <summary>"Of 12.5 BTC stolen, 9.1 BTC lie unspent at 14 addresses, …"</summary>
    public static string Sentence(TraceReport report)
    {
        var result = Main(report);
        var books = result.Books;
        var policy = PolicyMethod.Of(result.Policy).Title;
        if (!result.Conserves)
        {
            return $"{Amounts.Btc(books.Stolen)} stolen reached {Amounts.Count(result.Ends.Count, "open end", "open ends")} at "
                + $"{Places(result.Addresses.Count, result)} ({policy}: what was reached, not how much of it is stolen).";
        }

        var parts = new List<string>
        {
            books.Held > 0
                ? $"{Amounts.Btc(books.Held)} {(books.Held == 100_000_000 ? "lies" : "lie")} unspent at {HeldAt(result)}"
                : "nothing lies unspent",
        };
        if (books.Parked > 0) parts.Add($"{Amounts.Btc(books.Parked)} {Be(books.Parked)} parked {Parked(result)}");
        if (books.Cut > 0) parts.Add($"{Amounts.Btc(books.Cut)} {Be(books.Cut)} left open by a limit of this trace");
        if (books.Fees > 0) parts.Add($"{Amounts.Btc(books.Fees)} went to fees");
        return $"Of {Amounts.Btc(books.Stolen)} stolen, {Joined(parts)} ({policy}, as of block {Amounts.Count(AsOf(report))}).";
    }

    /// <summary>Where taint is parked: the largest stops by name.</summary>
    private static string Parked(PolicyResult result)
    {
        const int most = 3;
        const string notFetched = "where nothing further was fetched";
        var open = result.Ends.Where(end => end.Reason == "not-fetched").Sum(end => end.Tainted);
        if (open > 0 && open == result.Books.Parked) return notFetched;
        if (result.Stops.Count == 0) return "where the trail needs an explicit link";
        if (result.Stops is [var only] && only.Tainted == result.Books.Parked) return Stop(only);
        var names = result.Stops.Take(most).Select(stop => $"{Stop(stop)} ({Amounts.Btc(stop.Tainted)})").ToList();
        if (result.Stops.Count > most) names.Add($"at {Amounts.Count(result.Stops.Count - most, "more stop", "more stops")}");
        if (open > 0) names.Add($"{notFetched} ({Amounts.Btc(open)})");
        return Joined(names);

        static string Stop(TraceStop stop) => stop.Entity is { } entity ? $"at {entity.Name}" : $"before {CoinJoinNames.Sentence(stop.CoinJoin!.Kind)}";
    }

    /// <summary>What limits the worth of a trace: weak proof of work, unknown values, a ledger that starts late, limits that were hit.</summary>
    public static IReadOnlyList<string> Warnings(TraceReport report)
    {
        var ledger = report.Ledger;
        var warnings = new List<string>();
        if (ledger.WeakWorkBlocks > 0)
        {
            warnings.Add($"{Amounts.Count(ledger.WeakWorkBlocks, "block states", "blocks state")} a proof-of-work target easier than {ledger.Network} allows: a generated chain, or a forgery. Its figures prove nothing about the real {ledger.Network}.");
        }

        if (ledger.UnknownInputs > 0)
        {
            warnings.Add($"The ledger does not know the value of {Amounts.Count(ledger.UnknownInputs, "input", "inputs")}. Where stolen money met one, the trace stopped and says so.");
        }

        if (ledger.FirstHeight > 0) warnings.Add($"The ledger starts at block {Amounts.Count(ledger.FirstHeight)}, not at the first block of the chain.");
        foreach (var group in report.Results.SelectMany(result => result.Limits, (result, limit) => (result, limit)).GroupBy(hit => (hit.limit.Kind, hit.limit.Setting)))
        {
            var each = group.Select(hit => $"{PolicyMethod.Of(hit.result.Policy).Title} {Amounts.Count(hit.limit.Ends, "end", "ends")} with {Amounts.Btc(hit.limit.Tainted)}");
            warnings.Add($"{Limit(group.Key.Kind, group.Key.Setting)}: {string.Join("; ", each)}.");
        }

        foreach (var link in Main(report).Links)
            warnings.Add($"Linked as asked, not by the chain: {Amounts.Btc(link.Amount)} from {link.From} to {link.Address ?? "output"} in {link.TxId}:{Height(link.Vout)}{(link.Asked is { } asked && asked > link.Amount ? $", of {Amounts.Btc(asked)} asked for: no more was parked in time" : "")}.");
        if (report.Parameters.Sensitivity > 0 && report.Sensitivity is null && Main(report) is { Stops.Count: > 0 } large && large.TransactionsVisited > ReportBuilder.MostTransactionsTried)
            warnings.Add($"What the answer rests on was not tried: that is done up to {Amounts.Count(ReportBuilder.MostTransactionsTried)} transactions, and this trace followed {Amounts.Count(large.TransactionsVisited)}.");
        if (report.Parameters.Through.Count > 0) warnings.Add($"Followed through stops that Haetae would not follow by itself, as asked: {string.Join(", ", report.Parameters.Through)}.");
        return warnings;
    }

    /// <summary>The reason of an end in words a reader knows.</summary>
    public static string Reason(string reason) => reason switch
    {
        "unspent" => "unspent",
        "until" => "spent later",
        "min-value" => "below the minimum value",
        "max-transactions" => "maximum of transactions reached",
        "unknown-value" => "spent beside an input of unknown value",
        "service" => "at a service",
        "coinjoin" => "spent in a CoinJoin",
        "not-fetched" => "not fetched: whether it is spent, and by what",
        _ => reason,
    };

    /// <summary>The last block the trace looks at.</summary>
    public static int AsOf(TraceReport report) =>
        report.Parameters.UntilHeight is { } until && until < report.Ledger.TipHeight ? until : report.Ledger.TipHeight;

    /// <summary>As a sentence begins.</summary>
    internal static string Sentenced(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    internal static string Height(int height) => height.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the address totals of a result are: addresses, scripts that have none, or both.</summary>
    internal static (string One, string Many) PlaceNoun(PolicyResult result)
    {
        var bare = result.Addresses.Count(total => total.Address is null);
        if (bare == 0) return ("address", "addresses");
        return bare == result.Addresses.Count ? ("script", "scripts") : ("address or script", "addresses and scripts");
    }

    private static string Places(long count, PolicyResult result)
    {
        var (one, many) = PlaceNoun(result);
        return Amounts.Count(count, one, many);
    }

    /// <summary>Who holds what the books call held: what was spent only after the last block looked at was held at that block.</summary>
    private static string HeldAt(PolicyResult result)
    {
        if (result.Limits.All(limit => limit.Kind == "until")) return Places(result.Addresses.Count, result);
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var end in result.Ends)
        {
            if (end.Reason is "unspent" or "until") places.Add(end.Address ?? end.ScriptHex ?? $"{end.TxId}:{Height(end.Vout)}");
        }

        return Places(places.Count, result);
    }

    /// <summary>What a limit did, up to the colon before what it did it to.</summary>
    private static string Limit(string kind, string? setting) => kind switch
    {
        "until" => $"Looked at up to {setting ?? "a block"} only. Held at that block, spent later",
        "min-value" => $"Outputs with less taint than the minimum{Set(setting)} were not followed. Left open",
        "max-transactions" => $"The trace stopped at its maximum of transactions{Set(setting)}. Left open",
        "unknown-value" => "The trace stopped where an input's value is not known. Parked there",
        "not-fetched" => "The case ledger holds no further: whether these outputs are spent, and by what, was not fetched ('haetae fetch --hops' goes on). Open there",
        _ => $"The limit {kind}{Set(setting)} cut the trace short. Left open",
    };

    private static string Set(string? setting) => setting is null ? "" : $" ({setting})";

    /// <summary>Why a path without a single transaction has none.</summary>
    internal static string Unmoved(TracePath path, PolicyResult result)
    {
        var seed = path.Steps[^1];
        var end = result.Ends.FirstOrDefault(end => end.TxId == seed.TxId && end.Vout == seed.Vout);
        return end?.Reason switch
        {
            null or "unspent" => "not moved since",
            "until" => "not moved up to the last block looked at",
            var reason => $"not followed: {Reason(reason)}",
        };
    }

    private static string Be(long satoshi) => satoshi == 100_000_000 ? "is" : "are";

    private static string Joined(List<string> parts) =>
        parts.Count == 1 ? parts[0] : string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[^1];
}
