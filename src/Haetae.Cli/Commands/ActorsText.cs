using System.Text.Json.Nodes;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>Actors for people and as JSON.</summary>
internal static class ActorsText
{
    /// <summary>The actors of that id; else those of that label or alias. Case makes no difference.</summary>
    internal static IReadOnlyList<ActorRow> Named(ITagStore store, string name)
    {
        var all = store.Actors().Where(actor => Is(actor.Id) || Is(actor.Label) || List(actor.Aliases).Any(Is)).ToList();
        var byId = all.Where(actor => Is(actor.Id)).ToList();
        return byId.Count > 0 ? byId : all;

        bool Is(string text) => string.Equals(text, name.Trim(), StringComparison.OrdinalIgnoreCase);
    }

    internal static void Print(ITagStore store, IReadOnlyList<ActorRow> actors, TextWriter output)
    {
        var tags = store.CountTagsOfActors([.. actors.Select(actor => actor.Id)]);
        for (var i = 0; i < actors.Count; i++)
        {
            var actor = actors[i];
            if (i > 0) output.WriteLine();
            Line(output, "Actor", actor.Id);
            Line(output, "Label", actor.Label);
            Line(output, "Aliases", string.Join(", ", List(actor.Aliases)));
            Line(output, "Categories", string.Join(", ", List(actor.Categories)));
            Line(output, "Jurisdictions", string.Join(", ", List(actor.Jurisdictions)));
            Line(output, "Site", actor.Uri);
            Line(output, "Dated", actor.LastModified);
            Line(output, "Context", actor.Context);
            Line(output, "Pack", $"{actor.Pack.Title} ({actor.Pack.Creator}; {actor.Pack.File})");
            Line(output, "Named by", Amounts.Count(tags[i], "tag", "tags"));
        }
    }

    internal static void PrintList(IReadOnlyList<ActorRow> actors, TextWriter output)
    {
        foreach (var actor in actors)
            output.WriteLine($"{PlainText.Of(actor.Id),-32}  {PlainText.Of(actor.Label)} ({PlainText.Of(string.Join(", ", List(actor.Categories).Concat(List(actor.Jurisdictions))))})");
        output.WriteLine(Amounts.Count(actors.Count, "actor", "actors"));
    }

    internal static JsonArray Json(ITagStore store, IReadOnlyList<ActorRow> actors)
    {
        var tags = store.CountTagsOfActors([.. actors.Select(actor => actor.Id)]);
        return new JsonArray([.. actors.Select((actor, at) => (JsonNode)new JsonObject
        {
            ["id"] = actor.Id,
            ["label"] = actor.Label,
            ["aliases"] = Array(actor.Aliases),
            ["categories"] = Array(actor.Categories),
            ["jurisdictions"] = Array(actor.Jurisdictions),
            ["uri"] = actor.Uri,
            ["lastModified"] = actor.LastModified,
            ["context"] = actor.Context,
            ["pack"] = TagsJson.Of(actor.Pack),
            ["tags"] = tags[at],
        })]);
    }

    private static JsonArray Array(string? json) => new([.. List(json).Select(text => (JsonNode)text)]);

    private static IEnumerable<string> List(string? json) => json is null ? [] : JsonNode.Parse(json)!.AsArray().Select(item => item is JsonValue text && text.TryGetValue(out string? word) ? word : item?.ToJsonString() ?? "");

    private static void Line(TextWriter output, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) output.WriteLine($"{name,-14} {PlainText.Of(value)}");
    }
}
