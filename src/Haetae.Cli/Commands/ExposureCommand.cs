using System.CommandLine;
using System.Globalization;
using Haetae.Cli.Commands.Accounts;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bounds;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae exposure</c>: the least and the most of a theft that an address can have received or hold, under any rule.</summary>
internal static class ExposureCommand
{
    internal static Command Create()
    {
        var address = new Argument<string>("ADDRESS") { Description = "The address asked about; or a public key or a whole output script in hex." };
        var ledger = CommonOptions.Ledger();
        var from = new Option<string[]>("--from")
        {
            Description = "What was stolen, as for 'haetae trace': TXID:VOUT[,TXID:VOUT..], TXID, or ADDRESS; on account chains TXID:N is its Nth transfer.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "WHAT",
        };
        var file = new Option<string?>("--case") { Description = "Instead of --from: a case ('haetae case new') or a pack, and all that its thefts took.", HelpName = "FILE" };
        var except = new Option<int[]>("--except") { Description = "With --from TXID: outputs that were not stolen, such as change.", AllowMultipleArgumentsPerToken = true, HelpName = "VOUT" };
        var since = new Option<string?>("--since") { Description = "With --from ADDRESS: only payments from this height or time on.", HelpName = "HEIGHT|TIME" };
        var amount = new Option<string?>("--amount") { Description = "Only the first N satoshi (base units) of what is named, in chain order, were stolen.", HelpName = "N" };
        var fee = new Option<string>("--fee-rule") { Description = "What becomes of stolen money in fees: drop (lost to fees), coinbase-append or coinbase-fees-first (followed to the miner).", DefaultValueFactory = _ => "drop", HelpName = "RULE" };
        var until = new Option<string?>("--until") { Description = "Look no further than this height or time.", HelpName = "HEIGHT|TIME" };
        var most = new Option<int>("--max-transactions") { Description = "Give no answer where stolen money can reach more than N transactions; on account chains: accounts with more than N transfers (usually 300,000).", DefaultValueFactory = _ => ReachedGraph.UsualLimit, HelpName = "N" };
        var paths = new Option<int>("--paths") { Description = "How many ways to show, the widest first; --json lists all.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var asset = AccountTraceCommand.Asset();
        var within = AccountTraceCommand.Within();
        var theft = new Option<string?>("--theft") { Description = "With a --case that carries its rows: which of its thefts.", HelpName = "NAME" };
        var stops = StopOptions.Stops();
        var through = StopOptions.Through();
        var tagsAsOf = StopOptions.TagsAsOf();
        var json = CommonOptions.Json();
        var command = new Command("exposure", "Says how much stolen money an address can have received or hold at most, under any rule, and proves it.")
        {
            address, ledger, from, file, theft, asset, except, since, amount, fee, until, within, stops, through, tagsAsOf, most, paths, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() => OnAccounts(parsed, cancel) ?? CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            CommonOptions.Refuse(parsed, "a ledger of Bitcoin: it is for account chains", asset, within, theft);
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            if (parsed.GetValue(paths) < 0) throw new UsageException("--paths must be 0 or more.");
            var document = parsed.GetValue(file) is { } path ? CaseFile.ReadCaseOrPack(path) : null;
            if (document is null == (parsed.GetResult(from) is null)) throw new UsageException("Say what was stolen: --from WHAT, or --case FILE.");
            if (document is not null && (parsed.GetResult(except) ?? parsed.GetResult(since) ?? parsed.GetResult(amount)) is not null)
                throw new UsageException("--except, --since and --amount go with --from: a case says itself what was stolen.");
            var asked = new TraceRequest(
                document is null ? Split(parsed.GetValue(from)!) : CasePacking.Outpoints(document.Thefts), parsed.GetValue(except) ?? [], parsed.GetValue(since), Satoshi(parsed), [], parsed.GetValue(fee)!, parsed.GetValue(until), null, null)
            {
                Stops = StopOptions.Kinds(Split(parsed.GetValue(stops)!)),
                Through = parsed.GetValue(through) ?? [],
                TagsAsOf = StopOptions.DayOf(parsed, tagsAsOf),
                Entities = StopOptions.Entities(parsed, open, StopOptions.DayOf(parsed, tagsAsOf), cancel),
            };
            var (query, _) = asked.Query(open);
            if (document is not null) query = query with { Seeds = CasePacking.Stolen(open, document) };
            var (name, script, outputs) = PaidScript.Find(open, parsed.GetValue(address)!);
            var found = ExposureBounds.Of(open.Graph, query, outputs, out var notComputed, parsed.GetValue(most), cancellation: cancel)
                ?? throw new LedgerException($"No answer: {notComputed}. Look further with --max-transactions N, or less far with --until HEIGHT.");
            var words = new ExposureAnswer(open, name, script, asked, query, found);
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(ExposureJson.Of(words)));
            else ExposureText.Print(words, parsed.GetValue(paths), output);
        }), CancellationToken.None));
        return command;

        // Null where the ledger is one of Bitcoin.
        int? OnAccounts(ParseResult parsed, CancellationToken cancel)
        {
            if (parsed.GetValue(file) is { } path && CaseFile.ReadCaseOrPack(path) is { Accounts: { } part } document)
            {
                CommonOptions.Refuse(parsed, "a --case that carries its rows", ledger, from, except, since, amount, fee, until, stops, through, tagsAsOf, paths, asset, within);
                var named = part.Thefts.FirstOrDefault(one => one.Name == parsed.GetValue(theft))
                    ?? throw new UsageException($"--case needs one --theft NAME; {path} holds {string.Join(", ", part.Thefts.Select(one => PlainText.Of(one.Name)))}.");
                var rows = RowsLedger.Of(part, document.Head.Chain);
                Tell(parsed, rows.Table, RowTraces.QueryOf(part, rows, named), [], [], parsed.InvocationConfiguration.Output, cancel);
                return ExitCode.Done;
            }

            var folder = CommonOptions.LedgerFolder(parsed, ledger);
            if (AccountManifest.IsIn(folder))
            {
                using var open = AccountLedger.Open(folder);
                parsed.InvocationConfiguration.Output.Write(open.OfOneBranch(() =>
                {
                    using var text = new StringWriter();
                    Ask(parsed, open, text, cancel);
                    return text.ToString();
                }));
                return ExitCode.Done;
            }

            if (CommonOptions.CaseFolderOf(parsed, ledger) is not { } fetched || !FetchedText.IsOfAccounts(fetched)) return null;
            Ask(parsed, AccountCase.Open(fetched).Table, parsed.InvocationConfiguration.Output, cancel);
            return ExitCode.Done;
        }

        void Ask(ParseResult parsed, IAccountView open, TextWriter output, CancellationToken cancel)
        {
            CommonOptions.Refuse(parsed, "an account ledger", file, theft, except, fee, paths);
            var asked = new AccountTraceRequest(Split(parsed.GetValue(from) ?? []), [])
            {
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Asset = parsed.GetValue(asset),
                Amount = parsed.GetValue(amount),
                Stops = StopOptions.AccountKinds(parsed, stops, Split(parsed.GetValue(stops)!)),
                Through = parsed.GetValue(through) ?? [],
                Within = Split(parsed.GetValue(within) ?? []),
                Names = AccountTraceCommand.Names(parsed, open, StopOptions.DayOf(parsed, tagsAsOf), cancel),
            };
            Tell(parsed, open, asked.Query(open), asked.Stops, asked.Through, output, cancel);
        }

        void Tell(ParseResult parsed, IAccountView open, AccountQuery query, string[] kinds, string[] followed, TextWriter output, CancellationToken cancel)
        {
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            var limit = parsed.GetResult(most) is { Implicit: false } ? parsed.GetValue(most) : AccountBounds.UsualLimit;
            var answer = AccountExposureAnswer.Of(open, parsed.GetValue(address)!, query, kinds, followed, limit, cancel);
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(answer.Json()));
            else answer.Print(output);
        }

        long? Satoshi(ParseResult parsed) => parsed.GetValue(amount) is not { } text ? null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"--amount {text}: this must be a whole number of satoshi.");

        static string[] Split(string[] values) => [.. values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }
}
