using System.CommandLine;
using System.Globalization;
using Haetae.Intel.Cases;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae case add FILE fact | link | tag | note | trace</c>: what is in a case stays; more comes to it, with a name and a time.</summary>
internal static class CaseAddCommand
{
    private static readonly Argument<string> File = CaseFile.Argument();

    internal static Command Create() => new("add", "Adds a fact, a link, tags, a note or a trace to a case. Nothing in it is ever changed or taken out.") { File, Fact(), Link(), Tag(), Note(), Trace() };

    private static Command Fact()
    {
        var name = Text("--name", "What it is about, such as 'bounty' or 'victim'.");
        var value = Text("--value", "What is so.");
        var source = Text("--source", "Who says so, and where.");
        var status = new Option<string>("--status") { Description = "data (follows from the chain), published (printed somewhere) or stated (somebody says so).", DefaultValueFactory = _ => "stated", HelpName = "STATUS" };
        status.AcceptOnlyFromAmong([.. CaseFact.Statuses]);
        return Verb("fact", "Something the case holds to be so, and why.", [name, value, source, status], (parsed, document, who, at, _) =>
            CaseHistory.Add(document, new CaseFact(parsed.GetValue(name)!, parsed.GetValue(value)!, parsed.GetValue(source)!, parsed.GetValue(status)!), who, at));
    }

    private static Command Link()
    {
        var from = Text("--from", "Where money went in: TXID:VOUT, TXID or ADDRESS.");
        var to = Text("--to", "Where it is held to have come out.");
        var method = Text("--method", "How the link was found, such as 'equal amount within an hour'.");
        var evidence = Text("--evidence", "What speaks for it, and what rivals there are.");
        var probability = new Option<string?>("--probability") { Description = "How likely it is, from 0 to 1, as its finder says.", HelpName = "P" };
        return Verb("link", "A connection that no transaction makes, as through a mixer. Evidence: no trace follows it by itself.", [from, to, method, evidence, probability], (parsed, document, who, at, _) =>
            CaseHistory.Add(document, new CaseLink(parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(method)!, parsed.GetValue(evidence)!, Probability(parsed.GetValue(probability))), who, at));
    }

    private static string? Probability(string? text)
    {
        if (text is null) return null;
        var isOne = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 && text.Length <= 20;
        return isOne ? text : throw new UsageException($"--probability {PlainText.Of(text)}: a number from 0 to 1, such as 0.85.");
    }

    private static Command Tag()
    {
        var subjects = new Argument<string[]>("SUBJECT") { Description = "Addresses or transaction ids.", Arity = ArgumentArity.OneOrMore };
        var label = new Option<string?>("--label") { Description = "Whose it is said to be; without it, every tag that was imported for the subject is taken in.", HelpName = "TEXT" };
        var source = new Option<string?>("--source") { Description = "With --label: who says so, and where.", HelpName = "TEXT" };
        var category = new Option<string?>("--category") { Description = "With --label: what it is, such as exchange.", HelpName = "WORD" };
        var confidence = new Option<string?>("--confidence") { Description = "With --label: a word of the confidence taxonomy.", HelpName = "WORD" };
        return Verb("tag", "What is said about addresses: by hand, or a snapshot of what was imported.", [subjects, label, source, category, confidence], (parsed, document, who, at, _) =>
        {
            var named = parsed.GetValue(subjects)!.Select(TagSubject.Mend).ToList();
            var tags = new List<CaseTag>();
            if (parsed.GetValue(label) is { } said)
            {
                var from = parsed.GetValue(source) ?? throw new UsageException("--label needs --source: a tag without a source is a rumour.");
                tags.AddRange(named.Select(subject => new CaseTag(TagSubject.KeyOf(subject), said, from, null, parsed.GetValue(category), parsed.GetValue(confidence), null, null, "address")));
            }
            else
            {
                using var store = TagStore.OpenForReading(Stores.Of(parsed))
                    ?? throw new NotFoundException($"{Stores.Of(parsed)}: no tags yet. 'haetae tags import PATH' brings some in; --label and --source give one by hand.");
                var found = store.FindTags(named);
                for (var i = 0; i < named.Count; i++)
                {
                    var standing = found[i].Where(fact => fact.Retractions.Count == 0).ToList();
                    if (standing.Count == 0) throw new NotFoundException($"No tag that was not withdrawn names {PlainText.Of(named[i])}. Give one by hand with --label and --source.");
                    tags.AddRange(standing.Select(fact => new CaseTag(
                        fact.Subject, fact.Statement.Label, fact.Statement.Source, fact.Statement.Actor, fact.Statement.Category, fact.Statement.Confidence, fact.Statement.Pack.Title, fact.Statement.Pack.Creator, "address")));
                }
            }

            return AddTags(document, tags, who, at);
        });
    }

    private static Command Note()
    {
        var text = new Argument<string>("TEXT") { Description = "The note." };
        return Verb("note", "A sentence for whoever reads the case next.", [text], (parsed, document, who, at, _) => CaseHistory.Add(document, new CaseNote(parsed.GetValue(text)!), who, at));
    }

    private static Command Trace()
    {
        var theft = new Option<string?>("--theft") { Description = "Which theft to follow (default: the only one).", HelpName = "NAME" };
        var policy = new Option<string[]>("--policy") { Description = "As for 'haetae trace': fifo, lifo, haircut, tiho, tilo, dirty-first, clean-first, poison, or all.", DefaultValueFactory = _ => [.. TraceCommand.SideBySide], AllowMultipleArgumentsPerToken = true, HelpName = "NAME" };
        var until = new Option<string?>("--until") { Description = "Look no further than this height or time.", HelpName = "HEIGHT|TIME" };
        var least = new Option<long?>("--min-value") { Description = "Do not follow outputs with less taint than N satoshi.", HelpName = "N" };
        var most = new Option<long?>("--max-transactions") { Description = "Stop after N transactions.", HelpName = "N" };
        var stops = StopOptions.Stops();
        var through = StopOptions.Through();
        var tagsAsOf = StopOptions.TagsAsOf();
        var bounds = new Option<string?>("--bounds") { Description = "As for 'haetae trace', without --min-value and --max-transactions and with poison among the policies, which names all they rest on (default: then on).", HelpName = "on|off|N" };
        var ledger = CommonOptions.Ledger();
        return Verb("trace", "Follows a theft and keeps the question, the digest of the result, its books and the transactions it rests on.", [theft, policy, until, least, most, stops, through, tagsAsOf, bounds, ledger], (parsed, document, who, at, cancel) =>
        {
            using var open = CommonOptions.OpenLedger(parsed, ledger);
            var name = parsed.GetValue(theft) ?? (document.Thefts is [var only] ? only.Name : throw new UsageException($"Name the theft with --theft: {string.Join(", ", document.Thefts.Select(one => PlainText.Of(one.Name)))}."));
            var stolen = document.Thefts.FirstOrDefault(one => one.Name == name) ?? throw new NotFoundException($"The case holds no theft '{PlainText.Of(name)}': {string.Join(", ", document.Thefts.Select(one => PlainText.Of(one.Name)))}.");
            if (document.Head.Chain != open.Network.ChainId) throw new UsageException($"The case plays on {PlainText.Of(document.Head.Network)}; the ledger is of {open.Network.Name}.");
            var height = parsed.GetValue(until) is { } text ? Heights.LastUpTo(open, text, "--until") : (int?)null;
            var policies = CaseFile.Split(parsed.GetValue(policy));
            var question = new CaseQuestion(
                policies, "drop", height, parsed.GetValue(least), parsed.GetValue(most),
                StopOptions.Kinds(CaseFile.Split(parsed.GetValue(stops))), parsed.GetValue(through) ?? [],
                StopOptions.DayOf(parsed, tagsAsOf)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Bounds(parsed.GetValue(bounds), policies.Intersect(["poison", "all"]).Any() && parsed.GetValue(least) is null && parsed.GetValue(most) is null));
            using var known = new CaseTags(parsed);
            return open.OfOneBranch(() =>
            {
                var report = CasePacking.Trace(open, stolen, question, known, cancel);
                return CaseHistory.Add(AddTags(document, CaseTraces.TagsOf(report), who, at), CaseTraces.Of(name, report, CasePacking.Engine, question.TagsAsOf), who, at);
            });
        });
    }

    private static int Bounds(string? asked, bool possible)
    {
        var most = asked is null ? possible ? BoundsOptions.UsualTransactions : 0 : BoundsOptions.Transactions(asked);
        return most == 0 || possible ? most : throw new UsageException("--bounds rest on all that stolen money can reach: put poison among the policies, without --min-value and --max-transactions.");
    }

    private static CaseDocument AddTags(CaseDocument document, IEnumerable<CaseTag> tags, string who, string at) =>
        tags.Distinct().Except(document.Tags).Aggregate(document, (known, tag) => CaseHistory.Add(known, tag, who, at));

    private static Option<string> Text(string name, string what) => new(name) { Description = what, Required = true, HelpName = "TEXT" };

    private static Command Verb(string name, string what, Symbol[] symbols, Func<ParseResult, CaseDocument, string, string, CancellationToken, CaseDocument> add)
    {
        var by = CaseFile.By();
        var json = CommonOptions.Json();
        var command = new Command(name, what) { by, json };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var path = parsed.GetValue(File)!;
            var document = add(parsed, CaseFile.Read(path), CaseFile.Who(parsed, by), CaseFile.Now(), cancel);
            CaseFile.Write(path, document);
            CaseFile.Answer(parsed, json, document, null);
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }
}
