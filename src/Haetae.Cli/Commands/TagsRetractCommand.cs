using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags retract</c>: withdraws facts by adding one; nothing is removed.</summary>
internal sealed class TagsRetractCommand
{
    private readonly Argument<string?> _subject = new("subject") { Description = "The address or transaction whose tags are withdrawn (or, with --sanctions, its facts about sanctions).", HelpName = "ADDRESS", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _label = new("--label") { Description = "Only tags of this label (the whole of it).", HelpName = "TEXT" };
    private readonly Option<string?> _source = new("--source") { Description = "Only facts whose source holds this text.", HelpName = "TEXT" };
    private readonly Option<string?> _pack = new("--pack") { Description = "Only tags of packs of this title; without an address: those packs, with all they hold.", HelpName = "TITLE" };
    private readonly Option<string?> _file = new("--file") { Description = "Only packs from a file of this name.", HelpName = "NAME" };
    private readonly Option<bool> _sanctions = new("--sanctions") { Description = "Facts about sanctions instead of tags. A withdrawn one was an error, and counts for no day." };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why: kept with it, and shown.", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _by = new("--by") { Description = "Who withdraws it: the source, a colleague (else the user's name on this machine).", HelpName = "NAME" };
    private readonly Option<string?> _since = new("--since") { Description = "The first day on which it is withdrawn, yyyy-MM-dd (else today, in UTC).", HelpName = "DATE" };
    private readonly Option<bool> _undo = new("--undo") { Description = "It had been withdrawn, and stands again." };
    private readonly Option<bool> _json = CommonOptions.Json();

    internal static Command Create() => new TagsRetractCommand().Make();

    private Command Make()
    {
        var command = new Command("retract", "Withdraws tags, packs or facts about sanctions, from a day on and for a reason. They stay in the store, and are shown as withdrawn.")
        {
            _subject, _label, _source, _pack, _file, _sanctions, _reason, _by, _since, _undo, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_reason) is not { } reason || string.IsNullOrWhiteSpace(reason)) throw new UsageException("--reason: say why; whoever looks it up later will ask.");
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var since = parsed.GetValue(_since) is { } day ? TagDays.Parse("--since", day) : today;
        if (since > today) throw new UsageException($"--since {TagDays.Text(since)}: that day is still to come.");
        var change = parsed.GetValue(_undo) ? RetractionChange.StandsAgain : RetractionChange.Withdrawn;
        var by = parsed.GetValue(_by) is { Length: > 0 } name ? name : Environment.UserName;
        List<Held> found;
        using (var store = Stores.OpenForReading(parsed)) found = [.. Find(parsed, store)];
        var changing = found.Where(held => (Retraction.On(since, [.. held.Said]) is null) == (change == RetractionChange.Withdrawn)).ToList();
        if (changing.Count > 0)
        {
            using var store = Stores.OpenForWriting(parsed);
            using var intake = store.Add(new TagImportNote(Environment.UserName, DateTimeOffset.UtcNow));
            foreach (var held in changing) intake.Add(new Retraction(held.Target, held.Id, change, since, by, reason.Trim()));
            intake.Save();
        }

        Print(parsed, found, changing, change, since, by, reason.Trim());
        return ExitCode.Done;
    }

    private IEnumerable<Held> Find(ParseResult parsed, ITagStore store)
    {
        var (written, isSanctions) = (parsed.GetValue(_subject), parsed.GetValue(_sanctions));
        if (written is null && isSanctions) throw new UsageException("--sanctions: name the address.");
        if (written is null) return Packs(parsed, store);
        var asked = TagSubject.Mend(written);
        if (TagSubject.NoteOn(written) is { } note) parsed.InvocationConfiguration.Error.WriteLine($"haetae: note: {note}");
        return isSanctions ? Facts(parsed, store, asked) : Tags(parsed, store, asked);
    }

    private List<Held> Packs(ParseResult parsed, ITagStore store)
    {
        var (title, file) = (parsed.GetValue(_pack), parsed.GetValue(_file));
        if (title is null && file is null) throw new UsageException("Name what is withdrawn: an address, or --pack TITLE, or --file NAME.");
        if (parsed.GetValue(_label) is not null || parsed.GetValue(_source) is not null) throw new UsageException("--label and --source are about the tags of one address; name it.");
        var found = store.Packs().Where(held => IsOf(held.Pack, title, file)).ToList();
        if (found.Count == 0) throw new NotFoundException($"No pack {(title is null ? $"from a file {PlainText.Of(file!)}" : $"is called {PlainText.Of(title)}")}. 'haetae tags list' lists them.");
        return [.. found.Select(held => new Held(RetractionTarget.Pack, held.Id, $"pack {held.Pack.Title} ({held.Pack.File}), {Amounts.Count(held.Tags, "tag", "tags")}", held.Retractions))];
    }

    private List<Held> Tags(ParseResult parsed, ITagStore store, string asked)
    {
        var all = store.FindTags([asked])[0];
        if (all.Count == 0) throw new NotFoundException($"No tag names {asked}.");
        var (label, source, title, file) = (parsed.GetValue(_label), parsed.GetValue(_source), parsed.GetValue(_pack), parsed.GetValue(_file));
        if (all.Count > 1 && label is null && source is null && title is null && file is null)
            throw new UsageException($"{Amounts.Count(all.Count)} tags name {asked}: say which by --label, --source, --pack or --file. 'haetae tags show {asked}' lists them.");
        var found = all.Where(fact =>
            (label is null || Same(fact.Statement.Label, label)) && (source is null || Holds(fact.Statement.Source, source)) && IsOf(fact.Statement.Pack, title, file)).ToList();
        if (found.Count == 0) throw new NotFoundException($"{Amounts.Count(all.Count, "tag names", "tags name")} {asked}, but none of that label, source or pack. 'haetae tags show {asked}' lists them.");
        // What was said of the tag's pack is not said of the tag.
        return [.. found.Select(fact => new Held(RetractionTarget.Tag, fact.Id, $"tag {fact.Statement.Label} ({fact.Statement.Pack.Title})", fact.Retractions.Where(said => said.Target == RetractionTarget.Tag)))];
    }

    private List<Held> Facts(ParseResult parsed, ITagStore store, string asked)
    {
        if (parsed.GetValue(_label) is not null || parsed.GetValue(_pack) is not null || parsed.GetValue(_file) is not null) throw new UsageException("--sanctions: narrow them by --source; they have no label and no pack.");
        var source = parsed.GetValue(_source);
        var all = store.FindSanctions([asked])[0];
        if (all.Count > 1 && source is null) throw new UsageException($"{Amounts.Count(all.Count)} facts about sanctions name {asked}: say which by --source. 'haetae tags show {asked}' lists them.");
        var found = all.Where(fact => source is null || Holds(fact.Source, source)).ToList();
        if (found.Count == 0) throw new NotFoundException($"No fact about sanctions{(source is null ? "" : " of that source")} names {asked}.");
        return [.. found.Select(fact => new Held(RetractionTarget.Sanction, fact.Id, $"{(fact.Change == SanctionChange.Listed ? "listed" : "removed")} by {TagDays.Text(fact.NotAfter)} ({fact.Source})", fact.Retractions))];
    }

    private static bool IsOf(PackHeader pack, string? title, string? file) => (title is null || Same(pack.Title, title)) && (file is null || Same(pack.File, file));

    private static bool Same(string text, string asked) => string.Equals(text, asked.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool Holds(string text, string asked) => text.Contains(asked.Trim(), StringComparison.OrdinalIgnoreCase);

    private void Print(ParseResult parsed, List<Held> found, List<Held> changing, RetractionChange change, DateOnly since, string by, string reason)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["change"] = change == RetractionChange.Withdrawn ? "withdrawn" : "standsAgain",
                ["since"] = TagDays.Text(since),
                ["by"] = by,
                ["reason"] = reason,
                ["found"] = found.Count,
                ["stored"] = changing.Count,
                ["duplicate"] = found.Count - changing.Count,
                ["facts"] = new JsonArray([.. found.Select(held => (JsonNode)new JsonObject { ["of"] = held.Target.ToString().ToLowerInvariant(), ["what"] = held.Words, ["stored"] = changing.Contains(held) })]),
            }));
            return;
        }

        var verb = change == RetractionChange.Withdrawn ? "withdrawn" : "stands again";
        foreach (var held in found)
            output.WriteLine(changing.Contains(held) ? $"{verb} since {TagDays.Text(since)}: {PlainText.Of(held.Words)}" : $"{(change == RetractionChange.Withdrawn ? "already withdrawn" : "it stands")} on {TagDays.Text(since)}: {PlainText.Of(held.Words)}");
    }

    private sealed record Held(RetractionTarget Target, long Id, string Words, IEnumerable<Retraction> Said);
}
