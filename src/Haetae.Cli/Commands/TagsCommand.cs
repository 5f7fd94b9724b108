using System.CommandLine;
using System.Globalization;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags import | list | show</c>.</summary>
internal static class TagsCommand
{
    internal static Command Create() => new("tags", "Who is said to be behind addresses and transactions, by whom, and how surely.") { Import(), List(), Show() };

    private static Command Import()
    {
        var paths = new Argument<string[]>("paths") { Description = "TagPacks and ActorPacks (YAML), or folders of them; OFAC's sdn_advanced.xml, and dated changes of its list or notices (CSV): each file named.", Arity = ArgumentArity.OneOrMore };
        var by = new Option<string?>("--by") { Description = "Who is noted as the importer (else the user's name on this machine).", HelpName = "NAME" };
        var json = CommonOptions.Json();
        var command = new Command("import", "Adds the tags and actors of GraphSense packs, and dated facts about sanctions; what is there already stays as it is.") { paths, by, json };
        command.SetAction((parsed, stop) =>
        {
            Stores.RequireWritable(parsed);
            TagImport.Files(parsed.GetValue(paths)!); // a path that is not there ends it before a database is made
            var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var progress = ProgressLine.OnConsole();
            var note = new TagImportNote(parsed.GetValue(by) is { Length: > 0 } name ? name : Environment.UserName, DateTimeOffset.UtcNow);
            TagImportReport report;
            try
            {
                using var store = Stores.OpenForWriting(parsed);
                report = TagImport.Run(store, parsed.GetValue(paths)!, note, (share, file) => progress.Show("importing tags", share, Path.GetFileName(file)), stop);
            }
            finally
            {
                progress.Clear();
            }

            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(TagsJson.Of(report)));
            else Print(report, output, errors);
            return Task.FromResult(report.BrokenFiles > 0 ? ExitCode.Failed : ExitCode.Done);
        });
        return command;
    }

    private static void Print(TagImportReport report, TextWriter output, TextWriter errors)
    {
        foreach (var problem in report.Problems) errors.WriteLine($"haetae: {problem}");
        foreach (var note in report.Notes) errors.WriteLine($"haetae: note: {note}");
        if (report.NotListed > 0) errors.WriteLine($"haetae: and {Amounts.Count(report.NotListed)} more that are counted and not listed.");
        output.WriteLine($"{Amounts.Count(report.Files, "file", "files")}{(report.Packs > 0 ? $", {Amounts.Count(report.Packs, "pack", "packs")}" : "")}");
        if (report.Read > 0 || report.SanctionsRead == 0) output.WriteLine(Line("tags", report.Read, report.Stored, report.Duplicate, report.Rejected));
        if (report.ActorsRead > 0) output.WriteLine(Line("actors", report.ActorsRead, report.ActorsStored, report.ActorsDuplicate, report.ActorsRejected));
        if (report.SanctionsRead > 0) output.WriteLine(Line("sanctions", report.SanctionsRead, report.SanctionsStored, report.SanctionsDuplicate, report.SanctionsRejected));
        if (report.Normalised > 0) output.WriteLine($"{Amounts.Count(report.Normalised, "address was", "addresses were")} mended before it was taken: see the notes");
    }

    private static string Line(string what, long read, long stored, long duplicate, long rejected) => string.Create(
        CultureInfo.InvariantCulture, $"{what,-9}{read,11:#,0} read {stored,11:#,0} stored {duplicate,11:#,0} duplicate {rejected,11:#,0} rejected");

    private static Command List()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "The packs that were imported, and how many tags and actors are held of each.") { json };
        command.SetAction(parsed =>
        {
            using var store = Stores.OpenForReading(parsed);
            var packs = store.Packs();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonText.Of(TagsJson.Of(packs)));
                return ExitCode.Done;
            }

            output.WriteLine($"{"tags",11} {"actors",8}  pack");
            foreach (var held in packs)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{held.Tags,11:#,0} {held.Actors,8:#,0}  {PlainText.Of(held.Pack.Title)} ({PlainText.Of(held.Pack.Creator)}; {PlainText.Of(held.Pack.File)})"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{packs.Sum(p => p.Tags),11:#,0} {packs.Sum(p => p.Actors),8:#,0}  {Amounts.Count(packs.Count, "pack", "packs")}"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var subject = new Argument<string>("subject") { Description = "An address or a transaction id.", HelpName = "ADDRESS" };
        var asOf = new Option<string?>("--as-of") { Description = "Instead of the tags: whether it was under sanctions at the end of this day (yyyy-MM-dd), or from when to when that is not known.", HelpName = "DATE" };
        var json = CommonOptions.Json();
        var command = new Command("show", "Every tag of an address or transaction: who says what, how surely, who brought it here; contradictions side by side.") { subject, asOf, json };
        command.SetAction(parsed =>
        {
            var asked = TagSubject.Mend(parsed.GetValue(subject)!);
            if (asked.Length == 0) throw new UsageException("An empty text is no address.");
            DateOnly? on = parsed.GetValue(asOf) is { } day ? Day(day) : null;
            using var store = Stores.OpenForReading(parsed);
            if (on is { } date) return Sanctions(parsed, store, asked, date, parsed.GetValue(json));
            var facts = store.FindTags([asked])[0];
            if (facts.Count == 0) throw new NotFoundException($"No tag names {asked}. That says nothing about whose it is.");
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(TagsJson.Of(TagSubject.KeyOf(asked), facts)));
            else TagsText.Print(asked, facts, output);
            return ExitCode.Done;
        });
        return command;
    }

    private static DateOnly Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : throw new UsageException($"--as-of {PlainText.Of(text)}: a day is written yyyy-MM-dd, such as 2025-03-21.");

    private static int Sanctions(ParseResult parsed, TagStore store, string asked, DateOnly day, bool json)
    {
        var cover = store.SanctionCover();
        var facts = store.FindSanctions([asked])[0];
        if (facts.Count == 0 && cover is null) throw new NotFoundException("No list of sanctions was imported. 'haetae tags import FILE.csv' brings one in.");
        var answer = new SanctionsText(asked, day, SanctionsInTime.On(day, facts, cover), facts, cover);
        var output = parsed.InvocationConfiguration.Output;
        if (json) output.WriteLine(JsonText.Of(answer.Json()));
        else answer.Print(output);
        return ExitCode.Done;
    }
}
