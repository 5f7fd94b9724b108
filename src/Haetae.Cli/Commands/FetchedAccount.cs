using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>An address or a transaction of an EVM chain's case ledger.</summary>
internal static class FetchedAccount
{
    internal static int Address(string folder, string text, int limit, bool json, TextWriter output)
    {
        if (!AccountAddress.TryParse(text, out var address, out var error)) throw new UsageException($"'{text}' is no address: {error}.");
        var ledger = AccountCase.Open(folder);
        var table = ledger.Table;
        var coverage = ledger.Coverage.FirstOrDefault(one => one.Address == address);
        if (table.FindAccount(address) is not { } account)
            throw new NotFoundException($"Nothing of {table.Chain.Show(address)} was fetched into the case ledger '{folder}'. Fetch it with: haetae fetch {address} --ledger {folder} --etherscan URL --chain {table.Chain.Alias ?? table.Chain.Caip2}");
        var transfers = table.TransfersOf(account).ToArray();
        var sums = new SortedDictionary<uint, (BigInteger In, BigInteger Out)>();
        foreach (var i in transfers)
        {
            var (received, sent) = sums.GetValueOrDefault(table.Graph.Asset[i]);
            BigInteger amount = table.Graph.Amount[i];
            sums[table.Graph.Asset[i]] = (received + (table.Graph.To[i] == account ? amount : 0), sent + (table.Graph.From[i] == account ? amount : 0));
        }

        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = table.Chain.Caip2,
                ["address"] = table.Chain.Show(address),
                ["coverage"] = FetchedText.Name(coverage?.Coverage ?? Coverage.Unknown),
                ["upToBlock"] = coverage?.UpTo,
                ["reconciled"] = coverage?.Reconciled,
                ["reason"] = coverage is null ? "its history was not fetched" : coverage.Reason,
                ["assets"] = new JsonArray([.. sums.Select(one => (JsonNode)new JsonObject
                {
                    ["asset"] = table.Assets[(int)one.Key].Name.Caip19,
                    ["symbol"] = table.Assets[(int)one.Key].Symbol,
                    ["decimals"] = table.Assets[(int)one.Key].Decimals,
                    ["received"] = Text(one.Value.In),
                    ["sent"] = Text(one.Value.Out),
                    ["balance"] = table.OpeningOf(account, one.Key) is { } opening ? Text(opening + one.Value.In - one.Value.Out) : null,
                })]),
                ["transfers"] = new JsonArray([.. transfers.Select(i => (JsonNode)Transfer(table, i))]),
            }));
            return ExitCode.Done;
        }

        output.WriteLine($"{table.Chain.Show(address)} ({FetchedText.Name(coverage?.Coverage ?? Coverage.Unknown)}{(coverage?.UpTo is { } block ? $" up to block {Amounts.Count(block)}" : "")}{(coverage?.Reason is { } reason ? $": {PlainText.Of(reason)}" : coverage is null ? ": its history was not fetched" : "")})");
        foreach (var (asset, (received, sent)) in sums)
            output.WriteLine($"{Name(table, asset)}: received {Show(table, asset, received)}, sent {Show(table, asset, sent)}{(table.OpeningOf(account, asset) is { } opening ? $", holds {Show(table, asset, opening + received - sent)}" : ", what it holds is not known")}{(table.Assets[(int)asset].Decimals is null ? " (base units)" : "")}");
        var shown = limit == 0 ? transfers.Length : Math.Min(limit, transfers.Length);
        foreach (var i in transfers.Take(shown)) output.WriteLine(Line(table, i));
        if (shown < transfers.Length) output.WriteLine($"and {Amounts.Count(transfers.Length - shown, "transfer", "transfers")} more: --limit 0 lists all.");
        return ExitCode.Done;
    }

    internal static int Transaction(string folder, Hash256 id, bool json, TextWriter output)
    {
        var table = AccountCase.Open(folder).Table;
        if (table.FindTransaction(id) is not { } number) throw new NotFoundException($"Transaction 0x{id} was not fetched into the case ledger '{folder}': no address that was asked for has to do with it.");
        var graph = table.Graph;
        var transfers = Enumerable.Range(0, (int)(graph.TxFirstTransfer[number + 1L] - graph.TxFirstTransfer[number])).Select(i => graph.TxFirstTransfer[number] + i);
        var isFailed = (graph.Marks[number] & (byte)TxMarks.Failed) != 0;
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = table.Chain.Caip2,
                ["txid"] = $"0x{id}",
                ["block"] = graph.TxBlock[number],
                ["time"] = JsonText.Instant(graph.TxTime[number]),
                ["failed"] = isFailed,
                ["transfers"] = new JsonArray([.. transfers.Select(i => (JsonNode)Transfer(table, i))]),
            }));
            return ExitCode.Done;
        }

        output.WriteLine($"Transaction   0x{id}");
        output.WriteLine($"Block         {Amounts.Count(graph.TxBlock[number])}, {Amounts.Time(graph.TxTime[number])}{(isFailed ? ", failed: it moved nothing and paid its fee" : "")}");
        foreach (var i in transfers) output.WriteLine(Line(table, i));
        return ExitCode.Done;
    }

    private static string Line(AccountTable table, long i) =>
        $"{table.Graph.TxBlock[table.Graph.TransactionOf(i)],10}  {Who(table, table.Graph.From[i]) ?? "nobody"} -> {Who(table, table.Graph.To[i]) ?? "nobody"}  {Show(table, table.Graph.Asset[i], table.Graph.Amount[i])} {Name(table, table.Graph.Asset[i])}  {Word(table, i)}";

    private static JsonObject Transfer(AccountTable table, long i) => new()
    {
        ["txid"] = $"0x{table.Graph.TxId[table.Graph.TransactionOf(i)]}",
        ["block"] = table.Graph.TxBlock[table.Graph.TransactionOf(i)],
        ["from"] = Who(table, table.Graph.From[i]),
        ["to"] = Who(table, table.Graph.To[i]),
        ["asset"] = table.Assets[(int)table.Graph.Asset[i]].Name.Caip19,
        ["decimals"] = table.Assets[(int)table.Graph.Asset[i]].Decimals,
        ["amount"] = table.Graph.Amount[i].ToString(),
        ["kind"] = Word(table, i),
    };

    private static string Word(AccountTable table, long i) => table.Graph.KindOf(i).ToString().ToLowerInvariant();

    private static string? Who(AccountTable table, uint account) => account == AccountGraph.Nobody ? null : table.Chain.Show(table.AddressOf(account));

    /// <summary>A symbol is a claim of whoever made the token, so its contract stands beside it.</summary>
    private static string Name(AccountTable table, uint asset) => asset == 0 ? table.Chain.Symbol : PlainText.Of($"{table.Assets[(int)asset].Symbol} [{table.Assets[(int)asset].Name.Caip19}]");

    private static string Show(AccountTable table, uint asset, BigInteger amount) => AssetAmounts.Exact(amount, table.Assets[(int)asset].Decimals);

    private static string Text(BigInteger amount) => amount.ToString(CultureInfo.InvariantCulture);
}
