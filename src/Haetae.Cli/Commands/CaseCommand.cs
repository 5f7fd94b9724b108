using System.CommandLine;
using Haetae.Intel.Cases;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae case new | add | show | pack | verify</c>: a case that leaves the house, and what a stranger does with it.</summary>
internal static class CaseCommand
{
    private const string NoTheft = "theft";

    internal static Command Create() =>
        new("case", "Keeps what was stolen, what is known and what was traced in one file, and packs it so that a stranger can check every amount.")
        {
            New(), CaseAddCommand.Create(), Show(), CasePackCommand.Create(), CaseVerifyCommand.Create(),
        };

    private static Command New()
    {
        var file = CaseFile.Argument();
        var title = new Option<string>("--title") { Description = "What the case is called.", Required = true, HelpName = "TEXT" };
        var marking = new Option<string>("--tlp") { Description = "Who may see it (Traffic Light Protocol): red, amber+strict, amber, green or clear.", DefaultValueFactory = _ => "amber", HelpName = "COLOUR" };
        var by = CaseFile.By();
        var from = new Option<string[]>("--from") { Description = "What was stolen, as for 'haetae trace': TXID:VOUT[,..], TXID or ADDRESS.", AllowMultipleArgumentsPerToken = true, HelpName = "WHAT" };
        var theft = TheftOptions.Create();
        var except = new Option<int[]>("--except") { Description = "With --from TXID: outputs that were not stolen, such as change.", AllowMultipleArgumentsPerToken = true, HelpName = "VOUT" };
        var since = new Option<string?>("--since") { Description = "With --from ADDRESS: only payments from this height or time on.", HelpName = "HEIGHT|TIME" };
        var until = new Option<string?>("--until") { Description = "With --from ADDRESS: only payments up to this height or time.", HelpName = "HEIGHT|TIME" };
        var amount = new Option<long?>("--amount") { Description = "Only the first N satoshi of the outputs named, in chain order, were stolen.", HelpName = "N" };
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("new", "Begins a case: its title, its marking and the stolen outputs, looked up in the ledger and pinned.")
        {
            file, title, marking, by, from, theft, except, since, until, amount, ledger, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var path = CaseFile.Fresh(parsed.GetValue(file)!);
            var thefts = Thefts(CaseFile.Split(parsed.GetValue(from)), parsed.GetValue(theft) ?? []);
            var (who, at) = (CaseFile.Who(parsed, by), CaseFile.Now());
            using var open = CommonOptions.OpenLedger(parsed, ledger);
            var document = CaseHistory.New(new CaseHead(parsed.GetValue(title)!, Marking(parsed.GetValue(marking)!), open.Network.ChainId, open.Network.Name), who, at);
            foreach (var (name, what) in thefts)
            {
                // One step of the shortest trace: what it names as stolen is what every later trace starts from.
                var asked = new TraceRequest(what, parsed.GetValue(except) ?? [], parsed.GetValue(since), parsed.GetValue(amount), ["fifo"], "drop", parsed.GetValue(until), null, 1) { Bounds = 0, Sensitivity = 0 };
                var seeds = open.OfOneBranch(() => asked.Run(open, cancel)).Seeds;
                document = CaseHistory.Add(document, new CaseTheft(name, what, [.. seeds.Select(seed => new CaseSeed(seed.TxId, seed.Vout, seed.Height, seed.Address, seed.Value, seed.Stolen))]), who, at);
            }

            if (Repeated(document) is { } twice) throw new UsageException($"{twice} is named in two thefts.");
            CaseFile.Write(path, document);
            CaseFile.Answer(parsed, json, document, $"written: {path}");
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    private static List<(string Name, string[] What)> Thefts(string[] from, string[] named)
    {
        if (from.Length > 0 == named.Length > 0) throw new UsageException("Say what was stolen: --from WHAT, or --theft NAME=WHAT once for each of several thefts.");
        if (from.Length > 0) return [(NoTheft, from)];
        return [.. TheftOptions.Parse(named).Select(theft => (theft.Name, theft.From.ToArray()))];
    }

    private static string? Repeated(CaseDocument document) => document.Thefts
        .SelectMany(theft => theft.Seeds).GroupBy(seed => (seed.TxId, seed.Vout)).Where(group => group.Count() > 1).Select(group => $"{group.Key.TxId}:{group.Key.Vout}").FirstOrDefault();

    private static string Marking(string colour) =>
        CaseHead.Markings.FirstOrDefault(marking => string.Equals(marking, colour, StringComparison.OrdinalIgnoreCase) || string.Equals(marking["TLP:".Length..], colour, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"--tlp {PlainText.Of(colour)}: known are red, amber+strict, amber, green and clear.");

    private static Command Show()
    {
        var file = CaseFile.Argument();
        var json = CommonOptions.Json();
        var command = new Command("show", "Shows a case: thefts, facts, links, tags, notes, traces and who added what when. Takes a pack too, without checking what it proves.") { file, json };
        command.SetAction(parsed =>
        {
            var document = CaseFile.ReadCaseOrPack(parsed.GetValue(file)!);
            CaseFile.Answer(parsed, json, document, null);
            return ExitCode.Done;
        });
        return command;
    }
}
