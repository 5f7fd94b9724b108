using System.Numerics;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary><c>haetae address</c> on an account ledger: what an account took and gave of every asset, and what is known of its balance.</summary>
internal static class AccountAddressView
{
    /// <summary>What an account took and gave of one asset.</summary>
    private sealed class Flow
    {
        internal BigInteger Received { get; set; }

        internal BigInteger Sent { get; set; }

        internal long TransfersIn { get; set; }

        internal long TransfersOut { get; set; }
    }

    internal static void Write(AccountLedger ledger, string text, int limit, bool all, bool json, TextWriter output)
    {
        if (!AccountAddress.TryParse(text, out var address, out var error)) throw new UsageException($"'{text}' is no address of {ledger.Chain.Title}: {error}.");
        var account = ledger.FindAccount(address) ?? throw new NotFoundException($"{ledger.Chain.Show(address)} is not in the ledger ({ledger.Chain.Title}, {Amounts.Count(ledger.AccountCount, "account", "accounts")}).");
        var transfers = ledger.TransfersOf(account).ToArray();
        var flows = Flows(ledger, account, transfers);
        var noise = new AddressNoise(ledger, account);
        if (json) output.WriteLine(JsonText.Of(Json(ledger, account, transfers, flows, noise)));
        else Print(ledger, account, transfers, flows, noise, limit, all, output);
    }

    private static SortedDictionary<uint, Flow> Flows(AccountLedger ledger, uint account, long[] transfers)
    {
        var flows = new SortedDictionary<uint, Flow>();
        foreach (var t in transfers)
        {
            var asset = ledger.Graph.Asset[t];
            if (!flows.TryGetValue(asset, out var flow)) flows.Add(asset, flow = new Flow());
            if (ledger.Graph.From[t] == account)
            {
                flow.Sent += ledger.Graph.Amount[t];
                flow.TransfersOut++;
            }

            if (ledger.Graph.To[t] != account) continue;
            flow.Received += ledger.Graph.Amount[t];
            flow.TransfersIn++;
        }

        return flows;
    }

    /// <summary>Known where the ledger says what there was before, or that nothing came before.</summary>
    private static BigInteger? Balance(AccountLedger ledger, uint account, uint asset, Flow flow)
    {
        var opening = ledger.OpeningOf(account, asset) is { } said ? (BigInteger)said : ledger.CoverageOf(account) == Coverage.Complete ? BigInteger.Zero : (BigInteger?)null;
        var balance = opening + flow.Received - flow.Sent;
        return balance is { Sign: < 0 } ? null : balance;
    }

    private static string Reason(AccountLedger ledger, uint account, uint asset) => ledger.CoverageOf(account) switch
    {
        _ when ledger.OpeningOf(account, asset) is not null => "more went out than the ledger shows there being: something is missing",
        Coverage.Complete => "more went out than the ledger shows coming in: something is missing",
        Coverage.Truncated => "part of the account's history is missing",
        _ => "what it held before its first transfer here is not known",
    };

    private static string Say(Coverage coverage) => coverage switch
    {
        Coverage.Complete => "complete, as the source says",
        Coverage.Truncated => "truncated: some of its history is known to be missing",
        _ => "unknown: nobody says whether all of its history is here",
    };

    private static void Print(AccountLedger ledger, uint account, long[] transfers, SortedDictionary<uint, Flow> flows, AddressNoise noise, int limit, bool all, TextWriter output)
    {
        var graph = ledger.Graph;
        output.WriteLine($"{ledger.Chain.Show(ledger.AddressOf(account))} ({ledger.Chain.Title})");
        output.WriteLine($"Coverage      {Say(ledger.CoverageOf(account))}");
        if (transfers.Length > 0) output.WriteLine($"Seen          {AccountWords.Time(ledger, graph.TransactionOf(transfers[0]))} to {AccountWords.Time(ledger, graph.TransactionOf(transfers[^1]))}");
        foreach (var (number, flow) in flows)
        {
            var asset = ledger.Assets[(int)number];
            output.WriteLine($"{AccountWords.Name(asset)}");
            output.WriteLine($"  Received    {AccountWords.Show(flow.Received, asset)} in {Amounts.Count(flow.TransfersIn, "transfer", "transfers")}");
            output.WriteLine($"  Sent        {AccountWords.Show(flow.Sent, asset)} in {Amounts.Count(flow.TransfersOut, "transfer", "transfers")}");
            if (ledger.OpeningOf(account, number) is { } opening) output.WriteLine($"  Before      {AccountWords.Show(opening, asset)}");
            output.WriteLine(Balance(ledger, account, number, flow) is { } balance ? $"  Balance     {AccountWords.Show(balance, asset)}" : $"  Balance     unknown: {Reason(ledger, account, number)}; received less sent is {AccountWords.Show(flow.Received - flow.Sent, asset)}");
        }

        var listed = noise.Listed(transfers, all);
        var shown = limit == 0 ? listed.Length : Math.Min(limit, listed.Length);
        foreach (var t in listed.AsSpan(0, shown))
        {
            var tx = graph.TransactionOf(t);
            var isOut = graph.From[t] == account;
            output.WriteLine($"{AccountWords.Time(ledger, tx)}  {AccountWords.Id(ledger, tx)}  {(isOut ? "to  " : "from")} {AccountWords.Account(ledger, isOut ? graph.To[t] : graph.From[t])}  {AccountWords.Show(graph.Amount[t], ledger.Assets[(int)graph.Asset[t]])}{(graph.KindOf(t) is TransferKind.External or TransferKind.Token ? "" : $"  {AccountWords.Kind(graph.KindOf(t))}")}");
        }

        if (shown < listed.Length) output.WriteLine($"and {Amounts.Count(listed.Length - shown, "transfer", "transfers")} more: --limit 0 lists all.");
        foreach (var line in noise.Lines(all)) output.WriteLine(line);
    }

    private static JsonObject Json(AccountLedger ledger, uint account, long[] transfers, SortedDictionary<uint, Flow> flows, AddressNoise noise)
    {
        var assets = new JsonArray();
        foreach (var (number, flow) in flows)
        {
            var json = AccountTransferJson.Asset(ledger.Assets[(int)number]);
            json["received"] = flow.Received.ToString(System.Globalization.CultureInfo.InvariantCulture);
            json["sent"] = flow.Sent.ToString(System.Globalization.CultureInfo.InvariantCulture);
            json["transfersIn"] = flow.TransfersIn;
            json["transfersOut"] = flow.TransfersOut;
            json["opening"] = ledger.OpeningOf(account, number)?.ToString();
            var balance = Balance(ledger, account, number, flow);
            json["balance"] = balance?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (balance is null) json["reason"] = Reason(ledger, account, number);
            assets.Add((JsonNode)json);
        }

        var list = new JsonArray();
        foreach (var t in transfers)
        {
            var tx = ledger.Graph.TransactionOf(t);
            var json = AccountTransferJson.Transfer(ledger, t);
            json["transaction"] = AccountWords.Id(ledger, tx);
            json["time"] = JsonText.Instant(ledger.Graph.TxTime[tx]);
            if (noise.NameOf(t) is { } kind) json["noise"] = kind;
            list.Add((JsonNode)json);
        }

        return new JsonObject
        {
            ["chain"] = ledger.Chain.Caip2,
            ["address"] = ledger.Chain.Show(ledger.AddressOf(account)),
            ["coverage"] = ledger.CoverageOf(account).ToString().ToLowerInvariant(),
            ["assets"] = assets,
            ["noise"] = noise.Counts(),
            ["payOffs"] = noise.PayOffs(),
            ["transfers"] = list,
        };
    }
}
