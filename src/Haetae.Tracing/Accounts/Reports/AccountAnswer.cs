using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>What a trace on an account chain says, in sentences.</summary>
public static class AccountAnswer
{
    /// <summary>The policy whose figures lead: the first that conserves amounts, else the first.</summary>
    public static AccountResult Main(AccountReport report) =>
        report.Results.FirstOrDefault(result => result.Conserves) ?? report.Results.FirstOrDefault() ?? throw new ArgumentException("A trace without a single policy answers nothing.", nameof(report));

    /// <summary>One sentence for each asset that stolen money was in.</summary>
    public static IEnumerable<string> Sentences(AccountReport report)
    {
        var result = Main(report);
        foreach (var (asset, book, _) in result.Books)
        {
            if (!result.Conserves)
            {
                yield return $"{AssetAmounts.WithSymbol(book.Seeds, asset)} stolen reached {Amounts.Count(result.Ends.Count(end => end.Asset.Name == asset.Name), "end", "ends")} ({PolicyMethod.Of(result.Policy).Title}: what was reached, not how much of it is stolen).";
                continue;
            }

            var parts = new List<string>();
            Part(book.Held, $"held at {Amounts.Count(result.Ends.Where(end => end.Asset.Name == asset.Name && end.Reason == "held").Select(end => end.Address).Distinct().Count(), "account", "accounts")}");
            foreach (var stop in result.Ends.Where(end => end.Asset.Name == asset.Name && end.Reason is not ("held" or "min-value" or "max-transactions")).GroupBy(end => end.Reason).OrderBy(group => group.Key, StringComparer.Ordinal))
                Part(stop.Aggregate(UInt256.Zero, (sum, end) => UInt256.AddCapped(sum, end.Tainted)), $"{Reason(stop.Key)} ({Amounts.Count(stop.Select(end => end.Address).Distinct().Count(), "account", "accounts")})");
            Part(book.ConvertedOut, "changed into other assets");
            Part(book.Fees, "paid as fees");
            Part(book.Destroyed, "destroyed");
            Part(book.Cut, "left open by a limit of this trace");
            var came = UInt256.AddCapped(book.Seeds - book.Absorbed, book.ConvertedIn);
            yield return $"Of {AssetAmounts.WithSymbol(came, asset)} {(book.ConvertedIn.IsZero ? "stolen" : book.Seeds.IsZero ? "that stolen money was changed into" : "stolen or changed into")}: {string.Join(", ", parts)} ({PolicyMethod.Of(result.Policy).Title}).";

            void Part(UInt256 amount, string what)
            {
                if (!amount.IsZero) parts.Add($"{AssetAmounts.Exact(amount, asset.Decimals)} {what}");
            }
        }
    }

    /// <summary>What limits the worth of the trace.</summary>
    public static IReadOnlyList<string> Warnings(AccountReport report)
    {
        var warnings = new List<string>(report.Ledger.Notes);
        var main = Main(report);
        var assumed = main.Openings.Where(opening => !opening.Known && !opening.Amount.IsZero).ToList();
        if (assumed.Count > 0)
            warnings.Add($"{Amounts.Count(assumed.Count, "account", "accounts")} must have held money before: how much is not known, and the least that keeps every balance from falling below zero was taken ({string.Join("; ", assumed.Take(3).Select(one => $"{one.Address} {AssetAmounts.WithSymbol(one.Amount, one.Asset)}"))}{(assumed.Count > 3 ? "; …" : "")}).");
        foreach (var asset in Overfull(report))
            warnings.Add($"{AssetAmounts.NameOf(asset)}: its sums reach 2^256 - 1 base units and stop there, so they mean \"at least\" and do not add up: a row is wrong, or the token is made up. Figures of other assets are as exact as ever.");
        if (report.Parameters.Within.Count > 0) warnings.Add($"Followed within {Amounts.Count(report.Parameters.Within.Count, "account", "accounts")} only, as asked; what left them is an end.");
        if (report.Parameters.Through.Count > 0) warnings.Add($"Followed through stops that Haetae would not follow by itself, as asked: {string.Join(", ", report.Parameters.Through)}.");
        if (report.Results.Any(result => result.Policy is "tiho" or "tilo")) warnings.Add("TIHO and TILO look at an account's whole history: retrospective, not available while following.");
        if (main.Ends.Where(end => end.Reason is "mixer" or "bridge" && end.Entity is null).Select(end => end.Address).Distinct().Count() is > 0 and var untagged)
            warnings.Add($"{Amounts.Count(untagged, "account is called a mixer or a bridge by what it emits", "accounts are called mixers or bridges by what they emit")} alone, without a tag: anybody may emit such an event. --through ADDRESS follows on.");
        if (report.Parameters.Values is { } currency)
        {
            List<Worth> worths = [.. report.Seeds.Select(seed => seed.Worth!).Concat(main.Ends.Select(end => end.Worth!))];
            var sources = string.Join("; ", worths.Where(worth => worth.Source is not null).Select(worth => worth.Source).Distinct().Order(StringComparer.Ordinal));
            warnings.Add($"Values in {currency} go by imported prices{(sources.Length == 0 ? "" : $" ({sources})")}: a stolen transfer's at its own time, an end's when the first stolen money came there, a book's is the sum of its stolen transfers'. Values of different times do not add up.");
            if (worths.Where(worth => worth.Reason is not null).ToList() is { Count: > 0 } without) warnings.Add($"{Amounts.Count(without.Count)} of {Amounts.Count(worths.Count, "amount has", "amounts have")} no value: {string.Join("; ", without.Select(worth => worth.Reason).Distinct().Take(3))}.");
        }

        foreach (var reason in new[] { "min-value", "max-transactions" })
            if (main.Ends.Count(end => end.Reason == reason) is > 0 and var count) warnings.Add($"{Sentenced(Reason(reason))}: {Amounts.Count(count, "end", "ends")} left open.");
        return warnings;
    }

    private static IEnumerable<AssetInfo> Overfull(AccountReport report) => report.Results.SelectMany(result => result.Books).Where(books => IsOverfull(books.Book)).Select(books => books.Asset).DistinctBy(asset => asset.Name);

    private static bool IsOverfull(AssetBook book) =>
        new[] { book.Seeds, book.ConvertedIn, book.Held, book.Parked, book.Fees, book.Destroyed, book.Absorbed, book.Cut, book.ConvertedOut }.Contains(UInt256.MaxValue);

    /// <summary>The reason of an end in words a reader knows.</summary>
    public static string Reason(string reason) => reason switch
    {
        "held" => "held",
        "outside" => "outside what was followed",
        "uncovered" => "at accounts whose history is not in this ledger",
        "service" => "at services",
        "mixer" => "in mixers",
        "bridge" => "at bridges",
        "not-understood" => "in contracts not understood",
        "min-value" => "below the minimum value",
        "max-transactions" => "maximum of transactions reached",
        _ => reason,
    };

    private static string Sentenced(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
