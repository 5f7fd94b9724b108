using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary><c>haetae exposure</c> on an account ledger: per asset, the least and the most of a theft that an account can have received or hold.</summary>
/// <param name="Stops">The kinds of stops that were asked for.</param>
/// <param name="Through">What was followed through all the same.</param>
internal sealed record AccountExposureAnswer(IAccountView Ledger, uint Account, AccountQuery Query, AccountExposures Found, string[] Stops, string[] Through)
{
    private const int Label = 24, Cell = 34;

    /// <summary>Asks the question of an account.</summary>
    /// <exception cref="LedgerException">Stolen money can reach more than was to be looked at.</exception>
    internal static AccountExposureAnswer Of(IAccountView ledger, string address, AccountQuery query, string[] stops, string[] through, int most, CancellationToken cancel)
    {
        if (!AccountAddress.TryParse(address, out var wanted, out var error)) throw new UsageException($"'{address}' is no address of {ledger.Chain.Title}: {error}.");
        var account = ledger.FindAccount(wanted) ?? throw new NotFoundException($"{ledger.Chain.Show(wanted)} is not in the ledger ({ledger.Chain.Title}, {Amounts.Count(ledger.AccountCount, "account", "accounts")}).");
        var found = AccountExposures.Of(ledger, query, account, out var why, most, cancel)
            ?? throw new LedgerException($"No answer: {why}. Look further with --max-transactions N (transfers of reached accounts), or less far with --until TIME.");
        return new AccountExposureAnswer(ledger, account, query, found, stops, through);
    }

    internal JsonObject Json() => new()
    {
        ["chain"] = Ledger.Chain.Caip2,
        ["ledgerDigest"] = Ledger.Digest,
        ["address"] = Ledger.Chain.Show(Ledger.AddressOf(Account)),
        ["asOf"] = AsOf,
        ["assets"] = new JsonArray([.. Found.Assets.Select(one => (JsonNode)new JsonObject
        {
            ["asset"] = Ledger.Assets[(int)one.Asset].Name.Caip19,
            ["stolen"] = one.Stolen.ToString(),
            ["received"] = Bounds(one.Received),
            ["held"] = Bounds(one.Held),
        })]),
        ["limits"] = new JsonArray([.. Limits().Select(limit => (JsonNode)limit)]),
    };

    internal void Print(TextWriter output)
    {
        var address = Ledger.Chain.Show(Ledger.AddressOf(Account));
        var reached = Found.Assets.Where(one => !one.Received.Most.IsZero || !one.Held.Most.IsZero).ToList();
        if (reached.Count == 0) output.WriteLine($"{address}: 0 under any rule. No stolen money can have come to it.");
        foreach (var one in reached)
        {
            var asset = Ledger.Assets[(int)one.Asset];
            output.WriteLine($"{address}: received at most {AssetAmounts.WithSymbol(one.Received.Most, asset)}{(one.Stolen.IsZero ? ", that stolen money was changed into" : $" of {AssetAmounts.Exact(one.Stolen, asset.Decimals)} stolen")}, under any rule.");
        }

        foreach (var one in reached)
        {
            var asset = Ledger.Assets[(int)one.Asset];
            output.WriteLine();
            output.WriteLine($"{Shown.Middle(AssetAmounts.NameOf(asset), Label - 2),-Label}{"at least",Cell}{"at most",Cell}");
            Row("ever received", one.Received, asset);
            Row("held at the end", one.Held, asset);
        }

        output.WriteLine();
        output.WriteLine("However each balance's stolen money was divided among what left and what stayed, no rule that conserves amounts says more or less.");
        foreach (var limit in Limits()) output.WriteLine(limit);

        void Row(string name, AccountBound bound, AssetInfo asset) =>
            output.WriteLine($"{name,-Label}{AssetAmounts.Exact(bound.Least, asset.Decimals),Cell}{AssetAmounts.Exact(bound.Most, asset.Decimals),Cell}{(bound.IsTight ? "" : "  (not tight)")}");
    }

    private static JsonObject Bounds(AccountBound bound) => new() { ["least"] = bound.Least.ToString(), ["most"] = bound.Most.ToString(), ["tight"] = bound.IsTight };

    private string AsOf => Amounts.Instant(Ledger.Graph.TxTime[Query.UntilTransaction ?? Ledger.Graph.TransactionCount - 1]);

    /// <summary>Where looking stopped, in sentences: a figure of nought is worth what its limits are worth.</summary>
    private List<string> Limits()
    {
        var limits = new List<string> { $"Looked at transactions from {Amounts.Instant(Ledger.Graph.TxTime[0])} to {AsOf}." };
        if (Found.IsStop) limits.Add("The address is itself a place where stolen money is parked: all that came counts as held, whether or not it was paid out.");
        if (Stops.Length > 0) limits.Add($"Stolen money is parked at {string.Join(" and ", Stops)}: what leaves such a place was not followed (--stops none follows it).");
        foreach (var what in Through) limits.Add($"Followed through {what}, at the asker's wish.");
        if (Query.Within is { } within) limits.Add($"Followed within {Amounts.Count(within.Count, "account", "accounts")} only; what left them is an end.");
        limits.Add("Fees are not followed to who received them.");
        limits.Add("What accounts held before their first transfer is known, or the least that keeps every balance from falling below zero.");
        if (Found.Assets.Any(one => (!one.Received.IsTight && !one.Received.Most.IsZero) || (!one.Held.IsTight && !one.Held.Most.IsZero)))
            limits.Add("Where money changed its asset on the way, the bounds are right, and may be wider than they need be; what the address itself changed is held, and was not received.");
        limits.AddRange(Ledger.Notes);
        return limits;
    }
}
