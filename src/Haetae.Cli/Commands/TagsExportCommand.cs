using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags export</c>: packs out of the store, as GraphSense reads them.</summary>
internal sealed class TagsExportCommand
{
    private readonly Option<string?> _pack = new("--pack") { Description = "Only packs of this title.", HelpName = "TITLE" };
    private readonly Option<string?> _file = new("--file") { Description = "Only packs from a file of this name.", HelpName = "NAME" };
    private readonly Option<string?> _source = new("--source") { Description = "Only tags whose source holds this text.", HelpName = "TEXT" };
    private readonly Option<string?> _asOf = new("--as-of") { Description = "Only tags known and not withdrawn by the end of this day (yyyy-MM-dd).", HelpName = "DATE" };
    private readonly Option<string?> _out = new("--out") { Description = "A folder for a file of each pack, or a file ending in .yaml for one pack (else one pack goes to the output). Files that are there are not written over.", HelpName = "DIR|FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document of what was written; --out is needed then." };

    internal static Command Create() => new TagsExportCommand().Make();

    private Command Make()
    {
        var command = new Command("export", "Writes GraphSense TagPacks and ActorPacks, without what is withdrawn. Imported again under the same file names they add nothing.") { _pack, _file, _source, _asOf, _out, _json };
        command.SetAction(Run);
        return command;
    }

    private Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var (target, json) = (parsed.GetValue(_out), parsed.GetValue(_json));
        if (json && target is null) throw new UsageException("--json tells what was written where; name --out as well.");
        var selection = new TagSelection(parsed.GetValue(_pack), parsed.GetValue(_file), parsed.GetValue(_source), parsed.GetValue(_asOf) is { } day ? TagDays.Parse("--as-of", day) : null);
        using var store = Stores.OpenForReading(parsed);
        var plan = TagExport.Plan(store, selection);
        if (plan.Count == 0) throw new NotFoundException("No pack holds what was asked for, or all of it is withdrawn. 'haetae tags list' lists the packs.");
        var isFile = target is not null && Path.GetExtension(target).ToLowerInvariant() is ".yaml" or ".yml";
        if (plan.Count > 1 && (target is null || isFile))
            throw new UsageException($"{Amounts.Count(plan.Count)} packs were found: name a folder for them with --out DIR, or one pack with --pack or --file.");
        var (output, progress) = (parsed.InvocationConfiguration.Output, ProgressLine.OnConsole());
        var (whole, before) = (Math.Max(1, plan.Sum(one => one.Pack.Tags)), 0L);
        var written = new List<ExportedPack>();
        try
        {
            foreach (var (held, name) in plan)
            {
                void Tell(long tags)
                {
                    stop.ThrowIfCancellationRequested();
                    progress.Show("writing packs", (before + tags) / (double)whole, name);
                }

                if (target is null) TagExport.Write(store, held, name, selection, output, Tell);
                else written.Add(WriteFile(isFile ? Path.GetFullPath(target) : Path.Combine(Path.GetFullPath(target), name), text => TagExport.Write(store, held, name, selection, text, Tell)));
                before += held.Tags;
            }
        }
        finally
        {
            progress.Clear();
        }

        if (json) output.WriteLine(JsonText.Of(Of(written)));
        else if (target is not null) Print(written, target, output);
        return Task.FromResult(ExitCode.Done);
    }

    /// <summary>A file that is there is whole: until it is, it has another name.</summary>
    private static ExportedPack WriteFile(string path, Func<TextWriter, ExportedPack> write)
    {
        if (File.Exists(path)) throw new UsageException($"--out: {path} is there already, and is not written over. Name another folder, or move it away.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var making = path + ".new";
        try
        {
            ExportedPack pack;
            using (var text = new StreamWriter(making, false, new UTF8Encoding(false), 1 << 16)) pack = write(text);
            File.Move(making, path);
            return pack with { File = path };
        }
        finally
        {
            File.Delete(making);
        }
    }

    private static void Print(List<ExportedPack> written, string target, TextWriter output)
    {
        output.WriteLine($"{Amounts.Count(written.Count, "pack", "packs")}, {Amounts.Count(written.Sum(pack => pack.Tags), "tag", "tags")}, {Amounts.Count(written.Sum(pack => pack.Actors), "actor", "actors")} written to {PlainText.Of(target)}");
        if (written.Sum(pack => pack.Withdrawn) is > 0 and var left) output.WriteLine($"{Amounts.Count(left, "tag was", "tags were")} left out: withdrawn, or not known by the day");
    }

    private static JsonObject Of(List<ExportedPack> written) => new()
    {
        ["tags"] = written.Sum(pack => pack.Tags),
        ["actors"] = written.Sum(pack => pack.Actors),
        ["leftOut"] = written.Sum(pack => pack.Withdrawn),
        ["packs"] = new JsonArray([.. written.Select(pack => (JsonNode)new JsonObject
        {
            ["file"] = pack.File,
            ["title"] = pack.Pack.Title,
            ["tags"] = pack.Tags,
            ["actors"] = pack.Actors,
            ["leftOut"] = pack.Withdrawn,
        })]),
    };
}
