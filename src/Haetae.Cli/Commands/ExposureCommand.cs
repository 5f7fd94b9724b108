using System.CommandLine;
using Haetae.Ledger;
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
            Description = "What was stolen, as for 'haetae trace': TXID:VOUT[,TXID:VOUT..], TXID, or ADDRESS.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "WHAT",
        };
        var file = new Option<string?>("--case") { Description = "Instead of --from: a case ('haetae case new') or a pack, and all that its thefts took.", HelpName = "FILE" };
        var except = new Option<int[]>("--except") { Description = "With --from TXID: outputs that were not stolen, such as change.", AllowMultipleArgumentsPerToken = true, HelpName = "VOUT" };
        var since = new Option<string?>("--since") { Description = "With --from ADDRESS: only payments from this height or time on.", HelpName = "HEIGHT|TIME" };
        var amount = new Option<long?>("--amount") { Description = "Only the first N satoshi of the outputs named, in chain order, were stolen.", HelpName = "N" };
        var fee = new Option<string>("--fee-rule") { Description = "What becomes of stolen money in fees: drop (lost to fees), coinbase-append or coinbase-fees-first (followed to the miner).", DefaultValueFactory = _ => "drop", HelpName = "RULE" };
        var until = new Option<string?>("--until") { Description = "Look no further than this height or time.", HelpName = "HEIGHT|TIME" };
        var most = new Option<int>("--max-transactions") { Description = "Give no answer where stolen money can reach more than N transactions.", DefaultValueFactory = _ => ReachedGraph.UsualLimit, HelpName = "N" };
        var paths = new Option<int>("--paths") { Description = "How many ways to show, the widest first; --json lists all.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var stops = StopOptions.Stops();
        var through = StopOptions.Through();
        var tagsAsOf = StopOptions.TagsAsOf();
        var json = CommonOptions.Json();
        var command = new Command("exposure", "Says how much stolen money an address can have received or hold at most, under any rule, and proves it.")
        {
            address, ledger, from, file, except, since, amount, fee, until, stops, through, tagsAsOf, most, paths, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() => CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            if (parsed.GetValue(most) < 1) throw new UsageException("--max-transactions must be 1 or more.");
            if (parsed.GetValue(paths) < 0) throw new UsageException("--paths must be 0 or more.");
            var document = parsed.GetValue(file) is { } path ? CaseFile.ReadCaseOrPack(path) : null;
            if (document is null == (parsed.GetResult(from) is null)) throw new UsageException("Say what was stolen: --from WHAT, or --case FILE.");
            if (document is not null && (parsed.GetResult(except) ?? parsed.GetResult(since) ?? parsed.GetResult(amount)) is not null)
                throw new UsageException("--except, --since and --amount go with --from: a case says itself what was stolen.");
            var asked = new TraceRequest(
                document is null ? Split(parsed.GetValue(from)!) : CasePacking.Outpoints(document.Thefts), parsed.GetValue(except) ?? [], parsed.GetValue(since), parsed.GetValue(amount), [], parsed.GetValue(fee)!, parsed.GetValue(until), null, null)
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

        static string[] Split(string[] values) => [.. values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }
}
