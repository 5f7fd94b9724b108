using System.CommandLine;
using System.Globalization;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Explorers;
using Haetae.Tracing;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae trace</c>: where the stolen money is now.</summary>
internal static class TraceCommand
{
    /// <summary>The policies shown when none is named: three that differ in kind, and few enough to read beside each other.</summary>
    internal static readonly string[] SideBySide = ["fifo", "haircut", "poison"];

    internal static Command Create()
    {
        var ledger = CommonOptions.Ledger();
        var theft = TheftOptions.Create();
        var backward = BackwardRequest.Option();
        var from = new Option<string[]>("--from")
        {
            Description = "What was stolen: TXID:VOUT[,TXID:VOUT..], TXID (every output of it), or ADDRESS (every output that pays it within --since and --until).",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "WHAT",
        };
        var except = new Option<int[]>("--except") { Description = "With --from TXID: outputs that were not stolen, such as change.", AllowMultipleArgumentsPerToken = true, HelpName = "VOUT" };
        var since = new Option<string?>("--since") { Description = "With --from ADDRESS: only payments from this height or time on. With --backward: look no further back.", HelpName = "HEIGHT|TIME" };
        var amount = new Option<string?>("--amount") { Description = "Only the first N satoshi (base units) of what is named, in chain order, were stolen.", HelpName = "N" };
        var policy = new Option<string[]>("--policy")
        {
            Description = "fifo, lifo, haircut, tiho, tilo, dirty-first, clean-first, poison, or all of these; haircut-blocksci for comparison. Several: side by side.",
            DefaultValueFactory = _ => [.. SideBySide],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        var fee = new Option<string>("--fee-rule") { Description = "What becomes of tainted fees: drop (lost to fees), coinbase-append, coinbase-fees-first.", DefaultValueFactory = _ => "drop", HelpName = "RULE" };
        var until = new Option<string?>("--until") { Description = "Look no further than this height or time (170, 2009-01-12, 2009-01-12T03:30:25Z).", HelpName = "HEIGHT|TIME" };
        var least = new Option<string?>("--min-value") { Description = "Do not follow outputs with less taint than N satoshi (base units); they are listed as ends.", HelpName = "N" };
        var most = new Option<long?>("--max-transactions") { Description = "Stop after N transactions; what stays open is listed as ends.", HelpName = "N" };
        var bounds = BoundsOptions.Bounds();
        var stops = StopOptions.Stops();
        var through = StopOptions.Through();
        var tagsAsOf = StopOptions.TagsAsOf();
        var link = LinkOptions.Create();
        var sensitivity = StopOptions.Sensitivity();
        var within = AccountTraceCommand.Within();
        var asset = AccountTraceCommand.Asset();
        var caseFile = AccountTraceCommand.Case();
        var values = AccountTraceCommand.Values();
        var decimals = AccountTraceCommand.Decimals();
        var json = CommonOptions.Json();
        var csv = File("--csv", "Write every tainted output as a table.");
        var graphml = File("--graphml", "Write the graph for yEd, Gephi and others.");
        var html = File("--html", "Write one self-contained page to read, print and pass on.");
        var command = new Command("trace", "Follows stolen outputs forward and says where the money is now; or back, to where it came from.")
        {
            ledger, from, theft, backward, except, since, amount, policy, fee, until, least, most, stops, through, link, tagsAsOf, bounds, sensitivity, within, asset, caseFile, values, decimals, json, csv, graphml, html,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            foreach (var file in new[] { csv, graphml, html }) RequireFolder(file.Name, parsed.GetValue(file));
            if (parsed.GetValue(caseFile) is { } named)
            {
                CommonOptions.Refuse(parsed, "--case, which says what is asked", ledger, from, backward, except, since, amount, policy, fee, until, least, most, stops, through, link, tagsAsOf, bounds, sensitivity, within, asset, graphml);
                AccountTraceCommand.Answer(parsed, AccountTraceCommand.OfCase(named, parsed.GetValue(theft) ?? [], cancel), parsed.GetValue(json), parsed.GetValue(csv), parsed.GetValue(html));
                return ExitCode.Done;
            }

            if (AccountManifest.IsIn(CommonOptions.LedgerFolder(parsed, ledger)))
            {
                using var accounts = AccountLedger.Open(CommonOptions.LedgerFolder(parsed, ledger));
                return OnAccounts(parsed, accounts, cancel);
            }

            if (CommonOptions.CaseFolderOf(parsed, ledger) is { } fetched && FetchedText.IsOfAccounts(fetched)) return OnAccounts(parsed, AccountCase.Open(fetched).Table, cancel);
            CommonOptions.Refuse(parsed, "a ledger of Bitcoin: it is for account chains", within, asset, values, decimals);
            var open = CommonOptions.OpenView(parsed, ledger);
            using var closing = open as IDisposable;
            long? Satoshi(Option<string?> option) => parsed.GetValue(option) is not { } text ? null
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"{option.Name} {text}: this must be a whole number of satoshi.");
            using var entities = StopOptions.Entities(parsed, open, StopOptions.DayOf(parsed, tagsAsOf), cancel);
            var asked = new TraceRequest(
                Split(parsed.GetValue(from) ?? []), parsed.GetValue(except) ?? [], parsed.GetValue(since), Satoshi(amount), Split(parsed.GetValue(policy)!),
                parsed.GetValue(fee)!, parsed.GetValue(until), Satoshi(least), parsed.GetValue(most))
            {
                Stops = StopOptions.Kinds(Split(parsed.GetValue(stops)!)),
                Through = parsed.GetValue(through) ?? [],
                Links = parsed.GetValue(link) ?? [],
                Sensitivity = parsed.GetValue(sensitivity),
                TagsAsOf = StopOptions.DayOf(parsed, tagsAsOf),
                Entities = entities,
                Thefts = TheftOptions.Parse(parsed.GetValue(theft) ?? []),
                Bounds = BoundsOptions.Transactions(parsed.GetValue(bounds)!),
            };
            if (asked.Thefts.Count > 0 && asked.Sensitivity > 0) CommonOptions.Refuse(parsed, "--theft", sensitivity);
            if (parsed.GetValue(backward))
            {
                CommonOptions.Refuse(parsed, "--backward", theft, amount, fee, least, bounds, sensitivity, graphml, html);
                var progress = ProgressLine.OnConsole();
                var sources = open.OfOneBranch(() => BackwardRequest.Run(open, asked, progress, cancel));
                progress.Clear();
                BackwardRequest.Write(open, sources, parsed.GetValue(csv), parsed.GetValue(json), parsed.InvocationConfiguration.Output);
                if (parsed.GetValue(csv) is { } table) parsed.InvocationConfiguration.Error.WriteLine($"written: {Path.GetFullPath(table)}");
                return ExitCode.Done;
            }

            var report = open.OfOneBranch(() => asked.Run(open, cancel));
            Write(open, report, parsed.GetValue(csv), parsed.GetValue(graphml), parsed.GetValue(html));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                PrintJson(open, report, output);
            }
            else
            {
                output.Write(open.OfOneBranch(() =>
                {
                    using var text = new StringWriter();
                    TraceText.Write(report, text, TerminalWidth());
                    return text.ToString();
                }));
                foreach (var path in new[] { parsed.GetValue(csv), parsed.GetValue(graphml), parsed.GetValue(html) })
                    if (path is not null) parsed.InvocationConfiguration.Error.WriteLine($"written: {Path.GetFullPath(path)}");
            }

            return ExitCode.Done;
        }, CancellationToken.None));
        return command;

        int OnAccounts(ParseResult parsed, IAccountView accounts, CancellationToken cancel)
        {
            CommonOptions.Refuse(parsed, "an account ledger", theft, backward, except, fee, link, sensitivity, graphml);
            var places = AccountTraceCommand.DecimalsOf(accounts, Split(parsed.GetValue(decimals) ?? []));
            var asked = new AccountTraceRequest(Split(parsed.GetValue(from) ?? []), Split(parsed.GetValue(policy)!))
            {
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Asset = parsed.GetValue(asset),
                Amount = parsed.GetValue(amount),
                MinValue = parsed.GetValue(least),
                MaxTransactions = parsed.GetValue(most),
                Stops = StopOptions.AccountKinds(parsed, stops, Split(parsed.GetValue(stops)!)),
                Through = parsed.GetValue(through) ?? [],
                Within = Split(parsed.GetValue(within) ?? []),
                Bounds = BoundsOptions.Transactions(parsed.GetValue(bounds)!) > 0 ? AccountTraceRequest.UsualDestinations : 0,
                TagsAsOf = StopOptions.DayOf(parsed, tagsAsOf),
                Prices = AccountTraceCommand.Prices(parsed, values, places),
                Decimals = [.. places.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key}={one.Value}"))],
                Names = AccountTraceCommand.Names(parsed, accounts, StopOptions.DayOf(parsed, tagsAsOf), cancel),
            };
            AccountTraceCommand.Answer(parsed, asked.Run(accounts, cancel), parsed.GetValue(json), parsed.GetValue(csv), parsed.GetValue(html));
            return ExitCode.Done;
        }

        static Option<string?> File(string name, string what) => new(name) { Description = what, HelpName = "FILE" };
        static string[] Split(string[] values) => [.. values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    /// <summary>Said before the trace and not after it: a file cannot be written where there is no folder.</summary>
    private static void RequireFolder(string option, string? path)
    {
        if (path is null) return;
        if (path.Length == 0) throw new UsageException($"{option} needs the name of a file.");
        if (Directory.Exists(path)) throw new UsageException($"{option} {path}: that is a folder; name a file in it.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) throw new UsageException($"{option} {path}: there is no folder '{folder}'.");
    }

    internal static int TerminalWidth() => Console.IsOutputRedirected ? 100 : Math.Clamp(Console.WindowWidth - 1, 80, 120);

    /// <summary>As long as the trace: printed as it is read, so an error at its end takes all of it back.</summary>
    private static void PrintJson(ILedgerView open, TraceReport report, TextWriter output)
    {
        using var stream = new WriterStream(output);
        open.OfOneBranch(() => TraceJson.Write(report, stream));
        output.Write('\n');
    }

    /// <summary>Writes the files asked for, each beside its place first: a failed write leaves no half file under the name.</summary>
    internal static void Write(ILedgerView open, TraceReport report, string? csv, string? graphml, string? html)
    {
        if (csv is not null) Replace(open, csv, stream => FreshFile.Text(stream, writer => TraceCsv.Write(report, writer)));
        if (graphml is not null) Replace(open, graphml, stream => TraceGraphml.Write(report, stream));
        if (html is not null) Replace(open, html, stream => FreshFile.Text(stream, writer => TracePage.Write(report, writer)));
    }

    /// <summary>Writes one text file, as <see cref="Write"/> does.</summary>
    internal static void WriteText(ILedgerView open, string path, Action<TextWriter> write) => Replace(open, path, stream => FreshFile.Text(stream, write));

    private static void Replace(ILedgerView open, string path, Action<Stream> write) => FreshFile.Write(path, stream => open.OfOneBranch(() =>
    {
        write(stream);
        return true;
    }));
}
