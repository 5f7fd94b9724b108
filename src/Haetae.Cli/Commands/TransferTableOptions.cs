using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands.Accounts;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>What the verbs that take in tables of transfers are told, and what they answer.</summary>
internal sealed class TransferTableOptions
{
    private readonly Argument<string> _file = new("file") { Description = "The table.", HelpName = "FILE" };
    private readonly Option<string?> _ledger = CommonOptions.Ledger();
    private readonly Option<string> _chain = new("--chain") { Description = "The chain of the rows: eth, trx, bsc, or eip155:NUMBER for any chain of the EVM.", HelpName = "NAME", DefaultValueFactory = _ => "eth" };
    private readonly Option<string[]> _map = new("--map")
    {
        Description = $"Which column says what, as FIELD=COLUMN[,FIELD=COLUMN..]; a column with a comma in quotes, as in 'time=t,amount=\"amount, eth\"'. It may be given several times. Fields: {TransferColumns.Fields}. Needed are time, from, to and amount; without hash, rows get ids made from what they say.",
        HelpName = "FIELD=COLUMN,..",
    };

    private readonly Option<int?> _decimals = new("--decimals") { Description = "Decimal places that make a base unit: 18 for amounts in ether. Without it, amounts are whole base units (wei).", HelpName = "N" };
    private readonly Option<string?> _asset = new("--asset") { Description = "The asset of rows that name none: a token's contract or a CAIP-19 name (default: the chain's own coin).", HelpName = "ASSET" };
    private readonly Option<string?> _complete = new("--complete") { Description = "Addresses of whose histories nothing is missing in the file, or 'all' for those it names. It holds for the rows of this file; of other addresses the ledger says that it does not know.", HelpName = "ADDRESS,.." };
    private readonly Option<bool> _utc = new("--utc") { Description = "Times without an offset are UTC (else they are an error)." };
    private readonly Option<bool> _grouped = new("--grouped") { Description = "Commas in amounts set thousands apart: 25,500,000.5 (else they are an error)." };
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads to use (default: all processors).", HelpName = "N" };
    private readonly Option<bool> _json = CommonOptions.Json();

    internal Argument<string> File => _file;

    internal Option<string?> Ledger => _ledger;

    internal Option<string> Chain => _chain;

    internal Option<bool> Json => _json;

    internal void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        foreach (var option in new Option[] { _ledger, _chain, _map, _decimals, _asset, _complete, _utc, _grouped, _threads, _json }) command.Options.Add(option);
    }

    internal int Run(ParseResult parsed, Func<TransferIngestOptions, Action<string, double, long>?, CancellationToken, TransferIngestResult> ingest, CancellationToken cancel)
    {
        var options = Read(parsed);
        var progress = ProgressLine.OnConsole();
        var watch = Stopwatch.StartNew();
        var result = ingest(options, (stage, share, rows) => progress.Show(stage, share, string.Create(CultureInfo.InvariantCulture, $"{rows:#,0} rows"), rows, "rows"), cancel);
        progress.Clear();
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json)) output.WriteLine(JsonText.Of(JsonOf(options, result)));
        else Print(options, result, watch.Elapsed, output);
        return ExitCode.Done;
    }

    private TransferIngestOptions Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_file)!;
        Folders.RequireFile(file);
        if (!ChainName.TryParse(parsed.GetValue(_chain)!, out var chain)) throw new UsageException($"--chain {parsed.GetValue(_chain)}: no chain; known are {string.Join(", ", ChainName.Known.Where(known => known.Family != ChainFamily.Bitcoin).Select(known => known.Alias))}, and eip155:NUMBER.");
        if (chain.Family == ChainFamily.Bitcoin) throw new UsageException("--chain btc: Bitcoin keeps outputs, not accounts: use 'haetae ingest bitcoin'.");
        if (parsed.GetValue(_decimals) is < 0 or > 77) throw new UsageException("--decimals must lie between 0 and 77.");
        if (parsed.GetValue(_threads) is < 1 or > 256) throw new UsageException("--threads must lie between 1 and 256.");
        AssetName? asset = null;
        if (parsed.GetValue(_asset) is { } named)
        {
            asset = AssetName.TryParse(named, out var whole) ? whole : AssetName.Of(chain, named);
            if (asset is null || asset.Chain != chain) throw new UsageException($"--asset {named}: no asset of {chain.Title}: name a token's contract or a CAIP-19 name.");
        }

        var all = parsed.GetValue(_complete) == "all";
        var ledger = CommonOptions.LedgerFolder(parsed, _ledger, chain);
        Folders.RequireForLedger(parsed.GetValue(_ledger) is { Length: > 0 } ? "--ledger" : "--home", ledger);
        return new TransferIngestOptions
        {
            File = file,
            Ledger = ledger,
            Table = new TransferTable { Chain = chain, Map = TransferColumns.Read(parsed.GetValue(_map) ?? []), Decimals = parsed.GetValue(_decimals), Asset = asset, TimesAreUtc = parsed.GetValue(_utc), AmountsAreGrouped = parsed.GetValue(_grouped) },
            AllComplete = all,
            Complete = all || parsed.GetValue(_complete) is not { } listed ? [] : [.. listed.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => Address(chain, text))],
            Threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount,
        };
    }

    private static AccountAddress Address(ChainName chain, string text) =>
        chain.TryReadAddress(text, out var address, out var error) ? address : throw new UsageException($"--complete: '{text}' is no address: {error}.");

    private static JsonObject JsonOf(TransferIngestOptions options, TransferIngestResult result) => new()
    {
        ["chain"] = options.Table.Chain.Caip2,
        ["ledger"] = options.Ledger,
        ["file"] = options.File,
        ["fileSha256"] = result.FileSha256,
        ["rows"] = result.Rows,
        ["wasThere"] = result.WasThere,
        ["transactionsAdded"] = result.TransactionsAdded,
        ["transfersAdded"] = result.TransfersAdded,
        ["firstTime"] = result.FirstTime is { } first ? JsonText.Instant(first) : null,
        ["lastTime"] = result.LastTime is { } last ? JsonText.Instant(last) : null,
        ["equalTimes"] = result.EqualTimes,
        ["wasMerged"] = result.WasMerged,
        ["wasInOrder"] = result.WasInOrder,
        ["withoutHash"] = result.WithoutHash,
        ["noLongerComplete"] = result.NoLongerComplete,
        ["notComplete"] = result.NotComplete,
        ["transactions"] = result.Counts.Transactions,
        ["transfers"] = result.Counts.Transfers,
        ["accounts"] = result.Counts.Accounts,
        ["assets"] = result.Counts.Assets,
        ["digest"] = result.Digest,
        ["notes"] = new JsonArray([.. result.Notes.Select(note => (JsonNode)note)]),
    };

    private static void Print(TransferIngestOptions options, TransferIngestResult result, TimeSpan took, TextWriter output)
    {
        var chain = options.Table.Chain.Title;
        if (result.WasThere) output.WriteLine($"{chain}: {(result.Rows == 1 ? "the row of this file is" : $"the {Amounts.Count(result.Rows)} rows of this file are")} in the ledger already: nothing added.");
        else output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chain}: {Amounts.Count(result.Rows, "row", "rows")} read, {Amounts.Count(result.TransactionsAdded, "transaction", "transactions")} and {Amounts.Count(result.TransfersAdded, "transfer", "transfers")} added in {took.TotalSeconds:0.0} s."));
        if (result is { FirstTime: { } first, LastTime: { } last }) output.WriteLine($"Times         {Amounts.Time(first)} to {Amounts.Time(last)}{(result.WasInOrder ? "" : "; the rows were not in order and were sorted")}");
        if (result.EqualTimes > 0) output.WriteLine($"Equal times   {Amounts.Count(result.EqualTimes, "row has", "rows have")} the time of the row before: they keep the file's order");
        if (result.WasMerged) output.WriteLine("Merged        the rows lay among those of the ledger, which was written anew in order; what both held stands once");
        if (result.WithoutHash > 0) output.WriteLine($"Without hash  {Amounts.Count(result.WithoutHash, "row: its id is", "rows: their ids are")} made from what {(result.WithoutHash == 1 ? "it says" : "they say")}");
        if (result.NoLongerComplete > 0) output.WriteLine($"Coverage      {Amounts.Count(result.NoLongerComplete, "address was", "addresses were")} complete and {(result.NoLongerComplete == 1 ? "is" : "are")} unknown now: this file has further rows, and --complete does not say that they are all");
        if (result.NotComplete > 0) output.WriteLine($"Coverage      {Amounts.Count(result.NotComplete, "address is", "addresses are")} not taken for complete: the ledger has rows from files of which --complete did not say that they are all");
        output.WriteLine($"The ledger holds {AccountWords.Holds(result.Counts)}");
        output.WriteLine($"Digest        {result.Digest}");
        foreach (var note in result.Notes) output.WriteLine($"Note          {note}");
        output.WriteLine($"in {options.Ledger}");
    }
}
