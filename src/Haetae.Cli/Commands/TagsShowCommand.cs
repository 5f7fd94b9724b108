using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tags show</c>: all that is known of one address, transaction or actor.</summary>
internal static class TagsShowCommand
{
    internal static Command Create()
    {
        var subject = new Argument<string?>("subject") { Description = "An address or a transaction id.", HelpName = "ADDRESS", Arity = ArgumentArity.ZeroOrOne };
        var asOf = new Option<string?>("--as-of")
        {
            Description = "What was known at the end of this day (yyyy-MM-dd): the tags of packs changed or imported by then and not withdrawn by then, and whether it was under sanctions, or from when to when that is not known.",
            HelpName = "DATE",
        };
        var actor = new Option<string?>("--actor") { Description = "Instead of an address: what packs tell of this actor, named by id, label or alias.", HelpName = "NAME" };
        var json = CommonOptions.Json();
        var command = new Command("show", "Every tag of an address or transaction: who says what, how surely, who brought it here; contradictions side by side, withdrawals, and sanctions.")
        {
            subject, asOf, actor, json,
        };
        command.SetAction(parsed =>
        {
            var (written, name) = (parsed.GetValue(subject), parsed.GetValue(actor));
            if ((written is null) == (name is null)) throw new UsageException("Name one: an address or transaction id, or --actor NAME.");
            DateOnly? on = parsed.GetValue(asOf) is { } day ? TagDays.Parse("--as-of", day) : null;
            if (name is not null && on is not null) throw new UsageException("--as-of is about an address; actors are shown with the days their packs state.");
            var asked = written is null ? null : TagSubject.Mend(written);
            if (asked is { Length: 0 }) throw new UsageException("An empty text is no address.");
            if (written is not null && TagSubject.NoteOn(written) is { } note) parsed.InvocationConfiguration.Error.WriteLine($"haetae: note: {note}");
            using var store = Stores.OpenForReading(parsed);
            return asked is null ? Actor(parsed, store, name!, parsed.GetValue(json)) : Subject(parsed, store, asked, on, parsed.GetValue(json));
        });
        return command;
    }

    private static int Subject(ParseResult parsed, ITagStore store, string asked, DateOnly? on, bool json)
    {
        var day = on ?? DateOnly.FromDateTime(DateTime.UtcNow);
        var facts = store.FindTags([asked])[0];
        var sanctions = new SanctionsText(asked, day, store.FindSanctions([asked])[0], store.SanctionCover());
        if (facts.Count == 0 && on is null && !sanctions.HasFacts) throw new NotFoundException($"No tag names {asked}. That says nothing about whose it is.");
        if (facts.Count == 0 && !sanctions.HasFacts && !sanctions.HasLists)
            throw new NotFoundException($"No tag names {asked}, and no list of sanctions was imported. 'haetae tags import FILE.csv' brings one in.");
        var tags = new TagsOnDay(facts, on);
        var output = parsed.InvocationConfiguration.Output;
        if (json) output.WriteLine(JsonText.Of(TagsJson.Of(asked, tags, sanctions)));
        else if (on is null)
        {
            TagsText.Print($"{asked}: {Amounts.Count(facts.Count, "tag", "tags")}{(tags.Withdrawn > 0 ? $", {Amounts.Count(tags.Withdrawn)} of them withdrawn" : "")}", tags, output);
            output.WriteLine();
            sanctions.Print("Sanctions on", output);
        }
        else
        {
            sanctions.Print($"{asked} on", output);
            output.WriteLine();
            TagsText.Print(string.Create(CultureInfo.InvariantCulture, $"Known of it on {day:yyyy-MM-dd}: {Amounts.Count(tags.Shown.Count, "tag", "tags")}{tags.Others}"), tags, output);
        }

        return ExitCode.Done;
    }

    private static int Actor(ParseResult parsed, ITagStore store, string name, bool json)
    {
        var found = ActorsText.Named(store, name);
        if (found.Count == 0) throw new NotFoundException($"No actor is called {PlainText.Of(name)}, by id, label or alias. 'haetae tags list --actors' lists them.");
        var output = parsed.InvocationConfiguration.Output;
        if (json) output.WriteLine(JsonText.Of(new JsonObject { ["format"] = "haetae.actors/1", ["actors"] = ActorsText.Json(store, found) }));
        else ActorsText.Print(store, found, output);
        return ExitCode.Done;
    }
}
