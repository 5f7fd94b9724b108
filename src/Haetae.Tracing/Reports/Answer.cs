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
        var places = Places(result);
        var policy = PolicyMethod.Of(result.Policy).Title;
        if (!result.Conserves)
        {
            return $"{Amounts.Btc(books.Stolen)} stolen reached {Amounts.Count(result.Ends.Count, "open end", "open ends")} at "
                + $"{Amounts.Count(result.Addresses.Count, "address", "addresses")} ({policy}: what was reached, not how much of it is stolen).";
        }

        var parts = new List<string>
        {
            books.Held > 0
                ? $"{Amounts.Btc(books.Held)} {(books.Held == 100_000_000 ? "lies" : "lie")} unspent at {Amounts.Count(places, "address", "addresses")}"
                : "nothing lies unspent",
        };
        if (books.Parked > 0) parts.Add($"{Amounts.Btc(books.Parked)} {Be(books.Parked)} parked where the trail needs an explicit link");
        if (books.Cut > 0) parts.Add($"{Amounts.Btc(books.Cut)} {Be(books.Cut)} left open by a limit of this trace");
        if (books.Fees > 0) parts.Add($"{Amounts.Btc(books.Fees)} went to fees");
        return $"Of {Amounts.Btc(books.Stolen)} stolen, {Joined(parts)} ({policy}, as of block {Amounts.Count(AsOf(report))}).";
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
            var setting = group.Key.Setting is null ? "" : $" ({group.Key.Setting})";
            warnings.Add($"The limit {group.Key.Kind}{setting} cut the trace short. Left open: {string.Join("; ", each)}.");
        }

        return warnings;
    }

    /// <summary>The reason of an end in words a reader knows.</summary>
    public static string Reason(string reason) => reason switch
    {
        "unspent" => "unspent",
        "until" => "spent after the trace's last block",
        "min-value" => "below the minimum value",
        "max-transactions" => "maximum of transactions reached",
        "unknown-value" => "spent beside an input of unknown value",
        _ => reason,
    };

    /// <summary>The last block the trace looks at.</summary>
    public static int AsOf(TraceReport report) =>
        report.Parameters.UntilHeight is { } until && until < report.Ledger.TipHeight ? until : report.Ledger.TipHeight;

    internal static string Height(int height) => height.ToString(CultureInfo.InvariantCulture);

    private static int Places(PolicyResult result)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var end in result.Ends)
        {
            if (end.Reason == "unspent") places.Add(end.Address ?? end.ScriptHex ?? $"{end.TxId}:{Height(end.Vout)}");
        }

        return places.Count;
    }

    private static string Be(long satoshi) => satoshi == 100_000_000 ? "is" : "are";

    private static string Joined(List<string> parts) =>
        parts.Count == 1 ? parts[0] : string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[^1];
}
