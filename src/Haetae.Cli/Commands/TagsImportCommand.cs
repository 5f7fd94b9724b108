using System.CommandLine;
using System.Globalization;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags import</c>: facts from files into the store.</summary>
internal static class TagsImportCommand
{
    internal static Command Create()
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
}
