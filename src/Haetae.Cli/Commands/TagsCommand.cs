using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags</c>: its verbs, and the list of what is held.</summary>
internal static class TagsCommand
{
    internal static Command Create() => new("tags", "Who is said to be behind addresses and transactions, by whom, and how surely.")
    {
        TagsImportCommand.Create(),
        TagsExportCommand.Create(),
        List(),
        TagsShowCommand.Create(),
        TagsRetractCommand.Create(),
    };

    private static Command List()
    {
        var actors = new Option<bool>("--actors") { Description = "The actors instead: id, label, categories and countries." };
        var json = CommonOptions.Json();
        var command = new Command("list", "The packs that were imported, with how many tags and actors are held of each, and the sources of facts about sanctions.") { actors, json };
        command.SetAction(parsed =>
        {
            using var store = Stores.OpenForReading(parsed);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(actors)) Actors(store, parsed.GetValue(json), output);
            else if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(TagsJson.Of(store.Packs(), store.SanctionSources())));
            else Print(store.Packs(), store.SanctionSources(), output);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Actors(ITagStore store, bool json, TextWriter output)
    {
        var all = store.Actors().ToList();
        if (json) output.WriteLine(JsonText.Of(new JsonObject { ["format"] = "haetae.actors/1", ["actors"] = ActorsText.Json(store, all) }));
        else ActorsText.PrintList(all, output);
    }

    private static void Print(IReadOnlyList<PackCount> packs, IReadOnlyList<SanctionSource> sanctions, TextWriter output)
    {
        output.WriteLine($"{"tags",11} {"actors",8}  pack");
        foreach (var held in packs)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{held.Tags,11:#,0} {held.Actors,8:#,0}  {PlainText.Of(held.Pack.Title)} ({PlainText.Of(held.Pack.Creator)}; {PlainText.Of(held.Pack.File)})"));
            foreach (var said in held.Retractions) output.WriteLine($"{"",21} {TagsText.Name(said).ToLowerInvariant()} {PlainText.Of(TagsText.Words(said))}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{packs.Sum(p => p.Tags),11:#,0} {packs.Sum(p => p.Actors),8:#,0}  {Amounts.Count(packs.Count, "pack", "packs")}"));
        if (sanctions.Count == 0) return;
        output.WriteLine();
        output.WriteLine($"{"listed",11} {"removed",8}  source of facts about sanctions");
        foreach (var source in sanctions)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{source.Listed,11:#,0} {source.Removed,8:#,0}  {PlainText.Of(source.Source)} ({source.Basis.ToString().ToLowerInvariant()}; {source.First:yyyy-MM-dd} to {source.Last:yyyy-MM-dd})"));
    }
}
