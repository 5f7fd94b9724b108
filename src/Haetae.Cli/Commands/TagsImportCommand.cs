using System.CommandLine;
using System.Globalization;
using Haetae.Intel.Files;
using Haetae.Intel.Labels;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags import</c>: facts from files into the store.</summary>
internal static class TagsImportCommand
{
    internal static Command Create()
    {
        var paths = new Argument<string[]>("paths") { Description = "Files, or folders of them: TagPacks and ActorPacks (YAML); OFAC's sdn_advanced.xml, dated changes of its list, notices (CSV); labels of Etherscan (JSON) and Forta, any other table (CSV). They may be packed (.gz, .bz2).", Arity = ArgumentArity.OneOrMore };
        var columns = new Option<string[]>("--map") { Description = "Which columns of a table tell what: address=COLUMN,label=COLUMN and, where it has them, source, actor, category, abuse, concepts, confidence, lastmod, network, currency, tx_hash, tag_type, is_cluster_definer, context.", HelpName = "FIELD=COLUMN,.." };
        var constants = new Option<string[]>("--set") { Description = "What holds for every row of a table that does not say otherwise: category=exchange,source=URL,.. and title, creator, description of the pack it becomes.", HelpName = "FIELD=VALUE,.." };
        var by = new Option<string?>("--by") { Description = "Who is noted as the importer (else the user's name on this machine).", HelpName = "NAME" };
        var json = CommonOptions.Json();
        var command = new Command("import", "Adds tags and actors of GraphSense packs and of tables of labels, and dated facts about sanctions; what is there already stays as it is.") { paths, columns, constants, by, json };
        command.SetAction((parsed, stop) =>
        {
            var map = Map(parsed.GetValue(columns) ?? [], parsed.GetValue(constants) ?? []);
            Stores.RequireWritable(parsed);
            var files = FactFile.Below(parsed.GetValue(paths)!); // a path that is not there ends it before a database is made
            var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var progress = ProgressLine.OnConsole();
            var note = new TagImportNote(parsed.GetValue(by) is { Length: > 0 } name ? name : Environment.UserName, DateTimeOffset.UtcNow);
            TagImportReport report;
            try
            {
                using var store = Stores.OpenForWriting(parsed);
                report = TagImport.Run(store, files, map, note, (share, file) => progress.Show("importing tags", share, Path.GetFileName(file)), stop);
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

    private static ColumnMap Map(string[] columns, string[] constants)
    {
        try
        {
            return ColumnMap.Parse(columns, constants);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"--map, --set: {PlainText.Of(wrong.Message)}.");
        }
    }

    private static void Print(TagImportReport report, TextWriter output, TextWriter errors)
    {
        foreach (var skipped in report.Skipped) errors.WriteLine($"haetae: passed over: {PlainText.Of(skipped.ToString())}");
        foreach (var problem in report.Problems) errors.WriteLine($"haetae: {problem}");
        foreach (var note in report.Notes) errors.WriteLine($"haetae: note: {note}");
        if (report.NotListed > 0) errors.WriteLine($"haetae: and {Amounts.Count(report.NotListed)} more that are counted and not listed.");
        output.WriteLine($"{Amounts.Count(report.Files, "file", "files")}{(report.Packs > 0 ? $", {Amounts.Count(report.Packs, "pack", "packs")}" : "")}");
        foreach (var (file, what) in report.Taken.Where(taken => taken.What is not ("a TagPack" or "an ActorPack")))
            output.WriteLine($"{PlainText.Of(Path.GetFileName(file))}: taken for {what}");
        if (report.Read > 0 || report.SanctionsRead == 0) output.WriteLine(Line("tags", report.Read, report.Stored, report.Duplicate, report.Rejected));
        if (report.ActorsRead > 0) output.WriteLine(Line("actors", report.ActorsRead, report.ActorsStored, report.ActorsDuplicate, report.ActorsRejected));
        if (report.SanctionsRead > 0) output.WriteLine(Line("sanctions", report.SanctionsRead, report.SanctionsStored, report.SanctionsDuplicate, report.SanctionsRejected));
        if (report.Normalised > 0) output.WriteLine($"{Amounts.Count(report.Normalised, "address was", "addresses were")} mended before it was taken: see the notes");
    }

    private static string Line(string what, long read, long stored, long duplicate, long rejected) => string.Create(
        CultureInfo.InvariantCulture, $"{what,-9}{read,11:#,0} read {stored,11:#,0} stored {duplicate,11:#,0} duplicate {rejected,11:#,0} rejected");
}
