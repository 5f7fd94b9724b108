using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Tron;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest tron</c>: TRON's blocks over HTTP, or rows of them, into an account ledger.</summary>
internal static class IngestTronCommand
{
    private const string KeyVariable = "HAETAE_TRON_KEY";

    // A checkpoint sorts indexes: seldom enough not to matter, often enough to lose little.
    private static readonly TimeSpan s_checkpointEvery = TimeSpan.FromSeconds(30);

    internal static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "TRON's HTTP interface, such as http://127.0.0.1:8090.", HelpName = "URL" };
        var key = new Option<string?>("--key") { Description = $"Key for a provider that asks for one; better given in the variable {KeyVariable}, which no list of processes shows.", HelpName = "WORD" };
        var rows = new Option<string?>("--rows") { Description = "Instead of --url: folder of GraphSense's rows (blocks.json, transactions.json, tx_fee.json, traces.json), into a new ledger.", HelpName = "DIR" };
        var ledger = new Option<string?>("--ledger") { Description = "Folder of the ledger (default: ledgers/tron under --home).", HelpName = "DIR" };
        var from = new Option<uint?>("--from") { Description = "First block (default: the one after the last in the ledger; in a new ledger, 1).", HelpName = "BLOCK" };
        var to = new Option<uint?>("--to") { Description = $"Last block (default: {TronIngest.Settling} below the newest, where blocks are settled).", HelpName = "BLOCK" };
        var follow = new Option<bool>("--follow") { Description = "With --url: stay attached and append blocks as they settle. Ctrl+C stops it." };
        var poll = new Option<double?>("--poll") { Description = "With --follow: seconds between two looks (default: 3).", HelpName = "SECONDS" };
        var json = CommonOptions.Json();
        var command = new Command("tron", "Takes blocks of TRON into an account ledger: TRX, TRC-10 and TRC-20, internal transfers, fees. Run it again to go on after a stop.") { url, key, rows, ledger, from, to, follow, poll, json };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            if (parsed.GetValue(url) is null == parsed.GetValue(rows) is null) throw new UsageException("Say where the blocks come from: either --url URL or --rows DIR.");
            if (parsed.GetValue(rows) is not null) CommonOptions.Refuse(parsed, "--rows", key, follow, poll);
            if (parsed.GetValue(to) < parsed.GetValue(from)) throw new UsageException("--to must not lie below --from.");
            if (parsed.GetValue(poll) is < 0.01 or > 86_400) throw new UsageException("--poll must lie between 0.01 and 86400 seconds.");
            if (parsed.GetValue(follow) && parsed.GetValue(to) is not null) throw new UsageException("--follow has no end: leave --to out.");
            var folder = parsed.GetValue(ledger) is { Length: > 0 } named ? Path.GetFullPath(named) : Path.Combine(CommonOptions.HomeFolder(parsed), "ledgers", "tron");
            Folders.RequireForLedger(parsed.GetValue(ledger) is { Length: > 0 } ? "--ledger" : "--home", folder);
            using var writer = AccountLedgerWriter.Open(folder, ChainName.Tron);
            var before = (writer.TransactionCount, writer.TransferCount);
            var took = parsed.GetValue(rows) is { } place
                ? FromRows(writer, Path.GetFullPath(place), parsed.GetValue(from), parsed.GetValue(to), cancel)
                : FromServer(writer, Client(parsed.GetValue(url)!, parsed.GetValue(key)), parsed.GetValue(from), parsed.GetValue(to),
                    parsed.GetValue(follow) ? TimeSpan.FromSeconds(parsed.GetValue(poll) ?? 3) : null, parsed.InvocationConfiguration.Error, cancel);
            Print(writer, before, took, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    private static TronClient Client(string url, string? key)
    {
        try
        {
            return new TronClient(url, key ?? Environment.GetEnvironmentVariable(KeyVariable));
        }
        catch (FormatException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }

    private static (uint First, uint Last, long Blocks) FromRows(AccountLedgerWriter writer, string folder, uint? from, uint? to, CancellationToken cancel)
    {
        Folders.RequireFolder("--rows", folder);
        if (writer.TransactionCount > 0) throw new UsageException($"The ledger {writer.Folder} holds transactions already, and rows go into a new one: name another folder with --ledger.");
        var rows = TronRows.Read(folder, cancel);
        uint first = 0, last = 0;
        long blocks = 0;
        foreach (var block in rows.Blocks(from ?? 0, to ?? uint.MaxValue))
        {
            if (blocks++ == 0) first = block.Number;
            last = block.Number;
        }

        rows.AddTo(writer, from ?? 0, to ?? uint.MaxValue, cancel);
        writer.Checkpoint(cancel);
        return (first, last, blocks);
    }

    private static (uint First, uint Last, long Blocks) FromServer(AccountLedgerWriter writer, TronClient client, uint? from, uint? to, TimeSpan? poll, TextWriter errors, CancellationToken cancel)
    {
        using var open = client;
        if (writer.LastBlock is null && writer.TransactionCount > 0) throw new UsageException($"The ledger {writer.Folder} was made of rows and cannot go on from a server: name another folder with --ledger.");
        var first = writer.LastBlock is { } stored ? stored.Number + 1 : from ?? 1;
        if (from is { } asked && writer.LastBlock is { } held && asked != first) throw new UsageException($"--from {asked}: the ledger {writer.Folder} ends with block {held.Number} and goes on from there. Leave --from out, or name another folder with --ledger.");
        var ingest = new TronIngest(client, writer);
        var progress = ProgressLine.OnConsole();
        var next = first;
        var saved = Environment.TickCount64;
        try
        {
            while (true)
            {
                var newest = client.Now(cancel).Number;
                var end = Math.Min(to ?? uint.MaxValue, newest >= TronIngest.Settling ? newest - TronIngest.Settling : 0);
                if (to is { } wanted && wanted > end) errors.WriteLine($"warning: block {wanted} is not settled yet (the newest is {newest}); taking blocks to {end}. Run the same command again later.");
                if (next <= end)
                {
                    ingest.Take(next, end, writer.LastBlock?.Hash, block =>
                    {
                        next = block.Number + 1;
                        progress.Show("blocks", (double)(next - first) / (end - first + 1), string.Create(CultureInfo.InvariantCulture, $"block {block.Number:#,0}"), next - first, "blocks");
                        if (Environment.TickCount64 - saved < s_checkpointEvery.TotalMilliseconds) return;
                        writer.Checkpoint(cancel);
                        saved = Environment.TickCount64;
                    }, cancel);
                    if (poll is not null)
                    {
                        writer.Checkpoint(cancel);
                        progress.Clear();
                        errors.WriteLine($"following: block {writer.LastBlock!.Value.Number}, {writer.LastBlock.Value.Hash}");
                    }
                }

                if (poll is not { } pause) break;
                if (cancel.WaitHandle.WaitOne(pause)) throw new OperationCanceledException(cancel);
            }
        }
        finally
        {
            // Whole blocks have gone in, in order: keep them, whatever ended this.
            progress.Clear();
            writer.Checkpoint(CancellationToken.None);
        }

        return (first, next == first ? first : next - 1, next - first);
    }

    private static void Print(AccountLedgerWriter writer, (uint Transactions, long Transfers) before, (uint First, uint Last, long Blocks) took, bool json, TextWriter output)
    {
        var (transactions, transfers) = (writer.TransactionCount - before.Transactions, writer.TransferCount - before.Transfers);
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = writer.Chain.Caip2,
                ["ledger"] = writer.Folder,
                ["blocksAdded"] = took.Blocks,
                ["firstBlock"] = took.Blocks == 0 ? null : took.First,
                ["lastBlock"] = took.Blocks == 0 ? null : took.Last,
                ["transactionsAdded"] = transactions,
                ["transfersAdded"] = transfers,
                ["transactions"] = writer.TransactionCount,
                ["transfers"] = writer.TransferCount,
            }));
            return;
        }

        output.WriteLine(took.Blocks == 0
            ? "Nothing to add: the ledger holds all settled blocks."
            : string.Create(CultureInfo.InvariantCulture, $"{Amounts.Count(took.Blocks, "block", "blocks")} added, {took.First} to {took.Last}: {Amounts.Count(transactions, "transaction", "transactions")}, {Amounts.Count(transfers, "transfer", "transfers")}."));
        output.WriteLine($"The ledger holds {Amounts.Count(writer.TransactionCount, "transaction", "transactions")}, {Amounts.Count(writer.TransferCount, "transfer", "transfers")}, in {writer.Folder}");
    }
}
