using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Evm.Etl;
using Haetae.Ledger.Node;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest evm</c>: a node of Ethereum or a chain like it, or ethereum-etl's tables, into an account ledger.</summary>
internal sealed class IngestEvmCommand
{
    private readonly NodeOptions _node = new();
    private readonly Option<string?> _etl = new("--etl") { Description = "Folder of ethereum-etl's tables, any subset of blocks, transactions, receipts, logs, token_transfers and traces, as .csv or .json (one object a line), packed as .gz or not.", HelpName = "DIR" };
    private readonly Option<string?> _chain = new("--chain") { Description = "With --etl: the chain the tables are of, such as eth, bsc or eip155:10 (default: eth). A node tells it itself.", HelpName = "CHAIN" };
    private readonly Option<string?> _ledger = CommonOptions.Ledger();
    private readonly Option<ulong?> _from = new("--from") { Description = "With --rpc: the first block of a new ledger (default: 0).", HelpName = "BLOCK" };
    private readonly Option<ulong?> _to = new("--to") { Description = "With --rpc: the last block (default: the node's newest).", HelpName = "BLOCK" };
    private readonly Option<bool> _noTraces = new("--no-traces") { Description = "With --rpc: leave out what contracts pay within a transaction, even where the node could tell it. Much faster, and said in every answer." };
    private readonly Option<bool> _json = CommonOptions.Json();

    internal static Command Create() => new IngestEvmCommand().Build();

    private Command Build()
    {
        _node.Url.Description = "An EVM node's RPC address, such as http://127.0.0.1:8545. Internal calls come from debug_traceBlockByNumber or trace_block, whichever it answers; without either they are missing, and the ledger says so.";
        _ledger.Description = "Folder of the ledger (default: ledgers/CHAIN under --home).";
        var command = new Command("evm", "Takes blocks of Ethereum or any chain like it into an account ledger: coin, internal calls, tokens, wrapped coins, fees, withdrawals. Run it again to go on after a stop.")
        {
            _etl, _chain, _ledger, _from, _to, _noTraces, _json,
        };
        _node.AddTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() => Run(parsed, cancel), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_etl) is null == parsed.GetValue(_node.Url) is null) throw new UsageException("Say where the blocks come from: either --rpc URL or --etl DIR.");
        if (parsed.GetValue(_to) < parsed.GetValue(_from)) throw new UsageException("--to must not lie below --from.");
        if (parsed.GetValue(_etl) is { } folder)
        {
            CommonOptions.Refuse(parsed, "--etl", _from, _to, _noTraces);
            _node.Access(parsed);
            return FromTables(parsed, folder, cancel);
        }

        CommonOptions.Refuse(parsed, "--rpc", _chain);
        return FromNode(parsed, _node.Access(parsed)!, cancel);
    }

    private int FromNode(ParseResult parsed, NodeAccess access, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var progress = ProgressLine.OnConsole();
        var errors = parsed.InvocationConfiguration.Error;
        var options = new EvmIngestOptions { From = parsed.GetValue(_from), To = parsed.GetValue(_to), NoTraces = parsed.GetValue(_noTraces) };
        void Happened(FollowEvent one)
        {
            progress.Clear();
            errors.WriteLine(NodeOptions.Line(one));
        }

        using var ingest = new EvmIngest(options, access, parsed.GetValue(_node.Follow) ? Happened : null, step => Show(progress, step), cancel);
        var chain = ingest.Chain();
        using var ledger = Open(parsed, chain);
        var result = ingest.Run(ledger);
        progress.Clear();
        if (parsed.GetValue(_to) > result.Tip?.Number) errors.WriteLine(FormattableString.Invariant($"warning: the node's chain ends with block {result.Tip?.Number}: --to {parsed.GetValue(_to)} is not reached yet."));
        Print(parsed, ledger, result.BlocksAdded, result.BlocksUndone, result.Tracing switch
        {
            EvmTracing.CallTracer => "debug_traceBlockByNumber",
            EvmTracing.TraceBlock => "trace_block",
            _ => null,
        }, [], watch);
        return ExitCode.Done;
    }

    private int FromTables(ParseResult parsed, string folder, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        Folders.RequireFolder("--etl", folder);
        if (!ChainName.TryParse(parsed.GetValue(_chain) ?? "eth", out var chain) || chain.Family != ChainFamily.Evm)
            throw new UsageException($"--chain {parsed.GetValue(_chain)}: that is no EVM chain. Name one as eth, bsc or eip155:10.");
        var tables = EtlTables.Open(folder);
        using var ledger = Open(parsed, chain);
        var progress = ProgressLine.OnConsole();
        var added = EtlIngest.Take(tables, ledger, step => Show(progress, step), cancel);
        progress.Clear();
        foreach (var file in tables.LeftOut) parsed.InvocationConfiguration.Error.WriteLine($"warning: left out, empty or of a table that no ledger needs: {file}");
        Print(parsed, ledger, added, 0, tables.Has(EtlKind.Traces) ? "traces" : null, tables.LeftOut, watch);
        return ExitCode.Done;
    }

    private AccountLedgerWriter Open(ParseResult parsed, ChainName chain)
    {
        var folder = CommonOptions.LedgerFolder(parsed, _ledger, chain);
        Folders.RequireForLedger(parsed.GetValue(_ledger) is { Length: > 0 } ? "--ledger" : "--home", folder);
        return AccountLedgerWriter.Open(folder, chain);
    }

    private static void Show(ProgressLine progress, EvmIngestStep step) =>
        progress.Show("blocks", step.Share, string.Create(CultureInfo.InvariantCulture, $"block {step.Block:#,0}"), step.Transfers, "transfers");

    private void Print(ParseResult parsed, AccountLedgerWriter ledger, ulong added, ulong undone, string? traces, IReadOnlyList<string> leftOut, Stopwatch watch)
    {
        var output = parsed.InvocationConfiguration.Output;
        var notes = ledger.Notes;
        if (parsed.GetValue(_json))
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = ledger.Chain.Caip2,
                ["ledger"] = ledger.Folder,
                ["blocksAdded"] = (long)added,
                ["blocksUndone"] = (long)undone,
                ["tipBlock"] = (long?)ledger.LastBlock?.Number,
                ["tipHash"] = ledger.LastBlock is { } held ? "0x" + held.Hash : null,
                ["transactions"] = (long)ledger.TransactionCount,
                ["transfers"] = ledger.TransferCount,
                ["internalCalls"] = traces,
                ["leftOut"] = new JsonArray([.. leftOut.Select(file => (JsonNode)file)]),
                ["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]),
            }));
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{ledger.Chain.Title}: {Amounts.Count((long)added, "block", "blocks")} added{(undone > 0 ? $", {undone:#,0} undone" : "")} in {watch.Elapsed.TotalSeconds:0.0} s; the ledger holds {Amounts.Count(ledger.TransactionCount, "transaction", "transactions")} with {Amounts.Count(ledger.TransferCount, "transfer", "transfers")}"));
        if (ledger.LastBlock is { } tip) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tip: block {tip.Number}, 0x{tip.Hash}"));
        foreach (var note in notes) output.WriteLine($"note: {note}");
        output.WriteLine($"in {ledger.Folder}");
    }
}
